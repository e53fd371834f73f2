"""The receipts of what each reviewer read. "Not reviewed" is never shown as "clean"."""

from collections.abc import Iterable
from enum import StrEnum

from xreview.domain.record import dataclass

IGNORED = "left out by the `ignore` setting"


class Reading(StrEnum):
    """What one reviewer did with one file.

    `LEFT_OUT`: the user's own settings or options keep the file from every reviewer.
    """

    READ = "read"
    SKIPPED = "skipped"
    LEFT_OUT = "left-out"
    TRUNCATED = "truncated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """Whether one reviewer read one file, and if not, or not all, why.

    `expected` marks a skip that isn't this reviewer's gap: a language an analyser has no rules for,
    a file given to another reviewer. Whether anyone read the file is up to `domain.account`.
    """

    reviewer: str
    path: str
    reading: Reading
    why: str = ""
    lines: int = 0
    expected: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether a file that was expected to be read wasn't, or not in full."""
        done = (Reading.READ, Reading.LEFT_OUT)
        return self.reading not in done and not self.expected


@dataclass(frozen=True, slots=True)
class CoverageSummary:
    """Counts of entries: one entry for each reviewer and file."""

    read: int = 0
    skipped: int = 0
    gaps: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether there are no gaps."""
        return self.gaps == 0


def summarise(entries: Iterable[CoverageEntry]) -> CoverageSummary:
    """Count entries that were read, skipped as expected, or are gaps."""
    read = skipped = gaps = 0
    for entry in entries:
        if entry.reading is Reading.READ:
            read += 1
        elif entry.is_gap:
            gaps += 1
        else:
            skipped += 1
    return CoverageSummary(read, skipped, gaps)
