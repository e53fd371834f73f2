"""A worker that starts before the review that needs it, because its imports take long."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from xreview.analysers.process import WorkerProcess, command

MODULE = "xreview.analysers.worker"

_waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[WorkerProcess]] = (
    WeakKeyDictionary()
)


@asynccontextmanager
async def worker_ahead() -> AsyncGenerator[None]:
    """Start a worker for the review in this block, and end it if no review took it."""
    loop = asyncio.get_running_loop()
    _waiting[loop] = starting = asyncio.create_task(WorkerProcess.start(command(MODULE)))
    try:
        yield
    finally:
        if _waiting.get(loop) is starting:
            del _waiting[loop]
            starting.cancel()
            (process,) = await asyncio.gather(starting, return_exceptions=True)
            if isinstance(process, WorkerProcess):
                await process.end()


async def start_worker(argv: Sequence[str]) -> WorkerProcess:
    """The worker that was started ahead with this command, or a new one. Raises OSError."""
    loop = asyncio.get_running_loop()
    if loop not in _waiting or list(argv) != command(MODULE):
        return await WorkerProcess.start(argv)
    starting = _waiting.pop(loop)
    try:
        return await starting
    except asyncio.CancelledError:
        # Cancelled before the process was there, `start` ends it; after that, this does.
        if starting.done() and not starting.cancelled() and starting.exception() is None:
            await starting.result().end()
        raise
