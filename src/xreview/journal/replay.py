"""Folding the events of the journal back into what they amount to."""

from collections.abc import Collection, Iterable

from xreview.domain.coverage import CoverageEntry
from xreview.domain.escalation import Escalation, escalations_in
from xreview.domain.events.event import (
    CoverageReceived,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Event,
    NoteWritten,
    OpinionGiven,
    ProposalReceived,
    ProposalTaken,
    ReportReceived,
    StanceTaken,
)
from xreview.domain.proposal import PROPOSAL_EVENTS, Proposal, action_in, proposals_in
from xreview.domain.report import Report
from xreview.domain.state import Triage, fold, restrict, resume
from xreview.journal.store import Journal

_TURNS = (DecisionUndone, DecisionRedone)
_ABOUT_FINDINGS = (DecisionMade, NoteWritten)
_PROPOSED = (ProposalReceived, ProposalTaken)
_DECIDING = (*_ABOUT_FINDINGS, *_TURNS)


def triage_of(journal: Journal, repository: str) -> Triage:
    """What was decided and noted in a repository, over all its sessions. Raises JournalError."""
    return fold(_in_time(journal.events(repository=repository, types=_DECIDING)))


def recall(journal: Journal, repository: str, fingerprints: Collection[str]) -> Triage:
    """What was decided and noted about some findings, as a new session begins with it.

    It costs as much as these findings have events, however long the journal is. Raises
    JournalError.
    """
    made = list(journal.events(repository=repository, types=_ABOUT_FINDINGS, about=fingerprints))
    actions = {event.payload.action for event in made if isinstance(event.payload, DecisionMade)}
    turns = journal.events(repository=repository, types=_TURNS, about=actions)
    return restrict(resume(fold(_in_time([*made, *turns]))), fingerprints)


def session_reports(journal: Journal, session: str) -> tuple[Report, ...]:
    """The reports of a session in the order in which they came. Raises JournalError."""
    return tuple(
        event.payload.report
        for event in journal.events(session=session, types=(ReportReceived,))
        if isinstance(event.payload, ReportReceived)
    )


def stances_of(
    journal: Journal, repository: str, fingerprints: Collection[str]
) -> tuple[StanceTaken, ...]:
    """What models said of some reports, over all sessions, the latest last. Raises JournalError."""
    events = journal.events(repository=repository, types=(StanceTaken,), about=fingerprints)
    return tuple(
        event.payload for event in _in_time(events) if isinstance(event.payload, StanceTaken)
    )


def escalations_of(
    journal: Journal, repository: str, fingerprints: Collection[str]
) -> tuple[Escalation, ...]:
    """The escalations of some findings that hold, with what came back. Raises JournalError."""
    types = (DecisionMade, OpinionGiven, EscalationResolved)
    made = list(journal.events(repository=repository, types=types, about=fingerprints))
    actions = {event.payload.action for event in made if isinstance(event.payload, DecisionMade)}
    turns = journal.events(repository=repository, types=_TURNS, about=actions)
    return escalations_in([*made, *turns])


def proposals_of(
    journal: Journal, repository: str | None, about: Collection[str] | None = None
) -> tuple[Proposal, ...]:
    """What others propose in a repository, and nobody took up yet. Raises JournalError.

    Args:
        repository: None for all of them.
        about: fingerprints of findings; None for all there is.
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
    """The actions that a proposal is of, or that took it up."""
    action = ""
    if isinstance(event.payload, ProposalReceived):
        action = action_in(event.payload)
    elif isinstance(event.payload, ProposalTaken):
        action = event.payload.action
    return (action,) if action else ()


def coverage_of(journal: Journal, session: str) -> tuple[CoverageEntry, ...]:
    """What the reviewers of a session read, as it was last written. Raises JournalError.

    Empty where the session ended before its review did: then nothing is known to be read.
    """
    entries: tuple[CoverageEntry, ...] = ()
    for event in journal.events(session=session, types=(CoverageReceived,)):
        if isinstance(event.payload, CoverageReceived):
            entries = event.payload.entries
    return entries


def _in_time(events: Iterable[Event]) -> list[Event]:
    # Other people's events come in late, so the order of the rows is not that of what happened.
    return sorted(events, key=lambda event: event.at)
