"""What happens in a fix, as events of this machine only: agents' words aren't shared.

`subjects` are the fingerprints of all reports of a finding.
"""

from typing import ClassVar

from xreview.domain.amount import check_amounts
from xreview.domain.events.payload import FixEvent
from xreview.domain.fixing.fixer import FixerIdentity, FixerStatus
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class FixStarted(FixEvent):
    """Accepted findings were handed to a fixer.

    Args:
        fix: names the fix; a second round is a fix of its own with the `earlier` one's name.
        base: the git tree that it starts from.
        findings: the subjects of each.
        note: what the user adds to a second round.
    """

    type: ClassVar[str] = "fix-started"
    fix: str
    fixer: FixerIdentity
    base: str
    findings: tuple[tuple[str, ...], ...]
    earlier: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FixAnswered(FixEvent):
    """What the fixer says about a finding; nothing of it is believed."""

    type: ClassVar[str] = "fix-answered"
    fix: str
    subjects: tuple[str, ...]
    status: FixerStatus
    files: tuple[str, ...]
    explanation: str
    reason: str


@dataclass(frozen=True, slots=True)
class FixJudged(FixEvent):
    """The outcome for a finding, with its evidence in one line."""

    type: ClassVar[str] = "fix-judged"
    fix: str
    subjects: tuple[str, ...]
    outcome: FixOutcome
    evidence: str


@dataclass(frozen=True, slots=True)
class FixEnded(FixEvent):
    """A fix is over.

    Args:
        tree: the git tree it made; "" if it changed nothing.
        cost: US dollars; None if unknown.
        checks: a sentence about the checks before and after; "" for none.
        why: why it ended early; "" if it didn't.

    Raises ValueError for an amount that is negative or not finite.
    """

    type: ClassVar[str] = "fix-ended"
    fix: str
    tree: str
    cost: float | None
    seconds: float
    checks: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        check_amounts(self.cost, self.seconds)


@dataclass(frozen=True, slots=True)
class FixApplied(FixEvent):
    """The user put a fix, or a part of it, into their files.

    Args:
        action: identifies it for undo, as that of a decision does.
        paths: the files that changed.
        is_whole: whether everything that findings asked for was applied.
    """

    type: ClassVar[str] = "fix-applied"
    action: str
    fix: str
    subjects: tuple[str, ...]
    paths: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class FixReverted(FixEvent):
    """The user undid what `action` applied."""

    type: ClassVar[str] = "fix-reverted"
    action: str
    fix: str


@dataclass(frozen=True, slots=True)
class FixDiscarded(FixEvent):
    """The user threw a fix away without applying it."""

    type: ClassVar[str] = "fix-discarded"
    fix: str
