"""A process and its pipes, whose end is told as soon as the program itself has ended."""

import asyncio
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

    def __init__(self, transport: asyncio.SubprocessTransport, exit: _Exit) -> None:
        process = asyncio.subprocess.Process(transport, exit, asyncio.get_running_loop())
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.stdin, self.stdout, self.stderr = process.stdin, process.stdout, process.stderr
        self.pid = process.pid
        self.exited = exit.exited
        self._transport = transport

    @classmethod
    async def open(
        cls, argv: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> "Pipes":
        """Start a program as the leader of a session of its own. Raises OSError."""
        transport, exit = await asyncio.get_running_loop().subprocess_exec(
            _Exit,
            *argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        return cls(transport, exit)

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._transport.get_returncode()

    def close(self) -> None:
        """Let the pipes go, whoever else holds them."""
        self._transport.close()
