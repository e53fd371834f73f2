"""What the app knows of a fix: its latest snapshot, and what the user did with its patch."""

from collections.abc import Mapping
from functools import cached_property

from xreview.domain.fixing.fixer import FixerKind
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import dataclass, field, replace
from xreview.repo.disposable.applying import Applied, PatchPart
from xreview.review.fixing.snapshot import FixedFinding, FixSnapshot, FixStage
from xreview.tui.widgets.fixing.parts import Parts, PatchParts, paths_of

LOUD = frozenset({FixOutcome.TAMPERED, FixOutcome.REGRESSED})
"""What is asked about before everything is applied."""


@dataclass(frozen=True)
class ShownFix:
    """A fix as the app shows it.

    Args:
        by_action: what the user applied in this session, by the id that undoes it.
        conflicts: paths that conflict with what the user changed since, and aren't written.
        is_discarded: its tree is gone.
    """

    snapshot: FixSnapshot
    by_action: Mapping[str, Parts] = field(default_factory=dict[str, Parts])
    conflicts: tuple[str, ...] = ()
    is_discarded: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.snapshot.stage is not FixStage.OVER

    @cached_property
    def patch(self) -> PatchParts:
        """The parts of its patch."""
        return PatchParts(self.snapshot.files)

    @cached_property
    def applied(self) -> Parts:
        """What is in the user's files."""
        return self.patch.spread(self.snapshot.applied).union(*self.by_action.values())

    @cached_property
    def outside(self) -> Parts:
        """What no finding asked for."""
        return self.patch.spread(self.snapshot.outside)

    @cached_property
    def offered(self) -> Parts:
        """What "apply all" applies."""
        conflicting = {part for part in self.patch.all if part.path in self.conflicts}
        return self.patch.all - self.outside - self.applied - conflicting

    def parts_of(self, one: FixedFinding) -> Parts:
        """What the patch changes for a finding."""
        return self.patch.spread(one.parts)

    @property
    def can_go_again(self) -> bool:
        """Whether there is a second round: one, and only if something isn't fixed."""
        is_last = self.snapshot.is_round_two or self.is_mechanical
        return not self.is_running and not is_last and bool(self.unfixed)

    @property
    def is_mechanical(self) -> bool:
        """Whether it only applied suggestions: doing that again changes nothing."""
        return self.snapshot.fixer.kind is FixerKind.MECHANICAL

    def sharing(self, one: FixedFinding) -> int:
        """Return how many other findings are in the parts of the patch for a finding."""
        parts = self.parts_of(one)
        found = self.snapshot.findings
        return sum(
            other is not one and not parts.isdisjoint(self.parts_of(other)) for other in found
        )

    @property
    def unfixed(self) -> tuple[FixedFinding, ...]:
        """The findings that aren't shown to be fixed."""
        found = self.snapshot.findings
        return tuple(one for one in found if outcome_of(one) is not FixOutcome.FIXED)

    def worries(self, parts: Parts) -> tuple[str, ...]:
        """Why applying these parts needs a second look, in sentences."""
        outcomes = [
            outcome_of(one)
            for one in self.snapshot.findings
            if not (own := self.parts_of(one)) or not own.isdisjoint(parts)
        ]
        told = [
            f"{outcomes.count(one)} {one}. {one.meaning}"
            for one in FixOutcome
            if one in LOUD and one in outcomes
        ]
        paths = {part.path for part in parts}
        if FixOutcome.TAMPERED not in outcomes:
            is_weak = any(one.path in paths for one in self.snapshot.tampering)
            told += [FixOutcome.TAMPERED.meaning] if is_weak else []
        return tuple(told)

    def with_applied(
        self, done: Applied, parts: Parts, *, with_conflicts: bool = False
    ) -> "ShownFix":
        """Return the fix after parts were applied; what conflicts was, if asked for."""
        failed = () if with_conflicts else done.conflicts
        written = frozenset(part for part in parts if part.path not in failed)
        known = {**self.by_action, done.id: written} if written else self.by_action
        tried = paths_of(parts)
        others = tuple(one for one in self.conflicts if one not in tried)
        return replace(self, by_action=known, conflicts=(*others, *failed))

    def without(self, action: str, paths: tuple[str, ...]) -> "ShownFix":
        """Return the fix after what an action applied to these paths was undone."""
        if action in self.by_action:
            rest = {id: parts for id, parts in self.by_action.items() if id != action}
            return replace(self, by_action=rest)
        still = tuple(part for part in self.snapshot.applied if part.path not in paths)
        return replace(self, snapshot=replace(self.snapshot, applied=still))


def outcome_of(one: FixedFinding) -> FixOutcome:
    """Return the outcome for a finding; one that wasn't judged isn't verified."""
    return one.verdict.outcome if one.verdict else FixOutcome.NOT_VERIFIED


def part_label(parts: Parts, applied: Parts) -> str:
    """Return whether parts are in the user's files, in words; "" if none is."""
    if not parts or parts.isdisjoint(applied):
        return ""
    return "applied" if parts <= applied else "partly applied"


def first_part(parts: Parts) -> PatchPart | None:
    """Return the part to show first."""
    return min(parts, key=lambda one: (one.path, one.hunk or 0), default=None)
