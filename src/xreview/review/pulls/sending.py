"""Sending a review to the forge, and recording what arrived."""

from xreview.domain.errors import UsageError
from xreview.domain.events.event import CommentPosted, ReviewBegun
from xreview.domain.pull.posting import PendingReview, PostPlacement, ReviewPlan
from xreview.domain.pull.pull import Pull
from xreview.domain.text import count_of
from xreview.ports.forge import Forge
from xreview.ports.forge_failure import ForgeError, RefusedReviewError
from xreview.review.pulls.drafts import missing_words, not_there
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.planning import PlanBasis, body_only, review_plan
from xreview.review.pulls.post_preview import PostPreview
from xreview.review.pulls.pull_forge import PullForge


class ReviewSender:
    """Creates a pending review, or adds to one. Raises as `Posting`.

    Attributes:
        notices: sentences about the last review sent.
    """

    def __init__(self, place: PostPlace, there: PullForge) -> None:
        self._place = place
        self._there = there
        self.notices: tuple[str, ...] = ()

    async def send(self, preview: PostPreview, existing: PendingReview | None) -> PendingReview:
        """Send a preview; return the review as read back, once it is in the journal.

        If the forge refuses a comment, all is sent once more in the review's text.
        """
        self.notices = ()
        forge, pull, plan = await self._there.forge(), preview.pull, preview.plan
        try:
            if existing is None:
                read = await self._begin(forge, pull, plan)
            else:
                read = await self._add(forge, pull, existing, plan)
        except RefusedReviewError as error:
            if existing is not None:
                raise _explained(error, await self._suspects(preview, error)) from error
            plan, read = await self._retry(forge, preview, error)
        await self._recorded(plan, read)
        return read

    async def _begin(self, forge: Forge, pull: Pull, plan: ReviewPlan) -> PendingReview:
        try:
            return await forge.begin_review(pull, plan)
        except RefusedReviewError:
            raise  # none of it arrived
        except ForgeError:
            await self._keep_what_arrived(forge, pull, plan)
            raise

    async def _add(
        self, forge: Forge, pull: Pull, existing: PendingReview, plan: ReviewPlan
    ) -> PendingReview:
        try:
            return await forge.add_comments(pull, existing, plan.inline)
        except ForgeError:  # comments are added one by one
            await self._keep_what_arrived(forge, pull, plan)
            raise

    async def _retry(
        self, forge: Forge, preview: PostPreview, error: RefusedReviewError
    ) -> tuple[ReviewPlan, PendingReview]:
        """Post everything in the review's text, once, after the forge refused the comments."""
        pull = preview.pull
        if await forge.pending(pull) is not None:
            raise UsageError(
                "Another pending review of yours exists by now, and there can be only one.",
                "Look at the preview again, then post.",
            ) from error
        if not preview.plan.inline:
            raise error
        suspects = await self._suspects(preview, error)
        plan, left_out = body_only(preview.entries, preview.plan)
        try:
            read = await self._begin(forge, pull, plan)
        except RefusedReviewError:
            raise _explained(error, suspects) from error
        count = count_of(len(plan.comments), "finding")
        self.notices = (
            f"The forge refused comments on lines ({error.message}): "
            f"all is in the review's text now, {count}.",
            *suspects,
            *left_out,
        )
        return plan, read

    async def _suspects(self, preview: PostPreview, error: RefusedReviewError) -> tuple[str, ...]:
        """Sentences about the comments that were probably refused: those the forge names, or those
        that its diff, read again, doesn't take any more."""
        inline = preview.plan.inline
        named = [inline[at] for at in error.entries if at < len(inline)]
        if not named:
            pull = await self._there.pull()
            files = await self._there.diff(pull, {one.path for one in inline})
            kind = (await self._there.forge()).host.kind
            basis = PlanBasis(pull.head.commit, files, kind, self._place.is_other(pull.head.commit))
            again = {one.subjects: one for one in review_plan(preview.entries, basis)[0].comments}
            named = [one for one in inline if again.get(one.subjects) != one]
        if not named:
            return ("Which one isn't known: the forge doesn't say, and its diff takes all.",)
        places = ", ".join(f"{one.path}:{one.end_line}" for one in named)
        return (f"Probably refused: {places}.",)

    async def _keep_what_arrived(self, forge: Forge, pull: Pull, plan: ReviewPlan) -> None:
        """Record what a request that failed has left at the forge."""
        try:
            read = await forge.pending(pull)
        except ForgeError:
            return  # the markers tell the next time
        if read is not None and read.is_ours:
            await self._recorded(plan, read)

    async def _recorded(self, plan: ReviewPlan, read: PendingReview) -> None:
        """Write what is there now to the journal, and say what isn't."""
        url, login = self._place.address.url, (await self._there.account()).login
        missing = {one.subjects for one in not_there(plan, read)}
        there = {one.marker: one for one in read.comments if one.marker}
        events = [ReviewBegun(url, login, read.id, read.url, read.commit or plan.commit)]
        posted: list[CommentPosted] = []
        for one in plan.comments:
            if one.subjects in missing:
                continue
            found = None if one.placement is PostPlacement.BODY else there.get(one.subjects[0])
            id, link = (found.id, found.url) if found else ("", "")
            where = one.placement
            posted.append(CommentPosted(url, login, read.id, one.subjects, where, id, link))
        await self._place.record(*events, *posted)
        self.notices = (*self.notices, *missing_words(plan, read))


def _explained(error: RefusedReviewError, suspects: tuple[str, ...]) -> RefusedReviewError:
    advice = " ".join((*suspects, error.advice)).strip()
    return RefusedReviewError(error.message, advice, error.entries)
