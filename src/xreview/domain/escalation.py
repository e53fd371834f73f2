"""What became of findings that were escalated, folded from events."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xreview.domain.decision import Reason, Verdict
from xreview.domain.events.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Event,
    OpinionGiven,
)
from xreview.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a third vendor's model thinks, and when it said so (UTC, ISO 8601; "" for unknown).

    It was asked for and decides nothing.
    """

    given: OpinionGiven
    at: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a colleague answered, and when it was handed in (UTC, ISO 8601; "" for unknown)."""

    resolved: EscalationResolved
    at: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """One finding that was escalated by one action.

    Args:
        action: names the decision, together with `subjects`: one key press may escalate several.
        subjects: the fingerprints of the finding's reports.
        target: `arbiter`, `person` or `measure`.
        at, actor: when and by whom.
        opinions, outcomes: what came back so far, in time; what several people handed in alike
            is there once.
    """

    action: str
    subjects: tuple[str, ...]
    target: Reason
    at: str
    actor: str
    opinions: tuple[Opinion, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    def is_about(self, finding: Finding) -> bool:
        """Whether it was this finding, even where a report joined or left it since."""
        return not frozenset(self.subjects).isdisjoint(finding.fingerprints)

    def has_outcome(self, resolved: EscalationResolved) -> bool:
        """Whether this very answer came back already."""
        return any(one.resolved == resolved for one in self.outcomes)


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
        if not isinstance(event.payload, OpinionGiven | EscalationResolved):
            continue
        key = (event.payload.action, frozenset(event.payload.subjects))
        if (known := made.get(key)) is not None:
            made[key] = _with(known, event.payload, event.at)
    return tuple(one for one in made.values() if one.action not in undone)


def _with(known: Escalation, told: OpinionGiven | EscalationResolved, at: str) -> Escalation:
    if isinstance(told, OpinionGiven):
        return replace(known, opinions=(*known.opinions, Opinion(told, at)))
    if known.has_outcome(told):
        return known
    return replace(known, outcomes=(*known.outcomes, Outcome(told, at)))
