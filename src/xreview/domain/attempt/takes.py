"""What the user took from attempts and didn't give back, folded from the journal."""

from collections.abc import Iterable, Mapping

from xreview.domain.attempt.seat import Seat
from xreview.domain.attempt.task import task_title
from xreview.domain.events.attempt_events import AttemptReturned, AttemptTaken, TrialStarted
from xreview.domain.events.event import Event
from xreview.domain.record import dataclass

TAKE_EVENTS = (TrialStarted, AttemptTaken, AttemptReturned)
"""What `takes_in` reads."""


@dataclass(frozen=True)
class HeldTake:
    """What was taken, and from whom.

    Args:
        at: UTC, ISO 8601. task: what the attempts were for; "" if that isn't known any more.
        seats: of the attempts that it takes something of, by label, as far as they are known.
    """

    taken: AttemptTaken
    at: str
    task: str
    seats: Mapping[str, Seat]

    @property
    def title(self) -> str:
        """The task in one line, raw."""
        return task_title(self.task)


def takes_in(events: Iterable[Event]) -> tuple[HeldTake, ...]:
    """The takes that hold, the oldest first, from events of one repository in their order."""
    trials: dict[str, TrialStarted] = {}
    held: dict[str, HeldTake] = {}
    for event in events:
        payload = event.payload
        if isinstance(payload, TrialStarted):
            trials[payload.trial] = payload
        elif isinstance(payload, AttemptTaken):
            trial = trials.get(payload.trial)
            seats = {seat.label: seat for seat in trial.seats} if trial else {}
            known = {label: seats[label] for label in payload.labels if label in seats}
            task = trial.task if trial else ""
            held[payload.action] = HeldTake(payload, event.at, task, known)
        elif isinstance(payload, AttemptReturned):
            held.pop(payload.action, None)
    return tuple(held.values())
