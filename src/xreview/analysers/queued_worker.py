"""A worker process that several parts of a review ask, one after the other."""

import asyncio
import errno
from collections.abc import Mapping, Sequence
from typing import Any

from xreview.analysers.process import WorkerLostError, WorkerProcess

START_SECONDS = 20.0


class QueuedWorker:
    """A worker that starts when it is asked, again after it was lost, and ends after its last user.

    It is used in `async with` blocks. Requests wait for each other, so that one process is enough.
    """

    def __init__(self, argv: Sequence[str], *, gives_way: bool = False) -> None:
        self._argv = argv
        self._begin = {"do": "begin", "gives_way": gives_way}
        self._turn = asyncio.Lock()
        self._starting: asyncio.Task[WorkerProcess] | None = None
        self._users = 0
        self.is_awaited = False
        """Whether it stays although nothing uses it: a review will."""

    async def __aenter__(self) -> "QueuedWorker":
        self._users += 1
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._users -= 1
        await self.end_unused()

    def start(self) -> None:
        """Start the process, if there is none. The next request raises the error if it fails."""
        if self._starting is None:
            self._starting = asyncio.create_task(_start(self._argv, self._begin))

    async def ask(
        self, request: Mapping[str, Any], payloads: Sequence[bytes], seconds: float
    ) -> dict[str, Any]:
        """Send a request when it is its turn, and return its answer within `seconds` from then.

        Raises WorkerLostError, or OSError if no worker can be started.
        """
        async with self._turn:
            self.start()
            assert self._starting is not None
            try:
                process = await self._starting
                return await process.ask(request, payloads, seconds)
            except BaseException:
                # Even if only this request was cancelled: its answer would be taken for the next.
                await self._end()
                raise

    async def end_unused(self) -> None:
        """End the process, if nothing uses it or will."""
        if not (self._users or self.is_awaited):
            await self._end()

    async def _end(self) -> None:
        if (starting := self._starting) is not None:
            self._starting = None
            starting.cancel()
            (process,) = await asyncio.gather(starting, return_exceptions=True)
            if isinstance(process, WorkerProcess):
                await process.end()


async def _start(argv: Sequence[str], begin: Mapping[str, Any]) -> WorkerProcess:
    process = await WorkerProcess.start(argv)
    try:
        await process.ask(begin, (), START_SECONDS)
    except WorkerLostError as error:
        raise OSError(errno.ECHILD, str(error)) from error
    except BaseException:
        await process.end()
        raise
    return process
