"""The state of a triage, folded from events by a pure reducer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from xreview.domain.decision import Decision, Verdict
from xreview.domain.events.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    NoteWritten,
)
from xreview.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was made: by which action, in which session, when and by whom.

    `until` is the day on which a finding that was put off comes back, None where none was named.
    """

    action: str
    decision: Decision
    session: str
    at: str
    actor: str
    until: str | None = None


@dataclass(frozen=True)
class Triage:
    """Decisions and notes by fingerprint, and what can be undone and redone.

    `noted_by` has who wrote the note on a fingerprint.

    `history` keeps every decision made; one holds if its action was not undone. `undoable` and
    `redoable` are actions, the next one to undo or redo last.
    """

    history: Mapping[str, tuple[Decided, ...]] = field(
        default_factory=dict[str, tuple[Decided, ...]]
    )
    undone: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    noted_by: Mapping[str, str] = field(default_factory=dict[str, str])
    undoable: tuple[str, ...] = ()
    redoable: tuple[str, ...] = ()

    def decided(self, finding: Finding) -> Decided | None:
        """The decision that holds for a finding: the latest on any of its reports.

        Of two at one moment it is the one that was written last.
        """
        holding = [
            decided
            for fingerprint in finding.fingerprints
            for decided in self.history.get(fingerprint, ())
            if decided.action not in self.undone
        ]
        return max(reversed(holding), key=lambda decided: decided.at, default=None)

    def verdict(self, finding: Finding) -> Verdict | None:
        """The verdict that holds for a finding; None while it is open."""
        decided = self.decided(finding)
        return decided.decision.verdict if decided else None

    def is_open(self, finding: Finding) -> bool:
        """Whether nobody has decided about the finding."""
        return self.decided(finding) is None

    def note(self, finding: Finding) -> str:
        """The note on a finding, "" where there is none."""
        return self.notes.get(self._noted(finding), "")

    def note_by(self, finding: Finding) -> str:
        """Who wrote the note on a finding, "" where there is none."""
        return self.noted_by.get(self._noted(finding), "")

    def _noted(self, finding: Finding) -> str:
        return next((name for name in finding.fingerprints if self.notes.get(name)), "")


def apply(triage: Triage, event: Event) -> Triage:
    """The state after one more event. Events that are no decision or note change nothing."""
    match event.payload:
        case DecisionMade(action, subjects, decision, until):
            decided = Decided(action, decision, event.session, event.at, event.actor, until)
            added = {subject: (*triage.history.get(subject, ()), decided) for subject in subjects}
            return replace(
                triage,
                history={**triage.history, **added},
                undoable=_with_last(triage.undoable, action),
                redoable=(),
            )
        case DecisionUndone(action):
            return replace(
                triage,
                undone=triage.undone | {action},
                undoable=_without(triage.undoable, action),
                redoable=_with_last(triage.redoable, action),
            )
        case DecisionRedone(action):
            return replace(
                triage,
                undone=triage.undone - {action},
                undoable=_with_last(triage.undoable, action),
                redoable=_without(triage.redoable, action),
            )
        case NoteWritten(subjects, text):
            return replace(
                triage,
                notes={**triage.notes, **dict.fromkeys(subjects, text)},
                noted_by={**triage.noted_by, **dict.fromkeys(subjects, event.actor)},
            )
        case _:
            return triage


def _without(actions: tuple[str, ...], action: str) -> tuple[str, ...]:
    return tuple(other for other in actions if other != action)


def _with_last(actions: tuple[str, ...], action: str) -> tuple[str, ...]:
    return actions if actions[-1:] == (action,) else (*_without(actions, action), action)


def fold(events: Iterable[Event]) -> Triage:
    """The state after all events: what `apply` one by one gives, in linear time."""
    history: dict[str, list[Decided]] = {}
    undone: set[str] = set()
    notes: dict[str, str] = {}
    noted_by: dict[str, str] = {}
    undoable: dict[str, None] = {}
    redoable: dict[str, None] = {}
    for event in events:
        match event.payload:
            case DecisionMade(action, subjects, decision, until):
                decided = Decided(action, decision, event.session, event.at, event.actor, until)
                for subject in subjects:
                    history.setdefault(subject, []).append(decided)
                undoable.pop(action, None)
                undoable[action] = None
                redoable.clear()
            case DecisionUndone(action):
                undone.add(action)
                undoable.pop(action, None)
                redoable.pop(action, None)
                redoable[action] = None
            case DecisionRedone(action):
                undone.discard(action)
                redoable.pop(action, None)
                undoable.pop(action, None)
                undoable[action] = None
            case NoteWritten(subjects, text):
                notes.update(dict.fromkeys(subjects, text))
                noted_by.update(dict.fromkeys(subjects, event.actor))
            case _:
                pass
    return Triage(
        {subject: tuple(decisions) for subject, decisions in history.items()},
        frozenset(undone),
        notes,
        noted_by,
        tuple(undoable),
        tuple(redoable),
    )


def resume(triage: Triage) -> Triage:
    """An earlier state as a new session begins with it: decisions hold, undo starts afresh."""
    return replace(triage, undoable=(), redoable=())


def restrict(triage: Triage, fingerprints: Iterable[str]) -> Triage:
    """The part of a state that is about these fingerprints."""
    wanted = frozenset(fingerprints)
    return replace(
        triage,
        history={name: made for name, made in triage.history.items() if name in wanted},
        notes={name: text for name, text in triage.notes.items() if name in wanted},
        noted_by={name: by for name, by in triage.noted_by.items() if name in wanted},
    )


def joined_state(triage: Triage, recalled: Triage) -> Triage:
    """A state with what was recalled about more fingerprints; the later recall holds.

    Recall a fingerprint before it is decided about in this session: what `recalled` says about it
    takes the place of what was there.
    """
    known = {made.action for history in recalled.history.values() for made in history}
    return replace(
        triage,
        history={**triage.history, **recalled.history},
        undone=(triage.undone - known) | recalled.undone,
        notes={**triage.notes, **recalled.notes},
        noted_by={**triage.noted_by, **recalled.noted_by},
    )
