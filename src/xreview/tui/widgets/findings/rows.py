"""The rows of the findings list: grouping, sorting, folding. Pure, no Textual."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xreview.disagreement.groups import Group, group_of
from xreview.disagreement.reading_order import ReadingOrder
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import ReviewerKind
from xreview.domain.state import Triage
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.findings.filter import Filter, Status

SETTLED = "settled before"
"""Decided in an earlier session, or covered by a convention: shown, but not asked again."""
FOLD_MINOR_FROM = 12
"""Number of findings from which minor ones start folded; fewer fit on one screen."""


class Sorting(StrEnum):
    """How the list is grouped and sorted."""

    ATTENTION = "attention"
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
    """The row of one finding; `kind` is its disagreement, "" if the heading says it."""

    finding: Finding
    kind: str = ""


Row = Heading | FindingRow


class Arrangement:
    """Which findings are listed, in which groups, and in what order.

    Nothing moves under the cursor: a finding meets the filter only once, when it arrives or when
    the filter is set, and no group folds or unfolds automatically once you started to read.
    """

    def __init__(self) -> None:
        self.filter = Filter()
        self.sorting = Sorting.ATTENTION
        self.is_suppressed: Callable[[Finding], bool] = lambda _: False
        self.order = ReadingOrder()
        self._folds: dict[str, bool] = {}
        self._default_folds: dict[str, bool] = {}
        self._admitted: dict[str, bool] = {}

    def set_filter(self, chosen: Filter) -> None:
        """Set another filter, and apply it to all findings."""
        self.filter = chosen
        self._admitted.clear()
        self._default_folds.clear()

    def set_sorting(self, sorting: Sorting) -> None:
        """Group and sort again, also if the sort order stays the same."""
        self.sorting = sorting
        self.order.renew()
        self._folds.clear()
        self._default_folds.clear()

    def begin(self, reading: Finding | None) -> None:
        """Note that the user moved and now reads this finding: from now on nothing moves."""
        self.order.begin(reading)

    def start_over(self) -> None:
        """Forget the findings; keep filter, sort order, and folds."""
        self.order = ReadingOrder()
        self._default_folds.clear()
        self._admitted.clear()

    def fold(self, group: str, is_folded: bool) -> None:
        """Fold or unfold a group."""
        self._folds[group] = is_folded

    def unfold_open(self, snapshot: ReviewSnapshot) -> Finding | None:
        """Unfold the group of the first open finding that is hidden in one, and return it."""
        for finding in snapshot.open_findings:
            if (
                self.is_folded(finding)
                and not snapshot.is_pending(finding)
                and self.filter.admits(finding, snapshot.triage)
            ):
                self.fold(self.group_of(finding), False)
                return finding
        return None

    def is_folded(self, finding: Finding) -> bool:
        """Whether the finding's group is folded."""
        return self._is_folded(self.group_of(finding))

    def arrange(
        self, findings: Sequence[Finding], triage: Triage, at: Finding | None = None
    ) -> list[Row]:
        """Return the rows for these findings, with a heading above each group.

        The group of `at`, the finding under the cursor, never folds automatically.
        """
        groups: dict[str, list[Finding]] = {}
        for finding in self.listed(findings, triage):
            groups.setdefault(self.group_of(finding), []).append(finding)
        counts = {
            group: sum(triage.is_open(finding) for finding in members)
            for group, members in groups.items()
        }
        self._fold_defaults(groups, counts, at)
        rows: list[Row] = []
        for group, members in groups.items():
            folded = self._is_folded(group)
            meaning = self._meaning(group)
            rows.append(Heading(group, len(members), counts[group], folded, meaning))
            if not folded:
                rows += [FindingRow(finding, _kind_beside(finding, group)) for finding in members]
        return rows

    def listed(self, findings: Sequence[Finding], triage: Triage) -> list[Finding]:
        """Return the findings that pass the filter, in order, folded ones included."""
        return self._sorted(self._shown(self.order.of(findings), triage))

    def group_of(self, finding: Finding) -> str:
        """Return the name of a finding's group."""
        match self.sorting:
            case Sorting.ATTENTION:
                if self.is_suppressed(finding):
                    return SETTLED
                return group_of(finding).value
            case Sorting.SEVERITY:
                return finding.severity.word if finding.is_anchored else Group.UNANCHORED.value
            case Sorting.FILE:
                return finding.anchor.path
            case Sorting.REVIEWER:
                return finding.lead.reviewer.name

    def _is_folded(self, group: str) -> bool:
        return self._folds.get(group, self._default_folds.get(group, False))

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
        """Sort in the chosen way; ties stay in reading order."""
        match self.sorting:
            case Sorting.ATTENTION:
                return sorted(findings, key=self.is_suppressed)
            case Sorting.SEVERITY:
                return sorted(findings, key=lambda one: (not one.is_anchored, -one.severity))
            case Sorting.FILE:
                return sorted(findings, key=lambda one: (one.anchor.path, one.anchor.start_line))
            case Sorting.REVIEWER:
                return sorted(findings, key=lambda one: one.lead.reviewer.name)

    def _fold_defaults(
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
            Group.MINOR.value: is_much,
            Group.LONE.value: is_more and any(map(_was_read_by_a_model, lone)),
        }
        for group in groups:
            if self.order.has_begun and group in self._default_folds:
                continue
            folds = self.sorting is Sorting.ATTENTION and starts_folded.get(group, False)
            self._default_folds[group] = folds and group != held


_LAST = (Group.LONE.value, Group.MINOR.value, Group.UNANCHORED.value, SETTLED)


_MEANINGS = {
    **{group.value: group.meaning for group in Group},
    SETTLED: "Decided in an earlier session, or covered by a convention.",
}


def _was_read_by_a_model(finding: Finding) -> bool:
    """Whether silence of others means anything: analysers know only their rules."""
    return any(one.party.kind is not ReviewerKind.ANALYSER for one in finding.stances)


def _kind_beside(finding: Finding, group: str) -> str:
    """Return the kind unless the heading says it; "" for a lone finding."""
    kind = finding.disagreement
    return "" if kind is Disagreement.LONE or kind.value == group else kind.value


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
