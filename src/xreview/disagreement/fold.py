"""The one fold from the facts of a session to its findings."""

from collections.abc import Callable, Iterable, Sequence

from xreview.disagreement.align import ReportGroup
from xreview.disagreement.alignment import Alignment
from xreview.disagreement.own_groups import OwnGroups
from xreview.disagreement.stances import TakenStances, classify, with_stances
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.events.event import (
    AttentionWeighed,
    AuthorAttributed,
    ChangeCollected,
    CoverageReceived,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    FindingRemoved,
    FindingWritten,
    FixConfirmed,
    ModelAsked,
    NoteWritten,
    NoticeGiven,
    OpponentChosen,
    Payload,
    ProblemMissed,
    ReportReceived,
    ReviewersJoined,
    SessionOpened,
    StanceTaken,
    UsageReceived,
)
from xreview.domain.events.payload import ConventionEvent, EscalationEvent, LocalEvent
from xreview.domain.finding import Finding
from xreview.domain.own_findings import is_own
from xreview.domain.report import Report, ReviewerIdentity
from xreview.domain.stance import Stance, StanceKind


class FindingsFold:
    """The findings of one session.

    A running session feeds it fact by fact, a stored one with the payloads of its events; both end
    with the same findings. Of several reports of one reviewer with one file and fingerprint the
    first counts, as in the journal; of a person's, the last.
    """

    def __init__(self, panel: Iterable[ReviewerIdentity] = ()) -> None:
        self.coverage: list[CoverageEntry] = []
        self._panel = dict.fromkeys(panel)
        self._readers: dict[str, set[str]] = {}
        self._reports: dict[tuple[str, str, str], Report] = {}
        self._alignment = Alignment()
        self._own = OwnGroups()
        self._unaligned: list[Report] = []
        self._is_settled = True
        self._findings: dict[str, list[Finding]] = {}
        self._outdated: set[str] = set()
        self._stances = TakenStances()
        self._all: tuple[Finding, ...] | None = None

    @property
    def panel(self) -> tuple[ReviewerIdentity, ...]:
        """The reviewers of the change; those that reported something if none were recorded."""
        return tuple(self._panel or dict.fromkeys(one.reviewer for one in self._reports.values()))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, by path; the same tuple until they change.

        Until `settle`, a late report can still split what an early one joined.
        """
        if self._unaligned:
            self._outdated |= self._alignment.add(self._unaligned)
            self._unaligned.clear()
        panel = self.panel
        for path in self._outdated:
            names = self._readers.get(path, ())
            readers = [one for one in panel if one.name in names]
            groups = self._own.joined(path, self._alignment.groups(path))
            self._findings[path] = [finding_of(group, readers) for group in groups]
        if self._outdated or self._all is None:
            self._all = tuple(
                with_stances(finding, self._stances)
                for _, found in sorted(self._findings.items())
                for finding in found
            )
        self._outdated.clear()
        return self._all

    def take(self, payload: Payload) -> None:
        """Fold in the payload of an event; most kinds change no finding."""
        match payload:
            case SessionOpened(reviewers=reviewers) | ReviewersJoined(reviewers):
                self.join(reviewers)
            case ReportReceived(report):
                self.add([report])
            case CoverageReceived(entries):  # the whole receipt: the last one counts
                self.coverage.clear()
                self._readers.clear()
                self._outdated.update(self._findings)
                self.cover(entries)
            case StanceTaken():
                self.answer([payload])
            case FindingWritten() | FindingRemoved() | DecisionUndone() | DecisionRedone():
                self._outdated |= self._own.take(payload)
            case (
                OpponentChosen() | ChangeCollected() | AuthorAttributed() | AttentionWeighed()
                | NoticeGiven() | ModelAsked() | UsageReceived() | FixConfirmed()
                | DecisionMade() | NoteWritten() | ProblemMissed() | EscalationEvent()
                | ConventionEvent() | LocalEvent()
            ):  # fmt: skip
                pass

    def join(self, reviewers: Iterable[ReviewerIdentity]) -> None:
        """Add reviewers to the panel."""
        self._panel.update(dict.fromkeys(reviewers))
        self._outdated.update(self._findings)

    def cover(self, entries: Iterable[CoverageEntry]) -> None:
        """Add coverage: only a reviewer that read a file can be silent about it."""
        for entry in entries:
            self.coverage.append(entry)
            if entry.reading is Reading.READ:
                self._readers.setdefault(entry.path, set()).add(entry.reviewer)
                self._outdated.update({entry.path} & self._findings.keys())

    def add(self, reports: Iterable[Report]) -> None:
        """Add reports. They are aligned with the others of their files when they are needed."""
        for report in reports:
            if is_own(report):
                self._outdated |= self._own.put(report)
                continue
            key = (report.anchor.path, report.reviewer.name, report.fingerprint)
            if key not in self._reports:
                self._reports[key] = report
                self._unaligned.append(report)
                self._is_settled = False

    def alike(self, own: Report) -> tuple[str, ...]:
        """The identities of the reports that a person's report would join."""
        return self._own.alike(own, self._alignment.groups(own.anchor.path))

    def answer(self, taken: Iterable[StanceTaken]) -> None:
        """Add what models answered to reports."""
        self._stances = self._stances.with_more(taken)
        self._all = None

    def settle(self) -> None:
        """Align everything anew, once all reports are there: the order they came in has no effect
        any more."""
        if not self._is_settled:
            self._outdated |= self._alignment.settle(self._unaligned)
            self._unaligned.clear()
            self._is_settled = True


def findings_of(
    reports: Iterable[Report],
    panel: Sequence[ReviewerIdentity] = (),
    has_read: Callable[[ReviewerIdentity, str], bool] = lambda reviewer, path: True,
) -> list[Finding]:
    """The findings in reports that came at once, by place."""
    came = list(reports)
    fold = FindingsFold(panel)
    fold.add(came)
    fold.cover(
        CoverageEntry(reviewer.name, path, Reading.READ)
        for path in dict.fromkeys(report.anchor.path for report in came)
        for reviewer in panel
        if has_read(reviewer, path)
    )
    fold.settle()
    return list(fold.findings)


def finding_of(group: ReportGroup, readers: Sequence[ReviewerIdentity]) -> Finding:
    """The finding of a group of reports; readers that raised nothing are silent."""
    raised = tuple(
        Stance(report.reviewer, StanceKind.RAISES, report.claim, report.anchor.quote)
        for report in group
    )
    speakers = {report.reviewer.name for report in group}
    silent = tuple(
        Stance(reviewer, StanceKind.SILENT) for reviewer in readers if reviewer.name not in speakers
    )
    return Finding(group, raised + silent, classify(group, raised + silent))
