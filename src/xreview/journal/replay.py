"""The state that the events of the journal add up to."""

from collections.abc import Collection, Iterable

from xreview.domain.escalation import Escalation, escalations_in
from xreview.domain.events.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Event,
    FixApplied,
    FixDiscarded,
    FixJudged,
    FixReverted,
    FixStarted,
    NoteWritten,
    OpinionGiven,
    ProposalReceived,
    ProposalTaken,
    StanceTaken,
)
from xreview.domain.fixing.state import FixState, fix_state
from xreview.domain.proposal import PROPOSAL_EVENTS, Proposal, action_in, proposals_in
from xreview.domain.state import Triage, fold, restrict, resume
from xreview.domain.viewed import VIEW_EVENTS, digests_viewed
from xreview.journal.store import Journal

_TURNS = (DecisionUndone, DecisionRedone)
_ABOUT_FINDINGS = (DecisionMade, NoteWritten)
_FIXED = (FixJudged, FixApplied)
_WHOLE_FIXES = (FixStarted, FixReverted, FixDiscarded)
_PROPOSED = (ProposalReceived, ProposalTaken)
_DECIDING = (*_ABOUT_FINDINGS, *_TURNS)


def triage_of(journal: Journal, repository: str) -> Triage:
    """The decisions and notes of a repository, over all sessions. Raises JournalError."""
    return fold(_in_time(journal.events(repository=repository, types=_DECIDING)))


def recall(journal: Journal, repository: str, fingerprints: Collection[str]) -> Triage:
    """The decisions and notes about some findings, as a new session starts with them.

    The cost depends on the events of these findings only. Raises JournalError.
    """
    made = list(journal.events(repository=repository, types=_ABOUT_FINDINGS, about=fingerprints))
    actions = {event.payload.action for event in made if isinstance(event.payload, DecisionMade)}
    turns = journal.events(repository=repository, types=_TURNS, about=actions)
    return restrict(resume(fold(_in_time([*made, *turns]))), fingerprints)


def views_of(journal: Journal, repository: str) -> dict[str, str]:
    """The digests of the files viewed in a repository, by path. Raises JournalError."""
    return digests_viewed(_in_time(journal.events(repository=repository, types=VIEW_EVENTS)))


def stances_of(
    journal: Journal, repository: str, fingerprints: Collection[str]
) -> tuple[StanceTaken, ...]:
    """The stances on some reports, over all sessions, the latest last. Raises JournalError."""
    events = journal.events(repository=repository, types=(StanceTaken,), about=fingerprints)
    return tuple(
        event.payload for event in _in_time(events) if isinstance(event.payload, StanceTaken)
    )


def fixes_of(journal: Journal, repository: str, fingerprints: Collection[str]) -> FixState:
    """What fixes did to some findings, over all sessions. Raises JournalError.

    The cost depends on the events of these findings and their fixes only.
    """
    about = list(journal.events(repository=repository, types=_FIXED, about=fingerprints))
    fixes = {one.payload.fix for one in about if isinstance(one.payload, FixJudged | FixApplied)}
    whole = journal.events(repository=repository, types=_WHOLE_FIXES, about=fixes)
    return fix_state(_in_time([*whole, *about]))


def escalations_of(
    journal: Journal, repository: str, fingerprints: Collection[str]
) -> tuple[Escalation, ...]:
    """The escalations of some findings that hold, with their answers. Raises JournalError."""
    types = (DecisionMade, OpinionGiven, EscalationResolved)
    made = list(journal.events(repository=repository, types=types, about=fingerprints))
    actions = {event.payload.action for event in made if isinstance(event.payload, DecisionMade)}
    turns = journal.events(repository=repository, types=_TURNS, about=actions)
    return escalations_in([*made, *turns])


def proposals_of(
    journal: Journal, repository: str | None, about: Collection[str] | None = None
) -> tuple[Proposal, ...]:
    """The open proposals in a repository, or (None) in all. Raises JournalError.

    Args:
        about: only those about these fingerprints; None for all.
    """
    if about is None:
        events = journal.events(repository=repository, types=PROPOSAL_EVENTS)
        return proposals_in(_in_time(events))
    said = [*journal.events(repository=repository, types=_PROPOSED, about=about)]
    actions = {action for event in said for action in _actions_in(event)}
    turns = journal.events(repository=repository, types=(*_PROPOSED, *_TURNS), about=actions)
    known = {event.id for event in said}
    return proposals_in(_in_time([*said, *(turn for turn in turns if turn.id not in known)]))


def _actions_in(event: Event) -> tuple[str, ...]:
    """The action of a proposed decision, or the one that adopted a proposal."""
    action = ""
    if isinstance(event.payload, ProposalReceived):
        action = action_in(event.payload)
    elif isinstance(event.payload, ProposalTaken):
        action = event.payload.action
    return (action,) if action else ()


def _in_time(events: Iterable[Event]) -> list[Event]:
    # Other people's events arrive late, so rows aren't in the order of time.
    return sorted(events, key=lambda event: event.at)
