"""What an export says, from the journal: the same for the app and the command line.

Only if there is no journal to read is it made from memory, by `document_of`.
"""

import asyncio
from collections.abc import Hashable, Iterable, Iterator, Sequence
from pathlib import Path

from xreview import __version__
from xreview.disagreement.repeats import joined, repeats_in
from xreview.domain.attempt.takes import TAKE_EVENTS, HeldTake, takes_in
from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.evidence_sentences import names_attempts
from xreview.domain.errors import JournalError, UsageError
from xreview.domain.escalation import Opinion, Outcome
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.event import AftermathSeen, DecisionRedone, DecisionUndone
from xreview.domain.events.pull_events import seen_thread
from xreview.domain.finding import Finding
from xreview.domain.proposal import by_subject
from xreview.domain.record import dataclass, replace
from xreview.domain.state import undone_in
from xreview.export.document import ExportDocument, ExportEntry, ExportSession, in_reading_order
from xreview.export.prompt import fix_prompt
from xreview.journal.replay import escalations_of, fixes_of, proposals_of, recall
from xreview.journal.store import Journal
from xreview.review.past.precedents import NO_PRECEDENTS, Precedents
from xreview.review.record.session_account import handling_of, recorded_account
from xreview.review.record.session_record import (
    KnownOfFindings,
    RecordedSession,
    recorded_in,
    recorded_now,
)
from xreview.review.session.session import ReviewSession
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.review.session.surroundings import now

LATEST = "latest"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Exportable:
    """A document of the running session; `trouble` says why it isn't what the journal holds."""

    document: ExportDocument
    trouble: str = ""


async def exportable(session: ReviewSession, journal: Path) -> Exportable:
    """The document of the running session, after writing what waits for the journal.

    If the journal can't be used, it is made from memory.
    """
    snapshot = session.snapshot
    try:
        await session.save_now()
        document = await asyncio.to_thread(
            stored_document, journal, session.repository, [snapshot.session], user=snapshot.actor
        )
    except JournalError as error:
        return Exportable(document_of(session.snapshot), f"Not from the journal: {error}")
    return Exportable(replace(document, related=snapshot.related.places, said=snapshot.said))


def stored_document(
    journal_path: Path, repository: str, sessions: Sequence[str] = (LATEST,), *, user: str = ""
) -> ExportDocument:
    """The document of sessions in the journal, with today's decisions.

    A finding that several of them saw is in it once, as it was last seen; one that a later session
    found to be gone is `fixed`.

    Args:
        sessions: ids, unambiguous beginnings of ids, "latest"; or "all" alone. The last two leave
            out the reviews of attempts, which must be named.
        user: who exports: notes of anyone else are marked as theirs.

    Raises UsageError if a session isn't found, JournalError.
    """
    with Journal.open(journal_path) as journal:
        ids = _session_ids(journal, repository, sessions)
        return document_in(journal, repository, ids, user=user)


def document_in(
    journal: Journal, repository: str, ids: Iterable[str], *, user: str = ""
) -> ExportDocument:
    """The document of sessions by id, the newest first; at least one of them was opened.

    `user` as in `stored_document`. Raises JournalError.
    """
    recorded = [one for id in ids if (one := recorded_in(journal.events(session=id))) is not None]
    takes = takes_in(journal.events(repository=repository, types=TAKE_EVENTS))
    recorded = [_with_takes(one, takes) for one in recorded]
    names = {name for one in recorded for name in one.seen}
    known = KnownOfFindings(
        recall(journal, repository, names),
        escalations_of(journal, repository, names),
        by_subject(proposals_of(journal, repository, names)),
        fixes_of(journal, repository, {name for one in recorded for name in one.identities}),
        _undone(journal, repository, recorded),
        [
            event.payload
            for event in journal.events(repository=repository, types=(AftermathSeen,))
            if isinstance(event.payload, AftermathSeen)
        ],
    )
    return _document(recorded, known, user)


def _undone(
    journal: Journal, repository: str, recorded: Iterable[RecordedSession]
) -> frozenset[str]:
    """Which of the problems recorded as missed don't hold: another session can undo that."""
    actions = {missed.action for one in recorded for missed in one.facts.missed or ()}
    turns = journal.events(
        repository=repository, types=(DecisionUndone, DecisionRedone), about=actions
    )
    return undone_in(sorted(turns, key=lambda event: event.at))


def _with_takes(recorded: RecordedSession, takes: Sequence[HeldTake]) -> RecordedSession:
    """A session with what of its change was taken from attempts before it began."""
    about = recorded.about
    if not names_attempts(about.author.evidence):
        return recorded
    paths = {path for file in about.files for path in (file.path, file.old_path)}
    before = (one for one in takes if one.at <= about.opened_at)
    held = tuple(one for one in before if not paths.isdisjoint(one.taken.paths))
    return replace(recorded, about=replace(about, taken=held))


def document_of(snapshot: ReviewSnapshot) -> ExportDocument:
    """The document of a session in memory, without answers to escalations: those are only in the
    journal."""
    proposals = {
        name: snapshot.proposed(finding)
        for finding in snapshot.findings
        for name in finding.fingerprints
    }
    recorded = [recorded_now(snapshot, now())]
    known = KnownOfFindings(snapshot.triage, (), proposals, snapshot.fixes)
    document = _document(recorded, known, snapshot.actor)
    return replace(document, related=snapshot.related.places)


def session_fix_prompt(
    snapshot: ReviewSnapshot, findings: Sequence[Finding], precedents: Precedents = NO_PRECEDENTS
) -> str:
    """Instructions for a coding agent to fix these findings; neutral text."""
    return fix_prompt(session_entries(snapshot, findings, precedents))


def session_entries(
    snapshot: ReviewSnapshot, findings: Sequence[Finding], precedents: Precedents = NO_PRECEDENTS
) -> tuple[ExportEntry, ...]:
    """What is known and decided about these findings in the running session."""
    triage, attribution = snapshot.triage, snapshot.attribution or Attribution(snapshot.author)
    about = ExportSession(
        snapshot.session, "", "", snapshot.source, snapshot.author, families=attribution.families
    )
    return tuple(
        ExportEntry(
            finding,
            triage.decided(finding),
            triage.note(finding),
            note_by="" if (by := triage.note_by(finding)) == snapshot.actor else by,
            same_family=about.same_family_in(finding),
            author_family=about.family_of(finding.anchor.path),
            opinions=tuple(map(Opinion, precedents.opinions_on(finding, triage))),
            outcomes=tuple(map(Outcome, precedents.outcomes_on(finding, triage))),
            fix=snapshot.fix_of(finding),
            threads=tuple(map(seen_thread, snapshot.threads_of(finding))),
        )
        for finding in map(triage.chosen_part, findings)
    )


def _document(
    recorded: Sequence[RecordedSession], known: KnownOfFindings, user: str
) -> ExportDocument:
    """The document of sessions, the newest first."""
    entries = _joined(list(_entries(recorded, known, user)))
    sessions = tuple(
        replace(one.about, session_account=recorded_account(one, known)) for one in recorded
    )
    return ExportDocument(__version__, sessions, in_reading_order(entries))


def _entries(
    recorded: Iterable[RecordedSession], known: KnownOfFindings, user: str
) -> Iterator[ExportEntry]:
    told: set[str] = set()
    fixed: set[str] = set()
    for one in recorded:
        for entry in one.entries(known, user):
            names = entry.finding.fingerprints
            if told.isdisjoint(names):
                is_gone = fixed.issuperset(names)
                yield replace(entry, carried=CarriedState.FIXED) if is_gone else entry
        told |= one.identities
        fixed |= one.fixed


def _joined(entries: Sequence[ExportEntry]) -> Iterator[ExportEntry]:
    """The entries with the places of a rule as one. Only now, since another session can have seen
    other places."""
    by_finding = {id(entry.finding): entry for entry in entries}

    def handling(finding: Finding) -> Hashable:
        return handling_of(by_finding[id(finding)])

    for together in repeats_in((entry.finding for entry in entries), handling):
        alike = [by_finding[id(finding)] for finding in together]
        seen_at = max(entry.seen_at for entry in alike)
        level = max((one.attention for one in alike if one.attention is not None), default=None)
        yield replace(alike[0], finding=joined(together), seen_at=seen_at, attention=level)


def _session_ids(journal: Journal, repository: str, wanted: Sequence[str]) -> list[str]:
    """The ids that are meant, the newest first."""
    known = journal.sessions(repository)
    own = [summary.id for summary in known if not summary.is_of_attempt]
    if not own and (not known or {LATEST, ALL}.intersection(wanted)):
        raise UsageError(
            "The journal has no session of this repository.",
            "Run `xreview-tui` or `xreview-tui review` first.",
        )
    if ALL in wanted:
        if set(wanted) != {ALL}:
            raise UsageError("`all` can't be combined with other sessions.", "Name it alone.")
        return own
    ids = [summary.id for summary in known]
    chosen = {own[0] if word == LATEST else _session_id(ids, word) for word in wanted}
    return [id for id in ids if id in chosen]


def _session_id(known: Sequence[str], wanted: str) -> str:
    matching = [id for id in known if id.startswith(wanted)] if wanted else []
    if len(matching) != 1:
        said = "Several sessions match" if matching else "No session matches"
        raise UsageError(f"{said} {wanted!r}.", f"The latest is {known[0]}.")
    return matching[0]
