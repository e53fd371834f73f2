"""What the findings list shows, row by row: pure, so that it can be tested without a terminal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xreview.disagreement.groups import Group, group_of
from xreview.disagreement.rank import is_minor
from xreview.disagreement.reading_order import ReadingOrder
from xreview.domain.disagreement import Disagreement
from xreview.domain.finding import Finding
from xreview.domain.report import ReviewerKind
from xreview.domain.state import Triage
from xreview.tui.widgets.findings.filter import Filter, Status
from xreview.tui.widgets.findings.marks import LinePlace, Mark

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


@dataclass(frozen=True, slots=True)
class Heading:
    """The row over a group; `is_folded` hides the group's findings.

    Args:
        meaning: a sentence on what is in the group, "" where its name says it.
    """

    group: str
    count: int
    open_count: int
    is_folded: bool
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """The row of one finding; `kind` is its disagreement in a word, "" if the heading says it."""

    finding: Finding
    kind: str = ""


Row = Heading | FindingRow


class Arrangement:
    """Which findings are listed, in which groups, and in what order.

    A finding is judged by the filter once: when the filter is set, or when it first arrives, so
    that a decision never makes one jump away. Lone ones fold by themselves where a model read them
    and others ask for more; no group folds or unfolds by itself once the person has begun to read.
    """

    def __init__(self) -> None:
        self.filter = Filter()
        self.sorting = Sorting.ATTENTION
        self.is_suppressed: Callable[[Finding], bool] = lambda _: False
        self.order = ReadingOrder()
        self._folds: dict[str, bool] = {}
        self._folds_by_itself: dict[str, bool] = {}
        self._admitted: dict[str, bool] = {}

    def set_filter(self, chosen: Filter) -> None:
        """Judge all findings anew by another filter."""
        self.filter = chosen
        self._admitted.clear()
        self._folds_by_itself.clear()

    def set_sorting(self, sorting: Sorting) -> None:
        """Group and order in another way, or anew in the same."""
        self.sorting = sorting
        self.order.renew()
        self._folds.clear()
        self._folds_by_itself.clear()

    def begin(self, reading: Finding | None) -> None:
        """The person reads this finding (None: is at none) and has moved: nothing jumps now."""
        self.order.begin(reading)

    def start_over(self) -> None:
        """Another reading of the change follows: filter and sorting stay, and what was folded."""
        self.order = ReadingOrder()
        self._folds_by_itself.clear()
        self._admitted.clear()

    def fold(self, group: str, is_folded: bool) -> None:
        """Fold a group, or unfold it."""
        self._folds[group] = is_folded

    def is_folded(self, finding: Finding) -> bool:
        """Whether the finding's group was folded when it was arranged last."""
        return self._is_folded(self.group_of(finding))

    def arrange(
        self, findings: Sequence[Finding], triage: Triage, at: Finding | None = None
    ) -> list[Row]:
        """The rows for these findings, groups with their headings.

        Args:
            at: the finding under the cursor; its group does not fold by itself.
        """
        groups: dict[str, list[Finding]] = {}
        for finding in self.listed(findings, triage):
            groups.setdefault(self.group_of(finding), []).append(finding)
        counts = {
            group: sum(triage.is_open(finding) for finding in members)
            for group, members in groups.items()
        }
        self._fold_by_itself(groups, counts, at)
        rows: list[Row] = []
        for group, members in groups.items():
            folded = self._is_folded(group)
            meaning = self._meaning(group)
            rows.append(Heading(group, len(members), counts[group], folded, meaning))
            if not folded:
                rows += [FindingRow(finding, _kind_beside(finding, group)) for finding in members]
        return rows

    def listed(self, findings: Sequence[Finding], triage: Triage) -> list[Finding]:
        """The findings that the filter lets in, from top to bottom, folded ones too."""
        return self._sorted(self._shown(self.order.of(findings), triage))

    def group_of(self, finding: Finding) -> str:
        """The name of the group a finding stands in."""
        match self.sorting:
            case Sorting.ATTENTION:
                if self.is_suppressed(finding):
                    return SETTLED
                return MINOR if is_minor(finding) else group_of(finding).value
            case Sorting.SEVERITY:
                return finding.severity.word if finding.is_anchored else Group.UNANCHORED.value
            case Sorting.FILE:
                return finding.anchor.path
            case Sorting.REVIEWER:
                return finding.lead.reviewer.name

    def _is_folded(self, group: str) -> bool:
        return self._folds.get(group, self._folds_by_itself.get(group, False))

    def _meaning(self, group: str) -> str:
        return _MEANINGS.get(group, "") if self.sorting is Sorting.ATTENTION else ""

    def _shown(self, findings: Iterable[Finding], triage: Triage) -> Iterable[Finding]:
        for finding in findings:
            admitted = self._admitted.get(finding.fingerprint)
            if admitted is None:
                is_suppressed = self.is_suppressed(finding)
                admitted = self.filter.admits(finding, triage, is_suppressed=is_suppressed)
                self._admitted[finding.fingerprint] = admitted
            if admitted:
                yield finding

    def _sorted(self, findings: Iterable[Finding]) -> list[Finding]:
        """By the sorting that was chosen; what is equal in it stays in the order of reading."""
        match self.sorting:
            case Sorting.ATTENTION:
                return sorted(findings, key=self._place_in_list)
            case Sorting.SEVERITY:
                return sorted(findings, key=lambda one: (not one.is_anchored, -one.severity))
            case Sorting.FILE:
                return sorted(findings, key=lambda one: (one.anchor.path, one.anchor.start_line))
            case Sorting.REVIEWER:
                return sorted(findings, key=lambda one: one.lead.reviewer.name)

    def _place_in_list(self, finding: Finding) -> tuple[bool, bool, bool]:
        """What can't be shown in the code comes last of what is asked, then what was settled."""
        return self.is_suppressed(finding), not finding.is_anchored, is_minor(finding)

    def _fold_by_itself(
        self,
        groups: Mapping[str, Sequence[Finding]],
        open_counts: Mapping[str, int],
        at: Finding | None,
    ) -> None:
        held = self.group_of(at) if at is not None else ""
        count = sum(map(len, groups.values()))
        is_much = len(groups) > 1 and count >= FOLD_MINOR_FROM
        is_more = any(open_counts[one] for one in groups if one not in _LAST)
        lone = groups.get(Group.LONE.value, ())
        starts_folded = {
            SETTLED: self.filter.status is Status.ALL,
            MINOR: is_much,
            Group.LONE.value: is_more and any(map(_was_read_by_a_model, lone)),
        }
        for group in groups:
            if self.order.has_begun and group in self._folds_by_itself:
                continue
            folds = self.sorting is Sorting.ATTENTION and starts_folded.get(group, False)
            self._folds_by_itself[group] = folds and group != held


_LAST = (Group.LONE.value, MINOR, Group.UNANCHORED.value, SETTLED)


_MEANINGS = {
    **{group.value: group.meaning for group in Group},
    MINOR: "Of low severity, and nobody but one reviewer raised it.",
    SETTLED: "Decided in an earlier session, or answered by a convention.",
}


def _was_read_by_a_model(finding: Finding) -> bool:
    """Whether it means anything that nobody else raised it: analysers know only their rules."""
    return any(one.party.kind is not ReviewerKind.ANALYSER for one in finding.stances)


def _kind_beside(finding: Finding, group: str) -> str:
    """The kind where the heading leaves it open; a lone one has no kind worth a word."""
    kind = finding.disagreement
    return "" if kind is Disagreement.LONE or kind.value == group else kind.value


def finding_marks(findings: Iterable[Finding], triage: Triage) -> dict[LinePlace, Mark]:
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
