"""The one way in which a session changes its snapshot and writes events."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from xreview.domain.change import Change
from xreview.domain.errors import JournalError
from xreview.domain.events.event import Event, NoticeGiven, Payload
from xreview.domain.fixing.state import fix_state
from xreview.domain.proposal import taken_in
from xreview.domain.record import replace
from xreview.domain.text import count_of
from xreview.review.session.ledger import Ledger
from xreview.review.session.pending import ahead_of, pending_in
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.review.session.surroundings import Surroundings

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
"""Seconds between two attempts in the background."""


class Outbox:
    """Events that are not on disk yet, in order.

    A refused write is retried before the next urgent one, in the background after pauses that
    double, and on closing. Events have ids, so writing one twice is safe. `on_saved` is called with
    the events of each successful write.
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

        Raises JournalError if the disk refuses; the events are kept and retried.
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


class SessionRecorder:
    """Holds a session's snapshot and its unwritten events.

    `record` makes an event of each fact and keeps it; `save` and `save_now` write what is kept. The
    snapshot shows a decision once it is on disk. `on_saved_late` is called when a refused action of
    the user has been written after all.
    """

    def __init__(self, change: Change, ledger: Ledger, given: Surroundings) -> None:
        self._ledger = ledger
        self._given = given
        self._outbox = Outbox(ledger, self._saved)
        self._last_at = ""
        self._is_open = False
        self.on_saved_late: Callable[[ReviewSnapshot], None] = lambda snapshot: None
        self.snapshot = ReviewSnapshot(
            given.new_id(),
            change.source,
            change.files,
            is_collected=True,
            notices=change.source.notices,
            actor=given.actor,
        )

    @property
    def repository(self) -> str:
        """The name of the repository in events."""
        return self._given.repository

    def show(self, **changed: Any) -> None:
        """Replace fields of the snapshot."""
        self.snapshot = replace(self.snapshot, **changed)

    def notice(self, sentence: str) -> None:
        """Show and record a sentence about this session, once."""
        if sentence not in self.snapshot.notices:
            self.show(notices=(*self.snapshot.notices, sentence))
            if self._is_open:  # opening the session records the earlier ones
                self.record(NoticeGiven(sentence))

    def record(self, *payloads: Payload, id: str = "", session: str = "") -> None:
        """Keep facts as events of this moment; the next `save` writes them. A single fact can bring
        an id of its own, or be about another session."""
        for payload in payloads:
            given = self._given
            # The latest decision holds, so a clock that was set back must not date one earlier.
            self._last_at = max(self._last_at, given.now())
            event = Event(
                id or given.new_id(),
                session or self.snapshot.session,
                given.repository,
                self._last_at,
                given.actor,
                payload,
            )
            self._outbox.put([event])

    async def save(self) -> None:
        """Write what was recorded. A refusal becomes a notice: a review is of use without a
        journal."""
        try:
            await self._outbox.flush(is_urgent=False)
        except JournalError as error:
            self.notice(str(error))

    async def save_now(self) -> None:
        """Write what was recorded, even after a refusal.

        Raises JournalError if the disk refuses: then it is `pending` in the snapshot, and
        retried.
        """
        try:
            await self._outbox.flush(is_urgent=True)
        except JournalError as error:
            self._show_pending()
            raise JournalError(error.message, f"Not saved yet; retrying. {error.advice}") from error

    async def retry_unsaved(self) -> bool:
        """Retry a refused write now; return whether no action of the user is unsaved any more."""
        try:
            await self._outbox.flush(is_urgent=True)
        except JournalError as error:
            self.notice(str(error))
        return not self.snapshot.unsaved

    async def close(self) -> None:
        """Release the journal after a last attempt to write.

        What is `unsaved` in the snapshot then is lost, and a notice says so.
        """
        try:
            await self._outbox.close()
        except JournalError as error:
            self.notice(str(error))
            if lost := self.snapshot.unsaved:
                self.notice(f"{count_of(lost, 'decision or note', 'decisions or notes')} lost.")
        await self._ledger.close()

    def _saved(self, events: Sequence[Event]) -> None:
        late = self.snapshot.unsaved
        self._show_saved(events)
        if late and not self.snapshot.unsaved:
            saved = count_of(late, "pending action is", "pending actions are")
            self.notice(f"The journal can be written again: {saved} on disk now.")
            self.on_saved_late(self.snapshot)

    def _show_saved(self, events: Sequence[Event]) -> None:
        self.show(
            triage=ahead_of(self.snapshot.triage, events),
            taken={**self.snapshot.taken, **taken_in(events)},
            fixes=fix_state(events, self.snapshot.fixes),
        )
        self._show_pending()

    def _show_pending(self) -> None:
        pending = pending_in(self._outbox.waiting, self.snapshot.triage)
        self.show(pending=pending)
