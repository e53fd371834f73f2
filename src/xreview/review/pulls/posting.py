"""Posting accepted findings to a pull request, as one pending review."""

from collections.abc import Sequence
from dataclasses import dataclass

from xreview.domain.errors import UsageError
from xreview.domain.events.event import (
    CommentPosted,
    ReviewBegun,
    ReviewSubmitted,
)
from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.posting import PendingReview, PostPlacement, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount, Pull, PullState
from xreview.domain.text import count_of
from xreview.export.document import ExportEntry
from xreview.ports.forge import Forge
from xreview.ports.forge_failure import ForgeError, RefusedReviewError
from xreview.review.pulls.drafts import (
    is_wholly_ours,
    missing_words,
    not_there,
    submitted_text,
    unseen_words,
)
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.planning import PlanBasis, body_only, review_plan
from xreview.review.pulls.pull_forge import PullForge, posted_there
from xreview.review.pulls.replying import ThreadReplies
from xreview.review.pulls.undoing import PostUndo

_PREVIEW_AGAIN = "Look at the preview again, then post."


@dataclass(frozen=True, slots=True)
class PostPreview:
    """Exactly what would be posted, and where.

    Args:
        pull: as the forge described it just now.
        account: who it would be posted as.
        existing: the account's pending review, to which it would be added; None for none.
        is_moved: the pull request has other commits than were reviewed: places are found by quote.
        needs_consent: nothing was posted to this project with this account yet: ask, then `agree`.
        notices: sentences to read before posting.
        entries: the findings that were asked for, with what was decided.
    """

    pull: Pull
    plan: ReviewPlan
    account: ForgeAccount
    existing: PendingReview | None = None
    is_moved: bool = False
    needs_consent: bool = False
    notices: tuple[str, ...] = ()
    entries: tuple[ExportEntry, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to post."""
        return not self.plan.comments

    @property
    def adds_to_draft(self) -> bool:
        """Whether it would be added to a pending review with comments that the user wrote: that
        takes an explicit choice."""
        return self.existing is not None and not is_wholly_ours(self.existing)


class Posting:
    """What is posted to one pull request.

    Every method raises ForgeError, JournalError, or UsageError where it stops before it has sent
    anything: no consent, a head that moved, a review that isn't ours.

    Attributes:
        notices: sentences about the last `post`, `submit` or `reply`, for the user: what was
            refused, what isn't visible.
    """

    def __init__(self, place: PostPlace) -> None:
        self._place = place
        self._there = PullForge(place)
        self._replies = ThreadReplies(place, self._there)
        self._undo = PostUndo(place, self._there)
        self.notices: tuple[str, ...] = ()

    async def account(self) -> ForgeAccount:
        """Return who is posted as. Raises ForgeError without a token."""
        return await self._there.account()

    async def needs_consent(self) -> bool:
        """Return whether the user must agree before anything is posted to this project."""
        return await self._there.needs_consent()

    async def agree(self) -> None:
        """Remember that the user agrees to post to this project with this account."""
        await self._there.agree()

    async def preview(self, findings: Sequence[Finding]) -> PostPreview:
        """Return what would be posted for these findings; sends nothing."""
        forge, account = await self._there.forge(), await self._there.account()
        pull, entries = await self._there.pull(), tuple(self._place.entries(findings))
        existing = await forge.pending(pull)
        said = await forge.discussion(pull)
        files = await self._there.diff(pull, {entry.finding.anchor.path for entry in entries})
        is_moved = bool(self._place.commit) and pull.head.commit != self._place.commit
        basis = PlanBasis(
            pull.head.commit,
            files,
            forge.host.kind,
            is_moved,
            posted_there(said, existing, account, await self._there.record()),
            frozenset(thread.id for thread in said.threads),
            existing is not None,
        )
        plan, notices = review_plan(entries, basis)
        return PostPreview(
            pull,
            plan,
            account,
            existing,
            is_moved,
            await self._there.needs_consent(),
            (*notices, *_circumstances(pull, said.gaps, is_moved=is_moved)),
            entries,
        )

    async def post(self, preview: PostPreview, *, is_adding: bool = False) -> PendingReview:
        """Post a preview as a pending review, which only the account sees; return what is in it.

        Args:
            is_adding: the user agrees to add to a pending review with comments of their own.
        """
        self.notices = ()
        if preview.is_empty:
            raise UsageError("There is nothing to post.", "Accept findings first.")
        await self._there.require_consent()
        forge, pull, existing = await self._unchanged(preview)
        if preview.adds_to_draft and not is_adding:
            raise UsageError(
                "You have a pending review with comments that you wrote yourself.",
                f"Submit or delete it at {pull.address.url}, or agree to add to it (--add).",
            )
        plan = preview.plan
        try:
            if existing is not None:
                read = await forge.add_comments(pull, existing, plan.inline)
            else:
                read = await forge.begin_review(pull, plan)
        except RefusedReviewError as error:
            if existing is not None:
                raise self._explained(error, await self._suspects(preview, error)) from error
            plan, read = await self._retry(forge, preview, error)
        except ForgeError:
            await self._keep_what_arrived(forge, pull, plan)
            raise
        await self._recorded(pull, plan, read)
        return read

    async def submit(self, verdict: ReviewVerdict, body: str = "") -> str:
        """Publish the pending review; return its URL. `body` goes before the review's text."""
        self.notices = ()
        await self._there.require_consent()
        forge, pull = await self._there.forge(), await self._there.pull()
        pending, record = await self._own_pending(forge, pull), await self._there.record()
        known = record.reviews.get(pending.id)
        commit = pending.commit or (known.commit if known else "")
        if commit and commit != pull.head.commit:
            raise UsageError(
                f"The pull request has new commits: the review is about {commit[:12]}, "
                f"the head is {pull.head.commit[:12]} now.",
                "Discard the review and post again, or submit it at its page if it still holds.",
            )
        text = submitted_text(body, await forge.discussion(pull), pending) if body.strip() else ""
        link = await forge.submit(pull, pending, verdict, text)
        url, account = self._place.address.url, await self._there.account()
        await self._place.record(ReviewSubmitted(url, account.login, pending.id, link, verdict))
        self.notices = unseen_words(await forge.discussion(pull), pending, account)
        return link

    async def discard(self) -> None:
        """Delete the pending review; of one that the user began, only what was added to it."""
        forge, pull = await self._there.forge(), await self._there.pull()
        self.notices = await self._undo.drop(pull, await self._own_pending(forge, pull))

    def default_reply(self, finding: Finding, thread: ReviewThread) -> str:
        """Return a reply that says what was decided and why, to edit; "" while it is open."""
        return self._replies.default(finding)

    async def reply(self, finding: Finding, thread: ReviewThread, text: str) -> RemoteComment:
        """Reply in a thread, as it was when it was read; stop if somebody answered since."""
        return await self._replies.reply(finding, thread, text)

    async def resolve(
        self, finding: Finding, thread: ReviewThread, *, resolved: bool = True
    ) -> None:
        """Mark a thread as resolved, or not."""
        await self._replies.resolve(finding, thread, resolved=resolved)

    async def undo(self) -> str:
        """Take the last thing that was posted away again; return a sentence about it.

        A pending review is deleted; of a submitted one, the comments that nobody answered.
        """
        return await self._undo.undo()

    async def close(self) -> None:
        """Close the connections."""
        await self._there.close()

    async def _unchanged(self, preview: PostPreview) -> tuple[Forge, Pull, PendingReview | None]:
        """The forge, if everything is as the preview shows it. Raises UsageError."""
        forge, pull = await self._there.forge(), await self._there.pull()
        if pull.head.commit != preview.pull.head.commit:
            raise UsageError("The pull request has new commits since the preview.", _PREVIEW_AGAIN)
        existing = await forge.pending(pull)
        if existing != preview.existing:
            raise UsageError(
                "Your pending review has changed since the preview.",
                _PREVIEW_AGAIN,
            )
        return forge, pull, existing

    async def _own_pending(self, forge: Forge, pull: Pull) -> PendingReview:
        await self._there.account()
        pending = await forge.pending(pull)
        if pending is None:
            raise UsageError(
                "You have no pending review on this pull request.",
                "Post findings first, or look at the page whether it was submitted or deleted.",
            )
        if not pending.is_ours:
            raise UsageError(
                "Your pending review was begun elsewhere, and nothing in it is from here.",
                f"Submit or delete it at {pull.address.url}.",
            )
        return pending

    async def _retry(
        self, forge: Forge, preview: PostPreview, error: RefusedReviewError
    ) -> tuple[ReviewPlan, PendingReview]:
        """Post everything in the review's text, once, after the forge refused the comments."""
        pull = preview.pull
        if await forge.pending(pull) is not None:
            raise UsageError(
                "Another pending review of yours exists by now, and there can be only one.",
                _PREVIEW_AGAIN,
            ) from error
        if not preview.plan.inline:
            raise error
        suspects = await self._suspects(preview, error)
        plan = body_only(preview.entries, preview.plan)
        try:
            read = await forge.begin_review(pull, plan)
        except RefusedReviewError:
            raise self._explained(error, suspects) from error
        count = count_of(len(plan.comments), "finding")
        self.notices = (
            f"The forge refused comments on lines ({error.message}): "
            f"all is in the review's text now, {count}.",
            *suspects,
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
            basis = PlanBasis(pull.head.commit, files, kind, preview.is_moved)
            again = {one.subjects: one for one in review_plan(preview.entries, basis)[0].comments}
            named = [one for one in inline if again.get(one.subjects) != one]
        if not named:
            return ("Which one isn't known: the forge doesn't say, and its diff takes all.",)
        places = ", ".join(f"{one.path}:{one.end_line}" for one in named)
        return (f"Probably refused: {places}.",)

    def _explained(self, error: RefusedReviewError, suspects: tuple[str, ...]) -> ForgeError:
        return RefusedReviewError(
            error.message, " ".join((*suspects, error.advice)).strip(), error.entries
        )

    async def _keep_what_arrived(self, forge: Forge, pull: Pull, plan: ReviewPlan) -> None:
        """Record what a request that failed has left at the forge."""
        try:
            read = await forge.pending(pull)
        except ForgeError:
            return  # the markers tell the next time
        if read is not None and read.is_ours:
            await self._recorded(pull, plan, read)

    async def _recorded(self, pull: Pull, plan: ReviewPlan, read: PendingReview) -> None:
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


def _circumstances(pull: Pull, gaps: tuple[str, ...], *, is_moved: bool) -> tuple[str, ...]:
    found: list[str] = []
    if is_moved:
        found.append(
            f"The pull request has new commits (head {pull.head.commit[:12]}): the places are "
            "those where the quoted code is now."
        )
    if pull.state is not PullState.OPEN:
        found.append(f"The pull request is {pull.state_words}.")
    found += (f"Not read: {gap}." for gap in gaps)
    return tuple(found)
