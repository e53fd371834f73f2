"""Collects what a description is made of, for a change and the sessions that reviewed it."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from xreview import __version__
from xreview.domain.change import ChangeSource
from xreview.domain.changed_file import ChangedFile, changed_file
from xreview.domain.events.event import ChangeCollected, SessionOpened
from xreview.domain.record import replace
from xreview.export.document import ExportDocument, ExportSession
from xreview.journal.queries import SessionSummary
from xreview.journal.store import Journal
from xreview.repo.repository import Repository
from xreview.review.briefing.basis import BriefBasis, brief_record, heavy_files
from xreview.review.pulls.original import original_of
from xreview.review.record.document import document_in
from xreview.review.session.whole_change import WholeChange

_MOST_SESSIONS = 60
"""Sessions that are compared with a change, the newest first."""
_MOST_MESSAGES = 100
_TRAILER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,60}:\s+\S")


def basis_of_change(change: WholeChange, journal: Path, user: str) -> BriefBasis:
    """What there is to say about a change, with its latest session if it was reviewed.

    Blocks on git and the journal. Raises ChangeError, JournalError.
    """
    files = tuple(map(changed_file, change.files))
    source, pull = change.source, change.collected.pull
    messages = messages_of(change.repository, source) if change.repository else ()
    unreviewed = ExportDocument(__version__, (ExportSession("", "", "", source, files=files),), ())
    basis = BriefBasis(unreviewed, files, messages)
    if pull is not None:
        basis = replace(basis, title=pull.title, original=original_of(pull, journal))
    if not journal.exists():
        return basis
    with Journal.open(journal) as opened:
        ids = sessions_of(opened, change.repository_name, source, files)
        return with_sessions(basis, opened, ids, user) if ids else basis


def basis_of_session(
    journal: Journal, summary: SessionSummary, repository: Repository | None, user: str
) -> BriefBasis:
    """What there is to say about a recorded session. `repository` is the one that it reviewed, if
    that is at hand. Raises ChangeError, JournalError."""
    document = document_in(journal, summary.repository, [summary.id], user=user)
    basis = BriefBasis(document, document.latest.files)
    if repository is not None:
        basis = replace(basis, messages=messages_of(repository, document.latest.source))
    return with_sessions(basis, journal, [summary.id], user)


def with_sessions(basis: BriefBasis, journal: Journal, ids: Sequence[str], user: str) -> BriefBasis:
    """The basis with what sessions of its change recorded, the newest first.

    Raises JournalError.
    """
    events = [event for id in reversed(ids) for event in journal.events(session=id)]
    repository = next((event.repository for event in events), "")
    document = document_in(journal, repository, ids[:1], user=user)
    record = brief_record(events)
    return replace(
        basis,
        document=document,
        heavy=heavy_files(record.weighed, document.entries),
        answers=record.answers,
        checks=record.checks,
    )


def sessions_of(
    journal: Journal, repository: str, source: ChangeSource, files: Sequence[ChangedFile]
) -> tuple[str, ...]:
    """The ids of the sessions that reviewed a change, the newest first.

    They had the same sides or pull request, else the same files since the same commit, as after a
    review of what was then committed.
    """
    digest = _paths_digest(files)
    exact: list[str] = []
    alike: list[str] = []
    for summary in journal.sessions(repository)[:_MOST_SESSIONS]:
        if summary.is_of_attempt and not source.is_attempt:
            continue
        opened, collected = _beginning(journal, summary.id)
        if opened is None:
            continue
        is_pull = bool(source.pull) and opened.pull == source.pull
        is_side = opened.head is not None and opened.head == source.head
        if is_pull or (is_side and opened.base == source.base):
            exact.append(summary.id)
            continue
        is_near = opened.base == source.base or opened.title == source.title
        if is_near and files and collected is not None and collected.paths_digest == digest:
            alike.append(summary.id)
    return tuple(exact or alike)


def _beginning(
    journal: Journal, session: str
) -> tuple[SessionOpened | None, ChangeCollected | None]:
    opened: SessionOpened | None = None
    collected: ChangeCollected | None = None
    for event in journal.events(session=session, types=(SessionOpened, ChangeCollected)):
        if isinstance(event.payload, SessionOpened):
            opened = event.payload
        elif isinstance(event.payload, ChangeCollected):
            collected = event.payload
    return opened, collected


def _paths_digest(files: Iterable[ChangedFile]) -> str:
    paths = "\0".join(file.path for file in files)
    return hashlib.sha256(paths.encode("utf-8", "surrogatepass")).hexdigest()


def messages_of(repository: Repository, source: ChangeSource) -> tuple[str, ...]:
    """The messages of a change's commits without trailers, the oldest first. Raises ChangeError."""
    from xreview.repo.change.history import commits_of

    commits = commits_of(repository, source, _MOST_MESSAGES)
    return tuple(without_trailers(one.message) for one in reversed(commits))


def without_trailers(message: str) -> str:
    """A commit message without the `Key: value` lines at its end (git-interpret-trailers(1))."""
    paragraphs = re.split(r"\n[ \t]*\n", message.strip())
    last = paragraphs[-1].split("\n")
    if len(paragraphs) > 1 and all(_TRAILER.match(one) or one[:1].isspace() for one in last):
        paragraphs.pop()
    return "\n\n".join(paragraphs)
