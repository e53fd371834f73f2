"""What happens with attempts, as events of this machine only: writers' words aren't shared.

A trial is one task given to several writers. It is a session of its own in the journal, named by
its id; the reviews of its attempts are sessions too.
"""

from typing import ClassVar

from xreview.domain.amount import check_amounts
from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.seat import Seat
from xreview.domain.attempt.statement import AttemptStatement
from xreview.domain.events.payload import AttemptEvent
from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerIdentity


@dataclass(frozen=True, slots=True)
class TrialStarted(AttemptEvent):
    """A task was given to several writers.

    Args:
        task: its text. kind: what it touches most ("money"), for the account.
        base: the git tree that all start from. revision: what the user called it; "" for the files
            as they were.
        preset: its name; "" for none.
        why: why these tiers were chosen.
    """

    type: ClassVar[str] = "trial-started"
    trial: str
    task: str
    kind: str
    base: str
    revision: str
    checks: tuple[str, ...]
    preset: str
    seats: tuple[Seat, ...]
    why: str


@dataclass(frozen=True, slots=True)
class AttemptStated(AttemptEvent):
    """What is said of an attempt."""

    type: ClassVar[str] = "attempt-stated"
    trial: str
    label: str
    statement: AttemptStatement


@dataclass(frozen=True, slots=True)
class AttemptWritten(AttemptEvent):
    """A writer is done, or was stopped.

    Args:
        tree: the git tree it made; "" if it changed nothing.
        cost: US dollars; None if unknown.
        why: why it ended early; "" if it didn't.

    Raises ValueError for an amount that is negative or not finite.
    """

    type: ClassVar[str] = "attempt-written"
    trial: str
    label: str
    tree: str
    cost: float | None
    seconds: float
    why: str = ""

    def __post_init__(self) -> None:
        check_amounts(self.cost, self.seconds)


@dataclass(frozen=True, slots=True)
class AttemptReviewed(AttemptEvent):
    """An attempt is checked and reviewed.

    Args:
        session: the id of the review's session; "" if it couldn't be reviewed.
        reviewers: the models that read it; () if only analysers did.
        review_cost: US dollars of the review; None if unknown. facts.cost has both.
        why: why the review is incomplete; "" if it isn't.
    """

    type: ClassVar[str] = "attempt-reviewed"
    trial: str
    label: str
    session: str
    reviewers: tuple[ReviewerIdentity, ...]
    facts: AttemptFacts
    review_cost: float | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class TakenLines:
    """Lines that came into the user's files from an attempt.

    Args:
        start, end: 1-based and inclusive, in the file right after it was written.
        digest: the SHA-256 of these lines, each with a line feed, to find them again.
    """

    label: str
    path: str
    start: int
    end: int
    digest: str


@dataclass(frozen=True, slots=True)
class AttemptTaken(AttemptEvent):
    """The user put an attempt, or pieces of several, into their files.

    Args:
        action: identifies it for undo.
        labels: the attempts; several for a graft.
        reason: why, in the user's words; "" for none.
        paths: the files that changed.
        lines: which lines came from which attempt.
        is_green: whether the checks passed on what was taken; None if none ran.
    """

    type: ClassVar[str] = "attempt-taken"
    action: str
    trial: str
    labels: tuple[str, ...]
    reason: str
    paths: tuple[str, ...]
    lines: tuple[TakenLines, ...]
    is_green: bool | None


@dataclass(frozen=True, slots=True)
class AttemptReturned(AttemptEvent):
    """The user undid what `action` took."""

    type: ClassVar[str] = "attempt-returned"
    action: str
    trial: str


@dataclass(frozen=True, slots=True)
class TrialDiscarded(AttemptEvent):
    """The user threw a trial's attempts away."""

    type: ClassVar[str] = "trial-discarded"
    trial: str
