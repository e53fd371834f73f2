"""What an export says, out of the journal's events: the same whoever asks, and when.

The app and `xreview-tui export` both make their documents by `stored_document`. Only where there is
no journal to read is it made of what is in memory, by `document_of`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xreview import __version__
from xreview.disagreement.rank import by_attention
from xreview.domain.authorship.author import Attribution
from xreview.domain.errors import UsageError
from xreview.domain.escalation import Escalation, Opinion, Outcome
from xreview.domain.events.carried import CarriedState
from xreview.domain.finding import Finding
from xreview.domain.proposal import Proposal, by_subject
from xreview.domain.state import Triage
from xreview.export.base import ExportDocument, ExportEntry, ExportSession
from xreview.export.prompt import fix_prompt
from xreview.journal.replay import escalations_of, proposals_of, recall
from xreview.journal.store import Journal
from xreview.review.past.precedents import NO_PRECEDENTS, Precedents
from xreview.review.record.recorded import RecordedSession, recorded_in, recorded_now
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.review.session.surroundings import now

LATEST = "latest"
ALL = "all"


def stored_document(
    journal_path: Path, repository: str, sessions: Sequence[str] = (LATEST,), *, user: str = ""
) -> ExportDocument:
    """What sessions amount to, with the decisions as they hold today.

    A finding that several of them saw is in it once, as it was seen last. What a later one of them
    found to be gone is `fixed`.

    Args:
        repository: what events call it.
        sessions: ids, their unambiguous beginnings, "latest"; or "all" alone.
        user: who exports, as events name them: notes of anybody else are marked as theirs.

    Raises UsageError where there is no such session, JournalError where the journal can't be read.
    """
    with Journal.open(journal_path) as journal:
        ids = _session_ids(journal, repository, sessions)
        return document_in(journal, repository, ids, user=user)


def document_in(
    journal: Journal, repository: str, ids: Iterable[str], *, user: str = ""
) -> ExportDocument:
    """The document of sessions by their ids, the newest first; at least one that was opened.

    `user` as in `stored_document`. Raises JournalError.
    """
    recorded = [one for id in ids if (one := recorded_in(journal.events(session=id))) is not None]
    names = {name for one in recorded for name in one.seen}
    triage = recall(journal, repository, names)
    proposals = by_subject(proposals_of(journal, repository, names))
    escalations = escalations_of(journal, repository, names)
    return _document(recorded, triage, escalations, proposals, user)


def document_of(snapshot: ReviewSnapshot) -> ExportDocument:
    """What a session amounts to by what is in memory now.

    What came back for escalated findings is not in it: only the journal knows that.
    """
    recorded = [recorded_now(snapshot, now())]
    proposals = {
        name: snapshot.proposed(finding)
        for finding in snapshot.findings
        for name in finding.fingerprints
    }
    return _document(recorded, snapshot.triage, (), proposals, snapshot.actor)


def session_fix_prompt(
    snapshot: ReviewSnapshot,
    findings: Sequence[Finding],
    precedents: Precedents = NO_PRECEDENTS,
) -> str:
    """Instructions for a coding agent to fix these findings; neutral text.

    Args:
        precedents: opinions and answers, as far as they were read.
    """
    triage, attribution = snapshot.triage, snapshot.attribution or Attribution(snapshot.author)
    about = ExportSession(
        snapshot.session, "", "", snapshot.source, snapshot.author, families=attribution.families
    )
    return fix_prompt(
        [
            ExportEntry(
                finding,
                triage.decided(finding),
                triage.note(finding),
                note_by="" if (by := triage.note_by(finding)) == snapshot.actor else by,
                same_family=about.same_family_in(finding),
                author_family=about.family_of(finding.anchor.path),
                opinions=tuple(map(Opinion, precedents.opinions_on(finding, triage))),
                outcomes=tuple(map(Outcome, precedents.outcomes_on(finding, triage))),
            )
            for finding in findings
        ]
    )


def _document(
    recorded: Sequence[RecordedSession],
    triage: Triage,
    escalations: Sequence[Escalation],
    proposals: Mapping[str, tuple[Proposal, ...]],
    user: str,
) -> ExportDocument:
    """The document of sessions, the newest first."""
    return ExportDocument(
        __version__,
        tuple(one.about for one in recorded),
        tuple(sorted(_entries(recorded, triage, escalations, proposals, user), key=_order)),
    )


def _entries(
    recorded: Iterable[RecordedSession],
    triage: Triage,
    escalations: Sequence[Escalation],
    proposals: Mapping[str, tuple[Proposal, ...]],
    user: str,
) -> Iterable[ExportEntry]:
    told: set[str] = set()
    fixed: set[str] = set()
    for one in recorded:
        for entry in one.entries(triage, escalations, proposals, user):
            names = entry.finding.fingerprints
            if told.isdisjoint(names):
                is_gone = fixed.issuperset(names)
                yield replace(entry, carried=CarriedState.FIXED) if is_gone else entry
        told |= one.told
        fixed |= one.fixed


def _order(entry: ExportEntry) -> tuple[bool, tuple[bool, bool, int, int, int, str, int]]:
    return entry.is_gone, by_attention(entry.finding)


def _session_ids(journal: Journal, repository: str, wanted: Sequence[str]) -> list[str]:
    """The ids that are meant, the newest first."""
    known = [summary.id for summary in journal.sessions(repository)]
    if not known:
        raise UsageError(
            "The journal has no session of this repository.",
            "`xreview-tui review` makes one; `xreview-tui` too.",
        )
    if ALL in wanted:
        if set(wanted) != {ALL}:
            raise UsageError("All sessions are wanted, and others too.", "Name the ones, or `all`.")
        return known
    chosen = {_session_id(known, word) for word in wanted}
    return [id for id in known if id in chosen]


def _session_id(known: Sequence[str], wanted: str) -> str:
    if wanted == LATEST:
        return known[0]
    matching = [id for id in known if id.startswith(wanted)] if wanted else []
    if len(matching) != 1:
        said = "There is no session" if not matching else "There is more than one session"
        raise UsageError(f"{said} {wanted!r} of this repository.", f"The latest is {known[0]}.")
    return matching[0]
