"""The review of an attempt: the ordinary pipeline, over the attempt's own tree."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import aclosing

from xreview.config.schema import TierSetting
from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.decision import Verdict
from xreview.domain.errors import ChangeError, XReviewError
from xreview.domain.finding import Finding
from xreview.domain.record import replace
from xreview.domain.report import ReviewerIdentity
from xreview.review.assembly.parts import under_policy
from xreview.review.assembly.run_options import RunOptions
from xreview.review.assembly.running import RunningReview, start_review
from xreview.review.attempts.attempt_change import WrittenAttempt, attempt_change
from xreview.review.attempts.coalescing import coalesced
from xreview.review.attempts.place import AttemptReview, ReviewOrder
from xreview.review.attempts.unread import unread_in
from xreview.review.egress.consent import Egress
from xreview.review.session.session import ReviewSession
from xreview.review.session.snapshot import ReviewerState, ReviewSnapshot
from xreview.review.session.whole_change import WholeChange

PAUSE = 0.1
"""Seconds between two states, at least."""


class AttemptReviewing:
    """Reviews attempts with the models, settings and permissions of a running review.

    Make one for all attempts of a session, since it asks the user about a place once.
    """

    def __init__(self, review: RunningReview) -> None:
        self._review = review
        self._permits = _PermitOnce(review.selection.ask_egress)

    def run(self, order: ReviewOrder) -> AsyncGenerator[AttemptReview, None]:
        """Review an attempt; the last state is over. Closing the stream stops the review.

        Raises XReviewError where the review can't begin.
        """
        return coalesced(self._states(order), PAUSE)

    async def _states(self, order: ReviewOrder) -> AsyncGenerator[AttemptReview, None]:
        change = await asyncio.to_thread(self._change, order)
        try:
            options = await self._options(order, change)
            review = await start_review(change, options, self._questions)
            course = _Course(review)
            try:
                async with aclosing(course.snapshots()) as snapshots:
                    async for snapshot in snapshots:
                        yield _state_of(snapshot)
            finally:
                await review.close()
            yield _state_of(review.session.snapshot, course.trouble, is_over=True)
        finally:
            change.collected.close()

    def _change(self, order: ReviewOrder) -> WholeChange:
        """The attempt as git compares it. Blocks. Raises ChangeError."""
        repository = self._review.change.repository
        if repository is None:
            raise ChangeError("An attempt needs a repository.", "Start in one.")
        collected = attempt_change(repository, _written(order))
        files = [file for batch in collected.batches for file in batch]
        return WholeChange(collected, tuple(files), self._review.change.folder)

    async def _options(self, order: ReviewOrder, change: WholeChange) -> RunOptions:
        """The user's options under the policy from before the attempt, with the order's limits."""
        given = await asyncio.to_thread(under_policy, self._review.options, change.collected)
        settings, panel = given.settings, self._review.panel
        if settings.review_with and not panel.prospects:
            await panel.find()
        vendors = {one.settings.name: one.identity.vendor for one in panel.prospects}
        wrote = {one.family for one in (order.author, *order.authors.values()) if one} - {""}
        named = _named(order.reviewer, settings.review_with, vendors, wrote)
        tier = TierSetting(order.tier) if order.tier else settings.tier
        return replace(
            given,
            settings=replace(settings, budget=order.most, review_with=named, tier=tier),
            settings_under=None,
            imports=(),
            said=None,
            brief=order.task,
        )

    def _questions(self, session: ReviewSession) -> "_AttemptQuestions":
        return _AttemptQuestions(session, self._permits)


def _state_of(
    snapshot: ReviewSnapshot, trouble: str = "", *, is_over: bool = False
) -> AttemptReview:
    """A review's state, with the findings that speak against the attempt: those that the user
    rejected before, or that quote no code, don't."""
    against = tuple(one for one in snapshot.findings if _is_against(one, snapshot))
    doing = snapshot.doing or ("choosing who reviews" if snapshot.is_joining else "")
    return AttemptReview(
        snapshot.session,
        against,
        _models_of(snapshot),
        "" if is_over else doing,
        snapshot.cost,
        unread_in(snapshot, trouble) if is_over else (),
        snapshot.notices,
        is_over,
    )


class _Course:
    """One review from its opening to its end; `trouble` says what went wrong besides reading."""

    def __init__(self, review: RunningReview) -> None:
        self._review = review
        self.trouble = ""

    async def snapshots(self) -> AsyncGenerator[ReviewSnapshot, None]:
        """Run it; yield a snapshot after each update."""
        review = self._review
        await review.open()
        yield review.session.snapshot
        selecting = asyncio.ensure_future(review.select())
        try:
            async with aclosing(review.run(selecting)) as updates:
                async for snapshot in updates:
                    yield snapshot
        except XReviewError as error:
            self._tell(error)
        finally:
            selecting.cancel()
            await asyncio.wait([selecting])
        if isinstance(failed := selecting.exception(), XReviewError):
            self._tell(failed)

    def _tell(self, error: XReviewError) -> None:
        self.trouble = self.trouble or str(error)
        self._review.session.notice(str(error))


def _written(order: ReviewOrder) -> WrittenAttempt:
    return WrittenAttempt(
        *(order.label, order.title, order.task, order.tree, order.patch.tree),
        order.author,
        order.authors,
    )


def _named(
    reviewer: str, wanted: Sequence[str], vendors: Mapping[str, str], wrote: Collection[str]
) -> tuple[str, ...]:
    """The names of those that read: the order's reviewer, else those of the user's that aren't of a
    writer's family; analysers stay as the user named them."""
    others = tuple(name for name in wanted if name not in vendors)
    if reviewer:
        return (reviewer, *others)
    opposing = (name for name in wanted if name in vendors and vendors[name] not in wrote)
    return (*opposing, *others)


def _is_against(finding: Finding, snapshot: ReviewSnapshot) -> bool:
    is_rejected = snapshot.triage.verdict(finding) is Verdict.REJECT
    return finding.is_anchored and not is_rejected and snapshot.suppression(finding) is None


def _models_of(snapshot: ReviewSnapshot) -> tuple[ReviewerIdentity, ...]:
    """The models that read, each once, whatever lenses it read with."""
    read = {entry.reviewer for entry in snapshot.coverage if not entry.is_gap}
    found = (
        replace(one.identity, name=one.identity.name.removesuffix(f"/{one.lens}"))
        for one in snapshot.reviewers
        if one.identity.is_model
        and (one.state is ReviewerState.READING or one.identity.name in read)
    )
    return tuple(dict.fromkeys(found))


class _PermitOnce:
    """Asks the user whether code can go to a place, one question at a time, and each once."""

    def __init__(self, ask: Callable[[Egress], Awaitable[bool]]) -> None:
        self._ask = ask
        self._answers: dict[tuple[str, str], bool] = {}
        self._asking = asyncio.Lock()

    async def allows(self, egress: Egress) -> bool:
        """The user's answer, now or earlier."""
        async with self._asking:
            place = (egress.vendor, egress.host)
            if place not in self._answers:
                self._answers[place] = await self._ask(egress)
            return self._answers[place]


class _AttemptQuestions:
    """The questions of an attempt's review (`review.choosing.selection.UserQuestions`)."""

    def __init__(self, session: ReviewSession, permits: _PermitOnce) -> None:
        self._session = session
        self._permits = permits

    async def author_wanted(self, attribution: Attribution) -> AuthorAnswer | None:
        """Answer nothing: the writer is known, or unknown to the user too."""
        return None

    async def egress_wanted(self, egress: Egress) -> bool:
        """Ask the user, through the running review."""
        is_allowed = await self._permits.allows(egress)
        if not is_allowed:
            names = " and ".join(egress.reviewers)
            self._session.notice(f"{names} did not read: code may not go to {egress.place}.")
        return is_allowed
