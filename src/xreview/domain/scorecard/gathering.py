"""The facts that the scorecard needs from events, gathered in one pass.

Time and money are what each reviewer used. Sessions of older programs, which didn't record it, have
the time from opening to the first coverage instead, for each reviewer, since they run in parallel.
"""

from collections.abc import Iterable
from typing import NamedTuple

from xreview.domain.attempt.seat import is_attempt_party
from xreview.domain.change import ChangeKind
from xreview.domain.coverage import Reading
from xreview.domain.events.event import (
    AftermathSeen,
    AttemptReturned,
    AttemptReviewed,
    AttemptTaken,
    AttemptWritten,
    AttentionWeighed,
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
    FixApplied,
    FixConfirmed,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
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
    TrialStarted,
    UsageReceived,
)
from xreview.domain.events.payload import (
    AttemptEvent,
    AuthorEvent,
    ConventionEvent,
    FixEvent,
    ProposalEvent,
    PullEvent,
    UpkeepEvent,
)
from xreview.domain.own_findings import OwnFindings
from xreview.domain.record import dataclass, field
from xreview.domain.report import Lens
from xreview.domain.scorecard.attempt_facts import RecordedTrials
from xreview.domain.scorecard.facts import (
    CoverageReceipt,
    Fact,
    Made,
    Miss,
    ReviewerUsage,
    Sighting,
    miss_of,
    sighting_of,
)
from xreview.domain.scorecard.fix_facts import RecordedFixes
from xreview.domain.scorecard.scored import ScoredReviewer, scored

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
    FixStarted,
    FixJudged,
    FixEnded,
    FixApplied,
    FixReverted,
    TrialStarted,
    AttemptWritten,
    AttemptReviewed,
    AttemptTaken,
    AttemptReturned,
    AttentionWeighed,
    AftermathSeen,
    ModelAsked,
)
"""The payloads that the scorecard is made of; others are skipped."""

WAS_READ = (Reading.READ, Reading.TRUNCATED)
"""A reviewer must have read a file like this to be blamed for missing a problem in it."""

Problem = tuple[str, str]
"""Repository and fingerprint."""


class AskedOnce(NamedTuple):
    """What a model was asked, in a session and at a time."""

    session: str
    at: str
    asked: ModelAsked


@dataclass(slots=True)
class Counted:
    """A report that counts once: its first sighting, and every session and path it was in."""

    first: Sighting
    places: set[tuple[str, str]]


@dataclass(slots=True)
class Session:
    """A session.

    `read` are the paths that each reviewer read, by name; `reviewers` are identities by name.
    `base` and `head` are those of its change, `weighed` is the attention that it deserved.
    """

    repository: str = ""
    kind: ChangeKind | None = None
    base: str | None = None
    head: str | None = None
    weighed: AttentionWeighed | None = None
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
    aftermath: list[Event] = field(default_factory=list[Event])
    asked: list[AskedOnce] = field(default_factory=list[AskedOnce])
    own: dict[str, OwnFindings] = field(default_factory=dict[str, OwnFindings])
    resolved: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    fixes: RecordedFixes = field(default_factory=RecordedFixes)
    trials: RecordedTrials = field(default_factory=RecordedTrials)
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
                problem = (fact.repository, subject)
                if (made := self.made.get(problem)) is None:
                    self.made[problem] = [fact]
                else:
                    made.append(fact)
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
        return seen.reviewer.is_person and self._own(seen.repository).is_withdrawn(seen.fingerprint)

    def _see(self, seen: Sighting) -> None:
        repository, session, at, reviewer, fingerprint, _, lens, path, _, _ = seen
        asked = (session, reviewer, lens)
        if asked not in self._asked:
            if is_attempt_party(reviewer.name):
                return  # what attempts do differently was compared by us: it is nobody's review
            self._asked.add(asked)
            self.lenses.setdefault(reviewer, set()).add(lens)
            self._session(session).reviewers[reviewer.name] = reviewer
        key = (repository, reviewer, fingerprint)
        if (counted := self.reports.get(key)) is None:
            self.reports[key] = Counted(seen, {(session, path)})
        else:
            counted.places.add((session, path))
            if at < counted.first.at:  # other people's events arrive late
                counted.first = seen

    def _take(self, event: Event) -> None:
        repository, payload = event.repository, event.payload
        match payload:
            case ReportReceived(report):
                self._see(sighting_of(event, report))
            case DecisionMade(action, subjects, decision, _, ruling, chosen):
                self.add(
                    Made(
                        repository,
                        event.session,
                        event.at,
                        action,
                        subjects,
                        decision,
                        ruling,
                        chosen,
                    )
                )
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
                self.misses.append(miss_of(event, payload))
            case FixEvent():
                self.fixes.take(event, payload)
            case AttemptEvent():
                self.trials.take(event, payload)
            case EscalationResolved():
                self.resolved.add((repository, payload.action))
            case FixConfirmed():
                self.fixed.update((repository, subject) for subject in payload.subjects)
            case SessionOpened():
                session = self._session(event.session)
                session.opened_at = event.at
                session.repository, session.kind = repository, payload.kind
                session.base, session.head = payload.base, payload.head
                for identity in payload.reviewers:
                    session.reviewers.setdefault(identity.name, scored(identity))
            case AttentionWeighed():
                self._session(event.session).weighed = payload
            case ModelAsked():
                self.asked.append(AskedOnce(event.session, event.at, payload))
            case AftermathSeen():
                self.aftermath.append(event)
            case AuthorAttributed():
                self._session(event.session).author = payload.vendor
            case CoverageReceived(entries):
                read = ((e.reviewer, e.path) for e in entries if e.reading in WAS_READ)
                self.add(CoverageReceipt(event.session, event.at, tuple(read)))
            case UsageReceived(reviewer):
                self.add(ReviewerUsage(event.session, reviewer, payload.cost, payload.seconds))
            case (
                ReviewersJoined() | OpponentChosen() | ChangeCollected() | NoticeGiven()
                | StanceTaken() | NoteWritten() | OpinionGiven() | ConventionEvent()
                | AuthorEvent() | ProposalEvent() | UpkeepEvent() | PullEvent()
            ):  # fmt: skip
                pass


def gather_facts(facts: Iterable[Fact]) -> ScorecardFacts:
    """Gather facts, given in the order in which they were written."""
    gathered = ScorecardFacts()
    add = gathered.add
    for fact in facts:
        add(fact)
    return gathered
