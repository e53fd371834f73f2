"""The one worker of the app, started before the review that needs it: its imports take long."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from xreview.analysers.process import command
from xreview.analysers.queued_worker import QueuedWorker

MODULE = "xreview.analysers.worker"

_shared: WeakKeyDictionary[asyncio.AbstractEventLoop, QueuedWorker] = WeakKeyDictionary()


@asynccontextmanager
async def worker_ahead() -> AsyncGenerator[None]:
    """Start a worker, which all in this block share; it ends after the first review and
    its last user."""
    loop = asyncio.get_running_loop()
    _shared[loop] = worker = QueuedWorker(command(MODULE), gives_way=True)
    worker.is_awaited = True
    worker.start()
    try:
        yield
    finally:
        if _shared.get(loop) is worker:
            del _shared[loop]
        worker.is_awaited = False
        await worker.end_unused()


def shared_worker() -> QueuedWorker | None:
    """The worker that was started ahead; None outside of such a block, as in commands."""
    return _shared.get(asyncio.get_running_loop())


def own_worker() -> QueuedWorker:
    """The worker that was started ahead, or a new one."""
    return shared_worker() or QueuedWorker(command(MODULE))
