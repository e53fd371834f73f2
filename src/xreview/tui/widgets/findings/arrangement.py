"""Which findings the list shows, and where: filter, order, groups, folds. Pure, no Textual."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from xreview.disagreement.attention import finding_attention
from xreview.disagreement.groups import Group, group_of
from xreview.disagreement.reading_order import ReadingOrder
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import ReviewerKind
from xreview.domain.state import Triage
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.findings.apart import ToldApart
from xreview.tui.widgets.findings.filter import (
    Filter,
    FilterKind,
    Subject,
    fix_values,
    thread_values,
)
from xreview.tui.widgets.findings.rows import FindingRow, Heading, Queued, Row, Sorting

SETTLED = "settled before"
"""Decided in an earlier session, or covered by a convention: shown, but not asked again."""
FOLD_MINOR_FROM = 12
"""Number of findings from which minor ones start folded; fewer fit on one screen."""


Held = TypeVar("Held")


class Arrangement:
    """Which findings are listed, in which groups, and in what order.

    Nothing moves under the cursor: a finding meets the filter only once, when it arrives or when
    the filter is set. Once you started to read, what arrives waits, what changes stays in its
    group, and no group folds or unfolds automatically.
    """

    def __init__(self) -> None:
        self.filter = Filter()
        self.sorting = Sorting.ATTENTION
        self.is_suppressed: Callable[[Finding], bool] = lambda _: False
        self.fix_of: Callable[[Finding], tuple[str, ...]] = lambda _: ()
        self.threads_of: Callable[[Finding], tuple[str, ...]] = lambda _: ()
        self.level_of: Callable[[Finding], AttentionLevel] = lambda _: AttentionLevel.READ
        self.apart = ToldApart()
        self.waiting = Queued()
        self._order = ReadingOrder()
        self._folds: dict[str, bool] = {}
        self._default_folds: dict[str, bool] = {}
        self._admitted: dict[str, bool] = {}
        self._groups: dict[str, str] = {}

    def use(self, snapshot: ReviewSnapshot) -> None:
        """Ask this snapshot what is known about the findings."""
        self.is_suppressed = lambda one: snapshot.suppression(one) is not None
        self.fix_of = lambda one: fix_values(snapshot, one)
        self.threads_of = lambda one: thread_values(snapshot, one)
        self.level_of = lambda one: finding_attention(one, snapshot.attention).level

    def set_filter(self, chosen: Filter) -> None:
        """Set another filter, and apply it to all findings."""
        self.filter = chosen
        self._admitted.clear()
        self._default_folds.clear()

    def set_sorting(self, sorting: Sorting) -> None:
        """Group and sort again, also if the sort order stays the same."""
        self.sorting = sorting
        self.take_in()
        self._folds.clear()
        self._default_folds.clear()

    def take_in(self) -> None:
        """List what waits, and put what changed in its place."""
        self._order.renew()
        self._groups.clear()

    def begin(self) -> None:
        """Note that the user reads: from now on nothing moves."""
        self._order.begin()

    def start_over(self) -> None:
        """Forget the findings; keep filter, sort order, and folds."""
        self._order = ReadingOrder()
        self.waiting = Queued()
        self._default_folds.clear()
        self._admitted.clear()
        self._groups.clear()

    def fold(self, group: str, is_folded: bool) -> None:
        """Fold or unfold a group."""
        self._folds[group] = is_folded

    def unfold_open(self, snapshot: ReviewSnapshot) -> Finding | None:
        """Unfold the group of the first open finding that is hidden in one, and return it."""
        for finding in snapshot.open_findings:
            if (
                self.is_folded(finding)
                and not snapshot.is_pending(finding)
                and self.filter.admits_subject(self._subject(finding, Triage()))
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
        if not self._order.has_begun:
            self._groups.clear()
        groups: dict[str, list[Finding]] = {}
        for finding in self.listed(findings, triage):
            groups.setdefault(self._held_group(finding), []).append(finding)
        counts = {
            group: sum(triage.is_open(finding) for finding in members)
            for group, members in groups.items()
        }
        self._fold_defaults(groups, counts, at)
        self.waiting = self._count_waiting(groups, triage)
        additions = self.apart.additions(findings)
        rows: list[Row] = []
        for group, members in groups.items():
            folded = self._is_folded(group)
            meaning = self._meaning(group)
            rows.append(Heading(group, len(members), counts[group], folded, meaning))
            if not folded:
                rows += [
                    FindingRow(one, _kind_beside(one, group), additions.get(one.fingerprint, ""))
                    for one in members
                ]
        return rows

    def subjects(self, snapshot: ReviewSnapshot) -> list[Subject]:
        """Return all findings as the filter sees them."""
        return [self._subject(one, snapshot.triage) for one in snapshot.findings]

    def _subject(self, finding: Finding, triage: Triage) -> Subject:
        is_suppressed = self.is_suppressed(finding)
        told = self.fix_of(finding), self.threads_of(finding)
        verdict = triage.verdict(finding)
        return Subject(finding, verdict, is_suppressed, *told, self.level_of(finding))

    def listed(self, findings: Sequence[Finding], triage: Triage) -> list[Finding]:
        """Return the findings that pass the filter, in order, folded ones included."""
        ordered = self._order.of(findings, self._sorted)
        return [finding for finding in ordered if self._is_admitted(finding, triage)]

    def group_of(self, finding: Finding) -> str:
        """Return the name of the group that a finding is listed in."""
        return self._held(finding, self._groups) or self._group_now(finding)

    def _held_group(self, finding: Finding) -> str:
        """Return the finding's group, and keep it there until everything moves."""
        if (group := self._held(finding, self._groups)) is None:
            group = self._group_now(finding)
        if finding.fingerprint not in self._groups:
            self._groups |= dict.fromkeys(finding.fingerprints, group)
        return group

    @staticmethod
    def _held(finding: Finding, known: Mapping[str, Held]) -> Held | None:
        """Return what is known of one of the finding's reports; its lead may be another now."""
        if (held := known.get(finding.fingerprint)) is not None:
            return held
        return next((known[name] for name in finding.fingerprints if name in known), None)

    def _group_now(self, finding: Finding) -> str:
        match self.sorting:
            case Sorting.ATTENTION:
                if self.is_suppressed(finding):
                    return SETTLED
                return group_of(finding).value
            case Sorting.SEVERITY:
                return finding.severity.word if finding.is_anchored else Group.UNANCHORED.value
            case Sorting.LEVEL:
                return self.level_of(finding).word
            case Sorting.FILE:
                return finding.anchor.path
            case Sorting.REVIEWER:
                return finding.lead.reviewer.name

    def _count_waiting(self, groups: Mapping[str, Sequence[Finding]], triage: Triage) -> "Queued":
        if not self._order.has_begun:
            return Queued()
        changed = sum(
            self._group_now(finding) != group for group in groups for finding in groups[group]
        )
        new = sum(self._is_admitted(finding, triage) for finding in self._order.waiting)
        return Queued(new, changed)

    def _is_folded(self, group: str) -> bool:
        return self._folds.get(group, self._default_folds.get(group, False))

    def _meaning(self, group: str) -> str:
        return _MEANINGS.get(group, "") if self.sorting is Sorting.ATTENTION else ""

    def _is_admitted(self, finding: Finding, triage: Triage) -> bool:
        if not self.filter.terms:
            return True
        if (admitted := self._held(finding, self._admitted)) is None:
            admitted = self.filter.admits_subject(self._subject(finding, triage))
        if finding.fingerprint not in self._admitted:
            self._admitted |= dict.fromkeys(finding.fingerprints, admitted)
        return admitted

    def _sorted(self, findings: Sequence[Finding]) -> list[Finding]:
        """Sort in the chosen way; ties stay in reading order."""
        match self.sorting:
            case Sorting.ATTENTION:
                return sorted(findings, key=self.is_suppressed)
            case Sorting.SEVERITY:
                return sorted(findings, key=lambda one: (not one.is_anchored, -one.severity))
            case Sorting.LEVEL:
                return sorted(findings, key=lambda one: -self.level_of(one))
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
            SETTLED: not self.filter.has_kind(FilterKind.STATE),
            Group.MINOR.value: is_much,
            Group.LONE.value: is_more and any(map(_was_read_by_a_model, lone)),
        }
        for group in groups:
            if self._order.has_begun and group in self._default_folds:
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
