"""The facts about attempts that the scorecard needs from events.

They are kept by name and told apart by time, so that their order doesn't matter.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from xreview.domain.attempt.seat import Seat
from xreview.domain.events.event import (
    AttemptReturned,
    AttemptReviewed,
    AttemptTaken,
    AttemptWritten,
    Event,
    TrialStarted,
)
from xreview.domain.events.payload import AttemptEvent
from xreview.domain.record import dataclass, field

_Fact = TypeVar("_Fact")
_Moment = tuple[str, str]
"""The time (ISO 8601), then the id of the event, which orders those of the same moment."""
_Latest = dict[tuple[str, ...], tuple[_Moment, _Fact]]
"""The latest fact by repository and other names."""


class ScoredTake(NamedTuple):
    """What the user took and didn't give back, since when (ISO 8601)."""

    repository: str
    at: str
    taken: AttemptTaken


@dataclass(frozen=True, slots=True)
class RecordedAttempt:
    """One attempt, as far as it got.

    Args:
        at: when its trial started (ISO 8601). kind: what the task touches most.
    """

    repository: str
    trial: str
    at: str
    kind: str
    seat: Seat
    written: AttemptWritten | None = None
    reviewed: AttemptReviewed | None = None

    @property
    def session(self) -> str:
        """The session of its review; "" for none."""
        return self.reviewed.session if self.reviewed else ""

    @property
    def dollars(self) -> float | None:
        """What writing and reviewing it cost; None if unknown."""
        if self.reviewed is not None:
            return self.reviewed.facts.cost
        return self.written.cost if self.written else None

    @property
    def minutes(self) -> float | None:
        """How long it was written; None if that never ended."""
        return self.written.seconds / 60 if self.written else None


@dataclass(slots=True)
class RecordedTrials:
    """All trials so far."""

    _started: _Latest[TrialStarted] = field(default_factory=_Latest[TrialStarted])
    _written: _Latest[AttemptWritten] = field(default_factory=_Latest[AttemptWritten])
    _reviewed: _Latest[AttemptReviewed] = field(default_factory=_Latest[AttemptReviewed])
    _taken: _Latest[AttemptTaken] = field(default_factory=_Latest[AttemptTaken])
    _returned: _Latest[AttemptReturned] = field(default_factory=_Latest[AttemptReturned])

    def take(self, event: Event, payload: AttemptEvent) -> None:
        """Add one fact; of two about the same thing, the later one holds."""
        repository, moment = event.repository, (event.at, event.id)
        match payload:
            case TrialStarted(trial):
                _keep(self._started, (repository, trial), moment, payload)
            case AttemptWritten(trial, label):
                _keep(self._written, (repository, trial, label), moment, payload)
            case AttemptReviewed(trial, label):
                _keep(self._reviewed, (repository, trial, label), moment, payload)
            case AttemptTaken(action):
                _keep(self._taken, (repository, action), moment, payload)
            case AttemptReturned(action):
                _keep(self._returned, (repository, action), moment, payload)
            case AttemptEvent():  # what a writer says, and that trees are gone
                pass

    def attempts(self) -> Iterator[RecordedAttempt]:
        """Yield every attempt of the trials whose start is known, the oldest trial first."""
        ordered = sorted(self._started.items(), key=lambda one: (one[1][0], one[0]))
        for (repository, trial), ((at, _), started) in ordered:
            for seat in started.seats:
                name = (repository, trial, seat.label)
                yield RecordedAttempt(
                    repository,
                    trial,
                    at,
                    started.kind,
                    seat,
                    self._written[name][1] if name in self._written else None,
                    self._reviewed[name][1] if name in self._reviewed else None,
                )

    def held(self) -> tuple[ScoredTake, ...]:
        """Return what was taken and not given back afterwards, the oldest first."""
        found = [
            (moment, ScoredTake(name[0], moment[0], taken))
            for name, (moment, taken) in self._taken.items()
            if name not in self._returned or self._returned[name][0][0] < moment[0]
        ]
        return tuple(one for _, one in sorted(found, key=lambda one: one[0]))


def _keep(facts: _Latest[_Fact], name: tuple[str, ...], moment: _Moment, fact: _Fact) -> None:
    if name not in facts or facts[name][0] <= moment:
        facts[name] = (moment, fact)
