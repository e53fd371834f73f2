"""Undoing and redoing: which actions don't hold any more."""

from collections.abc import Iterable

from xreview.domain.events.event import DecisionRedone, DecisionUndone, Event


def undone_in(events: Iterable[Event]) -> frozenset[str]:
    """The actions that events, in time, undo and don't redo."""
    undone: set[str] = set()
    for event in events:
        match event.payload:
            case DecisionUndone(action):
                undone.add(action)
            case DecisionRedone(action):
                undone.discard(action)
            case _:
                pass
    return frozenset(undone)
