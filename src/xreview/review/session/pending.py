"""What a person did that is not on disk yet: counted, and found by what it is about."""

from collections.abc import Iterable
from dataclasses import dataclass

from xreview.domain.events.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    NoteWritten,
)
from xreview.domain.state import Triage, apply


@dataclass(frozen=True, slots=True)
class Pending:
    """Actions that wait for the journal.

    Args:
        count: how many, one for each key press.
        subjects: the fingerprints of the findings that they are about.
    """

    count: int = 0
    subjects: frozenset[str] = frozenset()


NOTHING_PENDING = Pending()


def pending_in(waiting: Iterable[Event], triage: Triage) -> Pending:
    """The actions among events that are not on disk; `triage` is what is."""
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
            case NoteWritten(about):
                actions.add(event.id)
                subjects.update(about)
            case _:
                pass
    return Pending(len(actions), frozenset(subjects)) if actions else NOTHING_PENDING


def ahead_of(triage: Triage, waiting: Iterable[Event]) -> Triage:
    """What the state will be when all that waits is on disk."""
    for event in waiting:
        triage = apply(triage, event)
    return triage


def _decided_by(action: str, triage: Triage) -> Iterable[str]:
    return (
        subject
        for subject, history in triage.history.items()
        if any(decided.action == action for decided in history)
    )
