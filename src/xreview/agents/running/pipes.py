"""A process, its pipes, and the lines of its output."""

import asyncio
import fcntl
import os
import socket
import struct
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

from xreview.agents.running.leash import leashed

CHUNK = 64 * 1024
"""Bytes to read at once."""


class _Exit(asyncio.subprocess.SubprocessStreamProtocol):
    """Tells when the program itself has ended.

    `Process.wait` also waits for children that hold its pipes.
    """

    def __init__(self) -> None:
        super().__init__(limit=CHUNK, loop=asyncio.get_running_loop())
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        """Called by the event loop."""
        self.exited.set()
        super().process_exited()


class Pipes:
    """A started process."""

    def __init__(
        self, transport: asyncio.SubprocessTransport, exit: _Exit, given: socket.socket, leash: int
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
        self._leash: int | None = leash

    @classmethod
    async def open(
        cls, argv: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> "Pipes":
        """Start a program in its own session, which ends with this process at the latest.

        Raises OSError.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        # Nothing is ever written to the leash: its end tells the watcher that we are gone.
        watched, leash = os.pipe()
        status, told = socket.socketpair()
        status.setblocking(False)
        try:
            transport, exit = await asyncio.get_running_loop().subprocess_exec(
                _Exit,
                *leashed(watched, told.fileno(), argv, environment),
                stdin=theirs.fileno(),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                cwd=folder,
                env=environment,
                start_new_session=True,
                pass_fds=(watched, told.fileno()),
            )
        except BaseException:
            ours.close()
            status.close()
            os.close(leash)
            raise
        finally:
            theirs.close()
            told.close()
            os.close(watched)
        pipes = cls(transport, exit, ours, leash)
        try:
            await _begun(status)
        except BaseException:
            transport.close()
            pipes.close()
            raise
        finally:
            status.close()
        return pipes

    async def give(self, text: bytes) -> None:
        """Write the program's whole standard input. Raises OSError if the program has ended."""
        await asyncio.get_running_loop().sock_sendall(self._given, text)
        self._given.shutdown(socket.SHUT_WR)
        self._is_given = True

    @property
    def took_all(self) -> bool:
        """Whether the program read all of its input, as far as the system tells."""
        if not self._is_given:
            return False
        try:
            self._given.recv(1)
        except ConnectionResetError:  # it closed its end with unread input
            return False
        except BlockingIOError:  # it is still running
            left = fcntl.ioctl(self._given, termios.TIOCOUTQ, struct.pack("i", 0))
            return struct.unpack("i", left)[0] == 0
        return True

    @property
    def returncode(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._transport.get_returncode()

    def close(self) -> None:
        """Close the pipes, even if children hold them."""
        self._transport.close()
        self._given.close()
        if self._leash is not None:
            os.close(self._leash)
            self._leash = None


async def _begun(status: socket.socket) -> None:
    """Wait until the program runs. Raises OSError if it can't."""
    if number := await asyncio.get_running_loop().sock_recv(status, 16):
        raise OSError(int(number), os.strerror(int(number)))


class LineSplitter:
    """Splits output into lines and drops those over `longest` bytes; `total` counts all bytes, and
    `count` all line feeds."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self.total = 0
        self.count = 0
        self._rest = bytearray()
        self._dropping = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that this piece completes, without line feeds."""
        self.total += len(chunk)
        first, *others = chunk.split(b"\n")
        self.count += len(others)
        self._add(first)
        lines: list[bytes] = []
        for other in others:
            if not self._dropping:
                lines.append(bytes(self._rest))
            self._rest.clear()
            self._dropping = False
            self._add(other)
        return lines

    def rest(self) -> bytes:
        """Return what follows the last line feed."""
        return bytes(self._rest)

    def _add(self, piece: bytes) -> None:
        if self._dropping or len(self._rest) + len(piece) > self._longest:
            self._dropping = True
            self._rest.clear()
        else:
            self._rest += piece
