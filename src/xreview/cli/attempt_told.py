"""A trial as the command tells it: with or without names, and how it gets on."""

from functools import cached_property

from xreview.domain.record import dataclass
from xreview.domain.text import clock_words
from xreview.review.attempts.snapshot import AttemptSnapshot, TrialSnapshot
from xreview.review.attempts.veil import Veil

_SHORT = 8
"""Characters of a trial's id; any unambiguous beginning is accepted."""


@dataclass(frozen=True)
class ToldTrial:
    """A trial, and whether its writers may be named.

    Args:
        hides: the setting: whether they are hidden until an attempt is picked.
    """

    snapshot: TrialSnapshot
    hides: bool

    @cached_property
    def veil(self) -> Veil:
        """What makes its texts safe to show, and keeps names out of them while that is wanted."""
        is_picked = self.snapshot.is_revealed or bool(self.snapshot.taken)
        return Veil(self.snapshot, self.hides and not is_picked)

    @property
    def name(self) -> str:
        """Its id as commands take it."""
        return self.snapshot.id[:_SHORT]

    def progress(self) -> list[str]:
        """A line for each attempt, and one for the whole; safe to show."""
        attempts = self.snapshot.attempts
        over = sum(one.is_over for one in attempts)
        money = trial_cost_words(self.snapshot.cost, self.snapshot.most)
        whole = [f"{over}/{len(attempts)} over", money, self.veil.line(self.snapshot.doing)]
        return [*map(self._getting_on, attempts), " · ".join(filter(None, whole))]

    def _getting_on(self, one: AttemptSnapshot) -> str:
        state = "cut short" if one.is_stopped else one.stage.value
        parts = [
            f"{one.label}  {self.veil.writer(one)}".rstrip(),
            state,
            self.veil.doing(one),
            trial_cost_words(one.cost, one.most),
            clock_words(one.seconds),
        ]
        return " · ".join(filter(None, parts))


def trial_cost_words(cost: float | None, most: float | None = None) -> str:
    """`$0.12 of $2.00`, `cost unknown`."""
    spent = "cost unknown" if cost is None else f"${cost:.2f}"
    return spent if most is None else f"{spent} of ${most:.2f}"
