"""One session: collect a change, have it reviewed, decide, undo. The only place that changes state.

The app and the headless commands are two front ends of `ReviewSession`. They read its frozen
`snapshot` and call its methods; every decision is on disk before the snapshot shows it as made.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from xreview.disagreement.rank import NO_RECORD, Record
from xreview.domain.authorship.author import Attribution
from xreview.domain.change import Change, ChangeSource, FileDiff, Unshown
from xreview.domain.decision import Decision, Reason
from xreview.domain.errors import JournalError, XReviewError
from xreview.domain.events.event import (
    AuthorAnswered,
    AuthorForgotten,
    ChangeCollected,
    ConventionRemoved,
    ConventionWritten,
    CoverageReceived,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    Exported,
    NoteWritten,
    NoticeGiven,
    Payload,
    ReportReceived,
    ReviewersJoined,
    StanceTaken,
)
from xreview.domain.finding import Finding
from xreview.domain.identity.carry_over import Carried, CarriedState
from xreview.domain.identity.convention import conventions_for
from xreview.domain.proposal import Proposal, decision_in, is_same, taken_in, taken_up
from xreview.domain.report import Report
from xreview.domain.state import Triage, joined_state
from xreview.domain.text import count_of
from xreview.ports.reviewer import (
    Asked,
    ContentReader,
    Notice,
    Progress,
    Reviewer,
    ReviewRequest,
    Usage,
)
from xreview.review.asking.answerer import Answerer
from xreview.review.choosing.opponent import ReaderChoice
from xreview.review.past.carry import fix_events
from xreview.review.past.looking_back import LookingBack
from xreview.review.prompt.brief import NO_BACKGROUND, Background
from xreview.review.rebut.grounding import ReadElsewhere
from xreview.review.rebut.rebut import Rebuttal, rebut
from xreview.review.session.contained import contained
from xreview.review.session.gathered import GatheredReports
from xreview.review.session.ledger import Ledger
from xreview.review.session.outbox import Outbox
from xreview.review.session.pending import ahead_of, pending_in
from xreview.review.session.refusing import refusal_sentence, refused_files
from xreview.review.session.runner import Joined, ReviewerUpdate, run_reviewers
from xreview.review.session.session_events import (
    answer_usage,
    author_attributed,
    model_asked,
    opponent_chosen,
    report_id,
    session_opened,
    usage_received,
)
from xreview.review.session.snapshot import Answering, ReviewerProgress, ReviewSnapshot
from xreview.review.session.surroundings import EventMaker, Surroundings

_KNOWN = (CarriedState.STILL_THERE, CarriedState.BACK)

KEPT = "It is kept in memory and tried again, and is not on disk until then."


class ReviewSession:
    """The state of one run over one change, and the only way to alter it."""

    def __init__(
        self,
        source: ChangeSource,
        reviewers: Sequence[Reviewer],
        ledger: Ledger,
        given: Surroundings,
    ) -> None:
        self._reviewers = tuple(reviewers)
        self._ledger = ledger
        self._given = given
        self._outbox = Outbox(ledger, self._saved)
        self._gathered = GatheredReports(self._reviewers)
        self._record_of_user = NO_RECORD
        self._is_open = False
        self._refused: Mapping[str, str] = {}
        self._made_here: tuple[ConventionWritten, ...] = ()
        self.on_saved_late: Callable[[ReviewSnapshot], None] = lambda snapshot: None
        self.snapshot = ReviewSnapshot(
            given.new_id(),
            source,
            reviewers=tuple(self._gathered.progress),
            notices=source.notices,
            actor=given.actor,
        )
        id = self.snapshot.session
        self._maker = EventMaker(id, given)
        self._past = LookingBack(ledger, given.repository, id, given.now()[:10])

    async def open(self) -> None:
        """Write down that the session began, and on which change; take up what was known before.

        All of the change must be there: `finish_collecting` comes first.
        Raises JournalError where earlier decisions can't be read; the review goes on without, and
        what comes is written as soon as the journal can be.
        """
        identities = [reviewer.identity for reviewer in self._reviewers]
        opened = session_opened(self.snapshot.source, identities)
        collected = ChangeCollected.of(self.snapshot.files)
        notices = map(NoticeGiven, self.snapshot.notices)
        self.keep([opened, collected, *notices])
        self._is_open = True
        await self._past.open(self.snapshot.files)
        if notice := await self._ledger.notice():
            self.notice(notice)
        await self._record([])

    def add_files(self, files: Iterable[FileDiff]) -> None:
        """More of the change, in git's order."""
        self.snapshot = replace(self.snapshot, files=(*self.snapshot.files, *files))

    def finish_collecting(self) -> None:
        """All of the change is there."""
        self.snapshot = replace(self.snapshot, is_collected=True)
        self._refused = refused_files(self.snapshot.source, self.snapshot.files)
        if self._refused:
            self.notice(refusal_sentence(self._refused))

    def notice(self, sentence: str) -> None:
        """Keep a sentence that the person must know about this session."""
        if sentence not in self.snapshot.notices:
            self.snapshot = replace(self.snapshot, notices=(*self.snapshot.notices, sentence))
            if self._is_open:  # what was said before is written by `open`
                self.keep([NoticeGiven(sentence)])

    async def attribute(self, attribution: Attribution, choice: ReaderChoice) -> None:
        """Take in who wrote the change and who reads it for that; a later call holds.

        Where the journal can't be written, it is written later. Call it once the session is open.
        """
        self.snapshot = replace(
            self.snapshot, author=attribution.author, attribution=attribution, choice=choice
        )
        self._refresh()
        await self.record([author_attributed(attribution), opponent_chosen(choice)])

    def learn(self, record: Record) -> None:
        """Rank the findings by the user's earlier decisions too."""
        self._record_of_user = record
        self._refresh()

    async def answer_author(self, answer: AuthorAnswered | AuthorForgotten) -> None:
        """Remember, or forget, who a person says writes on a branch. Raises JournalError."""
        await self._write([answer])

    async def review(
        self,
        contents: ContentReader,
        joining: Awaitable[Sequence[Reviewer]] | None = None,
        counting: Awaitable[Sequence[Unshown]] | None = None,
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """Run the reviewers over the change; yields after each batch of what they say.

        `joining` gives more of them as soon as it is known who they are, `counting` what belongs to
        the change and is in no diff; the reviewers don't wait for either. Close the iterator to
        cancel: what came until then stays, and what was not read is a gap.
        """
        ignores = self._given.ignores
        possible = [file for file in self.snapshot.files if file.path not in self._refused]
        self._gathered.leave_out([f.path for f in possible if ignores(f.path)], self._refused)
        files = tuple(file for file in possible if not ignores(file.path))
        change = Change(self.snapshot.source, files)
        request = ReviewRequest(change, contents, conventions=self.conventions)
        started = self._given.now()
        counted = asyncio.ensure_future(counting) if counting is not None else None
        self.snapshot = replace(
            self.snapshot, is_joining=joining is not None, is_counting=counted is not None
        )
        try:
            async with aclosing(run_reviewers(self._reviewers, request, joining)) as batches:
                async for batch in batches:
                    await self._take_safely(batch, contents)
                    self._put_usage(self._gathered.ended(batch), started)
                    yield self.snapshot
            if counted is not None:
                await asyncio.wait([counted])
        finally:
            unread = _counted(counted)
            shown = {file.path for file in self.snapshot.files}
            unlisted = (one.path for one in unread if one.path not in shown)
            self._gathered.leave_out(path for path in unlisted if ignores(path))
            self.snapshot = replace(
                self.snapshot, is_joining=False, is_counting=False, unread=unread
            )
            self._put_usage(self._gathered.stop(files), started)
            gathered = self._gathered
            self.keep([CoverageReceived(tuple(gathered.coverage), gathered.failures, unread)])
            self._refresh()
        try:
            with contained("Comparing with earlier reviews"):
                fixed = await self._past.settle(self._gathered.coverage, change, contents)
                await self._record(fix_events(fixed, self._event))
                await self._take_earlier_answers()
                self.snapshot = replace(self.snapshot, fixed=fixed)
        except XReviewError as error:
            self.notice(str(error))
        yield self.snapshot

    async def rebut(
        self,
        findings: Sequence[Finding],
        answerer: Answerer,
        contents: ContentReader,
        background: Background = NO_BACKGROUND,
        elsewhere: ReadElsewhere | None = None,
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """Have a model answer what others reported; yields as its answers come.

        `elsewhere` looks up what it quotes outside of the change. Close the iterator to cancel:
        what was answered stays.
        """
        change = Change(self.snapshot.source, self.snapshot.files)
        started = self._given.now()
        self.snapshot = replace(self.snapshot, answering=Answering(answerer.identity))
        try:
            async with aclosing(
                rebut(findings, change, contents, answerer, background, elsewhere)
            ) as signals:
                async for signal in signals:
                    await self._take_answer(signal, answerer.identity.name)
                    yield self.snapshot
        finally:
            self._end_answering(started)
        await self._record([])
        yield self.snapshot

    @property
    def repository(self) -> str:
        """What events call the repository."""
        return self._given.repository

    @property
    def conventions(self) -> tuple[str, ...]:
        """What is intended: as the settings say it, and as earlier decisions do."""
        return tuple(dict.fromkeys((*self._given.conventions, *self._past.conventions)))

    async def decide(
        self, findings: Sequence[Finding], decision: Decision, until: str | None = None
    ) -> None:
        """Decide about one or several findings by one action.

        `until` is the day (ISO 8601) on which what is put off for `later` comes back; without one
        it comes back when its code is touched. Raises ValueError where it is no day, JournalError
        where the disk refuses: then it is `pending` in the snapshot, and tried again.
        """
        await self._decide(findings, decision, until)

    async def take_up(self, finding: Finding) -> bool:
        """Decide as was proposed last; False where nobody proposes a decision. Raises as `decide`.

        The decision is the person's own, and names what it takes up: all that propose the same.
        """
        proposals = self.snapshot.proposed(finding)
        if (wanted := decision_in(proposals)) is None:
            return False
        same = [one for one in proposals if is_same(one.payload, wanted)]
        await self._decide([finding], wanted.decision, wanted.until, same)
        return True

    async def _decide(
        self,
        findings: Sequence[Finding],
        decision: Decision,
        until: str | None,
        taking_up: Sequence[Proposal] = (),
    ) -> None:
        if not findings:
            return
        action = self._given.new_id()
        conventions = (
            conventions_for(findings, action, self._given.actor)
            if decision.reason is Reason.INTENDED
            else ()
        )
        await self._write(
            [
                *(
                    DecisionMade(action, finding.fingerprints, decision, until)
                    for finding in findings
                ),
                *(ConventionRemoved(id) for id in self._conventions_against(findings, decision)),
                *conventions,
                *taken_up(action, taking_up),
            ]
        )
        self._made_here += conventions

    async def undo(self) -> bool:
        """Take back the last action that holds; False where there is none. Raises as `decide`."""
        if not (undoable := self._ahead.undoable):
            return False
        await self._write([DecisionUndone(undoable[-1])])
        return True

    async def redo(self) -> bool:
        """Bring back the action that was undone last; False where there is none. Raises as
        `decide`."""
        if not (redoable := self._ahead.redoable):
            return False
        await self._write([DecisionRedone(redoable[-1])])
        return True

    async def write_note(self, finding: Finding, text: str) -> None:
        """Put a note on a finding; an empty text takes it away. Raises as `decide`."""
        await self._write([NoteWritten(finding.fingerprints, text)])

    async def write_exported(
        self, format: str, target: str, count: int, selection: Mapping[str, str]
    ) -> None:
        """Keep that findings left in an export; where the journal can't be written, later."""
        await self.record([Exported(format, target, selection, count)])

    async def record(self, payloads: Iterable[Payload]) -> None:
        """Write facts that nobody waits for; where the journal can't be written, later."""
        await self._record(map(self._event, payloads))

    def keep(self, payloads: Iterable[Payload]) -> None:
        """Keep facts that are written with what comes next, at the latest at the end."""
        self._outbox.put(map(self._event, payloads))

    def count_in(self, answering: Answering) -> None:
        """Add what a model used that was asked beside the review: the cost that is shown has it."""
        if answering.usage != Usage():
            answered = (*self.snapshot.answered, answering)
            self.snapshot = replace(self.snapshot, answered=answered)

    async def retry_unsaved(self) -> bool:
        """Try now to write what the disk refused; whether no action of the person waits any more.

        It is tried by itself as well, so ask this where the program is about to end.
        """
        await self._record([], is_urgent=True)
        return not self.snapshot.unsaved

    async def write_all(self) -> None:
        """Write everything that waits. Raises JournalError where the disk refuses."""
        await self._outbox.send([])

    async def close(self) -> None:
        """Let the journal go, after a last attempt to write what it refused.

        What is still `unsaved` in the snapshot then is lost, and a notice says so.
        """
        try:
            await self._outbox.close()
        except JournalError as error:
            self.notice(str(error))
            if lost := self.snapshot.unsaved:
                self.notice(f"{count_of(lost, 'decision or note', 'decisions or notes')} lost.")
        await self._ledger.close()

    # what follows is private

    def _event(self, payload: Payload, id: str = "") -> Event:
        return self._maker.make(payload, id)

    async def _record(self, events: Iterable[Event], *, is_urgent: bool = False) -> None:
        """Write what nobody waits for: a review is of use without a journal."""
        write = self._outbox.send if is_urgent else self._outbox.leave
        try:
            await write(events)
        except JournalError as error:
            self.notice(str(error))

    async def _write(self, payloads: Sequence[Payload]) -> None:
        try:
            await self._outbox.send([self._event(payload) for payload in payloads])
        except JournalError as error:
            self._show_pending()
            raise JournalError(error.message, f"{KEPT} {error.advice}") from error

    def _saved(self, events: Sequence[Event]) -> None:
        late = self.snapshot.unsaved
        triage = ahead_of(self.snapshot.triage, events)
        taken = {**self.snapshot.taken, **taken_in(events)}
        self.snapshot = replace(self.snapshot, triage=triage, taken=taken)
        self._show_pending()
        if late and not self.snapshot.unsaved:
            self.notice(f"The journal can be written again: {_actions(late)} on disk now.")
            self.on_saved_late(self.snapshot)

    @property
    def _ahead(self) -> Triage:
        return ahead_of(self.snapshot.triage, self._outbox.waiting)

    def _show_pending(self) -> None:
        pending = pending_in(self._outbox.waiting, self.snapshot.triage)
        self.snapshot = replace(self.snapshot, pending=pending)

    def _put_usage(self, reviewers: Iterable[ReviewerProgress], started: str) -> None:
        now = self._given.now()
        self.keep(usage_received(one, started, now) for one in reviewers)

    def _conventions_against(
        self, findings: Sequence[Finding], decision: Decision
    ) -> Iterable[str]:
        """The conventions that rejecting these as intended made, where that is not so any more."""
        if decision.reason is Reason.INTENDED:
            return ()
        names = {name for finding in findings for name in finding.fingerprints}
        here = [one.id for one in self._made_here if not names.isdisjoint(one.subjects)]
        return dict.fromkeys((*here, *self._past.conventions_about(names)))

    async def _carried(
        self, reports: Sequence[Report], contents: ContentReader
    ) -> tuple[Carried, ...]:
        files = {file.path: file for file in self.snapshot.files}
        taken = await self._past.take(reports, contents, files)
        try:
            known = await self._past.recall(taken)
            proposals = await self._past.proposals(taken)
        except JournalError as error:
            self.notice(str(error))
            known = Triage()
            proposals = {}
        carried, triage = self._past.judge(taken, joined_state(self.snapshot.triage, known))
        all_carried = {**self.snapshot.carried, **{one.report.fingerprint: one for one in carried}}
        proposed = {**self.snapshot.proposals, **proposals}
        self.snapshot = replace(
            self.snapshot, triage=triage, carried=all_carried, proposals=proposed
        )
        return carried

    async def _take_safely(self, batch: Sequence[ReviewerUpdate], contents: ContentReader) -> None:
        """Take in what was said. Where that fails it is lost, so those who said it failed."""
        try:
            with contained("Taking in what reviewers found"):
                await self._take(batch, contents)
        except XReviewError as error:
            self.notice(str(error))
            self._gathered.lose(batch, error)

    async def _take(self, batch: Sequence[ReviewerUpdate], contents: ContentReader) -> None:
        heard = self._gathered.hear(batch)
        for said in batch:
            self._take_fact(said)
        carried = await self._carried(heard, contents)
        await self._record(
            self._event(ReportReceived(one.report, one.kept), report_id(self.snapshot.session, one))
            for one in carried
        )
        self._gathered.file(one.report for one in carried)
        self._refresh()

    def _take_fact(self, said: ReviewerUpdate) -> None:
        match said.what:
            case Notice(sentence, left_out):
                self.notice(sentence)
                self.snapshot = replace(self.snapshot, left_out=self.snapshot.left_out + left_out)
            case None if said.index < 0:
                self.snapshot = replace(self.snapshot, is_joining=False)
            case Joined(reviewers) if reviewers:
                identities = tuple(one.identity for one in reviewers)
                self.keep([ReviewersJoined(identities)])
            case Asked():
                name = self._gathered.progress[said.index].identity.name
                self.keep([model_asked(name, said.what)])
            case _:
                pass

    async def _take_earlier_answers(self) -> None:
        """What was answered in earlier sessions to problems that are still there."""
        names = {name for name, one in self.snapshot.carried.items() if one.state in _KNOWN}
        try:
            known = await self._past.answers(names)
        except JournalError as error:
            self.notice(str(error))
            return
        self._gathered.take_stances(known)
        await self.record(known)
        self._refresh()

    async def _take_answer(self, signal: Rebuttal, party: str) -> None:
        answering = self.snapshot.answering
        match signal:
            case StanceTaken():
                self._gathered.take_stances([signal])
                await self.record([signal])
                self._refresh()
            case Notice(sentence):
                self.notice(sentence)
            case Asked():
                self.keep([model_asked(party, signal)])
            case Progress(done, total, doing) if answering is not None:
                told = replace(answering, done=done, total=total, doing=doing)
                self.snapshot = replace(self.snapshot, answering=told)
            case Usage() if answering is not None:
                self.snapshot = replace(self.snapshot, answering=replace(answering, usage=signal))
            case _:
                pass

    def _end_answering(self, started: str) -> None:
        answering = self.snapshot.answering
        if answering is not None and answering.usage != Usage():
            self.keep([answer_usage(answering, started, self._given.now())])
            self.count_in(answering)
        self.snapshot = replace(self.snapshot, answering=None)

    def _refresh(self) -> None:
        self.snapshot = replace(
            self.snapshot,
            findings=self._gathered.ranked(self.snapshot.author.vendor, self._record_of_user),
            reviewers=tuple(self._gathered.progress),
            coverage=self._gathered.coverage,
        )


def _counted(counting: "asyncio.Future[Sequence[Unshown]] | None") -> tuple[Unshown, ...]:
    """What was counted; that it was not, where git failed or was stopped before its end."""
    if counting is None:
        return ()
    if not counting.done():
        counting.cancel()
        return (Unshown("", "the review was stopped before git had counted the change"),)
    if counting.cancelled():
        return (Unshown("", "git was stopped before it had counted the change"),)
    try:
        with contained("Counting the change"):
            return tuple(counting.result())
    except XReviewError as error:
        return (Unshown("", f"git could not count the change: {error.message}"),)


def _actions(count: int) -> str:
    return "one action that waited is" if count == 1 else f"{count} actions that waited are"
