"""Reads the change in a thread while Textual, which takes longer than git, is imported."""

from collections.abc import AsyncGenerator, Callable, Iterable
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from xreview.domain.change import ChangeSource, FileDiff
from xreview.domain.errors import XReviewError
from xreview.repo.change.collecting import CollectedChange, collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.hardened.processes import Processes

if TYPE_CHECKING:
    import asyncio  # with it, the first frame would be a fifth later

Item = CollectedChange | tuple[FileDiff, ...] | XReviewError | None

MANY_FILES = 100
"""Parsing more of them takes a time that the app's start would notice."""

PAUSE_SECONDS = 0.5
"""How long the reading of a large change waits, at most, until the app is up."""


class Collector:
    """Collects the change of a `request`. Call `start`, `opened` and `batches` once, in order.

    `open_change` starts reading it, in a thread.
    """

    def __init__(
        self,
        request: ChangeRequest,
        open_change: Callable[[ChangeRequest], CollectedChange] = collect,
    ) -> None:
        self.request = request
        self._open_change = open_change
        self._lock = Lock()
        self._waiting: list[Item] = []
        self._deliver: Callable[[Item], None] | None = None
        self._stopped = False
        self._collected: CollectedChange | None = None
        self._glance: tuple[FileDiff, ...] = ()
        self._processes = Processes()
        self._begun = Event()
        self._may_go_on = Event()
        self._may_go_on.set()
        self._failure: XReviewError | None = None
        self._queue: asyncio.Queue[Item] | None = None
        self._kept: list[Item] = []
        self._thread = Thread(target=self._run, name="collector", daemon=True)

    def start(self, *, pauses: bool = False) -> None:
        """Start reading; if it `pauses`, only the first files, until `go_on` is called.

        Parsing and the app's start compute in one process: both at once would delay the app.
        """
        if pauses:
            self._may_go_on.clear()
        self._thread.start()

    def go_on(self) -> None:
        """Read the rest, now that the app is up."""
        self._may_go_on.set()

    def stop(self) -> None:
        """Stop reading and end git."""
        with self._lock:
            self._stopped = True
            collected = self._collected
        self._may_go_on.set()
        if collected is not None:
            collected.close()
        self._processes.close()

    def beginning(self, seconds: float) -> tuple[ChangeSource, tuple[FileDiff, ...]] | None:
        """The first files if git prints them within `seconds`, else None; a change may have none.

        Raises XReviewError where the change can't be read and that is known by then.
        """
        self._begun.wait(seconds)
        if self._failure is not None:
            raise self._failure
        with self._lock:
            if self._collected is None:
                return None
            waiting = (item for item in self._waiting if isinstance(item, tuple))
            first = next(waiting, self._glance)
            return self._collected.source, first

    @property
    def has_begun(self) -> bool:
        """Whether the first files are there, so that a first frame could be painted."""
        return self._begun.is_set() and self._failure is None

    async def opened(self) -> CollectedChange:
        """Wait for the beginning of the change. Raises XReviewError where it can't be read."""
        item = await self._next()
        if isinstance(item, CollectedChange):
            return item
        if isinstance(item, XReviewError):
            raise item
        raise RuntimeError("the collector gave files before it said where they come from")

    async def batches(self) -> AsyncGenerator[tuple[FileDiff, ...], None]:
        """The file diffs as git prints them. Raises XReviewError where git fails on the way."""
        while (item := await self._next()) is not None:
            if isinstance(item, XReviewError):
                raise item
            if isinstance(item, tuple):
                yield item + self._batches_there()

    def _batches_there(self) -> tuple[FileDiff, ...]:
        """What else has arrived: shown in one go, it costs less."""
        there: list[FileDiff] = []
        while self._queue is not None and not self._queue.empty():
            item = self._queue.get_nowait()
            if not isinstance(item, tuple):
                self._kept.append(item)
                break
            there += item
        return tuple(there)

    async def _next(self) -> Item:
        if self._queue is None:
            self._queue = self._attach()
        return self._kept.pop() if self._kept else await self._queue.get()

    def _attach(self) -> "asyncio.Queue[Item]":
        import asyncio

        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Item] = asyncio.Queue()

        def deliver(item: Item) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, item)

        with self._lock:
            for item in self._waiting:
                queue.put_nowait(item)
            self._waiting.clear()
            self._deliver = deliver
        return queue

    def _put(self, item: Item) -> None:
        with self._lock:
            if self._deliver is None:
                self._waiting.append(item)
            else:
                self._deliver(item)

    def _run(self) -> None:
        with self._processes:
            self._collect()

    def _collect(self) -> None:
        try:
            collected = self._open_change(self.request)
            with self._lock:
                self._collected = collected
                stopped = self._stopped
            self._put(collected)
            if not stopped and (files := collected.first_files()):
                self._glance = files
                self._begun.set()
            try:
                if not stopped:
                    self._read(collected.batches)
            finally:
                collected.close()
        except XReviewError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - the reader would take it for the change's end
            from xreview.domain.fault import fault

            self._fail(fault(error, "Reading the change"))
        finally:
            self._begun.set()
            self._put(None)

    def _read(self, batches: Iterable[tuple[FileDiff, ...]]) -> None:
        count = 0
        for batch in batches:
            self._put(batch)
            self._begun.set()
            count += len(batch)
            if count >= MANY_FILES and not self._may_go_on.is_set():
                self._may_go_on.wait(PAUSE_SECONDS)
                self._may_go_on.set()

    def _fail(self, error: XReviewError) -> None:
        self._failure = error
        self._put(error)
