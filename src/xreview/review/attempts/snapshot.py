"""Frozen pictures of attempts, for front ends."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.piece import AttemptComparison
from xreview.domain.attempt.seat import Preset, Seat
from xreview.domain.attempt.statement import AttemptStatement
from xreview.domain.attempt.task import task_title
from xreview.domain.change import FileDiff
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.tampering import Tampering
from xreview.domain.record import dataclass, field
from xreview.domain.report import ReviewerIdentity


class AttemptStage(StrEnum):
    """What is done now."""

    WAITING = "waiting for its turn"
    PREPARING = "preparing the tree"
    WRITING = "writing"
    STATING = "being described"
    CHECKING = "running the checks"
    REVIEWING = "being reviewed"
    OVER = "over"


@dataclass(frozen=True)
class AttemptSnapshot:
    """The state of one attempt.

    Args:
        doing: what its writer, a check or a reviewer does now, raw; "" for nothing.
        cost, most: US dollars spent (None if unknown), and the cap.
        seconds: since it began, until it is over.
        why: why it ended early, or why its review is incomplete; "" if neither.
        is_stopped: whether the user, or the end of the program, cut it short.
        files: the patch.
        refused: the paths that can't be part of the patch, and why.
        checks: before and after.
        findings: of its review, in the review's order. reviewers: the models that read it.
        session: the id of its review's session; "" for none yet.
        unread: what no reviewer read, a sentence each.
        folder: its files, for a shell or an editor; None until they are there.
    """

    seat: Seat
    stage: AttemptStage = AttemptStage.WAITING
    doing: str = ""
    cost: float | None = None
    most: float | None = None
    seconds: float = 0.0
    why: str = ""
    is_stopped: bool = False
    files: tuple[FileDiff, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    statement: AttemptStatement | None = None
    checks: tuple[CheckChange, ...] = ()
    tampering: tuple[Tampering, ...] = ()
    findings: tuple[Finding, ...] = ()
    reviewers: tuple[ReviewerIdentity, ...] = ()
    session: str = ""
    unread: tuple[str, ...] = ()
    facts: AttemptFacts = field(default_factory=AttemptFacts)
    notices: tuple[str, ...] = ()
    folder: Path | None = None

    @property
    def label(self) -> str:
        """ "A", "B", …"""
        return self.seat.label

    @property
    def is_over(self) -> bool:
        """Whether nothing of it runs any more."""
        return self.stage is AttemptStage.OVER

    @property
    def is_reviewed(self) -> bool:
        """Whether its review came to an end, with everything read."""
        return self.is_over and bool(self.session) and not self.why and not self.unread

    @property
    def reading(self) -> str:
        """How far it was reviewed, in a word or two; never in full if no model read it."""
        if not self.session:
            return "no"
        if not self.is_reviewed:
            return "partly"
        return "in full" if self.reviewers else "no model"


@dataclass(frozen=True)
class TrialSnapshot:
    """The state of a trial.

    Args:
        kind: what the task touches most. why: why these tiers were chosen.
        base: the git tree that all start from. revision: what the user called it, or "".
        before: the checks on the base.
        comparison: the pieces of those that wrote something; None until there is one.
        is_revealed: whether families may be shown.
        taken: what was taken and not returned, the latest last.
    """

    id: str
    task: str
    attempts: tuple[AttemptSnapshot, ...]
    kind: str = ""
    why: str = ""
    base: str = ""
    revision: str = ""
    preset: Preset | None = None
    started: str = ""
    before: tuple[CheckRun, ...] = ()
    doing: str = ""
    most: float | None = None
    comparison: AttemptComparison | None = None
    is_revealed: bool = False
    taken: tuple[AttemptTaken, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The task in one line, raw."""
        return task_title(self.task)

    @property
    def is_over(self) -> bool:
        """Whether all attempts are over."""
        return all(one.is_over for one in self.attempts)

    @property
    def cost(self) -> float | None:
        """US dollars so far; None if the cost of an attempt is unknown."""
        known = [one.cost for one in self.attempts if one.cost is not None or one.files]
        return None if None in known else sum(one for one in known if one is not None)

    @property
    def commands(self) -> tuple[str, ...]:
        """The checks that ran on the base or on an attempt, as the user wrote them."""
        runs = [one.after for attempt in self.attempts for one in attempt.checks]
        known = [*self.before, *(run for run in runs if run is not None)]
        return tuple(dict.fromkeys(run.command for run in known))

    @property
    def by_label(self) -> dict[str, AttemptSnapshot]:
        """The attempts by their labels."""
        return {one.label: one for one in self.attempts}
