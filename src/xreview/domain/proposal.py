"""What others propose about findings, folded from events: shown, but it counts for nothing."""

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from xreview.domain.events.event import (
    ConventionRemoved,
    ConventionWritten,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Event,
    NoteWritten,
    ProposalReceived,
    ProposalTaken,
)
from xreview.domain.events.payload import (
    AttemptEvent,
    AuthorEvent,
    ConventionEvent,
    EscalationEvent,
    FindingEvent,
    FixEvent,
    OutcomeEvent,
    PersonEvent,
    PullEvent,
    SessionEvent,
    TriageEvent,
    UpkeepEvent,
)
from xreview.domain.events.shared_event import event_in
from xreview.domain.record import dataclass
from xreview.domain.state import decision_words, undone_in

Proposed = DecisionMade | NoteWritten | ConventionWritten | EscalationResolved
"""What can be shown as a proposal."""

Proposable = Proposed | DecisionUndone | DecisionRedone | ConventionRemoved

PROPOSABLE: tuple[type[Proposable], ...] = get_args(Proposable)
"""The kinds of event that are kept as proposals."""

PROPOSAL_EVENTS = (ProposalReceived, ProposalTaken, DecisionUndone, DecisionRedone)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal, with the id of the proposed event, and the claimed actor and time, which
    nothing proves.

    `about` is the finding's place and title, as the sender has it. `why` says why it doesn't count.
    """

    id: str
    by: str
    at: str
    payload: Proposed
    about: str = ""
    why: str = ""

    @property
    def who(self) -> str:
        """The name without the address."""
        return self.by.partition(" <")[0] or self.by

    @property
    def words(self) -> str:
        """What is proposed, on one line, raw: `rejected: intended`."""
        match self.payload:
            case DecisionMade():
                return decision_words(self.payload)
            case NoteWritten(_, text):
                return f"note “{' '.join(text.split())}”"
            case ConventionWritten(_, sentence):
                return f"convention “{' '.join(sentence.split())}”"
            case EscalationResolved(_, _, outcome):
                return f"answer “{' '.join(outcome.split())}”"


def proposals_in(events: Iterable[Event]) -> tuple[Proposal, ...]:
    """The open proposals in `PROPOSAL_EVENTS`, in the order of their claimed times: not those taken
    up by an action that holds, or withdrawn by their sender."""
    known = list(events)
    received: list[_Received] = []
    taken: dict[str, set[str]] = {}
    for event in known:
        match event.payload:
            case ProposalReceived():
                if (found := _event_in(event.payload)) is not None:
                    received.append(found)
            case ProposalTaken(action, proposals):
                for proposal in proposals:
                    taken.setdefault(proposal, set()).add(action)
            case (
                SessionEvent() | FindingEvent() | TriageEvent() | EscalationEvent()
                | ConventionEvent() | AuthorEvent() | UpkeepEvent() | PersonEvent() | FixEvent()
                | PullEvent() | AttemptEvent() | OutcomeEvent()
            ):  # fmt: skip
                pass
    undone = undone_in(known)
    gone = {id for id, actions in taken.items() if not actions <= undone}
    return tuple(one for one in _open(received) if one.id not in gone)


@dataclass(frozen=True, slots=True)
class _Received:
    wrapped: ProposalReceived
    event: Event
    payload: Proposable


def _event_in(wrapped: ProposalReceived) -> _Received | None:
    try:
        event = event_in(wrapped.proposed)
    except ValueError:
        return None  # written by another version: it was valid when it was received
    if event is None or not isinstance(event.payload, Proposable):
        return None
    return _Received(wrapped, event, event.payload)


def action_in(wrapped: ProposalReceived) -> str:
    """The action of a proposed decision, with which its sender can undo it; else ""."""
    received = _event_in(wrapped)
    if received is None or not isinstance(received.payload, DecisionMade):
        return ""
    return received.payload.action


def _open(received: Iterable[_Received]) -> Iterator[Proposal]:
    """The proposals that their sender hasn't withdrawn or replaced since."""
    found: dict[tuple[str, str], list[Proposal]] = {}
    undone: set[tuple[str, str]] = set()
    for one in sorted(received, key=lambda one: (one.event.at, one.event.id)):
        by = one.event.actor
        match payload := one.payload:
            case DecisionMade(action):
                found.setdefault((by, action), []).append(_proposal(one, payload))
            case DecisionUndone(action):
                undone.add((by, action))
            case DecisionRedone(action):
                undone.discard((by, action))
            case NoteWritten(subjects, text):
                key = (by, f"note {' '.join(sorted(subjects))}")
                found[key] = [_proposal(one, payload)] if text else []
            case ConventionWritten(id):
                found[by, f"convention {id}"] = [_proposal(one, payload)]
            case ConventionRemoved(id):
                found.pop((by, f"convention {id}"), None)
            case EscalationResolved():
                found[by, one.event.id] = [_proposal(one, payload)]
    for key, proposals in found.items():
        if key not in undone:
            yield from proposals


def _proposal(one: _Received, payload: Proposed) -> Proposal:
    event, wrapped = one.event, one.wrapped
    return Proposal(event.id, event.actor, event.at, payload, wrapped.about, wrapped.why)


def decision_in(proposals: Iterable[Proposal]) -> DecisionMade | None:
    """The decision proposed last, if any."""
    made = [one.payload for one in proposals if isinstance(one.payload, DecisionMade)]
    return made[-1] if made else None


def is_same(proposed: Proposed, wanted: DecisionMade) -> bool:
    """Whether a proposal is this decision, regardless of its maker."""
    if not isinstance(proposed, DecisionMade):
        return False
    return proposed.chosen == wanted.chosen and (
        (proposed.decision, proposed.until) == (wanted.decision, wanted.until)
    )


def taken_up(action: str, proposals: Iterable[Proposal]) -> tuple[ProposalTaken, ...]:
    """The event that records which proposals an action takes up, if any."""
    taken = tuple(proposals)
    if not taken:
        return ()
    subjects = dict.fromkeys(name for one in taken for name in one.payload.subjects)
    return (ProposalTaken(action, tuple(one.id for one in taken), tuple(subjects)),)


def taken_in(events: Iterable[Event]) -> Mapping[str, str]:
    """The action that took up each proposal, by the proposal's id."""
    return {
        proposal: event.payload.action
        for event in events
        if isinstance(event.payload, ProposalTaken)
        for proposal in event.payload.proposals
    }


def by_subject(proposals: Iterable[Proposal]) -> Mapping[str, tuple[Proposal, ...]]:
    """The proposals by the fingerprints they are about."""
    found: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        for subject in proposal.payload.subjects:
            found.setdefault(subject, []).append(proposal)
    return {subject: tuple(about) for subject, about in found.items()}


def proposed_about(
    proposals: Mapping[str, tuple[Proposal, ...]], fingerprints: Iterable[str]
) -> tuple[Proposal, ...]:
    """The proposals about any of these, each once."""
    found = {one.id: one for name in fingerprints for one in proposals.get(name, ())}
    return tuple(found.values())
