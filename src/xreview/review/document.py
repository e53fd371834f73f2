"""What an export says: out of a running session, or out of the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from xreview import __version__
from xreview.disagreement.find import findings_of
from xreview.disagreement.rank import by_attention
from xreview.domain.author import UNKNOWN_AUTHOR
from xreview.domain.change import ChangeSource
from xreview.domain.coverage import summarise
from xreview.domain.errors import UsageError
from xreview.domain.event import SessionOpened
from xreview.domain.finding import Finding
from xreview.domain.report import Report
from xreview.domain.state import Triage
from xreview.export.base import ExportDocument, ExportEntry, entries_of, exporter
from xreview.export.file import write_file
from xreview.export.prompt import fix_prompt as prompt_for
from xreview.journal.replay import coverage_of, recall, reports_of
from xreview.journal.store import Journal
from xreview.review.opening import now
from xreview.review.snapshot import ReviewSnapshot

LATEST = "latest"


def document_of(snapshot: ReviewSnapshot) -> ExportDocument:
    """What a session amounts to now."""
    return ExportDocument(
        program_version=__version__,
        exported_at=now(),
        source=snapshot.source,
        author=snapshot.author.label,
        reviewers=tuple(reviewer.identity for reviewer in snapshot.reviewers),
        entries=_entries(snapshot),
        coverage=snapshot.coverage_summary,
        gaps=tuple(entry for entry in snapshot.coverage if entry.is_gap),
        is_complete=snapshot.is_complete,
        files=snapshot.files,
    )


def _entries(snapshot: ReviewSnapshot) -> tuple[ExportEntry, ...]:
    seen_at = now()
    return tuple(
        replace(
            entry,
            carried=snapshot.state_of(entry.finding) if snapshot.carried else None,
            session=snapshot.session,
            seen_at=seen_at,
        )
        for entry in entries_of(snapshot.findings, snapshot.triage)
    )


def stored_document(journal_path: Path, repository: str, session: str) -> ExportDocument:
    """What an earlier session amounts to, with the decisions as they hold today.

    Args:
        repository: what events call it. session: an id, its unambiguous beginning, or "latest".

    Raises UsageError where there is no such session, JournalError where the journal can't be read.
    """
    with Journal.open(journal_path) as journal:
        id = _session_id(journal, repository, session)
        at, opened = _opening(journal, id)
        reports = reports_of(journal, id)
        coverage = coverage_of(journal, id)
        return ExportDocument(
            program_version=__version__,
            exported_at=now(),
            source=_source(opened),
            author=UNKNOWN_AUTHOR.label,
            reviewers=opened.reviewers
            or tuple(dict.fromkeys(report.reviewer for report in reports)),
            entries=tuple(
                replace(entry, session=id, seen_at=at)
                for entry in entries_of(_ranked(reports), _decided(journal, repository, reports))
            ),
            coverage=summarise(coverage),
            gaps=tuple(entry for entry in coverage if entry.is_gap),
            is_complete=bool(coverage) and not any(entry.is_gap for entry in coverage),
        )


def fix_prompt(snapshot: ReviewSnapshot, findings: Sequence[Finding]) -> str:
    """Instructions for a coding agent to fix these findings; neutral text."""
    return prompt_for(entries_of(findings, snapshot.triage))


def write_document(snapshot: ReviewSnapshot, format: str, path: Path) -> Path:
    """Write an export to a file and return its absolute path.

    Raises UsageError where the format does not exist or the file can't be written.
    """
    target = path.expanduser().absolute()
    write_file(target, exporter(format).render(document_of(snapshot)))
    return target


def _session_id(journal: Journal, repository: str, wanted: str) -> str:
    sessions = [summary.id for summary in journal.sessions(repository)]
    if not sessions:
        raise UsageError(
            "The journal has no session of this repository.",
            "`xreview-tui review` makes one; `xreview-tui` too.",
        )
    if wanted == LATEST:
        return sessions[0]
    matching = [id for id in sessions if id.startswith(wanted)] if wanted else []
    if len(matching) != 1:
        said = "There is no session" if not matching else "There is more than one session"
        raise UsageError(f"{said} {wanted!r} of this repository.", f"The latest is {sessions[0]}.")
    return matching[0]


def _opening(journal: Journal, session: str) -> tuple[str, SessionOpened]:
    for event in journal.events(session=session, types=(SessionOpened,)):
        if isinstance(event.payload, SessionOpened):
            return event.at, event.payload
    raise UsageError(f"Session {session} does not say what it was about.", "Export another one.")


def _source(opened: SessionOpened) -> ChangeSource:
    return ChangeSource(opened.kind, opened.title, opened.repository_top, opened.base, opened.head)


def _decided(journal: Journal, repository: str, reports: Iterable[Report]) -> Triage:
    return recall(journal, repository, {report.fingerprint for report in reports})


def _ranked(reports: Iterable[Report]) -> list[Finding]:
    by_path: dict[str, list[Report]] = {}
    for report in reports:
        by_path.setdefault(report.anchor.path, []).append(report)
    findings = [finding for group in by_path.values() for finding in findings_of(group)]
    return sorted(findings, key=by_attention)
