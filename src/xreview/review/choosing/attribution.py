"""Finds out who wrote a change: gathers traces, then weighs them with the user's answer.

Gathering reads git and, for uncommitted code, transcripts of coding agents on this machine. At its
deadline it stops and reports what it skipped.
"""

import os
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.domain.authorship.author import Attribution, Evidence
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.authorship.weighing import weigh
from xreview.domain.change import ChangeKind, ChangeSource, FileDiff
from xreview.domain.errors import JournalError
from xreview.domain.events.event import AuthorAnswered, AuthorForgotten, Event
from xreview.domain.events.payload import (
    AttemptEvent,
    ConventionEvent,
    EscalationEvent,
    FindingEvent,
    FixEvent,
    OutcomeEvent,
    PersonEvent,
    ProposalEvent,
    PullEvent,
    SessionEvent,
    TriageEvent,
    UpkeepEvent,
)
from xreview.domain.pull.pull import Pull
from xreview.domain.record import dataclass, field, replace
from xreview.domain.text import count_of
from xreview.journal.store import Journal
from xreview.repo.attribution.attempt_writers import writers_evidence
from xreview.repo.change.attempt_files import AttemptFiles
from xreview.repo.repository import Repository

if TYPE_CHECKING:  # the search for sessions is read when it begins
    from xreview.domain.attempt.takes import HeldTake
    from xreview.repo.attribution.sessions.search import SessionsFound

OPTION = "--author"
NOT_READ = "Transcripts of coding agents were not read: `read_sessions` is off."
OUTSIDE_REPOSITORY = "Outside a repository, a patch has no commits to identify its author."

MOST_LINES = 50_000
"""Lines of the diff to search transcripts for: each costs an object and a hash."""

_UNCOMMITTED = (ChangeKind.WORKTREE, ChangeKind.STAGED)


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """The latest answer for a branch, and its day (ISO 8601)."""

    answer: AuthorAnswer
    day: str


@dataclass(frozen=True)
class Traces:
    """The evidence of a change's author, not weighed yet.

    Args:
        evidence: everything but the user's answer.
        changed_lines: added lines by commit and path, for `weigh`.
        branch: the current branch, or the pull request's URL, for which answers are kept; "" for
            none.
    """

    evidence: tuple[Evidence, ...] = ()
    changed_lines: Mapping[str, Mapping[str, int]] = field(
        default_factory=dict[str, Mapping[str, int]]
    )
    notices: tuple[str, ...] = ()
    branch: str = ""
    remembered: RememberedAnswer | None = None

    @property
    def was_asked(self) -> bool:
        """Whether the user has answered for this branch, even with "unknown"."""
        return self.remembered is not None


@dataclass(frozen=True, slots=True)
class Gathering:
    """How to look for traces: for how many seconds, whether in transcripts of coding agents, where
    `environ` says they are; the journal holds earlier answers."""

    journal: Path
    seconds: float
    read_sessions: bool = True
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


def gather_traces(
    repository: Repository | None,
    source: ChangeSource,
    files: Sequence[FileDiff],
    how: Gathering,
    pull: Pull | None = None,
) -> Traces:
    """Look for traces of the author. Blocks for up to `how.seconds` and one more step.

    Raises ChangeError if git fails.
    """
    if pull is not None:
        from xreview.repo.attribution.pull_evidence import pull_evidence

        of_pull = pull_evidence(pull)
    else:
        of_pull = ()
    if repository is None:
        added = {"": {file.path: file.added for file in files}}
        return Traces(of_pull, added, () if pull else (OUTSIDE_REPOSITORY,), source.pull)
    from xreview.repo.attribution.gathering import evidence_in
    from xreview.review.choosing.taken_attempts import takes_of

    deadline = time.monotonic() + how.seconds
    # What is checked out has nothing to do with the author of a pull request.
    branch = source.pull or repository.branch
    notices: list[str] = []
    takes: Sequence[HeldTake] = ()
    try:
        remembered = remembered_answer(how.journal, repository.identity, branch)
        takes = takes_of(how.journal, repository.identity)
    except JournalError as error:
        remembered = None
        notices.append(str(error))
    committed = evidence_in(repository, source, deadline)
    evidence = [*committed.evidence, *of_pull]
    changed = dict(committed.changed_lines)
    notices += committed.notices
    if takes:
        evidence += _attempts(repository, source, files, takes, changed, deadline)
    if source.head is None and source.kind is not ChangeKind.PATCH:
        found = _sessions(repository, source, files, how, deadline)
        evidence += found.evidence
        notices += found.notices
        changed[""] = _uncommitted(source, files, changed, evidence)
    return Traces(tuple(evidence), changed, tuple(notices), branch, remembered)


def attempt_traces(attempt: AttemptFiles, files: Sequence[FileDiff]) -> Traces:
    """Who wrote an attempt: nothing is searched, and no answer about the user's branch counts."""
    added = {"": {file.path: file.added for file in files}}
    return Traces(writers_evidence(attempt, files), added)


def attribution_of(
    traces: Traces, files: Sequence[FileDiff], said: AuthorAnswer | None = None
) -> Attribution:
    """Weigh the traces and the user's answer: `said` in this run, else the remembered one."""
    evidence = list(traces.evidence)
    if said is not None:
        evidence.append(said.evidence(f"{OPTION} {said.label}"))
    elif traces.remembered is not None and traces.remembered.answer.vendor:
        where = f"for the branch {traces.branch}" if traces.branch else "without a branch"
        evidence.append(
            traces.remembered.answer.evidence(f"you said so on {traces.remembered.day} {where}")
        )
    paths = {file.path for file in files}
    changed = traces.changed_lines or {"": {file.path: file.added for file in files}}
    return replace(weigh(evidence, changed, paths), notices=traces.notices)


def _attempts(
    repository: Repository,
    source: ChangeSource,
    files: Sequence[FileDiff],
    takes: "Sequence[HeldTake]",
    changed: Mapping[str, Mapping[str, int]],
    deadline: float,
) -> list[Evidence]:
    from xreview.repo.attribution.attempt_lines import attempt_evidence, committed_attempt_evidence
    from xreview.repo.attribution.base import Deadline
    from xreview.repo.attribution.sessions.scoring import added_lines_by_file
    from xreview.review.choosing.taken_attempts import taken_from

    taken, until = tuple(taken_from(takes)), Deadline(deadline, time.monotonic)
    found = list(committed_attempt_evidence(repository, source, taken, changed, until))
    if source.head is None and source.kind is not ChangeKind.PATCH:
        looked_at, _ = _first_lines(files)
        found += attempt_evidence(taken, added_lines_by_file(looked_at))
    return found


def _sessions(
    repository: Repository,
    source: ChangeSource,
    files: Sequence[FileDiff],
    how: Gathering,
    deadline: float,
) -> "SessionsFound":
    from xreview.repo.attribution.sessions.scoring import added_lines_by_file
    from xreview.repo.attribution.sessions.search import SessionsFound, session_evidence

    if repository.top is None:
        return SessionsFound()
    if not how.read_sessions:
        return SessionsFound(notices=(NOT_READ,))
    looked_at, left_out = _first_lines(files)
    since = _since(repository, source)
    found = session_evidence(
        repository.top, added_lines_by_file(looked_at), since, how.environ, deadline
    )
    if not left_out:
        return found
    notice = f"Local agent sessions were not searched for {count_of(left_out, 'file')}: "
    return replace(found, notices=(*found.notices, f"{notice}the change is too large."))


def _first_lines(files: Sequence[FileDiff]) -> tuple[list[FileDiff], int]:
    """The first files with `MOST_LINES` lines at most, and how many were skipped."""
    rows = 0
    kept: list[FileDiff] = []
    for file in files:
        if rows + file.row_count <= MOST_LINES:
            kept.append(file)
            rows += file.row_count
    return kept, len(files) - len(kept)


def _since(repository: Repository, source: ChangeSource) -> datetime:
    """The earliest start of the change: the time of the commit it is compared with."""
    from xreview.repo.change.history import commits_of

    begin = datetime.fromtimestamp(0, UTC)
    if source.base is None:
        return begin
    of_base = replace(source, kind=ChangeKind.COMMIT, head=source.base)
    details = commits_of(repository, of_base, 1)
    at = details[0].committer.at if details else None
    return at or begin


def _uncommitted(
    source: ChangeSource,
    files: Sequence[FileDiff],
    changed: Mapping[str, Mapping[str, int]],
    evidence: Sequence[Evidence],
) -> dict[str, int]:
    """Added lines that no commit of the change contains, by path.

    An estimate for a worktree compared with a branch: the lines that the commits didn't add, and at
    least those that a session wrote.
    """
    added = {file.path: file.added for file in files}
    if source.kind in _UNCOMMITTED:
        return added
    for paths in changed.values():
        for path, lines in paths.items():
            if path in added:
                added[path] = max(0, added[path] - lines)
    for trace in evidence:
        for lines in () if trace.commit else trace.lines:
            claimed = sum(end - start + 1 for start, end in lines.ranges)
            if lines.path in added:
                added[lines.path] = max(added[lines.path], claimed)
    return {path: lines for path, lines in added.items() if lines}


def remembered_answer(journal: Path, repository: str, branch: str) -> RememberedAnswer | None:
    """The latest answer for a branch; None without one. Makes no journal. Raises JournalError."""
    if not journal.exists():
        return None
    with Journal.open(journal) as opened:
        events = opened.events(repository=repository, types=(AuthorAnswered, AuthorForgotten))
        found: RememberedAnswer | None = None
        for event in events:
            match event.payload:
                case AuthorAnswered(named, vendor, model):
                    if named == branch:
                        found = RememberedAnswer(AuthorAnswer(vendor, model), event.at[:10])
                case AuthorForgotten(named):
                    found = found if named != branch else None
                case (
                    SessionEvent() | FindingEvent() | TriageEvent() | EscalationEvent()
                    | ConventionEvent() | ProposalEvent() | UpkeepEvent() | PersonEvent()
                    | FixEvent() | PullEvent() | AttemptEvent() | OutcomeEvent()
                ):  # fmt: skip
                    pass
        return found


def remember(journal: Path, event: Event) -> None:
    """Record an answer, or that it was forgotten. Raises JournalError."""
    with Journal.open(journal) as opened:
        opened.append([event])
