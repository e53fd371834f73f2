"""How long and how much may be read of transcripts, and what was left out for it."""

import time
from collections import Counter
from collections.abc import Callable
from enum import Enum

from xreview.domain.text import count_of

CHUNK_BYTES = 256 * 1024
LINE_BYTES = 2 * 1024 * 1024
"""A longer line of a transcript is passed over: parsing it would keep other threads waiting."""
DOCUMENT_BYTES = 8 * 1024 * 1024
"""The largest transcript that is one JSON document."""
FILE_BYTES = 512 * 1024 * 1024
ALL_BYTES = 4 * 1024 * 1024 * 1024


class LeftOut(Enum):
    """What was not read: what it is called, and why."""

    TOO_LARGE = ("session", "too large")
    RECORD_TOO_LONG = ("record", "too long")
    UNREADABLE = ("session", "not readable")
    UNKNOWN_FORM = ("session", "of a form that is not known")

    def sentence(self, tool: str, count: int) -> str:
        """A notice about so many of a tool."""
        noun, why = self.value
        return f"{count_of(count, noun)} of {tool} not read: {why}."


class SearchBounds:
    """What one search may read.

    Args:
        deadline: when it has to stop, on `clock`.
        clock: seconds, as `time.monotonic`.
        all_bytes: after so many nothing more is read.
    """

    def __init__(
        self,
        deadline: float,
        clock: Callable[[], float] = time.monotonic,
        all_bytes: int = ALL_BYTES,
    ) -> None:
        self._deadline = deadline
        self._clock = clock
        self._bytes_left = all_bytes
        self.begun = clock()
        self.left_out: Counter[tuple[str, LeftOut]] = Counter()

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be read."""
        return self._bytes_left <= 0 or self._clock() >= self._deadline

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return self._clock() - self.begun

    def spend(self, count: int) -> None:
        """Take note of so many bytes that were read."""
        self._bytes_left -= count

    def leave_out(self, tool: str, why: LeftOut) -> None:
        """Take note of a session, or a record of one, that was not read."""
        self.left_out[tool, why] += 1
