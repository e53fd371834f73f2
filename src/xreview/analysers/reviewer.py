"""The two embedded reviewers, which share one pass over the change."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial

from xreview.analysers.ahead import MODULE
from xreview.analysers.directives import silenced_sentence
from xreview.analysers.process import command
from xreview.analysers.reading import FileRead, read_change
from xreview.domain.coverage import CoverageEntry
from xreview.domain.record import dataclass
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.ports.reviewer import Notice, Progress, ReviewRequest, Signal, Usage

FILE_SECONDS = 20.0
"""The time limit for one file; most take some milliseconds."""


@dataclass(frozen=True, eq=False)
class EmbeddedReviewer:
    """Reports of ruff, ast-grep and our own counting for one lens."""

    lens: Lens
    argv: Sequence[str] | None = None
    """The command of the worker process; None for this program's own."""
    file_seconds: float = FILE_SECONDS

    @property
    def identity(self) -> ReviewerIdentity:
        """An analyser; its reports name their engine instead of "embedded"."""
        return ReviewerIdentity(self.lens.value, ReviewerKind.ANALYSER, "embedded")

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Stream the reports file by file, and one coverage entry for each file.

        Raises ReviewerError if the analysis can't be run.
        """
        argv = command(MODULE) if self.argv is None else self.argv
        yield Usage(cost=0.0)
        shared = join(request, self.lens, argv, self.file_seconds)
        async with aclosing(shared.signals(self.lens)) as signals:
            async for signal in signals:
                yield signal


Queue = asyncio.Queue[Signal | None]  # None: no more signals


class SharedPass:
    """A pass that reads each file once, with a queue of signals for each lens. It ends when it is
    done or its last reviewer has left."""

    def __init__(self, request: ReviewRequest, argv: Sequence[str], seconds: float) -> None:
        # Kept alive, so that no other request can get the same id().
        self.request = request
        self.open = dict.fromkeys(Lens, True)
        self._queues: dict[Lens, Queue] = {lens: asyncio.Queue() for lens in Lens}
        self._readers = 0
        self.task = asyncio.create_task(self._run(argv, seconds))

    async def signals(self, lens: Lens) -> AsyncGenerator[Signal, None]:
        """All signals for one lens; can be taken once. Raises the error of the pass at the end."""
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
        """Whether it is too late to join."""
        return self.task.done() or self.task.cancelling() > 0

    async def _run(self, argv: Sequence[str], seconds: float) -> None:
        try:
            await self._read(argv, seconds)
        finally:
            self._tell_all(None)

    async def _read(self, argv: Sequence[str], seconds: float) -> None:
        total = len(self.request.change.files)
        step = max(1, total // 100)
        done = 0
        silenced: dict[Lens, Counter[str]] = {lens: Counter() for lens in Lens}
        async for read in read_change(self.request, argv, seconds):
            self._tell(read)
            for lens, counts in read.silenced.items():
                silenced[lens].update(counts)
            if read.reading is not None:
                done += 1
                if done % step == 0 or done == total:
                    self._tell_all(Progress(done, total, read.path))
        for lens, counts in silenced.items():
            if counts:
                self._queues[lens].put_nowait(Notice(silenced_sentence(counts)))

    def _tell(self, read: FileRead) -> None:
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

    def _tell_all(self, signal: Signal | None) -> None:
        for queue in self._queues.values():
            queue.put_nowait(signal)


_Key = tuple[int, int, int, tuple[str, ...], float]
_passes: dict[_Key, SharedPass] = {}


def join(request: ReviewRequest, lens: Lens, argv: Sequence[str], seconds: float) -> SharedPass:
    """The running pass over this change that the lens hasn't taken yet, or a new one."""
    loop = asyncio.get_running_loop()
    key = (id(loop), id(request.change), id(request.contents), tuple(argv), seconds)
    found = _passes.get(key)
    if found is None or found.is_over or not found.open[lens]:
        found = _passes[key] = SharedPass(request, argv, seconds)
        found.task.add_done_callback(partial(_forget, key, found))
    return found


def _forget(key: _Key, ended: SharedPass, _task: asyncio.Task[None]) -> None:
    # A pass holds the whole change, so drop it as soon as it is over.
    if _passes.get(key) is ended:
        del _passes[key]
