"""Actions of the user that are not on disk yet."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from xreview.domain.events.payload import (
    ConventionEvent,
    EscalationEvent,
    FindingEvent,
    LocalEvent,
    SessionEvent,
)
from xreview.domain.record import dataclass
from xreview.domain.state import Triage, apply

if TYPE_CHECKING:
    from xreview.domain.events.event import Event


@dataclass(frozen=True, slots=True)
class Pending:
    """Actions that wait for the journal, one for each key press, and the fingerprints they are
    about."""

    count: int = 0
    subjects: frozenset[str] = frozenset()


NOTHING_PENDING = Pending()


def pending_in(waiting: "Iterable[Event]", triage: Triage) -> Pending:
    """The actions among `waiting` events; `triage` is the state on disk."""
    # Reached here: an app that shows a change before there is a journal needs no events.
    from xreview.domain.events.event import (
        DecisionMade,
        DecisionRedone,
        DecisionUndone,
        FindingRemoved,
        FindingWritten,
        NoteWritten,
        ProblemMissed,
    )

    actions: set[str] = set()
    subjects: set[str] = set()
    for event in waiting:
        triage = apply(triage, event)
        match event.payload:
            case DecisionMade(action, about):
                actions.add(action)
                subjects.update(about)
            case DecisionUndone(action) | DecisionRedone(action):
                actions.add(event.id)
                subjects.update(_decided_by(action, triage))
            case FindingWritten(action, report):
                actions.add(action)
                subjects.add(report.fingerprint)
            case FindingRemoved(action, about):
                actions.add(action)
                subjects.update(about)
            case ProblemMissed(action):
                actions.add(action)
            case NoteWritten(about):
                actions.add(event.id)
                subjects.update(about)
            case (
                SessionEvent() | FindingEvent() | EscalationEvent() | ConventionEvent()
                | LocalEvent()
            ):  # fmt: skip
                pass
    return Pending(len(actions), frozenset(subjects)) if actions else NOTHING_PENDING


def ahead_of(triage: Triage, waiting: "Iterable[Event]") -> Triage:
    """The state once all that waits is on disk."""
    for event in waiting:
        triage = apply(triage, event)
    return triage


def _decided_by(action: str, triage: Triage) -> Iterable[str]:
    return (
        subject
        for subject, history in triage.history.items()
        if any(decided.action == action for decided in history)
    )
