"""The rows of the findings list, and the way through it. Pure, no Textual."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.state import Triage


class Sorting(StrEnum):
    """How the list is grouped and sorted: by what needs you most, or by one property."""

    ATTENTION = "attention"
    LEVEL = "level"
    SEVERITY = "severity"
    FILE = "file"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Heading:
    """The row above a group; `meaning` is "" if its name is enough."""

    group: str
    count: int
    open_count: int
    is_folded: bool
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """The row of one finding.

    Args:
        kind: its disagreement, "" if the heading says it.
        apart: what tells it from others with the same title, "" if none has it.
    """

    finding: Finding
    kind: str = ""
    apart: str = ""


Row = Heading | FindingRow


@dataclass(frozen=True, slots=True)
class Queued:
    """How many findings arrived since you started to read, and how many should be elsewhere."""

    new: int = 0
    changed: int = 0

    @property
    def label(self) -> str:
        """`7 new, 2 changed`; "" for none."""
        parts = [f"{self.new} new" if self.new else "", f"{self.changed} changed"]
        return ", ".join(filter(None, parts if self.changed else parts[:1]))


def next_open(
    findings: Sequence[Finding],
    triage: Triage,
    after: Finding | None,
    is_pending: Callable[[Finding], bool] = lambda _: False,
) -> Finding | None:
    """Return the next finding that is open and not pending, wrapping around; None if all are
    decided."""
    known = [finding.fingerprint for finding in findings]
    start = known.index(after.fingerprint) + 1 if after and after.fingerprint in known else 0
    in_turn = (*findings[start:], *findings[:start])
    return next((one for one in in_turn if triage.is_open(one) and not is_pending(one)), None)
