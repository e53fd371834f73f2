"""The state of a triage, folded from events by a pure reducer."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from xreview.domain.decision import Decision, Verdict
from xreview.domain.events.payload import (
    ConventionEvent,
    EscalationEvent,
    FindingEvent,
    LocalEvent,
    PersonEvent,
    SessionEvent,
)
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass, field, replace
from xreview.domain.ruling import ChosenReport, Ruling, chosen_among, narrowed

if TYPE_CHECKING:
    from xreview.domain.events.event import DecisionMade, Event, Payload


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its action, session, time, and actor; the other fields are as in
    `DecisionMade`."""

    action: str
    decision: Decision
    session: str
    at: str
    actor: str
    until: str | None = None
    ruling: Ruling | None = None
    chosen: tuple[ChosenReport, ...] = ()

    @property
    def words(self) -> str:
        """What was decided, raw: `accepted: fix, siding with gpt`."""
        return decision_words(self)

    def is_about(self, finding: Finding) -> bool:
        """Whether it holds for a finding with one of its reports: if it chose a side, only for one
        with that side."""
        return bool(chosen_among(finding.reports, self.chosen))


@dataclass(frozen=True)
class Triage:
    """Decisions and notes by fingerprint, and what can be undone and redone, the next action last.

    `history` has every decision; one holds if its action wasn't undone.
    """

    history: Mapping[str, tuple[Decided, ...]] = field(
        default_factory=dict[str, tuple[Decided, ...]]
    )
    undone: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    noted_by: Mapping[str, str] = field(default_factory=dict[str, str])
    undoable: tuple[str, ...] = ()
    redoable: tuple[str, ...] = ()

    def holding(self, fingerprints: Iterable[str]) -> list[Decided]:
        """The decisions about any of these that weren't undone."""
        return [
            decided
            for fingerprint in fingerprints
            for decided in self.history.get(fingerprint, ())
            if decided.action not in self.undone
        ]

    def decided(self, finding: Finding) -> Decided | None:
        """The decision that holds for a finding: the latest about any of its reports."""
        return latest(
            decided for decided in self.holding(finding.fingerprints) if decided.is_about(finding)
        )

    def chosen_part(self, finding: Finding) -> Finding:
        """The finding with only the reports that its decision chose; all of them if it is open."""
        decided = self.decided(finding)
        return narrowed(finding, decided.chosen) if decided else finding

    def verdict(self, finding: Finding) -> Verdict | None:
        """The verdict that holds for a finding; None while it is open."""
        decided = self.decided(finding)
        return decided.decision.verdict if decided else None

    def is_open(self, finding: Finding) -> bool:
        """Whether the finding isn't decided."""
        return self.decided(finding) is None

    def note(self, finding: Finding) -> str:
        """The note on a finding, or ""."""
        return self.notes.get(self._noted(finding), "")

    def note_by(self, finding: Finding) -> str:
        """Who wrote the note on a finding, or ""."""
        return self.noted_by.get(self._noted(finding), "")

    def _noted(self, finding: Finding) -> str:
        return next((name for name in finding.fingerprints if self.notes.get(name)), "")


def decision_words(made: "Decided | DecisionMade") -> str:
    """A decision on one line, raw: `rejected: later until 2026-01-31`."""
    until = f" until {made.until}" if made.until else ""
    names = dict.fromkeys(one.reviewer for one in made.chosen)
    side = f", siding with {' and '.join(names)}" if names else ""
    return f"{made.decision.label}{until}{side}{f', {made.ruling.words}' if made.ruling else ''}"


def latest(decisions: Iterable[Decided]) -> Decided | None:
    """The last of decisions in the order they were written; of equal times, the later written."""
    return max(reversed(list(decisions)), key=lambda decided: decided.at, default=None)


def fold(events: "Iterable[Event]", onto: Triage | None = None) -> Triage:
    """The state after events, `onto` the one before, in linear time; other kinds are skipped."""
    # The events are reached here: an app that shows a change before there is a journal needs none.
    from xreview.domain.events.event import (
        DecisionMade,
        DecisionRedone,
        DecisionUndone,
        FindingRemoved,
        FindingWritten,
        FixApplied,
        FixReverted,
        NoteWritten,
        ProblemMissed,
    )

    before = onto or Triage()
    made: dict[str, list[Decided]] = {}
    undone = set(before.undone)
    notes, noted_by = dict(before.notes), dict(before.noted_by)
    undoable, redoable = dict.fromkeys(before.undoable), dict.fromkeys(before.redoable)
    for event in events:
        match event.payload:
            case DecisionMade(action, subjects, decision, until, ruling, chosen):
                decided = Decided(
                    action, decision, event.session, event.at, event.actor, until, ruling, chosen
                )
                for subject in subjects:
                    if subject not in made:
                        made[subject] = list(before.history.get(subject, ()))
                    made[subject].append(decided)
                _put_last(undoable, action)
                redoable.clear()
            case FindingWritten(action) | FindingRemoved(action) | ProblemMissed(action):
                _put_last(undoable, action)
                redoable.clear()
            case FixApplied(action):  # undone by `FixReverted` only, and never redone
                _put_last(undoable, action)
            case FixReverted(action):
                undoable.pop(action, None)
            case DecisionUndone(action):
                undone.add(action)
                undoable.pop(action, None)
                _put_last(redoable, action)
            case DecisionRedone(action):
                undone.discard(action)
                redoable.pop(action, None)
                _put_last(undoable, action)
            case NoteWritten(subjects, text):
                notes.update(dict.fromkeys(subjects, text))
                noted_by.update(dict.fromkeys(subjects, event.actor))
            case (
                SessionEvent() | FindingEvent() | EscalationEvent() | ConventionEvent()
                | LocalEvent()
            ):  # fmt: skip
                pass
    return Triage(
        {**before.history, **{subject: tuple(decisions) for subject, decisions in made.items()}},
        frozenset(undone),
        notes,
        noted_by,
        tuple(undoable),
        tuple(redoable),
    )


def _put_last(actions: dict[str, None], action: str) -> None:
    actions.pop(action, None)
    actions[action] = None


@cache
def _folded() -> "tuple[type[Payload], ...]":
    from xreview.domain.events import event as kinds

    return (
        kinds.DecisionMade,
        kinds.DecisionUndone,
        kinds.DecisionRedone,
        kinds.NoteWritten,
        kinds.FindingWritten,
        kinds.FindingRemoved,
        kinds.ProblemMissed,
        kinds.FixApplied,
        kinds.FixReverted,
    )


def apply(triage: Triage, event: "Event") -> Triage:
    """The state after one more event: the same object if the event doesn't concern it."""
    return fold((event,), triage) if isinstance(event.payload, _folded()) else triage


def resume(triage: Triage) -> Triage:
    """An earlier state for a new session: decisions hold, undo starts afresh."""
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
    """A state with what was recalled about more fingerprints, which replaces what it had on them.

    So recall a fingerprint before this session decides about it.
    """
    known = {made.action for history in recalled.history.values() for made in history}
    return replace(
        triage,
        history={**triage.history, **recalled.history},
        undone=(triage.undone - known) | recalled.undone,
        notes={**triage.notes, **recalled.notes},
        noted_by={**triage.noted_by, **recalled.noted_by},
    )


def undone_in(events: "Iterable[Event]") -> frozenset[str]:
    """The actions that events, in time, undo and don't redo."""
    from xreview.domain.events.event import (
        DecisionMade,
        DecisionRedone,
        DecisionUndone,
        NoteWritten,
    )

    undone: set[str] = set()
    for event in events:
        match event.payload:
            case DecisionUndone(action):
                undone.add(action)
            case DecisionRedone(action):
                undone.discard(action)
            case (
                DecisionMade() | NoteWritten() | SessionEvent() | FindingEvent()
                | EscalationEvent() | ConventionEvent() | LocalEvent() | PersonEvent()
            ):  # fmt: skip
                pass
    return frozenset(undone)
