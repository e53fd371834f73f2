"""What the findings list shows, row by row: pure, so that it can be tested without a terminal."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xreview.disagreement.rank import by_attention, is_minor
from xreview.domain.decision import Verdict
from xreview.domain.disagreement import Disagreement
from xreview.domain.finding import Finding
from xreview.domain.report import Lens, Severity
from xreview.domain.state import Triage
from xreview.tui.widgets.diff_marks import LinePlace, Mark

MINOR = "minor"
SETTLED = "settled before"
"""What an earlier session decided, or a convention answers: shown, but not asked again."""
FOLD_MINOR_FROM = 12
"""From how many findings on the minor ones start folded: fewer fit on one screen anyway."""


class Sorting(StrEnum):
    """How the list is grouped and ordered."""

    ATTENTION = "attention"
    SEVERITY = "severity"
    FILE = "file"
    REVIEWER = "reviewer"


class Status(StrEnum):
    """Which decisions a filter lets through."""

    ALL = "all"
    OPEN = "open"
    DECIDED = "decided"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    SUPPRESSED = "suppressed"


_VERDICTS = {
    Status.ACCEPTED: Verdict.ACCEPT,
    Status.REJECTED: Verdict.REJECT,
    Status.ESCALATED: Verdict.ESCALATE,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows; the parts are combined."""

    status: Status = Status.ALL
    at_least: Severity = Severity.LOW
    lens: Lens | None = None
    path: str = ""
    disputed_only: bool = False

    def admits(self, finding: Finding, triage: Triage, *, is_suppressed: bool = False) -> bool:
        """Whether the finding is shown. A suppressed one is not asked again, so it is not open."""
        return (
            self._admits_status(triage.verdict(finding), is_suppressed)
            and finding.severity >= self.at_least
            and (self.lens is None or any(r.lens is self.lens for r in finding.reports))
            and (not self.path or finding.anchor.path == self.path)
            and (not self.disputed_only or finding.disagreement is not Disagreement.LONE)
        )

    def _admits_status(self, verdict: Verdict | None, is_suppressed: bool) -> bool:
        if self.status is Status.SUPPRESSED:
            return is_suppressed
        if self.status is Status.ALL:
            return True
        if self.status is Status.OPEN:
            return verdict is None and not is_suppressed
        if self.status is Status.DECIDED:
            return verdict is not None
        return verdict is _VERDICTS[self.status]

    @property
    def label(self) -> str:
        """The filter in words, "" where everything is shown."""
        parts = [
            self.status.value if self.status is not Status.ALL else "",
            f"{self.at_least.word} and worse" if self.at_least > Severity.LOW else "",
            self.lens.value if self.lens else "",
            "not lone" if self.disputed_only else "",
            f"in {self.path}" if self.path else "",
        ]
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Heading:
    """The row over a group; `is_folded` hides the group's findings."""

    group: str
    count: int
    open_count: int
    is_folded: bool


@dataclass(frozen=True, slots=True)
class FindingRow:
    """The row of one finding."""

    finding: Finding


Row = Heading | FindingRow


class Arrangement:
    """Keeps which findings a filter let in, so that a decision never makes one jump away.

    A finding is judged once: when the filter is set, or when it first arrives. `folded` are names
    of groups; `arrange` may be called again and again as findings come.
    """

    def __init__(self) -> None:
        self.filter = Filter()
        self.sorting = Sorting.ATTENTION
        self._folds: dict[str, bool] = {}
        self._admitted: dict[str, bool] = {}
        self.is_suppressed: Callable[[Finding], bool] = lambda _: False

    def set_filter(self, chosen: Filter) -> None:
        """Judge all findings anew by another filter."""
        self.filter = chosen
        self._admitted.clear()

    def set_sorting(self, sorting: Sorting) -> None:
        """Group and order in another way."""
        self.sorting = sorting
        self._folds.clear()

    def fold(self, group: str, is_folded: bool) -> None:
        """Fold a group, or unfold it."""
        self._folds[group] = is_folded

    def arrange(self, findings: Sequence[Finding], triage: Triage) -> list[Row]:
        """The rows for these findings (in order of attention), groups with their headings."""
        groups: dict[str, list[Finding]] = {}
        for finding in sorted(self._shown(findings, triage), key=self._sort_key):
            groups.setdefault(self._group(finding), []).append(finding)
        folds_minor = len(findings) >= FOLD_MINOR_FROM and len(groups) > 1
        rows: list[Row] = []
        for group, members in groups.items():
            folds_settled = self.filter.status is Status.ALL
            starts_folded = (group == SETTLED and folds_settled) or (group == MINOR and folds_minor)
            folded = self._folds.get(group, starts_folded)
            undecided = sum(triage.is_open(finding) for finding in members)
            rows.append(Heading(group, len(members), undecided, folded))
            if not folded:
                rows += [FindingRow(finding) for finding in members]
        return rows

    def group_of(self, finding: Finding) -> str:
        """The group a finding stands in."""
        return self._group(finding)

    def _shown(self, findings: Iterable[Finding], triage: Triage) -> Iterable[Finding]:
        for finding in findings:
            admitted = self._admitted.get(finding.fingerprint)
            if admitted is None:
                is_suppressed = self.is_suppressed(finding)
                admitted = self.filter.admits(finding, triage, is_suppressed=is_suppressed)
                self._admitted[finding.fingerprint] = admitted
            if admitted:
                yield finding

    def _sort_key(self, finding: Finding) -> tuple[object, ...]:
        place = (finding.anchor.path, finding.anchor.start_line)
        match self.sorting:
            case Sorting.ATTENTION:
                return (self.is_suppressed(finding), *by_attention(finding))
            case Sorting.SEVERITY:
                return (-finding.severity, *by_attention(finding))
            case Sorting.FILE:
                return place
            case Sorting.REVIEWER:
                return (finding.lead.reviewer.name, *by_attention(finding))

    def _group(self, finding: Finding) -> str:
        match self.sorting:
            case Sorting.ATTENTION:
                if self.is_suppressed(finding):
                    return SETTLED
                return MINOR if is_minor(finding) else finding.disagreement.value
            case Sorting.SEVERITY:
                return finding.severity.word
            case Sorting.FILE:
                return finding.anchor.path
            case Sorting.REVIEWER:
                return finding.lead.reviewer.name


def marks_of(findings: Iterable[Finding], triage: Triage) -> dict[LinePlace, Mark]:
    """The marks for the code pane's gutter: at the first line of each anchored finding."""
    marks: dict[LinePlace, Mark] = {}
    for finding in findings:
        if not finding.lead.anchored:
            continue
        anchor = finding.anchor
        place = (anchor.path, anchor.side, anchor.start_line)
        mark = Mark(finding.severity, triage.is_open(finding))
        if (other := marks.get(place)) is not None:
            mark = Mark(max(mark.severity, other.severity), mark.is_open or other.is_open)
        marks[place] = mark
    return marks


def next_open(
    findings: Sequence[Finding],
    triage: Triage,
    after: Finding | None,
    is_pending: Callable[[Finding], bool] = lambda _: False,
) -> Finding | None:
    """The next undecided finding after one, going round; None where all are decided.

    Args:
        is_pending: whether it is decided, and only not on disk yet.
    """
    start = 0
    if after is not None:
        start = next(
            (
                i + 1
                for i, finding in enumerate(findings)
                if finding is after or finding.fingerprint == after.fingerprint
            ),
            0,
        )
    for finding in (*findings[start:], *findings[:start]):
        if triage.is_open(finding) and not is_pending(finding):
            return finding
    return None
