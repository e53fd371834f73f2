"""Taking in what the reviewers say: matched with earlier sessions, recorded, made findings."""

from collections.abc import Sequence

from xreview.disagreement.rank import NO_RECORD, Record
from xreview.domain.change import Change
from xreview.domain.errors import JournalError, XReviewError
from xreview.domain.events.event import ReportReceived, ReviewersJoined, StanceTaken
from xreview.domain.fixing.state import FixState, joined_fixes
from xreview.domain.identity.carry_over import Carried
from xreview.domain.own_findings import seen_by
from xreview.domain.pull.reply_stance import stance_of_author
from xreview.domain.report import Report
from xreview.domain.state import Triage, joined_state
from xreview.ports.reviewer import Asked, ContentReader, Notice
from xreview.review.past.carry import fixes_confirmed
from xreview.review.past.looking_back import LookingBack
from xreview.review.session.contained import contained
from xreview.review.session.gathered import GatheredReports
from xreview.review.session.recorder import SessionRecorder
from xreview.review.session.runner import Joined, ReviewerUpdate
from xreview.review.session.session_events import model_asked, report_id


class ReportIntake:
    """Takes updates of the reviewers into the snapshot and the record of one session."""

    def __init__(
        self, recorder: SessionRecorder, gathered: GatheredReports, past: LookingBack
    ) -> None:
        self._recorder = recorder
        self._gathered = gathered
        self._past = past
        self._record_of_user = NO_RECORD

    async def take(self, batch: Sequence[ReviewerUpdate], contents: ContentReader) -> None:
        """Take in a batch. Where that fails the batch is lost, so its reviewers have failed."""
        try:
            with contained("Taking in what reviewers found"):
                await self._take(batch, contents)
        except XReviewError as error:
            self._recorder.notice(str(error))
            self._gathered.lose(batch, error)

    async def compare_with_past(self, change: Change, contents: ContentReader) -> None:
        """Confirm what was fixed, and take in earlier answers about what was not. A failure is a
        notice."""
        try:
            with contained("Comparing with earlier reviews"):
                fixed = await self._past.settle(self._gathered.coverage, change, contents)
                self._recorder.record(*fixes_confirmed(fixed))
                await self._recorder.save()
                await self._take_earlier_answers()
                self._recorder.show(fixed=(*self._recorder.snapshot.fixed, *fixed))
        except XReviewError as error:
            self._recorder.notice(str(error))

    def learn(self, record: Record) -> None:
        """Rank the findings by the user's earlier decisions too."""
        self._record_of_user = record
        self.refresh()

    def refresh(self) -> None:
        """Show the current findings, reviewers and coverage."""
        snapshot = self._recorder.snapshot
        self._recorder.show(
            findings=self._gathered.ranked(
                snapshot.author.vendor,
                self._record_of_user,
                snapshot.attention,
                snapshot.handling,
                snapshot.handling_basis,
            ),
            reviewers=tuple(self._gathered.progress),
            coverage=self._gathered.coverage,
        )

    async def _take(self, batch: Sequence[ReviewerUpdate], contents: ContentReader) -> None:
        heard = self._gathered.hear(batch)
        for update in batch:
            self._take_fact(update)
        await self._keep(await self._carried(heard, contents))

    async def take_own(self, taken: Sequence[Carried]) -> None:
        """Take in own findings of earlier sessions, with their decisions."""
        if taken:
            await self._keep(await self._judged(taken))

    async def _keep(self, carried: Sequence[Carried]) -> None:
        snapshot = self._recorder.snapshot
        for one in carried:
            id = report_id(snapshot.session, one)
            self._recorder.record(ReportReceived(one.report, one.kept), id=id)
        await self._recorder.save()
        self._gathered.file(seen_by(one.report, snapshot.actor) for one in carried)
        self._take_replies(carried)
        self.refresh()

    def _take_replies(self, carried: Sequence[Carried]) -> None:
        """Take in what the author of the pull request replied to these reports."""
        snapshot = self._recorder.snapshot
        if snapshot.pull is None:
            return
        taken = [
            StanceTaken((one.report.fingerprint,), stance)
            for one in carried
            if (thread := snapshot.threads.get(one.report.source)) is not None
            and (stance := stance_of_author(thread, snapshot.pull.author)) is not None
        ]
        self._gathered.take_stances(taken)
        self._recorder.record(*taken)

    def _take_fact(self, update: ReviewerUpdate) -> None:
        recorder = self._recorder
        match update.what:
            case Notice(sentence, left_out):
                recorder.notice(sentence)
                recorder.show(left_out=recorder.snapshot.left_out + left_out)
            case None if update.index < 0:
                recorder.show(is_joining=False)
            case Joined(reviewers) if reviewers:
                recorder.record(ReviewersJoined(tuple(one.identity for one in reviewers)))
            case Asked():
                name = self._gathered.progress[update.index].identity.name
                recorder.record(model_asked(name, update.what))
            case _:
                pass

    async def _carried(
        self, reports: Sequence[Report], contents: ContentReader
    ) -> tuple[Carried, ...]:
        """The reports as problems that earlier sessions may know, and their decisions shown."""
        snapshot = self._recorder.snapshot
        files = {file.path: file for file in snapshot.files}
        return await self._judged(await self._past.take(reports, contents, files))

    async def _judged(self, taken: Sequence[Carried]) -> tuple[Carried, ...]:
        """Reports whose problems are recognised, and their decisions shown."""
        try:
            known = await self._past.recall(taken)
            proposals = await self._past.proposals(taken)
            fixes = await self._past.fixes(taken)
        except JournalError as error:
            self._recorder.notice(str(error))
            known, proposals, fixes = Triage(), {}, FixState()
        snapshot = self._recorder.snapshot  # a decision may have changed it
        carried, triage = self._past.judge(taken, joined_state(snapshot.triage, known))
        self._recorder.show(
            triage=triage,
            carried={**snapshot.carried, **{one.report.fingerprint: one for one in carried}},
            proposals={**snapshot.proposals, **proposals},
            fixes=joined_fixes(snapshot.fixes, fixes),
        )
        return carried

    async def _take_earlier_answers(self) -> None:
        """Take in what models answered in earlier sessions about problems that are still there."""
        carried = self._recorder.snapshot.carried
        names = {name for name, one in carried.items() if one.is_known}
        try:
            known = await self._past.answers(names)
        except JournalError as error:
            self._recorder.notice(str(error))
            return
        self._gathered.take_stances(known)
        self._recorder.record(*known)
        await self._recorder.save()
        self.refresh()
