"""The signs that show findings and their fixes in the list and in the code pane's gutter: pure, no
Textual."""

from collections.abc import Iterable
from enum import StrEnum

from xreview.domain.change import Side
from xreview.domain.finding import Finding
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.identity.anchor import Anchor
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.record import dataclass
from xreview.domain.report import Severity
from xreview.domain.state import Triage
from xreview.review.session.snapshot import ReviewSnapshot

LinePlace = tuple[str, Side, int]
"""A line of the change: path, side, 1-based number."""

_SIGNS = {
    Severity.CRITICAL: ("◆", "◇"),
    Severity.HIGH: ("▲", "△"),
    Severity.MEDIUM: ("●", "○"),
    Severity.LOW: ("•", "◦"),
}


FIX_SIGNS = {
    FixOutcome.TAMPERED: "!!",
    FixOutcome.REGRESSED: "!",
    FixOutcome.STILL_THERE: "=",
    FixOutcome.BLOCKED: "–",
    FixOutcome.NOT_VERIFIED: "?",
    FixOutcome.FIXED: "√",
}
"""What comes before the word, for those who don't see the colour."""


class FixTone(StrEnum):
    """How a fix is coloured: only what is fixed looks like it."""

    FIXED = "fixed"
    UNSETTLED = "unsettled"
    ALARMING = "alarming"


def fix_tone(outcome: FixOutcome) -> FixTone:
    """Return the tone of an outcome."""
    match outcome:
        case FixOutcome.FIXED:
            return FixTone.FIXED
        case FixOutcome.TAMPERED | FixOutcome.REGRESSED:
            return FixTone.ALARMING
        case FixOutcome.STILL_THERE | FixOutcome.BLOCKED | FixOutcome.NOT_VERIFIED:
            return FixTone.UNSETTLED


@dataclass(frozen=True, slots=True)
class FixMark:
    """What the list says of a finding's latest fix.

    `short` has what matters most where the room is short: of a fixed one that it isn't applied.
    """

    tone: FixTone
    label: str
    short: str


def fix_mark(snapshot: ReviewSnapshot, finding: Finding) -> FixMark | None:
    """Return the mark of a finding's latest fix; None without one."""
    fix = snapshot.fix_of(finding)
    if snapshot.is_regressed(finding):
        said = f"{FIX_SIGNS[FixOutcome.REGRESSED]} {FixOutcome.REGRESSED}"
        return FixMark(FixTone.ALARMING, said, said)
    if fix is None:
        return None
    sign, outcome = FIX_SIGNS[fix.outcome], fix.outcome
    short = (fix.use if outcome is FixOutcome.FIXED else "") or outcome.value
    return FixMark(fix_tone(outcome), f"{sign} {fix.words}", f"{sign} {short}")


THREAD_SIGNS = {
    ThreadState.OPEN: "□",
    ThreadState.REPLIED: "↳",
    ThreadState.OUTDATED: "≠",
    ThreadState.RESOLVED: "■",
}
"""What comes before the state of a thread on the pull request, or stands for it."""


def thread_mark(snapshot: ReviewSnapshot, finding: Finding) -> ThreadState | None:
    """Return the state of a finding's threads, of several the first in order; None without one."""
    states = {thread.state for thread in snapshot.threads_of(finding)}
    return next((state for state in ThreadState if state in states), None)


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
