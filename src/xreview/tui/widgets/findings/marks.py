"""The signs that show findings in the list and in the code pane's gutter: pure, no Textual."""

from collections.abc import Iterable
from dataclasses import dataclass

from xreview.domain.change import Side
from xreview.domain.finding import Finding
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Severity
from xreview.domain.state import Triage

LinePlace = tuple[str, Side, int]
"""A line of the change: path, side, 1-based number."""

_SIGNS = {
    Severity.CRITICAL: ("◆", "◇"),
    Severity.HIGH: ("▲", "△"),
    Severity.MEDIUM: ("●", "○"),
    Severity.LOW: ("•", "◦"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """The findings on a line: the worst severity, and whether one is open."""

    severity: Severity
    is_open: bool

    @property
    def sign(self) -> str:
        """One cell: the shape shows the severity; filled is open, hollow is decided."""
        return severity_sign(self.severity, self.is_open)


def severity_sign(severity: Severity, is_open: bool = True) -> str:
    """Return the one-cell sign of a severity, hollow unless open."""
    filled, hollow = _SIGNS[severity]
    return filled if is_open else hollow


def finding_marks(findings: Iterable[Finding], triage: Triage) -> dict[LinePlace, Mark]:
    """Return the gutter marks: one on the first line of each place of an anchored finding."""
    marks: dict[LinePlace, Mark] = {}
    for finding in findings:
        if not finding.lead.anchored:
            continue
        own = Mark(finding.severity, triage.is_open(finding))
        for place in map(line_place, finding.places):
            mark = own
            if (other := marks.get(place)) is not None:
                mark = Mark(max(mark.severity, other.severity), mark.is_open or other.is_open)
            marks[place] = mark
    return marks


def line_place(anchor: Anchor) -> LinePlace:
    """Return the line that an anchor begins on."""
    return anchor.path, anchor.side, anchor.start_line
