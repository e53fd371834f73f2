"""What became of findings that were escalated, folded from events."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xreview.domain.decision import Reason, Verdict
from xreview.domain.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Event,
    OpinionGiven,
)


@dataclass(frozen=True, slots=True)
class Escalation:
    """One finding that was escalated by one action.

    Args:
        action: names the decision, together with `subjects`: one key press may escalate several.
        subjects: the fingerprints of the finding's reports.
        target: `arbiter`, `person` or `measure`.
        at, actor: when and by whom.
        opinions, outcomes: what came back so far, in time.
    """

    action: str
    subjects: tuple[str, ...]
    target: Reason
    at: str
    actor: str
    opinions: tuple[OpinionGiven, ...] = ()
    outcomes: tuple[EscalationResolved, ...] = ()


def escalations_in(events: Iterable[Event]) -> tuple[Escalation, ...]:
    """The escalations that hold, in time. The events may come in any order.

    What comes back for one that nobody made, or that was undone, is left out.
    """
    ordered = sorted(events, key=lambda event: event.at)
    made: dict[tuple[str, frozenset[str]], Escalation] = {}
    undone: set[str] = set()
    for event in ordered:
        match event.payload:
            case DecisionMade(action, subjects, decision) if decision.verdict is Verdict.ESCALATE:
                made[action, frozenset(subjects)] = Escalation(
                    action, subjects, decision.reason, event.at, event.actor
                )
            case DecisionUndone(action):
                undone.add(action)
            case DecisionRedone(action):
                undone.discard(action)
            case _:
                pass
    for event in ordered:
        payload = event.payload
        if not isinstance(payload, OpinionGiven | EscalationResolved):
            continue
        key = (payload.action, frozenset(payload.subjects))
        if (known := made.get(key)) is None:
            continue
        if isinstance(payload, OpinionGiven):
            made[key] = replace(known, opinions=(*known.opinions, payload))
        else:
            made[key] = replace(known, outcomes=(*known.outcomes, payload))
    return tuple(one for one in made.values() if one.action not in undone)
