"""The facts that the scorecard needs from events, gathered in one pass.

Time and money are what each reviewer used. Sessions of older programs, which didn't record it, have
the time from opening to the first coverage instead, for each reviewer, since they run in parallel.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from xreview.domain.coverage import Reading
from xreview.domain.decision import Decision
from xreview.domain.events.event import (
    AuthorAttributed,
    ChangeCollected,
    CoverageReceived,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Event,
    FindingRemoved,
    FindingWritten,
    FixConfirmed,
    ModelAsked,
    NoteWritten,
    NoticeGiven,
    OpinionGiven,
    OpponentChosen,
    ProblemMissed,
    ReportReceived,
    ReviewersJoined,
    SessionOpened,
    StanceTaken,
    UsageReceived,
)
from xreview.domain.events.payload import ConventionEvent, LocalEvent
from xreview.domain.events.person_events import FoundIn
from xreview.domain.own_findings import OwnFindings, lens_of
from xreview.domain.report import Category, Lens, Report, ReviewerKind
from xreview.domain.ruling import ChosenReport, Ruling
from xreview.domain.scorecard.figures import ScoredReviewer, scored

GATHERED_TYPES = (
    SessionOpened,
    AuthorAttributed,
    ReportReceived,
    CoverageReceived,
    UsageReceived,
    DecisionMade,
    DecisionUndone,
    DecisionRedone,
    EscalationResolved,
    FixConfirmed,
    FindingWritten,
    FindingRemoved,
    ProblemMissed,
)
"""The payloads that the scorecard is made of; others are skipped."""

WAS_READ = (Reading.READ, Reading.TRUNCATED)
"""A reviewer must have read a file like this to be blamed for missing a problem in it."""

Problem = tuple[str, str]
"""Repository and fingerprint."""


class Sighting(NamedTuple):
    """A report in a session, as far as needed."""

    repository: str
    session: str
    at: str
    reviewer: ScoredReviewer
    fingerprint: str
    category: Category
    lens: Lens
    path: str


class Made(NamedTuple):
    """A decision, as far as needed."""

    repository: str
    at: str
    action: str
    subjects: tuple[str, ...]
    decision: Decision
    ruling: Ruling | None = None
    chosen: tuple[ChosenReport, ...] = ()

    def is_against(self, seen: Sighting) -> bool:
        """Whether it accepted another side than this report's."""
        own = ChosenReport(seen.fingerprint, seen.reviewer.name)
        return bool(self.chosen) and own not in self.chosen


class Miss(NamedTuple):
    """A problem that came to light after a session, as far as needed."""

    repository: str
    session: str
    at: str
    action: str
    path: str
    found: FoundIn
    lens: Lens | None


class CoverageReceipt(NamedTuple):
    """Which reviewers read which paths in a session."""

    session: str
    at: str
    read: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReviewerUsage:
    """What a reviewer used in a session: US dollars and seconds; None for unknown."""

    session: str
    reviewer: str
    dollars: float | None = None
    seconds: float | None = None

    def __add__(self, other: "ReviewerUsage") -> "ReviewerUsage":
        return ReviewerUsage(
            self.session,
            self.reviewer,
            _sum(self.dollars, other.dollars),
            _sum(self.seconds, other.seconds),
        )


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


Fact = Event | Sighting | Made | CoverageReceipt | ReviewerUsage


@dataclass(slots=True)
class Counted:
    """A report that counts once: its first sighting, and every session and path it was in."""

    first: Sighting
    places: set[tuple[str, str]]


@dataclass(slots=True)
class Session:
    """A session.

    `read` are the paths that each reviewer read, by name; `reviewers` are identities by name.
    """

    author: str = ""
    opened_at: str = ""
    reviewed_at: str = ""
    read: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    reviewers: dict[str, ScoredReviewer] = field(default_factory=dict[str, ScoredReviewer])


@dataclass(slots=True)
class ScorecardFacts:
    """All facts so far, added in the order in which they were written."""

    reports: dict[tuple[str, ScoredReviewer, str], Counted] = field(
        default_factory=dict[tuple[str, ScoredReviewer, str], Counted]
    )
    sessions: dict[str, Session] = field(default_factory=dict[str, Session])
    made: dict[Problem, list[Made]] = field(default_factory=dict[Problem, list[Made]])
    undone: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    misses: list[Miss] = field(default_factory=list[Miss])
    own: dict[str, OwnFindings] = field(default_factory=dict[str, OwnFindings])
    resolved: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    fixed: set[Problem] = field(default_factory=set[Problem])
    spent: dict[tuple[str, str], ReviewerUsage] = field(
        default_factory=dict[tuple[str, str], ReviewerUsage]
    )
    lenses: dict[ScoredReviewer, set[Lens]] = field(default_factory=dict[ScoredReviewer, set[Lens]])
    _asked: set[tuple[str, ScoredReviewer, Lens]] = field(
        default_factory=set[tuple[str, ScoredReviewer, Lens]]
    )

    def add(self, fact: Fact) -> None:
        """Add one fact."""
        if isinstance(fact, Sighting):
            self._see(fact)
        elif isinstance(fact, Made):
            for subject in fact.subjects:
                self.made.setdefault((fact.repository, subject), []).append(fact)
        elif isinstance(fact, CoverageReceipt):
            session = self._session(fact.session)
            session.reviewed_at = session.reviewed_at or fact.at
            for reviewer, path in fact.read:
                session.read.setdefault(reviewer, set()).add(path)
        elif isinstance(fact, ReviewerUsage):
            key = (fact.session, fact.reviewer)
            self.spent[key] = self.spent[key] + fact if key in self.spent else fact
        else:
            self._take(fact)

    def _session(self, id: str) -> Session:
        if (session := self.sessions.get(id)) is None:
            session = self.sessions[id] = Session()
        return session

    def _own(self, repository: str) -> OwnFindings:
        return self.own.setdefault(repository, OwnFindings())

    def is_withdrawn(self, seen: Sighting) -> bool:
        """Whether it is a person's finding that was removed, or undone."""
        is_own = seen.reviewer.kind is ReviewerKind.PERSON
        return is_own and self._own(seen.repository).is_withdrawn(seen.fingerprint)

    def _see(self, seen: Sighting) -> None:
        key = (seen.repository, seen.reviewer, seen.fingerprint)
        place = (seen.session, seen.path)
        if (counted := self.reports.get(key)) is None:
            self.reports[key] = Counted(seen, {place})
        else:
            counted.places.add(place)
            if seen.at < counted.first.at:  # other people's events arrive late
                counted.first = seen
        asked = (seen.session, seen.reviewer, seen.lens)
        if asked not in self._asked:
            self._asked.add(asked)
            self.lenses.setdefault(seen.reviewer, set()).add(seen.lens)
            self._session(seen.session).reviewers[seen.reviewer.name] = seen.reviewer

    def _take(self, event: Event) -> None:
        repository, payload = event.repository, event.payload
        match payload:
            case ReportReceived(report):
                self._see(sighting_of(event, report))
            case DecisionMade(action, subjects, decision, _, ruling, chosen):
                self.add(Made(repository, event.at, action, subjects, decision, ruling, chosen))
            case DecisionUndone(action):
                self.undone.add((repository, action))
                self._own(repository).take(payload)
            case DecisionRedone(action):
                self.undone.discard((repository, action))
                self._own(repository).take(payload)
            case FindingWritten(_, report):
                self._own(repository).take(payload)
                self._see(sighting_of(event, report))
            case FindingRemoved():
                self._own(repository).take(payload)
            case ProblemMissed():
                self.misses.append(_miss_of(event, payload))
            case EscalationResolved():
                self.resolved.add((repository, payload.action))
            case FixConfirmed():
                self.fixed.update((repository, subject) for subject in payload.subjects)
            case SessionOpened():
                session = self._session(event.session)
                session.opened_at = event.at
                for identity in payload.reviewers:
                    session.reviewers.setdefault(identity.name, scored(identity))
            case AuthorAttributed():
                self._session(event.session).author = payload.vendor
            case CoverageReceived(entries):
                read = ((e.reviewer, e.path) for e in entries if e.reading in WAS_READ)
                self.add(CoverageReceipt(event.session, event.at, tuple(read)))
            case UsageReceived(reviewer):
                self.add(ReviewerUsage(event.session, reviewer, payload.cost, payload.seconds))
            case (
                ReviewersJoined() | OpponentChosen() | ChangeCollected() | NoticeGiven()
                | ModelAsked() | StanceTaken() | NoteWritten() | OpinionGiven() | ConventionEvent()
                | LocalEvent()
            ):  # fmt: skip
                pass


def gather_facts(facts: Iterable[Fact]) -> ScorecardFacts:
    """Gather facts, given in the order in which they were written."""
    gathered = ScorecardFacts()
    for fact in facts:
        gathered.add(fact)
    return gathered


def _miss_of(event: Event, missed: ProblemMissed) -> Miss:
    lens = None if missed.category is None else lens_of(missed.category)
    at, path = event.at, missed.path
    return Miss(event.repository, event.session, at, missed.action, path, missed.found, lens)


def sighting_of(event: Event, report: Report) -> Sighting:
    """The sighting in a report's event."""
    return Sighting(
        event.repository,
        event.session,
        event.at,
        scored(report.reviewer),
        report.fingerprint,
        report.category,
        report.lens,
        report.anchor.path,
    )
