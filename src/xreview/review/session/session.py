"""One session: what the app and the headless commands do with a change, decisions included."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Iterable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from xreview.disagreement.rank import Record
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.authorship.author import Attribution
from xreview.domain.change import Change, FileDiff, Unshown
from xreview.domain.errors import XReviewError
from xreview.domain.events.event import (
    AuthorAnswered,
    AuthorForgotten,
    ChangeCollected,
    CoverageReceived,
    NoticeGiven,
    OpponentChosen,
    PullOpened,
    StanceTaken,
    ThreadsSeen,
)
from xreview.domain.events.pull_events import seen_thread
from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import RemoteComment, ReviewThread
from xreview.domain.pull.sight import BotSight
from xreview.domain.stakes.stakes import Stakes
from xreview.domain.viewed import viewed_in
from xreview.ports.reviewer import ContentReader, Reviewer, ReviewRequest, Usage
from xreview.review.choosing.choice import ReaderChoice
from xreview.review.prompt.brief import NO_BACKGROUND, Background
from xreview.review.session.background import in_background
from xreview.review.session.contained import contained
from xreview.review.session.ledger import Ledger
from xreview.review.session.refusing import refusal_sentence, refused_files
from xreview.review.session.runner import run_reviewers
from xreview.review.session.session_events import (
    Hearing,
    attention_weighed,
    author_attributed,
    session_opened,
    usage_received,
)
from xreview.review.session.snapshot import ReviewerProgress, ReviewSnapshot
from xreview.review.session.surroundings import Surroundings
from xreview.review.session.writing import WritingSession

if TYPE_CHECKING:  # for models only, which the first findings do without
    from xreview.review.asking.answerer import Answerer
    from xreview.review.rebut.grounding import ReadElsewhere


class ReviewSession(WritingSession):
    """The state of one run over one change, and the only way to alter it.

    Front ends read its frozen `snapshot` and call its methods.
    """

    def __init__(
        self, change: Change, reviewers: Sequence[Reviewer], ledger: Ledger, given: Surroundings
    ) -> None:
        super().__init__(change, reviewers, ledger, given)
        self._reviewers = tuple(reviewers)
        self.show(reviewers=tuple(self._gathered.progress))
        self._refused = refused_files(change.source, change.files)
        if self._refused:
            self.notice(refusal_sentence(self._refused))

    async def open(self) -> None:
        """Record the start and the change, and read what earlier sessions knew about it.

        Raises JournalError where earlier decisions can't be read; the review can go on without
        them, and events are written once the journal can be.
        """
        # In a thread: a pass over all diffs, during which the app could answer no key.
        collected = await in_background(ChangeCollected.of, self.snapshot.files)
        identities = [reviewer.identity for reviewer in self._reviewers]
        self.record(
            session_opened(self.snapshot.source, identities),
            collected,
            *map(NoticeGiven, self.snapshot.notices),
            *self._pull_opened(),
        )
        self._is_open = True
        await self._past.open(self.snapshot.files)
        digests = await self._ledger.views(self.repository)
        self.show(viewed=viewed_in(self.snapshot.files, digests))
        if notice := await self._ledger.notice():
            self.notice(notice)
        await self.save()

    async def recall(self) -> None:
        """Read what earlier sessions decided, as `open` does, without beginning a session.

        Raises JournalError.
        """
        await self._past.open(self.snapshot.files)

    async def take_discussion(
        self,
        threads: Sequence[ReviewThread],
        sights: Sequence[BotSight],
        said: Sequence[RemoteComment] = (),
    ) -> None:
        """Show and record what is said on the pull request, before its reviewers join; `said` is
        about it as a whole, and only shown."""
        by_id = {one.id: one for one in threads}
        self.show(threads=by_id, sights=tuple(sights), said=tuple(said))
        self.record(ThreadsSeen(self.snapshot.source.pull, tuple(map(seen_thread, threads))))
        await self.save()

    def _pull_opened(self) -> tuple[PullOpened, ...]:
        pull = self.snapshot.pull
        if pull is None:
            return ()
        base, head = pull.base.commit, pull.head.commit
        return (PullOpened(pull.address.url, pull.title, pull.author.login, base, head),)

    @property
    def conventions(self) -> tuple[str, ...]:
        """What is intended, by the settings and by earlier decisions."""
        return tuple(dict.fromkeys((*self._given.conventions, *self._past.conventions)))

    async def attribute(self, attribution: Attribution, choice: ReaderChoice) -> None:
        """Show and record who wrote the change and who reads it; a later call overrides it.

        Call it once the session is open.
        """
        self.show(author=attribution.author, attribution=attribution, choice=choice)
        self._intake.refresh()
        chosen = OpponentChosen(choice.reviewers, choice.same_family, choice.sentence)
        self.record(author_attributed(attribution), chosen)
        await self.save()

    async def weigh(self, stakes: Stakes, attention: ChangeAttention) -> None:
        """Show and record how much human reading the change deserves, unless that is known; a
        later call overrides it. Call it once the session is open."""
        if attention == self.snapshot.attention:
            return
        self.show(attention=attention)
        files = self.snapshot.files
        self.record(await asyncio.to_thread(attention_weighed, stakes, attention, files))
        self._intake.refresh()
        await self.save()

    async def take_stances(self, taken: Sequence[StanceTaken]) -> None:
        """Show and record what is said about reports without asking a model."""
        self._gathered.take_stances(taken)
        self.record(*taken)
        await self.save()
        self._intake.refresh()

    def learn(self, record: Record) -> None:
        """Rank the findings by the user's earlier decisions too."""
        self._intake.learn(record)

    async def answer_author(self, answer: AuthorAnswered | AuthorForgotten) -> None:
        """Remember, or forget, who writes on a branch as the user says. Raises JournalError."""
        await self._act(answer)

    async def review(
        self,
        contents: ContentReader,
        joining: Sequence[Awaitable[Sequence[Reviewer]]] = (),
        counting: Awaitable[Sequence[Unshown]] | None = None,
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """Run the reviewers over the change; yield a snapshot after each batch of updates.

        The analysers wait neither for `joining`, each of which gives more reviewers, nor for
        `counting`, which gives what belongs to the change and is in no diff. Close the iterator to
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
        self.show(is_joining=bool(joining), is_counting=counted is not None)
        await self.bring_back(contents)
        try:
            async with aclosing(run_reviewers(self._reviewers, request, joining)) as batches:
                async for batch in batches:
                    await self._intake.take(batch, contents)
                    self._record_usage(self._gathered.ended(batch), started)
                    yield self.snapshot
            if counted is not None:
                await asyncio.wait([counted])
        finally:
            self._end_review(files, _unshown(counted), started)
        if not change.source.is_attempt:
            await self._intake.compare_with_past(change, contents)
        yield self.snapshot

    async def rebut(
        self,
        findings: Sequence[Finding],
        answerer: "Answerer",
        contents: ContentReader,
        background: Background = NO_BACKGROUND,
        elsewhere: "ReadElsewhere | None" = None,
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """Have a model answer what others reported; yield a snapshot after each signal.

        Close the iterator to cancel: what was answered stays.
        """
        from xreview.review.rebut.rebut import rebut

        change = Change(self.snapshot.source, self.snapshot.files)
        hearing = Hearing(answerer.identity, self._given.now())
        self.show(answering=hearing.answering)
        try:
            stream = rebut(findings, change, contents, answerer, background, elsewhere)
            async with aclosing(stream) as signals:
                async for signal in signals:
                    if isinstance(signal, StanceTaken):
                        self._gathered.take_stances([signal])
                        self.record(signal)
                        await self.save()
                        self._intake.refresh()
                    else:
                        hearing.take(signal)
                        self.show(answering=hearing.answering)
                    for sentence in hearing.notices:
                        self.notice(sentence)
                    yield self.snapshot
        finally:
            self.count_in(hearing)
            self.show(answering=None)
        await self.save()
        yield self.snapshot

    def count_in(self, hearing: Hearing) -> None:
        """Record what a model was asked beside the review, and show its cost."""
        if hearing.answering.usage != Usage():
            self.show(answered=(*self.snapshot.answered, hearing.answering))
        self.record(*hearing.facts(self._given.now()))

    def _end_review(
        self, files: Sequence[FileDiff], unread: tuple[Unshown, ...], started: str
    ) -> None:
        shown = {file.path for file in self.snapshot.files}
        unlisted = (one.path for one in unread if one.path not in shown)
        self._gathered.leave_out(path for path in unlisted if self._given.ignores(path))
        self.show(is_joining=False, is_counting=False, unread=unread)
        self._record_usage(self._gathered.stop(files), started)
        coverage = tuple(self._gathered.coverage)
        self.record(CoverageReceived(coverage, self._gathered.failures, unread))
        self._intake.refresh()

    def _record_usage(self, reviewers: Iterable[ReviewerProgress], started: str) -> None:
        now = self._given.now()
        for one in reviewers:
            self.record(usage_received(one.identity.name, one.usage, started, now))


def _unshown(counting: "asyncio.Future[Sequence[Unshown]] | None") -> tuple[Unshown, ...]:
    """What was counted, or that it could not be counted to the end."""
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
