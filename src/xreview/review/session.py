"""One session: collect a change, have it reviewed, decide, undo. The only place that changes state.

The app and the headless commands are two front ends of `ReviewSession`. They read its frozen
`snapshot` and call its methods; every decision is on disk before the snapshot shows it.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from xreview import __version__
from xreview.domain.carry_over import Carried, Fixed, reopened
from xreview.domain.change import Change, ChangeSource, FileDiff, FileStatus, Side
from xreview.domain.convention import conventions_for
from xreview.domain.decision import Decision, Reason
from xreview.domain.errors import ChangeError, JournalError
from xreview.domain.event import (
    CoverageReceived,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    Exported,
    NoteWritten,
    Payload,
    ReportReceived,
    SessionOpened,
)
from xreview.domain.finding import Finding
from xreview.domain.history import History
from xreview.domain.report import Report
from xreview.domain.state import Triage, apply, joined
from xreview.review.carry import CarryOver, fix_events
from xreview.review.gathered import Gathered
from xreview.review.ledger import Ledger
from xreview.review.runner import Said, run_reviewers
from xreview.review.snapshot import ReviewSnapshot
from xreview.reviewers.base import ContentReader, Reviewer, ReviewRequest


@dataclass(frozen=True)
class Surroundings:
    """What a session gets from outside, so that nothing in it reads a clock or a random number.

    Args:
        repository: what events call the repository; actor: who decides.
        now: UTC time as ISO 8601 with microseconds. new_id: a fresh unique id.
        ignores: whether the user's or the repository's settings leave a path out of the review.
    """

    repository: str
    actor: str
    now: Callable[[], str]
    new_id: Callable[[], str]
    ignores: Callable[[str], bool] = lambda path: False
    conventions: tuple[str, ...] = ()


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
        self._writing = asyncio.Lock()
        self._gathered = Gathered(self._reviewers)
        self._unwritten: list[Event] = []
        self._last_at = ""
        self._recalled: set[str] = set()
        self.snapshot = ReviewSnapshot(
            given.new_id(),
            source,
            reviewers=tuple(self._gathered.progress),
            notices=source.notices,
        )
        self._carry = self._carrying(History())

    async def open(self) -> None:
        """Write down that the session began, and take up what was decided before.

        Raises JournalError where earlier decisions can't be read; the review goes on without, and
        what comes is written as soon as the journal can be.
        """
        source = self.snapshot.source
        opened = SessionOpened(
            source.kind,
            source.title,
            source.base,
            source.head,
            f"xreview-tui {__version__}",
            tuple(reviewer.identity for reviewer in self._reviewers),
            source.repository,
        )
        self._unwritten.append(self._event(opened))
        await self._recall(())  # a journal that can't be read is said before the review
        history = await self._ledger.history(self._given.repository, self.snapshot.session)
        self._carry = self._carrying(history)
        if notice := await self._ledger.notice():
            self.notice(notice)
        await self._record([])

    def add_files(self, files: Iterable[FileDiff]) -> None:
        """More of the change, in git's order."""
        self.snapshot = replace(self.snapshot, files=(*self.snapshot.files, *files))

    def finish_collecting(self) -> None:
        """All of the change is there."""
        self.snapshot = replace(self.snapshot, is_collected=True)

    def notice(self, sentence: str) -> None:
        """Keep a sentence that the person must know about this session."""
        if sentence not in self.snapshot.notices:
            self.snapshot = replace(self.snapshot, notices=(*self.snapshot.notices, sentence))

    async def review(self, contents: ContentReader) -> AsyncGenerator[ReviewSnapshot, None]:
        """Run the reviewers over the change; yields after each batch of what they say.

        Close the iterator to cancel: what came until then stays, and what was not read is a gap.
        """
        ignores = self._given.ignores
        self._gathered.leave_out([file for file in self.snapshot.files if ignores(file.path)])
        files = tuple(file for file in self.snapshot.files if not ignores(file.path))
        change = Change(self.snapshot.source, files)
        request = ReviewRequest(change, contents, conventions=self._given.conventions)
        try:
            async with aclosing(run_reviewers(self._reviewers, request)) as batches:
                async for batch in batches:
                    await self._take(batch, contents)
                    yield self.snapshot
        finally:
            self._gathered.stop(files)
            self._refresh()
        fixed = await self._settle(change, contents)
        await self._record(
            [
                self._event(CoverageReceived(tuple(self._gathered.coverage))),
                *fix_events(fixed, self._event),
            ]
        )
        self.snapshot = replace(self.snapshot, fixed=fixed)
        yield self.snapshot

    @property
    def repository(self) -> str:
        """What events call the repository."""
        return self._given.repository

    async def decide(
        self, findings: Sequence[Finding], decision: Decision, until: str | None = None
    ) -> None:
        """Decide about one or several findings by one action.

        `until` is the day (ISO 8601) on which what is put off for `later` comes back; without one
        it comes back when its code is touched. Raises ValueError where it is no day, JournalError
        where nothing can be written: then nothing was decided.
        """
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
                *conventions,
            ]
        )

    async def undo(self) -> bool:
        """Take back the last action that holds; False where there is none."""
        if not (undoable := self.snapshot.triage.undoable):
            return False
        await self._write([DecisionUndone(undoable[-1])])
        return True

    async def redo(self) -> bool:
        """Bring back the action that was undone last; False where there is none."""
        if not (redoable := self.snapshot.triage.redoable):
            return False
        await self._write([DecisionRedone(redoable[-1])])
        return True

    async def write_note(self, finding: Finding, text: str) -> None:
        """Put a note on a finding; an empty text takes it away."""
        await self._write([NoteWritten(finding.fingerprints, text)])

    async def write_exported(self, format: str, target: str, count: int) -> None:
        """Keep that findings left in an export; where the journal can't be written, later."""
        await self._record([self._event(Exported(format, target, {}, count))])

    async def close(self) -> None:
        """Let the journal go."""
        await self._ledger.close()

    # what follows is private

    def _event(self, payload: Payload, id: str = "") -> Event:
        given = self._given
        # The latest decision holds, so a clock that was set back must not make one look earlier.
        self._last_at = max(self._last_at, given.now())
        return Event(
            id or given.new_id(),
            self.snapshot.session,
            given.repository,
            self._last_at,
            given.actor,
            payload,
        )

    async def _record(self, events: Iterable[Event]) -> None:
        """Write what nobody waits for. What can't be written now is kept, and tried again with
        the next events: a review is of use without a journal."""
        async with self._writing:
            self._unwritten += events
            try:
                await self._ledger.append(self._unwritten)
            except JournalError as error:
                self.notice(str(error))
            else:
                self._unwritten = []

    async def _write(self, payloads: Sequence[Payload]) -> None:
        async with self._writing:
            events = [self._event(payload) for payload in payloads]
            await self._ledger.append([*self._unwritten, *events])
            self._unwritten = []
            triage: Triage = self.snapshot.triage
            for event in events:
                triage = apply(triage, event)
            self.snapshot = replace(self.snapshot, triage=triage)

    def _carrying(self, history: History) -> CarryOver:
        today = self._given.now()[:10]
        return CarryOver(history, session=self.snapshot.session, today=today)

    async def _carried(
        self, reports: Sequence[Report], contents: ContentReader
    ) -> tuple[Carried, ...]:
        await self._give(self._carry.needs(reports), contents)
        taken = self._carry.take(reports)
        try:
            await self._recall({one.report.fingerprint for one in taken} - self._recalled)
        except JournalError as error:
            self.notice(str(error))
        carried = self._carry.judge(taken, self.snapshot.triage)
        again = [one.report.fingerprint for one in carried if one.is_reopened]
        self.snapshot = replace(
            self.snapshot,
            triage=reopened(self.snapshot.triage, again, self.snapshot.session),
            carried={
                **self.snapshot.carried,
                **{one.report.fingerprint: one for one in carried},
            },
        )
        return carried

    async def _recall(self, fingerprints: Collection[str]) -> None:
        """Take up what was decided about these before; ask before a person can decide anew."""
        known = await self._ledger.recall(self._given.repository, fingerprints)
        self._recalled.update(fingerprints)
        self.snapshot = replace(self.snapshot, triage=joined(self.snapshot.triage, known))

    async def _settle(self, change: Change, contents: ContentReader) -> tuple[Fixed, ...]:
        coverage = self._gathered.coverage
        await self._give(self._carry.needs_at_end(coverage), contents)
        return self._carry.settle(coverage, lambda path: change.by_path[path].touched(Side.NEW))

    async def _give(self, paths: Iterable[str], contents: ContentReader) -> None:
        files = {file.path: file for file in self.snapshot.files}
        for path in paths:
            file = files.get(path) or FileDiff(path, FileStatus.MODIFIED)
            try:
                content = await contents.read(file, Side.NEW)
            except ChangeError:
                continue  # what can't be read is neither fixed nor moved
            text = None if content is None else content.decode("utf-8", "surrogateescape")
            self._carry.give(path, text)

    async def _take(self, batch: Sequence[Said], contents: ContentReader) -> None:
        heard = self._gathered.hear(batch)
        reports = [one.report for one in await self._carried(heard, contents)]
        await self._record(
            self._event(
                ReportReceived(report),
                _report_id(self.snapshot.session, report),
            )
            for report in reports
        )
        self._gathered.file(reports)
        self._refresh()

    def _refresh(self) -> None:
        self.snapshot = replace(
            self.snapshot,
            findings=self._gathered.findings,
            reviewers=tuple(self._gathered.progress),
            coverage=tuple(self._gathered.coverage),
        )


def _report_id(session: str, report: Report) -> str:
    # One line may stand in two files, so the fingerprint alone does not tell reports apart.
    place = hashlib.sha256(report.anchor.path.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return f"{session}/{report.reviewer.name}/{place}/{report.fingerprint}"
