"""What one session amounts to, folded from its events or taken from its running state."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from xreview.disagreement.attention import finding_attention
from xreview.disagreement.fold import FindingsFold
from xreview.domain.account import account_of, gaps_in
from xreview.domain.attention.attention import Attention, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship.author import UNKNOWN_AUTHOR
from xreview.domain.change import ChangeSource
from xreview.domain.changed_file import ChangedFile, changed_file
from xreview.domain.coverage import summarise
from xreview.domain.escalation import Escalation
from xreview.domain.events.carried import (
    CarriedOver,
    CarriedState,
    Suppression,
    state_in,
    suppression_in,
)
from xreview.domain.events.event import (
    AttentionWeighed,
    AuthorAttributed,
    BriefWritten,
    ChangeCollected,
    CoverageReceived,
    Event,
    Exported,
    FileUnviewed,
    FileViewed,
    FindingRemoved,
    FindingWritten,
    FixConfirmed,
    ModelAsked,
    NoticeGiven,
    OpponentChosen,
    ProblemMissed,
    ReportReceived,
    ReviewersJoined,
    SessionOpened,
    SessionsPruned,
    StanceTaken,
    ThreadsSeen,
    UsageReceived,
)
from xreview.domain.events.outcome_events import AftermathSeen
from xreview.domain.events.payload import (
    AttemptEvent,
    AuthorEvent,
    ConventionEvent,
    EscalationEvent,
    FixEvent,
    OutcomeEvent,
    ProposalEvent,
    PullEvent,
    TriageEvent,
)
from xreview.domain.events.pull_events import SeenThread, seen_thread
from xreview.domain.finding import Finding
from xreview.domain.fixing.state import FixState
from xreview.domain.proposal import Proposal, proposed_about
from xreview.domain.record import dataclass, field, replace
from xreview.domain.session_account.facts import SessionFacts
from xreview.domain.state import Decided, Triage
from xreview.export.document import ExportEntry, ExportSession
from xreview.review.record.session_account_facts import (
    SessionAccountFold,
    facts_now,
    weighed_now,
)
from xreview.review.session.snapshot import ReviewSnapshot


@dataclass(frozen=True, slots=True)
class Seen:
    """When a report came, and what it has from earlier sessions; None if that wasn't recorded."""

    at: str
    carried: CarriedOver | None = None


@dataclass(frozen=True)
class KnownOfFindings:
    """What the journal knows about findings over all sessions: decisions, the escalations that
    hold, proposals by fingerprint, and fixes.

    Args:
        undone: the problems recorded as missed that don't hold, by action.
        aftermath: what came of reviewed code.
    """

    triage: Triage = field(default_factory=Triage)
    escalations: Sequence[Escalation] = ()
    proposals: Mapping[str, tuple[Proposal, ...]] = field(
        default_factory=dict[str, tuple[Proposal, ...]]
    )
    fixes: FixState = field(default_factory=FixState)
    undone: frozenset[str] = frozenset()
    aftermath: Sequence[AftermathSeen] = ()


@dataclass(frozen=True)
class RecordedSession:
    """One session: what was reviewed, the facts of its account but for findings, its findings, what
    was seen by fingerprint, the fingerprints of problems that it found to be gone, and the threads
    of its pull request by their ids."""

    about: ExportSession
    facts: SessionFacts
    findings: tuple[Finding, ...] = ()
    seen: Mapping[str, Seen] = field(default_factory=dict[str, Seen])
    fixed: frozenset[str] = frozenset()
    threads: Mapping[str, SeenThread] = field(default_factory=dict[str, SeenThread])

    @property
    def identities(self) -> frozenset[str]:
        """The identities of its problems, with those from before their code was edited."""
        replaced = {one.carried.replaces for one in self.seen.values() if one.carried}
        return frozenset({*self.seen, *replaced} - {""})

    def entries(self, known: "KnownOfFindings", user: str = "") -> list[ExportEntry]:
        """Its findings as they are exported, with all that is known of them. Notes of anyone but
        `user` are marked as theirs."""
        holding = self._without_reopened(known.triage)
        return [self._entry(one, holding, known, user) for one in self.findings]

    def _entry(
        self, finding: Finding, triage: Triage, known: "KnownOfFindings", user: str
    ) -> ExportEntry:
        level = self._level_of(finding)
        finding = triage.chosen_part(finding)
        names = finding.fingerprints
        seen = [self.seen[name] for name in names if name in self.seen]
        carried = [one.carried for one in seen]
        decided, note_by = triage.decided(finding), triage.note_by(finding)
        about = [one for one in known.escalations if one.is_about(finding)]
        before = [one.replaces for one in carried if one and one.replaces]
        return ExportEntry(
            finding,
            decided,
            triage.note(finding),
            state_in(carried),
            _holding(suppression_in(carried), decided),
            self.about.id,
            max((one.at for one in seen), default=""),
            self.about.same_family_in(finding),
            self.about.family_of(finding.anchor.path),
            tuple(opinion for one in about for opinion in one.opinions),
            tuple(outcome for one in about for outcome in one.outcomes),
            "" if note_by == user else note_by,
            proposed_about(known.proposals, names),
            known.fixes.of_any(names) or known.fixes.of_any(before),
            self._threads_of(finding),
            level,
        )

    def _level_of(self, finding: Finding) -> AttentionLevel | None:
        change = self._attention
        return finding_attention(finding, change).level if change else None

    @cached_property
    def _attention(self) -> ChangeAttention | None:
        if (weighed := self.about.attention) is None:
            return None
        files = {one.path: Attention(one.level) for one in weighed.files}
        return ChangeAttention(Attention(weighed.level), files)

    def _threads_of(self, finding: Finding) -> tuple[SeenThread, ...]:
        ids = dict.fromkeys(report.source for report in finding.reports)
        return tuple(self.threads[id] for id in ids if id in self.threads)

    def _without_reopened(self, triage: Triage) -> Triage:
        """The state in which a deferred finding that came back is open until decided again."""
        again = {
            name: tuple(made for made in triage.history.get(name, ()) if made.at >= one.at)
            for name, one in self.seen.items()
            if one.carried and one.carried.is_reopened
        }
        return replace(triage, history={**triage.history, **again}) if again else triage


def _holding(suppression: Suppression | None, decided: Decided | None) -> Suppression | None:
    """The suppression, unless someone decided otherwise since."""
    if suppression is None:
        return None
    if suppression.convention:
        return suppression if decided is None else None
    return suppression if decided is not None and decided.at == suppression.at else None


def recorded_in(events: Iterable[Event]) -> RecordedSession | None:
    """The session of these events, all of one session; None if it was never opened.

    What a session didn't record (an older version, a review that was cut short) is unknown, and so
    the session isn't complete.
    """
    fold = _SessionFold()
    for event in events:
        fold.take(event)
    return fold.session()


class _SessionFold:
    """The findings of a session, and what an export says about the session itself."""

    def __init__(self) -> None:
        self._findings = FindingsFold()
        self._opened: tuple[Event, SessionOpened] | None = None
        self._last_at = ""
        self._author = UNKNOWN_AUTHOR
        self._families: Mapping[str, str] = {}
        self._files: tuple[ChangedFile, ...] = ()
        self._notices: dict[str, None] = {}
        self._coverage: CoverageReceived | None = None
        self._seen: dict[str, Seen] = {}
        self._fixed: set[str] = set()
        self._threads: dict[str, SeenThread] = {}
        self._of_account = SessionAccountFold()

    def take(self, event: Event) -> None:
        """Fold in one more event."""
        self._findings.take(event.payload)
        self._of_account.take(event)
        match payload := event.payload:
            case ThreadsSeen(_, threads):
                self._threads = {one.id: one for one in threads}
            case (
                Exported()
                | FileViewed()
                | FileUnviewed()
                | FixEvent()
                | PullEvent()
                | AttemptEvent()
                | OutcomeEvent()
                | BriefWritten()
                | AttentionWeighed()
            ):
                return  # neither exporting nor reading must change what is exported
            case SessionOpened():
                self._opened = self._opened or (event, payload)
            case ChangeCollected():
                self._files = payload.listed
            case AuthorAttributed():
                self._author, self._families = payload.author, payload.families
            case NoticeGiven(sentence):
                self._notices[sentence] = None
            case ReportReceived(report, carried):
                self._seen[report.fingerprint] = Seen(event.at, carried)
            case FindingWritten(_, report):
                earlier = self._seen.get(report.fingerprint)
                new = CarriedOver(CarriedState.NEW)
                self._seen[report.fingerprint] = Seen(event.at, earlier.carried if earlier else new)
            case CoverageReceived():
                self._coverage = payload
            case FixConfirmed(subjects):
                self._fixed.update(subjects)
            case (
                ReviewersJoined() | OpponentChosen() | ModelAsked() | UsageReceived()
                | StanceTaken() | SessionsPruned() | TriageEvent() | EscalationEvent()
                | ConventionEvent() | AuthorEvent() | ProposalEvent() | FindingRemoved()
                | ProblemMissed()
            ):  # fmt: skip
                pass
        self._last_at = max(self._last_at, event.at)

    def session(self) -> RecordedSession | None:
        """The session so far."""
        if self._opened is None:
            return None
        self._findings.settle()
        about = self._about(*self._opened)
        return RecordedSession(
            about,
            self._of_account.facts(about, self._coverage.entries if self._coverage else ()),
            self._findings.findings,
            self._seen,
            frozenset(self._fixed),
            self._threads,
        )

    def _about(self, event: Event, opened: SessionOpened) -> ExportSession:
        received = self._coverage or CoverageReceived((), {})
        account = account_of(self._files, received.entries, received.unread)
        return ExportSession(
            id=event.session,
            opened_at=event.at,
            last_at=self._last_at,
            source=ChangeSource(
                opened.kind,
                opened.title,
                opened.repository_top,
                opened.base,
                opened.head,
                pull=opened.pull,
            ),
            author=self._author,
            reviewers=self._findings.panel,
            coverage=summarise(received.entries),
            account=account,
            gaps=gaps_in(account, received.entries),
            failures=received.failures,
            is_over=self._coverage is not None,
            notices=tuple(self._notices),
            files=self._files,
            families=self._families,
            attention=self._of_account.weighed,
        )


def recorded_now(snapshot: ReviewSnapshot, at: str) -> RecordedSession:
    """The session in memory at a moment, for when the journal can't be read."""
    about = ExportSession(
        id=snapshot.session,
        opened_at="",
        last_at=at,
        source=snapshot.source,
        author=snapshot.author,
        reviewers=tuple(reviewer.identity for reviewer in snapshot.reviewers),
        coverage=snapshot.coverage_summary,
        account=snapshot.account,
        gaps=snapshot.gaps,
        failures=snapshot.failures,
        is_over=snapshot.is_collected and bool(snapshot.reviewers) and not snapshot.is_running,
        notices=snapshot.notices,
        files=tuple(map(changed_file, snapshot.files)),
        families=snapshot.attribution.families if snapshot.attribution else {},
        attention=weighed_now(snapshot.attention),
    )
    facts = facts_now(snapshot, about)
    seen = {
        name: Seen(at, one.kept if (one := snapshot.carried.get(name)) else None)
        for finding in snapshot.findings
        for name in finding.fingerprints
    }
    fixed = frozenset(one.report.fingerprint for one in snapshot.fixed)
    threads = {one.id: seen_thread(one) for one in snapshot.threads.values()}
    return RecordedSession(about, facts, snapshot.findings, seen, fixed, threads)
