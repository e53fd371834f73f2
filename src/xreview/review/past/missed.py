"""Past sessions that a problem found later is charged to."""

from collections.abc import Callable, Iterator

from xreview.domain.events.event import (
    CoverageReceived,
    DecisionRedone,
    DecisionUndone,
    Event,
    ProblemMissed,
    SessionOpened,
)
from xreview.domain.record import dataclass
from xreview.domain.scorecard.gathering import WAS_READ
from xreview.domain.state import undone_in
from xreview.journal.queries import SessionSummary
from xreview.journal.store import Journal


@dataclass(frozen=True, slots=True)
class ReviewedSession:
    """A session, the commit that it reviewed (None for none), and who read one file in it."""

    id: str
    opened_at: str
    title: str
    head: str | None
    readers: tuple[str, ...]


def latest_reviewed(
    journal: Journal,
    repository: str,
    path: str,
    *,
    without: str = "",
    is_wanted: Callable[[ReviewedSession], bool] = lambda session: True,
) -> ReviewedSession | None:
    """The latest session of a repository in which a reviewer read the file. Raises JournalError."""
    found = _sessions(journal, repository, path, without)
    return next((one for one in found if one.readers and is_wanted(one)), None)


def _sessions(
    journal: Journal, repository: str, path: str, without: str
) -> Iterator[ReviewedSession]:
    for summary in journal.sessions(repository):
        if summary.id != without and not summary.is_of_attempt:
            yield session_on(journal, summary, path)


def session_on(journal: Journal, summary: SessionSummary, path: str) -> ReviewedSession:
    """A session with who read the file in it. Raises JournalError."""
    head: str | None = None
    readers: dict[str, None] = {}
    types = (SessionOpened, CoverageReceived)
    for event in journal.events(session=summary.id, types=types):
        if isinstance(event.payload, SessionOpened):
            head = event.payload.head
        elif isinstance(event.payload, CoverageReceived):
            receipt = (one for one in event.payload.entries if one.path == path)
            readers = {one.reviewer: None for one in receipt if one.reading in WAS_READ}
    names = tuple(readers)
    return ReviewedSession(summary.id, summary.opened_at, summary.title, head, names)


def missed_problems(journal: Journal, repository: str | None) -> list[Event]:
    """The events of problems found later that hold, the oldest first. Raises JournalError."""
    types = (ProblemMissed, DecisionUndone, DecisionRedone)
    events = list(journal.events(repository=repository, types=types))
    undone = undone_in(events)
    return [
        event
        for event in events
        if isinstance(event.payload, ProblemMissed) and event.payload.action not in undone
    ]
