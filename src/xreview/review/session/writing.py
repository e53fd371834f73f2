"""What the user finds in a session: own findings, and problems that the review missed."""

from collections.abc import Iterable, Sequence

from xreview.domain.change import Change
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import XReviewError
from xreview.domain.events.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    FindingRemoved,
    FindingWritten,
    ProblemMissed,
)
from xreview.domain.events.person_events import FoundIn
from xreview.domain.finding import Finding
from xreview.domain.identity.carry_over import Carried, Fixed
from xreview.domain.own_findings import YOU, as_reviewer, own_fingerprint, seen_by
from xreview.domain.record import replace
from xreview.domain.report import Category, Report, Severity
from xreview.ports.reviewer import ContentReader, Reviewer
from xreview.review.past.carry import fixes_confirmed
from xreview.review.past.missed import ReviewedSession
from xreview.review.session.contained import contained
from xreview.review.session.deciding import DecidingSession
from xreview.review.session.gathered import GatheredReports
from xreview.review.session.intake import ReportIntake
from xreview.review.session.ledger import Ledger
from xreview.review.session.own_draft import OwnDraft, edited, found_again, grounded
from xreview.review.session.surroundings import Surroundings

_GONE = "the code that you quoted is gone"


class WritingSession(DecidingSession):
    """A session in which the user reports problems too.

    An own finding is accepted as it is written, as one action: you don't ask yourself. Like
    decisions, it is on disk before the snapshot shows it.
    """

    def __init__(
        self, change: Change, reviewers: Sequence[Reviewer], ledger: Ledger, given: Surroundings
    ) -> None:
        super().__init__(change, ledger, given)
        self._gathered = GatheredReports(reviewers)
        self._intake = ReportIntake(self, self._gathered, self._past)

    async def write_finding(self, draft: OwnDraft, contents: ContentReader) -> str:
        """Report a problem and accept it; return its fingerprint.

        Raises UsageError if the draft has no text or no code, ChangeError, JournalError.
        """
        change = Change(self.snapshot.source, self.snapshot.files)
        report = await grounded(draft, as_reviewer(self._given.actor), change, contents)
        others = [one for finding in self.snapshot.findings for one in finding.reports]
        identity = own_fingerprint(report, [*others, *self._past.known])
        report = replace(report, fingerprint=identity)
        action, subjects = self._given.new_id(), (identity, *self._gathered.alike(report))
        accepted = Decision(Verdict.ACCEPT, Reason.FIX)
        await self._act(
            FindingWritten(action, report),
            DecisionMade(action, tuple(dict.fromkeys(subjects)), accepted),
        )
        return identity

    async def edit_finding(self, report: Report, draft: OwnDraft) -> None:
        """Change what an own finding says; its place stays. Raises UsageError, JournalError."""
        written = edited(report, draft, self._given.actor)
        await self._act(FindingWritten(self._given.new_id(), written))

    async def remove_finding(self, report: Report) -> None:
        """Withdraw an own finding. Raises JournalError."""
        await self._act(FindingRemoved(self._given.new_id(), (report.fingerprint,)))

    async def reviewed_before(self, path: str) -> ReviewedSession | None:
        """The latest earlier session in which a reviewer read the file. Raises JournalError."""
        return await self._ledger.reviewed(self.repository, path, self.snapshot.session)

    async def mark_missed(
        self,
        path: str,
        line: int,
        text: str,
        found: FoundIn,
        severity: Severity,
        category: Category | None = None,
        session: str = "",
    ) -> None:
        """Record that the reviewers of a session, by default this one, missed a problem. Raises
        JournalError."""
        missed = ProblemMissed(self._given.new_id(), path, line, text, found, severity, category)
        self.record(missed, session=session)
        await self.save_now()

    async def bring_back(self, contents: ContentReader) -> None:
        """Take in the own findings of earlier sessions: those whose code is still there, and for
        the others that it is gone. A failure is a notice."""
        try:
            with contained("Taking in your earlier findings"):
                await self._bring_back(contents)
        except XReviewError as error:
            self.notice(str(error))

    async def _bring_back(self, contents: ContentReader) -> None:
        snapshot = self.snapshot
        change = Change(snapshot.source, snapshot.files)
        carried: list[Carried] = []
        fixed: list[Fixed] = []
        for known, file in self._past.own_in(snapshot.files):
            last = known.report
            if (found := await found_again(last, file, change, contents)) is None:
                continue
            if found.anchored:
                carried.append(Carried(found, known.again, last.fingerprint, last))
            elif not (known.is_fixed or known.is_tentative or change.source.is_attempt):
                fixed.append(Fixed(last, _GONE))
        self.record(*fixes_confirmed(fixed))
        self.show(fixed=(*self.snapshot.fixed, *fixed))
        await self._intake.take_own(carried)

    def own_in(self, finding: Finding) -> Report | None:
        """The user's own report of a finding, if there is one."""
        return next((one for one in finding.reports if one.reviewer == YOU), None)

    def _show_saved(self, events: Sequence[Event]) -> None:
        before, is_other = self.snapshot.triage, self._take_own(events)
        super()._show_saved(events)
        if is_other or self.snapshot.triage is not before:
            self._intake.refresh()  # places that are decided alike join, others part

    def _take_own(self, events: Iterable[Event]) -> bool:
        """Show in the findings what was written, removed, undone, or redone."""
        changed = False
        for event in events:
            payload = event.payload
            if isinstance(payload, FindingWritten):
                report = seen_by(payload.report, self._given.actor)
                payload = FindingWritten(payload.action, report)
            elif not isinstance(payload, FindingRemoved | DecisionUndone | DecisionRedone):
                continue
            self._gathered.take_own(payload)
            changed = True
        return changed
