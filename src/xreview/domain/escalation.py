"""Escalated findings and the answers to them, folded from events."""

from collections.abc import Iterable

from xreview.domain.decision import Reason, Verdict
from xreview.domain.events.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Event,
    NoteWritten,
    OpinionGiven,
)
from xreview.domain.events.payload import (
    ConventionEvent,
    FindingEvent,
    LocalEvent,
    PersonEvent,
    SessionEvent,
)
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass, replace
from xreview.domain.state import undone_in


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a third vendor's model thinks, and when (UTC, ISO 8601; "" if unknown).

    It decides nothing.
    """

    given: OpinionGiven
    at: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A colleague's answer, and when it was recorded (UTC, ISO 8601; "" if unknown)."""

    resolved: EscalationResolved
    at: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """One finding escalated by one action, to `arbiter`, `person` or `measure`.

    One key press can escalate several, so `action` identifies it only with `subjects`, the
    fingerprints. An answer that several people recorded is there once.
    """

    action: str
    subjects: tuple[str, ...]
    target: Reason
    at: str
    actor: str
    opinions: tuple[Opinion, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    def is_about(self, finding: Finding) -> bool:
        """Whether it is about this finding, even if a report joined or left it since."""
        return not frozenset(self.subjects).isdisjoint(finding.fingerprints)

    def has_outcome(self, resolved: EscalationResolved) -> bool:
        """Whether this very answer was recorded already."""
        return any(one.resolved == resolved for one in self.outcomes)


def escalations_in(events: Iterable[Event]) -> tuple[Escalation, ...]:
    """The escalations that hold, in time, from events in any order.

    Answers to an escalation that is unknown or was undone are skipped.
    """
    ordered = sorted(events, key=lambda event: event.at)
    made: dict[tuple[str, frozenset[str]], Escalation] = {}
    told: list[tuple[OpinionGiven | EscalationResolved, str]] = []
    for event in ordered:
        match payload := event.payload:
            case DecisionMade(action, subjects, decision):
                if decision.verdict is Verdict.ESCALATE:
                    made[action, frozenset(subjects)] = Escalation(
                        action, subjects, decision.reason, event.at, event.actor
                    )
            case OpinionGiven() | EscalationResolved():
                told.append((payload, event.at))
            case (
                DecisionUndone() | DecisionRedone() | NoteWritten() | SessionEvent()
                | FindingEvent() | ConventionEvent() | LocalEvent() | PersonEvent()
            ):  # fmt: skip
                pass
    for answer, at in told:
        key = (answer.action, frozenset(answer.subjects))
        if (known := made.get(key)) is not None:
            made[key] = _with(known, answer, at)
    undone = undone_in(ordered)
    return tuple(one for one in made.values() if one.action not in undone)


def _with(known: Escalation, told: OpinionGiven | EscalationResolved, at: str) -> Escalation:
    if isinstance(told, OpinionGiven):
        return replace(known, opinions=(*known.opinions, Opinion(told, at)))
    if known.has_outcome(told):
        return known
    return replace(known, outcomes=(*known.outcomes, Outcome(told, at)))
