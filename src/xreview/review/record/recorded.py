"""What one session amounts to, folded from its events or taken from its running state."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from xreview.disagreement.find import findings_of
from xreview.disagreement.rank import by_attention
from xreview.domain.account import account_of, gaps_in
from xreview.domain.authorship.author import UNKNOWN_AUTHOR, Author
from xreview.domain.change import ChangeSource
from xreview.domain.changed_file import ChangedFile, changed_file
from xreview.domain.coverage import Reading, summarise
from xreview.domain.escalation import Escalation
from xreview.domain.events.carried import CarriedOver, CarriedState, Suppression
from xreview.domain.events.event import (
    AuthorAttributed,
    ChangeCollected,
    CoverageReceived,
    Event,
    Exported,
    FixConfirmed,
    NoticeGiven,
    ReportReceived,
    ReviewersJoined,
    SessionOpened,
    StanceTaken,
)
from xreview.domain.finding import Finding
from xreview.domain.proposal import NOTHING_PROPOSED, Proposal, proposed_about
from xreview.domain.report import Report, ReviewerIdentity
from xreview.domain.state import Decided, Triage
from xreview.export.base import ExportEntry, ExportSession
from xreview.review.rebut.stances import TakenStances, with_stances
from xreview.review.session.gathered import STOPPED
from xreview.review.session.snapshot import ReviewerState, ReviewSnapshot


@dataclass(frozen=True, slots=True)
class Seen:
    """When a report came, and what it has from earlier sessions; None where that is not known."""

    at: str
    carried: CarriedOver | None = None


@dataclass(frozen=True)
class RecordedSession:
    """One session.

    Args:
        about: what was reviewed, by whom, and how much of it was read.
        findings: in order of attention.
        seen: for each fingerprint that was reported.
        fixed: the fingerprints of problems that it found to be gone.
    """

    about: ExportSession
    findings: tuple[Finding, ...] = ()
    seen: Mapping[str, Seen] = field(default_factory=dict[str, Seen])
    fixed: frozenset[str] = frozenset()

    @property
    def told(self) -> frozenset[str]:
        """The identities of the problems in it, those from before their code was edited too."""
        replaced = {one.carried.replaces for one in self.seen.values() if one.carried}
        return frozenset({*self.seen, *replaced} - {""})

    def entries(
        self,
        triage: Triage,
        escalations: Sequence[Escalation] = (),
        proposals: Mapping[str, tuple[Proposal, ...]] = NOTHING_PROPOSED,
        user: str = "",
    ) -> tuple[ExportEntry, ...]:
        """Its findings as they are exported.

        Args:
            triage: what was decided about them ever.
            escalations: those of them that were not undone, in time.
            proposals: what others propose, by fingerprint.
            user: who exports; "" for nobody who wrote a note.
        """
        holding = self._without_reopened(triage)
        found: list[ExportEntry] = []
        for finding in self.findings:
            entry = self._entry(finding, holding, escalations)
            by = holding.note_by(finding)
            proposed = proposed_about(proposals, finding.fingerprints)
            found.append(replace(entry, note_by="" if by == user else by, proposals=proposed))
        return tuple(found)

    def _entry(
        self, finding: Finding, triage: Triage, escalations: Sequence[Escalation]
    ) -> ExportEntry:
        seen = [self.seen[name] for name in finding.fingerprints if name in self.seen]
        decided = triage.decided(finding)
        about = [one for one in escalations if one.is_about(finding)]
        return ExportEntry(
            finding,
            decided,
            triage.note(finding),
            _state([one.carried.state for one in seen if one.carried]),
            _suppression(seen, decided),
            self.about.id,
            max((one.at for one in seen), default=""),
            self.about.same_family_in(finding),
            self.about.family_of(finding.anchor.path),
            tuple(opinion for one in about for opinion in one.opinions),
            tuple(outcome for one in about for outcome in one.outcomes),
        )

    def _without_reopened(self, triage: Triage) -> Triage:
        """What was put off and came back is open until it is decided again."""
        again = {
            name: tuple(made for made in triage.history.get(name, ()) if made.at >= one.at)
            for name, one in self.seen.items()
            if one.carried and one.carried.is_reopened
        }
        return replace(triage, history={**triage.history, **again}) if again else triage


def _state(states: list[CarriedState]) -> CarriedState | None:
    """What became of a finding: its most telling report decides."""
    for state in (CarriedState.BACK, CarriedState.STILL_THERE, CarriedState.NEW):
        if state in states:
            return state
    return None


def _suppression(seen: Iterable[Seen], decided: Decided | None) -> Suppression | None:
    """The suppression that holds: all reports have one, and nobody decided otherwise since."""
    found = [one.carried.suppression if one.carried else None for one in seen]
    if not found or (first := found[0]) is None or None in found:
        return None
    if first.convention:
        return first if decided is None else None
    return first if decided is not None and decided.at == first.at else None


def recorded_in(events: Iterable[Event]) -> RecordedSession | None:
    """The session that these events, all of one session, tell of; None where none was opened.

    What a session did not write down (an older version, a review that did not come to its end) is
    not known, and so not complete.
    """
    folding = _Folding()
    for event in events:
        folding.take(event)
    return folding.session()


class _Folding:
    def __init__(self) -> None:
        self._opened: tuple[Event, SessionOpened] | None = None
        self._last_at = ""
        self._author = UNKNOWN_AUTHOR
        self._families: Mapping[str, str] = {}
        self._joined: tuple[ReviewerIdentity, ...] = ()
        self._files: tuple[ChangedFile, ...] = ()
        self._notices: dict[str, None] = {}
        self._coverage: CoverageReceived | None = None
        self._reports: dict[str, dict[tuple[str, str], Report]] = {}
        self._seen: dict[str, Seen] = {}
        self._fixed: set[str] = set()
        self._stances: list[StanceTaken] = []

    def take(self, event: Event) -> None:
        """Take up one more event."""
        match payload := event.payload:
            case Exported():
                return  # that it was exported is nothing an export tells of
            case SessionOpened():
                self._opened = self._opened or (event, payload)
            case ChangeCollected():
                self._files = payload.listed
            case AuthorAttributed():
                self._author, self._families = payload.author, payload.families
            case ReviewersJoined(reviewers):
                self._joined += reviewers
            case NoticeGiven(sentence):
                self._notices[sentence] = None
            case ReportReceived(report, carried):
                key = (report.reviewer.name, report.fingerprint)
                self._reports.setdefault(report.anchor.path, {})[key] = report
                self._seen[report.fingerprint] = Seen(event.at, carried)
            case CoverageReceived():
                self._coverage = payload
            case StanceTaken():
                self._stances.append(payload)
            case FixConfirmed(subjects):
                self._fixed.update(subjects)
            case _:
                pass
        self._last_at = max(self._last_at, event.at)

    def session(self) -> RecordedSession | None:
        """All that was taken up."""
        if self._opened is None:
            return None
        event, opened = self._opened
        reviewers = (*opened.reviewers, *self._joined) or self._reporting()
        taken = TakenStances().with_more(self._stances)
        # All of them at once: how rare a word is depends on the whole change.
        reports = [report for group in self._reports.values() for report in group.values()]
        found = findings_of(reports, reviewers, self._has_read())
        findings = [with_stances(one, taken) for one in found]
        return RecordedSession(
            self._about(event, opened, reviewers),
            tuple(sorted(findings, key=by_attention)),
            self._seen,
            frozenset(self._fixed),
        )

    def _has_read(self) -> Callable[[ReviewerIdentity, str], bool]:
        entries = self._coverage.entries if self._coverage else ()
        read = {(entry.reviewer, entry.path) for entry in entries if entry.reading is Reading.READ}
        return lambda reviewer, path: (reviewer.name, path) in read

    def _about(
        self, event: Event, opened: SessionOpened, reviewers: tuple[ReviewerIdentity, ...]
    ) -> ExportSession:
        entries = self._coverage.entries if self._coverage else ()
        unread = self._coverage.unread if self._coverage else ()
        account = account_of(self._files, entries, unread)
        return ExportSession(
            id=event.session,
            opened_at=event.at,
            last_at=self._last_at,
            source=ChangeSource(
                opened.kind, opened.title, opened.repository_top, opened.base, opened.head
            ),
            author=self._author,
            reviewers=reviewers,
            coverage=summarise(entries),
            account=account,
            gaps=gaps_in(account, entries),
            failures=self._coverage.failures if self._coverage else {},
            is_over=self._coverage is not None,
            notices=tuple(self._notices),
            files=self._files,
            families=self._families,
        )

    def _reporting(self) -> tuple[ReviewerIdentity, ...]:
        found = (report for group in self._reports.values() for report in group.values())
        return tuple(dict.fromkeys(report.reviewer for report in found))


def failures_of(snapshot: ReviewSnapshot) -> Mapping[str, str]:
    """A sentence for each reviewer that did not come to its end, by its name."""
    return {
        reviewer.identity.name: reviewer.error or STOPPED
        for reviewer in snapshot.reviewers
        if reviewer.state is not ReviewerState.DONE
    }


def recorded_now(snapshot: ReviewSnapshot, at: str) -> RecordedSession:
    """The session as it is in memory at a moment: for when the journal can't be read."""
    names = {name for finding in snapshot.findings for name in finding.fingerprints}
    author: Author = snapshot.author
    about = ExportSession(
        id=snapshot.session,
        opened_at="",
        last_at=at,
        source=snapshot.source,
        author=author,
        reviewers=tuple(reviewer.identity for reviewer in snapshot.reviewers),
        coverage=snapshot.coverage_summary,
        account=snapshot.account,
        gaps=snapshot.gaps,
        failures=failures_of(snapshot),
        is_over=snapshot.is_collected and bool(snapshot.reviewers) and not snapshot.is_running,
        notices=snapshot.notices,
        files=tuple(map(changed_file, snapshot.files)),
        families=snapshot.attribution.families if snapshot.attribution else {},
    )
    seen = {
        name: Seen(at, one.kept if (one := snapshot.carried.get(name)) else None) for name in names
    }
    fixed = frozenset(one.report.fingerprint for one in snapshot.fixed)
    return RecordedSession(about, snapshot.findings, seen, fixed)
