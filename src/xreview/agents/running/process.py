"""An agent's process: a group of its own, read in bounded lines, and ended as a whole.

What it prints is data from a stranger: a line over `LINE_BYTES` is dropped, more than
`TOTAL_BYTES` is an error, and of what it complains only the last `COMPLAINT_BYTES` are kept, for
classifying a failure and never for showing.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xreview.agents.running.line_splitter import LineSplitter
from xreview.agents.running.pipes import CHUNK, Pipes
from xreview.agents.running.stragglers import end_stragglers
from xreview.ports.failure import Failure, ModelError

LINE_BYTES = 8 * 1024 * 1024
TOTAL_BYTES = 64 * 1024 * 1024
COMPLAINT_BYTES = 16 * 1024
_LAST_WORDS_SECONDS = 0.5
"""How long to read on once the program has ended and something else holds its output open."""


@dataclass(frozen=True)
class AgentCommand:
    """How to start an agent.

    Args:
        argv: the program's absolute path, and its arguments; never a key or the prompt.
        folder: where it runs.
        environment: all it gets; `agent_environment` made it.
        prompt: what it reads on standard input.
        marker: a value in its environment that nothing else has, by which children that left its
            group are found.
    """

    argv: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    prompt: bytes
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was said for so many seconds."""

    seconds: float


class AgentProcess:
    """A running agent. Start it with `start`, read `lines`, and `end` it, whatever happens."""

    def __init__(self, pipes: Pipes, command: AgentCommand, name: str) -> None:
        self._pipes = pipes
        self._command = command
        self._name = name
        self._complaint = bytearray()
        self._tasks = [
            asyncio.create_task(self._write_prompt(command.prompt)),
            asyncio.create_task(self._keep_complaint()),
        ]

    @classmethod
    async def start(cls, command: AgentCommand, name: str) -> "AgentProcess":
        """Start the agent called `name`. Raises ModelError where it can't be started."""
        starting = asyncio.ensure_future(
            Pipes.open(command.argv, command.folder, command.environment)
        )
        try:
            return cls(await asyncio.shield(starting), command, name)
        except OSError as error:
            raise ModelError(
                Failure.CONNECTION,
                f"{name} can't be started ({error.strerror}).",
                f"Check that `{Path(command.argv[0]).name} --version` runs.",
            ) from error
        except asyncio.CancelledError:
            # Half a start would leave the program running: finish it, then end it.
            with suppress(OSError):
                await cls(await starting, command, name).end(grace=0)
            raise

    @property
    def pid(self) -> int:
        """The process id, which is that of its group too."""
        return self._pipes.pid

    @property
    def complaint(self) -> str:
        """The last of what it wrote to standard error. Not for showing: it may hold anything."""
        return self._complaint.decode("utf-8", "replace")

    @property
    def took_prompt(self) -> bool:
        """Whether it read the whole prompt."""
        return self._pipes.took_all

    async def lines(self, seconds: float, quiet: float) -> AsyncGenerator[bytes | Silence, None]:
        """What it prints, line by line, until it ends; `Silence` each `quiet` seconds of nothing.

        Raises ModelError after `seconds` in all, or where it prints without end.
        """
        clock = asyncio.get_running_loop().time
        deadline, heard = clock() + seconds, clock()
        splitter = LineSplitter(LINE_BYTES)
        async with aclosing(self._chunks(deadline, quiet)) as chunks:
            async for chunk in chunks:
                if clock() >= deadline:
                    raise self._too_slow(seconds)
                if chunk is None:
                    yield Silence(clock() - heard)
                    continue
                heard = clock()
                for line in splitter.feed(chunk):
                    yield line
                if splitter.total > TOTAL_BYTES:
                    raise self._endless()
        if rest := splitter.rest():
            yield rest

    async def code(self, seconds: float) -> int | None:
        """The exit status, negative for a signal; None where it does not end within `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._pipes.exited.wait()
        return self._pipes.returncode

    async def heard(self) -> None:
        """Wait until all that it complained of is in `complaint`, or nothing more comes soon."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await asyncio.shield(self._tasks[1])

    async def end(self, grace: float) -> None:
        """End the whole group and wait until it is gone: SIGTERM, `grace` seconds, SIGKILL."""
        ending = asyncio.ensure_future(self._end(grace))
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await ending
            raise

    async def _end(self, grace: float) -> None:
        if self._pipes.returncode is None and grace > 0:
            self._signal(signal.SIGTERM)
            await self.code(grace)
        # What the program itself left behind is still of its group.
        self._signal(signal.SIGKILL)
        await self._pipes.exited.wait()
        await asyncio.to_thread(end_stragglers, self._command.marker)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pipes.close()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pipes.pid, number)

    async def _chunks(self, deadline: float, quiet: float) -> AsyncGenerator[bytes | None, None]:
        """What it prints as it comes, until it ends; None where none came for `quiet` seconds, or
        until the deadline. Ends with the program, even where something else holds its output open.
        """
        stdout = self._pipes.stdout
        clock = asyncio.get_running_loop().time
        left: asyncio.Task[Any] = asyncio.create_task(self._pipes.exited.wait())
        reading: asyncio.Task[Any] = asyncio.create_task(stdout.read(CHUNK))
        try:
            while True:
                if left.done():
                    awaited, patience = {reading}, _LAST_WORDS_SECONDS
                else:
                    awaited, patience = {reading, left}, min(quiet, max(deadline - clock(), 0))
                done, _ = await asyncio.wait(
                    awaited, timeout=patience, return_when=asyncio.FIRST_COMPLETED
                )
                if reading in done:
                    chunk: bytes = reading.result()
                    if not chunk:
                        return
                    yield chunk
                    reading = asyncio.create_task(stdout.read(CHUNK))
                elif not left.done():
                    yield None
                elif left not in done:
                    return
        finally:
            reading.cancel()
            left.cancel()
            await asyncio.gather(reading, left, return_exceptions=True)

    async def _write_prompt(self, prompt: bytes) -> None:
        # A program that ends before it has read all says why by itself, or `took_prompt` does.
        with suppress(OSError):
            await self._pipes.give(prompt)

    async def _keep_complaint(self) -> None:
        stderr = self._pipes.stderr
        while piece := await stderr.read(4096):
            self._complaint += piece
            del self._complaint[:-COMPLAINT_BYTES]

    def _too_slow(self, seconds: float) -> ModelError:
        return ModelError(
            Failure.TIMEOUT,
            f"{self._name} gave no answer within {seconds:g} seconds.",
            "Review a smaller change, or choose another reviewer.",
        )

    def _endless(self) -> ModelError:
        return ModelError(
            Failure.PROTOCOL,
            f"{self._name} printed over {TOTAL_BYTES // 1024 // 1024} MB without coming to an end.",
            "Try again, or choose another reviewer.",
        )
