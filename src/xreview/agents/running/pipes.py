"""A process and its pipes, whose end is told as soon as the program itself has ended."""

import asyncio
import fcntl
import socket
import struct
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

CHUNK = 64 * 1024
"""How much is read at once, in bytes."""


class _Exit(asyncio.subprocess.SubprocessStreamProtocol):
    """Tells when the program itself has ended.

    `Process.wait` does so only when nobody holds its pipes any more, its children included.
    """

    def __init__(self) -> None:
        super().__init__(limit=CHUNK, loop=asyncio.get_running_loop())
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        """Called by the event loop."""
        self.exited.set()
        super().process_exited()


class Pipes:
    """A process that was started: its pipes, its end."""

    def __init__(
        self, transport: asyncio.SubprocessTransport, exit: _Exit, given: socket.socket
    ) -> None:
        process = asyncio.subprocess.Process(transport, exit, asyncio.get_running_loop())
        assert process.stdout is not None
        assert process.stderr is not None
        self.stdout, self.stderr = process.stdout, process.stderr
        self.pid = process.pid
        self._given = given
        self._is_given = False
        self.exited = exit.exited
        self._transport = transport

    @classmethod
    async def open(
        cls, argv: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> "Pipes":
        """Start a program as the leader of a session of its own. Raises OSError."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            transport, exit = await asyncio.get_running_loop().subprocess_exec(
                _Exit,
                *argv,
                stdin=theirs.fileno(),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return cls(transport, exit, ours)

    async def give(self, text: bytes) -> None:
        """Give the program all that it reads on standard input. Raises OSError where it left."""
        await asyncio.get_running_loop().sock_sendall(self._given, text)
        self._given.shutdown(socket.SHUT_WR)
        self._is_given = True

    @property
    def took_all(self) -> bool:
        """Whether the program read all that it was given, as far as the system tells."""
        if not self._is_given:
            return False
        try:
            self._given.recv(1)
        except ConnectionResetError:  # it closed its end with something left in it
            return False
        except BlockingIOError:  # it is still there
            left = fcntl.ioctl(self._given, termios.TIOCOUTQ, struct.pack("i", 0))
            return struct.unpack("i", left)[0] == 0
        return True

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._transport.get_returncode()

    def close(self) -> None:
        """Let the pipes go, whoever else holds them."""
        self._transport.close()
        self._given.close()
