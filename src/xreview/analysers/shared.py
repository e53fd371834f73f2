"""One reading of a change for both lenses: each file is read, sent and parsed once.

The two reviewers that are given the same change at the same time join the same `SharedPass`; it
ends, with its worker process, when it is through or when the last of them has left.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import partial

from xreview.analysers.reading import Read, read_change
from xreview.domain.coverage import CoverageEntry
from xreview.domain.report import Lens
from xreview.ports.reviewer import Progress, ReviewRequest, Signal

Queue = asyncio.Queue[Signal | None]  # None: no more signals


class SharedPass:
    """A running pass. `queues` hold what each lens has not taken yet."""

    def __init__(self, request: ReviewRequest, argv: Sequence[str], seconds: float) -> None:
        # Held so that its identity can't be another request's while this pass is alive.
        self.request = request
        self.open = dict.fromkeys(Lens, True)
        self._queues: dict[Lens, Queue] = {lens: asyncio.Queue() for lens in Lens}
        self._readers = 0
        self.task = asyncio.create_task(self._run(argv, seconds))

    async def signals(self, lens: Lens) -> AsyncGenerator[Signal, None]:
        """What concerns one lens, from the pass's beginning on; can be taken once.

        Raises what went wrong in the pass, after what came before it.
        """
        self.open[lens] = False
        self._readers += 1
        try:
            while (signal := await self._queues[lens].get()) is not None:
                yield signal
            await asyncio.shield(self.task)
        finally:
            self._readers -= 1
            if not self._readers:
                self.task.cancel()
                await asyncio.gather(self.task, return_exceptions=True)

    @property
    def is_over(self) -> bool:
        """Whether nobody can join any more: all was said, or the last reviewer has left."""
        return self.task.done() or self.task.cancelling() > 0

    async def _run(self, argv: Sequence[str], seconds: float) -> None:
        try:
            await self._read(argv, seconds)
        finally:
            for queue in self._queues.values():
                queue.put_nowait(None)

    async def _read(self, argv: Sequence[str], seconds: float) -> None:
        total = len(self.request.change.files)
        step = max(1, total // 100)
        done = 0
        async for read in read_change(self.request, argv, seconds):
            self._tell(read)
            if read.reading is not None:
                done += 1
                if done % step == 0 or done == total:
                    self._tell_all(Progress(done, total, read.path))

    def _tell(self, read: Read) -> None:
        for lens, report in read.reports:
            self._queues[lens].put_nowait(report)
        if read.reading is None:
            return
        for lens, queue in self._queues.items():
            queue.put_nowait(
                CoverageEntry(
                    lens.value, read.path, read.reading, read.why, read.lines, read.expected
                )
            )

    def _tell_all(self, signal: Signal) -> None:
        for queue in self._queues.values():
            queue.put_nowait(signal)


_Key = tuple[int, int, int, tuple[str, ...], float]
_passes: dict[_Key, SharedPass] = {}


def join(request: ReviewRequest, lens: Lens, argv: Sequence[str], seconds: float) -> SharedPass:
    """The pass over this change that the lens has not taken yet, started if there is none."""
    loop = asyncio.get_running_loop()
    key = (id(loop), id(request.change), id(request.contents), tuple(argv), seconds)
    found = _passes.get(key)
    if found is None or found.is_over or not found.open[lens]:
        found = _passes[key] = SharedPass(request, argv, seconds)
        found.task.add_done_callback(partial(_forget, key, found))
    return found


def _forget(key: _Key, ended: SharedPass, _task: asyncio.Task[None]) -> None:
    # A pass holds the whole change: it goes as soon as it is over.
    if _passes.get(key) is ended:
        del _passes[key]
