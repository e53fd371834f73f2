"""Reading events page by page, so that a slow reader holds no lock and no memory."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

from xreview.domain.events.event import Event
from xreview.journal.rows import event_of, row_of

Page = Callable[[int], Sequence[tuple[Any, ...]]]
"""The columns of the next rows after a sequence number, oldest first; empty at the end."""


class EventStream(Iterator[Event]):
    """Events in the order in which they were written.

    A row that this program can't understand is left out and counted: `skipped` are rows of a type
    or version that a newer program wrote, `malformed` the sequence numbers of rows that were
    altered. Both grow while the stream is read. Reading may raise JournalError.
    """

    def __init__(self, page: Page) -> None:
        self.skipped = 0
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
            self.skipped += 1
