"""The events of a session on their way to the journal: in order, each kept until it is on disk.

A refused write is retried before the next urgent one, in the background after pauses that double,
and on closing. Events have ids, so writing one twice is safe.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from xreview.domain.errors import JournalError
from xreview.domain.events.event import Event
from xreview.review.session.ledger import Ledger

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
"""Seconds between two attempts in the background."""


class Outbox:
    """Events that are not on disk yet.

    Args:
        ledger: the journal.
        on_saved: called with the events of each successful write.
    """

    def __init__(self, ledger: Ledger, on_saved: Callable[[Sequence[Event]], None]) -> None:
        self._ledger = ledger
        self._on_saved = on_saved
        self._writing = asyncio.Lock()
        self._retrying: asyncio.Task[None] | None = None
        self.waiting: tuple[Event, ...] = ()

    def put(self, events: Iterable[Event]) -> None:
        """Keep events for the next write."""
        self.waiting += tuple(events)

    async def flush(self, *, is_urgent: bool) -> None:
        """Write all that waits; unless urgent, leave it to the retries once a write was refused.

        Raises JournalError where the disk refuses; the events are kept and retried.
        """
        if is_urgent or self._retrying is None:
            await self._write()

    async def close(self) -> None:
        """Try a last time, then stop retrying: what is still `waiting` is lost."""
        try:
            await self._write()
        finally:
            self._stop_retrying()

    async def _write(self) -> None:
        async with self._writing:
            if not (events := self.waiting):
                return
            try:
                await self._ledger.append(events)
            except JournalError:
                if self._retrying is None:
                    self._retrying = asyncio.create_task(self._retry())
                raise
            self.waiting = self.waiting[len(events) :]
            self._stop_retrying()
            self._on_saved(events)

    async def _retry(self) -> None:
        pause = FIRST_PAUSE
        while self._retrying is not None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            try:
                await self._write()
            except JournalError:
                continue  # reported when it was refused first

    def _stop_retrying(self) -> None:
        task, self._retrying = self._retrying, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()
