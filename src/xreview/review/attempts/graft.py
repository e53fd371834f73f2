"""What a check of a graft, and taking an attempt, show to front ends."""

from collections.abc import Mapping
from enum import StrEnum

from xreview.domain.attempt.piece import PieceRef
from xreview.domain.change import FileDiff
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange, got_worse
from xreview.domain.fixing.tampering import Tampering, tampering_is_certain
from xreview.domain.record import dataclass, field


class GraftStage(StrEnum):
    """What is done now."""

    COMBINING = "combining the pieces"
    CHECKING = "running the checks"
    REVIEWING = "being reviewed"
    OVER = "over"


@dataclass(frozen=True)
class GraftSnapshot:
    """The state of the check of a graft.

    Args:
        choice: the attempt whose version of a piece is taken; absent or "" for the base's.
        labels: the attempts that it takes something of.
        files: the patch that it makes.
        problems: why it can't be taken as it is, a sentence each: it doesn't apply or parse.
        checks: before and after.
        tampering: what the pieces do to the checks.
        findings: of its review, those that no attempt's own review has first.
        raised: how many of these the combination itself raises.
        unread: what no reviewer read, or why there is no review, a sentence each.
        cost: US dollars of the review so far; None if unknown.
        is_applicable: whether there is something that can be written to the user's files.
    """

    trial: str
    choice: Mapping[PieceRef, str]
    labels: tuple[str, ...] = ()
    stage: GraftStage = GraftStage.COMBINING
    doing: str = ""
    files: tuple[FileDiff, ...] = ()
    problems: tuple[str, ...] = ()
    checks: tuple[CheckChange, ...] = ()
    tampering: tuple[Tampering, ...] = ()
    findings: tuple[Finding, ...] = ()
    raised: int = 0
    unread: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    cost: float | None = 0.0
    is_applicable: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing of it runs any more."""
        return self.stage is GraftStage.OVER

    @property
    def broken(self) -> tuple[CheckChange, ...]:
        """The checks that got worse, and those that fail without a run before to compare with."""
        alone = (one for one in self.checks if one.before is None)
        red = tuple(one for one in alone if one.after is not None and not one.after.is_green)
        return got_worse(self.checks) + red

    @property
    def is_sound(self) -> bool:
        """Whether it applies, parses, breaks no check, and weakens none."""
        is_checked = self.is_over and self.is_applicable
        is_bad = self.problems or self.broken or tampering_is_certain(self.tampering)
        return is_checked and not is_bad

    @property
    def is_green(self) -> bool | None:
        """Whether the checks pass on it; None if none ran to its end."""
        return checks_are_green(self.checks)


@dataclass(frozen=True)
class Took:
    """What was put into the user's files.

    Args:
        taken: as it was recorded; None if nothing had to be, or could be, written.
        merged: files that weren't as the writers found them. conflicts: files that contradict
            what was taken; unchanged unless markers were asked for.
    """

    taken: AttemptTaken | None
    merged: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    notices: tuple[str, ...] = field(default=())

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that changed."""
        return self.taken.paths if self.taken else ()


def checks_are_green(checks: tuple[CheckChange, ...]) -> bool | None:
    """Whether all checks passed afterwards, none of which was left out; None if none ran."""
    runs = [one.after for one in checks]
    if not any(runs):
        return None
    return all(run is not None and run.is_green for run in runs)
