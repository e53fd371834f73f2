"""The app's side of one review: runs its steps as tasks, and reports each to a listener."""

import asyncio
from contextlib import AsyncExitStack, aclosing, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from xreview.domain.change import Side
from xreview.domain.errors import ReviewerError, XReviewError
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.contained import contained
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.collector import Collector
from xreview.tui.listener import Listener
from xreview.tui.question_queue import Answer
from xreview.tui.terminal.heap import settle_heap

if TYPE_CHECKING:  # brings the journal with it, which the first frame does without
    from collections.abc import Coroutine, Sequence
    from pathlib import Path

    from xreview.domain.authorship.author import Attribution
    from xreview.domain.authorship.author_answer import AuthorAnswer
    from xreview.domain.change import FileDiff
    from xreview.domain.finding import Finding
    from xreview.domain.stance import Stance
    from xreview.ports.reviewer import Reviewer
    from xreview.repo.files.contents import GitContents
    from xreview.review.assembly.briefing import RunningBrief
    from xreview.review.assembly.running import RunningReview
    from xreview.review.attempts.taking import Taking
    from xreview.review.attempts.trials import Trials
    from xreview.review.egress.consent import Egress
    from xreview.review.escalate.escalating import Escalating
    from xreview.review.fixing.fixing import Fixing
    from xreview.review.past.precedents import Precedents
    from xreview.review.pulls.posting import Posting
    from xreview.review.session.own_draft import OwnDraft
    from xreview.review.session.session import ReviewSession

HEAD_START = 1.0
"""Seconds, at most, that the analysers read before anything else begins."""


class Flow:
    """Runs one review for the app."""

    def __init__(self, collector: Collector, options: RunOptions, listener: Listener) -> None:
        self._collector = collector
        self._options = options
        self._listener = listener
        self._review: RunningReview | None = None
        self._contents: GitContents | None = None
        self._reviewing: asyncio.Task[None] | None = None
        self._selecting: asyncio.Task[Sequence[Reviewer]] | None = None
        self._looking_back: asyncio.Task[None] | None = None
        self._relating: asyncio.Task[None] | None = None
        self._asking: asyncio.Future[Any] | None = None
        self._fixing: Fixing | None = None
        self._posting: Posting | None = None
        self._trials: Trials | None = None
        self._taking: Taking | None = None
        self._analysers_show = asyncio.Event()
        self.is_stopped = False

    async def run(self) -> None:
        """Read the change, open a session on it, and review it.

        Raises XReviewError where there is no change to show.
        """
        async with AsyncExitStack() as stack:
            await self._run(await self._started(stack))

    async def _run(self, review: "RunningReview") -> None:
        session = review.session
        if error := await review.open():
            self._listener.trouble(error)
        self._listener.session_opened(session)
        self._listener.snapshot_taken(session.snapshot)
        self._selecting = asyncio.create_task(self._select(review))
        self._looking_back = asyncio.create_task(self._read_precedents(session))
        self._relating = asyncio.create_task(self._find_related(review))
        if session.snapshot.files:
            self._reviewing = asyncio.create_task(self._run_review(review, self._selecting))
            await asyncio.wait([self._reviewing])
            await asyncio.to_thread(settle_heap)
            await session.retry_unsaved()
            self._listener.snapshot_taken(session.snapshot)
            if not self._reviewing.cancelled():
                self._reviewing.result()
        else:
            self._analysers_show.set()
            await self._selecting

    async def _started(self, stack: AsyncExitStack) -> "RunningReview":
        collected = await self._collector.opened()
        self._listener.snapshot_taken(ReviewSnapshot("", collected.source))
        files: list[FileDiff] = []
        async with aclosing(self._collector.batches()) as arriving:
            async for batch in arriving:
                self._listener.files_arrived(batch)
                files += batch
        # Before the journal and the reviewers are loaded: the list must not say that it reads.
        read = ReviewSnapshot("", collected.source, tuple(files), is_collected=True)
        self._listener.snapshot_taken(read)
        # A key that waits is answered first: a new process and the imports would delay it.
        await self._listener.keys_given.wait()
        # The change has its frame: now a worker can start while everything else is imported.
        from xreview.analysers.ahead import worker_ahead

        await stack.enter_async_context(worker_ahead())
        # Imported here: what reads and reviews files is not needed for the first frame.
        from xreview.repo.files.contents import contents_of
        from xreview.review.session.whole_change import WholeChange

        change = WholeChange(collected, tuple(files), self._collector.request.cwd)
        self._contents = contents_of(collected)
        self._listener.texts_readable(self._contents.read_blocking)
        await asyncio.to_thread(_import_review)
        from xreview.review.assembly.running import start_review

        self._review = await start_review(
            change, self._options, lambda session: self, self._listener.budget_wanted
        )
        return self._review

    # questions of the review (`review.choosing.selection.UserQuestions`)

    async def author_wanted(self, attribution: "Attribution") -> "AuthorAnswer | None":
        """Ask who wrote the change; None where the user doesn't answer now."""
        return await self._answered(self._listener.author_wanted(attribution), None)

    async def egress_wanted(self, egress: "Egress") -> bool:
        """Ask whether code can go to a vendor, the first time from this repository."""
        return await self._answered(self._listener.egress_wanted(egress), False)

    async def _answered(self, question: "Coroutine[Any, Any, Answer]", unasked: Answer) -> Answer:
        """Ask. If the review is stopped while its models are chosen, the answer is `unasked`."""
        selecting = self._selecting
        if selecting is None or selecting.done():
            return await question
        asking = self._asking = asyncio.ensure_future(question)
        if self.is_stopped:
            asking.cancel()
        try:
            return await asking
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self.is_stopped or task is None or task.cancelling():
                raise
            return unasked

    async def _select(self, review: "RunningReview") -> "Sequence[Reviewer]":
        await self._first_findings()
        await asyncio.to_thread(settle_heap)
        try:
            return await review.select()
        except XReviewError as error:
            self._listener.trouble(error)
            raise
        finally:
            self._listener.snapshot_taken(review.session.snapshot)

    async def _run_review(
        self, review: "RunningReview", selecting: "asyncio.Task[Sequence[Reviewer]]"
    ) -> None:
        try:
            with contained("The review"):
                # Stopping the reviewers must not stop the search for the author, which is shown.
                async with aclosing(review.run(asyncio.shield(selecting))) as updates:
                    async for snapshot in updates:
                        self._listener.snapshot_taken(snapshot)
                        if snapshot.findings or any(one.is_over for one in snapshot.reviewers):
                            self._analysers_show.set()
        except XReviewError as error:
            review.session.notice(str(error))
            self._listener.trouble(error)
        finally:
            self._analysers_show.set()

    async def _first_findings(self) -> None:
        """Wait until the analysers, which share the processor with other work, show something."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HEAD_START):
                await self._analysers_show.wait()

    async def _read_precedents(self, session: "ReviewSession") -> None:
        from xreview.review.session.background import in_background

        # After the selection: first findings matter more than what the journal adds to them.
        if self._selecting is not None:
            await asyncio.wait([self._selecting])
        try:
            with contained("Reading the journal"):
                read = await in_background(_precedents, self._options.journal, session.repository)
        except XReviewError as error:
            session.notice(str(error))
            return
        session.learn(read.record)
        self._listener.snapshot_taken(session.snapshot)
        self._listener.precedents_read(read)

    async def _find_related(self, review: "RunningReview") -> None:
        await self._first_findings()
        self._listener.snapshot_taken(await review.find_related())

    @property
    def author_matters(self) -> bool:
        """Whether the choice of reviewers depends on the author."""
        return self._review is not None and self._review.selection.authorship.matters

    async def answer_author(self, answer: "AuthorAnswer") -> bool:
        """Take the user's word for who wrote the change; return False where it is too early."""
        review, selecting = self._review, self._selecting
        if review is None or selecting is None:
            return False
        await asyncio.wait([selecting])
        try:
            with contained("Taking in who wrote the change"):
                await review.selection.answer(answer)
        except XReviewError as error:
            self._listener.trouble(error)
        self._listener.snapshot_taken(review.session.snapshot)
        return True

    async def rebut(self, finding: "Finding") -> "Stance":
        """Have the author's model answer one finding. Raises as `RunningReview.ask_author`."""
        return await self._ready().ask_author(finding, self._listener.snapshot_taken)

    async def read_after(self, file: "FileDiff") -> bytes | None:
        """Return the content of a file after the change; None where it isn't available.

        Raises ChangeError where git or the disk fails, ReviewerError where it is too early.
        """
        if self._contents is None:
            raise _too_early()
        return await self._contents.read(file, Side.NEW)

    async def write_finding(self, draft: "OwnDraft") -> str:
        """Report a problem as the user; return its fingerprint. Raises XReviewError."""
        if self._review is None:
            raise _too_early()
        return await self._review.write_finding(draft)

    def escalating(self) -> "Escalating":
        """Return what carries out escalations. Raises ReviewerError where it is too early."""
        return self._ready().escalating()

    def fixing(self) -> "Fixing":
        """Return what fixes findings. Raises ReviewerError where it is too early."""
        if self._fixing is None:
            from xreview.review.assembly.fixing import fixing_for

            self._fixing = fixing_for(self._ready())
        return self._fixing

    def posting(self) -> "Posting":
        """Return what posts to the pull request.

        Raises ReviewerError where it is too early, UsageError if there is no pull request.
        """
        if self._review is None:
            raise _too_early()
        if self._posting is None:
            from xreview.review.assembly.pulls import posting_for

            self._posting = posting_for(self._review)
        return self._posting

    def briefing(self) -> "RunningBrief":
        """Return what a description is made of. Raises ReviewerError where it is too early."""
        if self._review is None:
            raise _too_early()
        from xreview.review.assembly.briefing import RunningBrief

        return RunningBrief(self._review)

    def trials(self) -> "Trials":
        """Return what runs attempts and keeps them. Raises ReviewerError where it is too early."""
        if self._review is None:
            raise _too_early()
        if self._trials is None:
            from xreview.review.assembly.attempts import trials_for

            self._trials = trials_for(self._review)
        return self._trials

    def taking(self) -> "Taking":
        """Return what takes attempts. Raises ReviewerError where it is too early."""
        if self._taking is None:
            from xreview.review.attempts.taking import Taking

            self._taking = Taking(self.trials())
        return self._taking

    def why_no_arbiter(self, findings: "Sequence[Finding]") -> str:
        """Return why no third vendor's model can be asked about these findings; "" if one can."""
        try:
            selection = self._ready().selection
        except ReviewerError as error:
            return error.message
        reasons = [selection.why_no_third_model(finding) for finding in findings]
        return "" if "" in reasons else next(iter(reasons), "")

    def _ready(self) -> "RunningReview":
        if self._review is None or self._selecting is None:
            raise _too_early()
        if not self._selecting.done():
            raise ReviewerError("The models are still being chosen.", "Try again in a moment.")
        return self._review

    def stop_review(self) -> bool:
        """Stop the reviewers; return False where none is reading."""
        if self._reviewing is None or not self._reviewing.cancel():
            return False
        self.is_stopped = True
        if self._asking is not None:
            self._asking.cancel()
        return True

    @property
    def is_running(self) -> bool:
        """Whether reviewers read, or a model answers; a question that waits doesn't count."""
        if self._review is None:
            return False
        snapshot = self._review.session.snapshot
        is_reading = snapshot.files and any(not one.is_over for one in snapshot.reviewers)
        return bool(is_reading) or snapshot.answering is not None

    @property
    def is_patch_from_stdin(self) -> bool:
        """Whether the change came from a pipe, which is empty now."""
        return self._collector.request.is_from_stdin

    async def close(self) -> None:
        """Stop everything and close the journal."""
        self._collector.stop()
        tasks = (self._reviewing, self._selecting, self._looking_back, self._relating)
        stopping = [task for task in tasks if task and task.cancel()]
        if stopping:
            await asyncio.wait(stopping)
        if self._contents is not None:
            self._contents.close()
        if self._review is not None:
            await self._close_parts(self._review)
            await self._review.close()

    async def _close_parts(self, review: "RunningReview") -> None:
        """Remove what no fix needs any more (a tree that can't be removed stays listed), and close
        the connections to the forge."""
        for part in (self._fixing, self._posting, self._trials):
            try:
                if part is not None:
                    await part.close()
            except XReviewError as error:
                review.session.notice(str(error))


def _import_review() -> None:
    """Import what a review needs, with SQLite and the reviewers: 130 ms of a thread, while the app
    answers keys."""
    import_module("xreview.review.assembly.running")
    settle_heap()


def _precedents(journal: "Path", repository: str) -> "Precedents":
    from xreview.review.past.precedents import read_precedents

    read = read_precedents(journal, repository)
    settle_heap()  # a journal of 20 MB leaves 10 MB behind
    return read


def _too_early() -> ReviewerError:
    return ReviewerError("The change is still being read.", "Try again in a moment.")
