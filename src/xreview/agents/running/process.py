"""An agent's process, in its own process group.

Its output is untrusted: lines over `LINE_BYTES` are dropped, more than `TOTAL_BYTES` or
`TOTAL_LINES` is an error, and the last `COMPLAINT_BYTES` of standard error are kept only to
classify failures.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from xreview.agents.base.agent import AgentCommand
from xreview.agents.running.leash import end_stragglers
from xreview.agents.running.pipes import CHUNK, LineSplitter, Pipes
from xreview.domain.record import dataclass
from xreview.ports.failure import Failure, ModelError

LINE_BYTES = 8 * 1024 * 1024
TOTAL_BYTES = 64 * 1024 * 1024
TOTAL_LINES = 500_000
"""A flood of short lines, each read as an event, would keep the event loop busy for minutes."""
COMPLAINT_BYTES = 16 * 1024
_LAST_WORDS_SECONDS = 0.5
"""How long to keep reading after the program ended, if something else holds its output open."""


@dataclass(frozen=True, slots=True)
class Silence:
    """No output for so many seconds."""

    seconds: float


class AgentProcess:
    """A running agent; always `end` it."""

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
        """Start the agent called `name`. Raises ModelError if it can't be started."""
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
            # Finish starting the program, so that it can be ended.
            with suppress(OSError):
                await cls(await starting, command, name).end(grace=0)
            raise

    @property
    def pid(self) -> int:
        """The id of the process and of its group."""
        return self._pipes.pid

    @property
    def complaint(self) -> str:
        """The end of its standard error. Never show it: it can contain anything."""
        return self._complaint.decode("utf-8", "replace")

    @property
    def took_prompt(self) -> bool:
        """Whether it read the whole prompt."""
        return self._pipes.took_all

    async def lines(self, seconds: float, quiet: float) -> AsyncGenerator[bytes | Silence, None]:
        """Yield its output by lines, and `Silence` after every `quiet` seconds without any.

        Raises ModelError after `seconds` in all, or for too much output.
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
                    raise self._endless(f"{TOTAL_BYTES // 1024 // 1024} MB")
                if splitter.count > TOTAL_LINES:
                    raise self._endless(f"{TOTAL_LINES:,} lines")
        if rest := splitter.rest():
            yield rest

    async def code(self, seconds: float) -> int | None:
        """Return the exit status, negative for a signal; None if it is still running."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._pipes.exited.wait()
        return self._pipes.returncode

    async def heard(self) -> None:
        """Wait briefly for the rest of `complaint`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await asyncio.shield(self._tasks[1])

    async def end(self, grace: float) -> None:
        """End the whole group: SIGTERM, `grace` seconds, SIGKILL; wait until it is gone."""
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
        # Its children are still in its group.
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
        """Yield its output, or None after `quiet` seconds without any and at the deadline.

        Stops when the program ends, even if something else holds its output open.
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
        # If the program ends early, its events or `took_prompt` tell.
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

    def _endless(self, amount: str) -> ModelError:
        return ModelError(
            Failure.PROTOCOL,
            f"{self._name} printed over {amount} without an end.",
            "Try again, or choose another reviewer.",
        )
