"""What the journal knows of a pull request from earlier sessions."""

from collections.abc import Iterator
from pathlib import Path

from xreview.domain.errors import JournalError
from xreview.domain.events.pull_events import PullOpened
from xreview.domain.pull.pull import Pull
from xreview.journal.store import Journal

_SHORT = 7


def last_opened(journal: Path, url: str) -> PullOpened | None:
    """The latest opening of a pull request, or None. Makes no journal. Raises JournalError."""
    if not journal.exists():
        return None
    found: PullOpened | None = None
    with Journal.open(journal) as opened:
        for event in opened.events(types=(PullOpened,)):
            if isinstance(event.payload, PullOpened) and event.payload.url == url:
                found = event.payload
    return found


def moved_notice(journal: Path, pull: Pull) -> Iterator[str]:
    """A notice if the head is another one than in the last session."""
    try:
        last = last_opened(journal, pull.address.url)
    except JournalError:
        return  # the session says so when it opens the journal
    if last is not None and last.head != pull.head.commit:
        yield (
            f"The head has moved since your last session, from {last.head[:_SHORT]} to "
            f"{pull.head.commit[:_SHORT]}. Decisions on unchanged problems still hold."
        )
