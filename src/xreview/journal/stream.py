"""Reading events page by page, so that a slow reader holds no lock and little memory."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

from xreview.domain.events.event import Event
from xreview.domain.text import count_of
from xreview.journal.rows import event_of, row_of

Page = Callable[[int], Sequence[tuple[Any, ...]]]
"""The columns of the next rows after a sequence number, oldest first; empty at the end."""


class EventStream(Iterator[Event]):
    """Events in the order in which they were written.

    Rows that this program can't read are skipped and counted: `newer` are those that a newer
    version wrote, `malformed` the sequence numbers of those that were altered. Both grow while the
    stream is read. Reading may raise JournalError.
    """

    def __init__(self, page: Page) -> None:
        self.newer = 0
        self.malformed: list[int] = []
        self._page = page
        self._rows: deque[tuple[Any, ...]] = deque()
        self._last = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        while True:
            if not self._rows:
                self._rows.extend(self._page(self._last))
                if not self._rows:
                    raise StopIteration
                self._last = self._rows[-1][0]
            values = self._rows.popleft()
            try:
                event = event_of(row_of(values))
            except ValueError:
                self.malformed.append(values[0])
                continue
            if event is not None:
                return event
            self.newer += 1


def newer_sentence(count: int) -> str:
    """What to tell the user about events that a newer version wrote; "" for none."""
    if not count:
        return ""
    were = "was" if count == 1 else "were"
    return (
        f"{count_of(count, 'event')} {were} written by a newer version of xreview-tui and "
        f"{'is' if count == 1 else 'are'} ignored. Update xreview-tui."
    )
