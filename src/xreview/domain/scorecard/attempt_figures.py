"""The account of attempts: what was tried, what was taken, and what a working solution costs."""

from collections.abc import Mapping
from typing import NamedTuple

from xreview.domain.record import dataclass, field
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm, ScoredReviewer
from xreview.domain.stakes.tier import Tier


class ScoredWriter(NamedTuple):
    """A writer of the scorecard: a tool, with its model family ("" for unknown), model ("" for the
    tool's own choice), and tier."""

    name: str
    kind: ReviewerKind
    vendor: str
    model: str
    tier: Tier

    @property
    def label(self) -> str:
        """`claude-code (anthropic opus-5, deep)`."""
        about = " ".join(filter(None, (self.vendor, self.model))) or self.kind.value
        return f"{self.name} ({about}, {self.tier})"


def scored_writer(identity: ReviewerIdentity, tier: Tier) -> ScoredWriter:
    """The writer in a seat, for the scorecard."""
    return ScoredWriter(identity.name, identity.kind, identity.family, identity.model, tier)


@dataclass(frozen=True, slots=True)
class SolutionSpending:
    """What working solutions took: `amount` for the `known` of the `attempts`, which made `working`
    ones. The amount is in US dollars or in minutes."""

    working: int
    amount: float
    known: int
    attempts: int

    @property
    def per_working(self) -> float | None:
        """The amount for each working solution, that of attempts that weren't taken included; None
        if no amount is known or nothing works."""
        return self.amount / self.working if self.known and self.working else None


@dataclass(frozen=True, slots=True)
class AttemptTally:
    """What some attempts came to.

    Args:
        picked: how many were taken, whole or in a graft, and not given back; `grafted`: how many
            of them only in a graft.
        first_try: those whose checks all passed, of those with checks.
        accepted: findings accepted against them, in their reviews or in the triage after they were
            taken.
        rounds: fixes of these findings that were handed over after they were taken.
        working: tasks with a working solution that they are, or are a part of.
    """

    attempts: int
    picked: int
    grafted: int
    first_try: Proportion
    accepted: int
    rounds: int
    working: int
    dollars: SolutionSpending
    minutes: SolutionSpending


@dataclass(frozen=True)
class AttemptAccount:
    """What became of attempts, in groups.

    An attempt that several reviewers read counts for each of them. One that wasn't reviewed is in
    no arm; one that only analysers read is in theirs, and under no reviewer.
    """

    trials: int = 0
    attempts: int = 0
    writers: Mapping[ScoredWriter, AttemptTally] = field(
        default_factory=dict[ScoredWriter, AttemptTally]
    )
    reviewers: Mapping[ScoredReviewer, AttemptTally] = field(
        default_factory=dict[ScoredReviewer, AttemptTally]
    )
    kinds: Mapping[str, AttemptTally] = field(default_factory=dict[str, AttemptTally])
    arms: Mapping[Arm, AttemptTally] = field(default_factory=dict[Arm, AttemptTally])
