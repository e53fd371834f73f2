"""The receipt of what a reviewer really read. "Not reviewed" is never shown as "clean"."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

IGNORED = "left out by the `ignore` setting"


class Reading(StrEnum):
    """What became of one file in one reviewer's hands.

    `LEFT_OUT`: the user's own settings or options keep it from every reviewer.
    """

    READ = "read"
    SKIPPED = "skipped"
    LEFT_OUT = "left-out"
    TRUNCATED = "truncated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """One reviewer and one file: was it read, and if not (all), why.

    `expected` marks what nobody would call a gap of this reviewer: a language for which an analyser
    has no rules, a file that another reviewer is given. Whether anyone read it is for the account
    to say (`domain.account`).
    """

    reviewer: str
    path: str
    reading: Reading
    why: str = ""
    lines: int = 0
    expected: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether something a person would expect to be read was not read (whole)."""
        done = (Reading.READ, Reading.LEFT_OUT)
        return self.reading not in done and not self.expected


@dataclass(frozen=True, slots=True)
class CoverageSummary:
    """Counts over entries, one for each pair of reviewer and file."""

    read: int = 0
    skipped: int = 0
    gaps: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether there is no gap."""
        return self.gaps == 0


def summarise(entries: Iterable[CoverageEntry]) -> CoverageSummary:
    """Count what was read, skipped as expected, and left as a gap."""
    read = skipped = gaps = 0
    for entry in entries:
        if entry.reading is Reading.READ:
            read += 1
        elif entry.is_gap:
            gaps += 1
        else:
            skipped += 1
    return CoverageSummary(read, skipped, gaps)
