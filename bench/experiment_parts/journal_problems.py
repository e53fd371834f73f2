"""Problems that a user's journal knows: what was recorded as missed, and findings they accepted."""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from experiment_parts.counting import ProblemSource
from xreview.domain.change import Side
from xreview.domain.decision import Verdict
from xreview.domain.errors import ChangeError
from xreview.domain.events.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    ProblemMissed,
    ReportReceived,
    SessionOpened,
)
from xreview.domain.events.person_events import FoundIn
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    Report,
    ReviewerIdentity,
    ReviewerKind,
)
from xreview.domain.state import fold, latest
from xreview.journal.store import Journal
from xreview.repo.attribution.base import Deadline
from xreview.repo.later.blame import line_origins
from xreview.repo.later.patches import is_object_id
from xreview.repo.repository import Repository
from xreview.review.past.missed import missed_problems

_SECONDS = 60.0
_WRITER = ReviewerIdentity("journal", ReviewerKind.PERSON, "")


@dataclass(frozen=True, slots=True)
class NamedProblem:
    """A problem of one commit of the experiment; `line` is 0 for the whole file. `reports` say in
    words what is wrong."""

    id: str
    source: ProblemSource
    commit: str
    path: str
    line: int
    reports: tuple[Report, ...]
    has_shipped: bool = False


@dataclass(frozen=True)
class JournalProblems:
    """The problems, and how many of the journal's are of no commit of the experiment."""

    problems: tuple[NamedProblem, ...] = ()
    elsewhere: int = 0


def journal_problems(
    path: Path, repository: Repository, commits: Collection[str]
) -> JournalProblems:
    """Read them. A place that a session knew is followed to the commit that wrote its line.

    Raises JournalError.
    """
    if not path.exists():
        return JournalProblems()
    with Journal.open(path) as journal:
        found = [*_recorded(journal, repository), *_accepted(journal, repository)]
        opened = journal.events(repository=repository.identity, types=(SessionOpened,))
        heads = {
            event.session: event.payload.head
            for event in opened
            if isinstance(event.payload, SessionOpened)
        }
    places = _Places(repository, commits)
    placed = [places.of(one, heads.get(one.commit)) for one in found]
    known = tuple(one for one in placed if one is not None)
    return JournalProblems(known, len(found) - len(known))


def _recorded(journal: Journal, repository: Repository) -> Iterator[NamedProblem]:
    """What was recorded as missed; `commit` is the session until it is placed."""
    for event in missed_problems(journal, repository.identity):
        missed = event.payload
        if isinstance(missed, ProblemMissed):
            yield NamedProblem(
                missed.action,
                ProblemSource.RECORDED,
                event.session,
                missed.path,
                missed.line,
                (_in_words(missed),),
                missed.found is FoundIn.PRODUCTION,
            )


def _in_words(missed: ProblemMissed) -> Report:
    anchor = Anchor(missed.path, Side.NEW, missed.line, missed.line, "")
    category = missed.category or Category.EDGE_CASE
    return Report(
        fingerprint=missed.action,
        reviewer=_WRITER,
        lens=Lens.RISK,
        rule="",
        title=missed.text,
        claim=missed.text,
        scenario="",
        category=category,
        severity=missed.severity,
        confidence=Confidence.HIGH,
        anchor=anchor,
        anchored=bool(missed.line),
    )


def _accepted(journal: Journal, repository: Repository) -> Iterator[NamedProblem]:
    """Each accepted finding with all its reports by models."""
    types = (DecisionMade, DecisionUndone, DecisionRedone, ReportReceived)
    events = list(journal.events(repository=repository.identity, types=types))
    triage = fold(events)
    subjects = {
        (event.payload.action, name): event.payload.subjects
        for event in events
        if isinstance(event.payload, DecisionMade)
        for name in event.payload.subjects
    }
    by_finding: dict[tuple[str, tuple[str, ...]], list[Report]] = {}
    sessions: dict[tuple[str, tuple[str, ...]], str] = {}
    for event in events:
        if not isinstance(event.payload, ReportReceived):
            continue
        report = event.payload.report
        decided = latest(triage.holding((report.fingerprint,)))
        if decided is None or decided.decision.verdict is not Verdict.ACCEPT:
            continue
        if report.reviewer.is_model and report.anchored and report.anchor.side is Side.NEW:
            name = decided.action, subjects[decided.action, report.fingerprint]
            by_finding.setdefault(name, []).append(replace(report, reviewer=_WRITER))
            sessions[name] = event.session
    for name, reports in by_finding.items():
        last = reports[-1]
        yield NamedProblem(
            f"{name[0]}:{last.fingerprint}",
            ProblemSource.ACCEPTED,
            sessions[name],
            last.anchor.path,
            last.anchor.start_line,
            (last,),
        )


class _Places:
    def __init__(self, repository: Repository, commits: Collection[str]) -> None:
        self._repository = repository
        self._commits = commits

    def of(self, problem: NamedProblem, head: str | None) -> NamedProblem | None:
        """The problem at its place in a commit of the experiment; None if it isn't of one."""
        if head is None or not is_object_id(head):
            return None
        if head in self._commits:
            return replace(problem, commit=head)
        if not problem.line:
            return None
        deadline = Deadline(time.monotonic() + _SECONDS, time.monotonic)
        try:
            origins = line_origins(self._repository, head, problem.path, (problem.line,), deadline)
        except ChangeError:
            return None  # the commit or the file isn't in this clone
        origin = origins.get(problem.line)
        if origin is None or origin.commit not in self._commits:
            return None
        moved = tuple(_moved(one, origin.path, origin.line) for one in problem.reports)
        return replace(
            problem, commit=origin.commit, path=origin.path, line=origin.line, reports=moved
        )


def _moved(report: Report, path: str, line: int) -> Report:
    anchor = report.anchor
    length = anchor.end_line - anchor.start_line
    return replace(
        report, anchor=replace(anchor, path=path, start_line=line, end_line=line + length)
    )
