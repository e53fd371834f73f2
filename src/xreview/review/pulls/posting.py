"""Posting accepted findings to a pull request, as one pending review."""

from collections.abc import Mapping, Sequence

from xreview.domain.errors import UsageError
from xreview.domain.events.event import ReviewSubmitted
from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.posting import PendingReview
from xreview.domain.pull.pull import ForgeAccount, Pull, PullState
from xreview.ports.forge import Forge
from xreview.ports.forge_failure import UnjudgedReviewError
from xreview.review.pulls.drafts import (
    submitted_text,
    unseen_words,
)
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.planning import PlanBasis, review_plan
from xreview.review.pulls.post_preview import PostPreview
from xreview.review.pulls.pull_forge import PullForge, posted_there
from xreview.review.pulls.replying import ReplyOutcome, ThreadReplies, WantedReply
from xreview.review.pulls.sending import ReviewSender
from xreview.review.pulls.undoing import PostUndo

_PREVIEW_AGAIN = "Look at the preview again, then post."


class Posting:
    """What is posted to one pull request.

    Every method raises ForgeError, JournalError, or UsageError where it stops before it has sent
    anything: no consent, a head that moved, a review that isn't ours.

    Attributes:
        notices: sentences about the last thing done, for the user: what was refused, what isn't
            visible.
    """

    def __init__(self, place: PostPlace) -> None:
        self._place = place
        self._there = PullForge(place)
        self._sender = ReviewSender(place, self._there)
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
        is_moved = self._place.is_other(pull.head.commit)
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
        existing = await self._unchanged(preview)
        if preview.adds_to_draft and not is_adding:
            raise UsageError(
                "You have a pending review with comments that you wrote yourself.",
                f"Submit or delete it at {self._place.address.url}, or agree to add to it (--add).",
            )
        try:
            return await self._sender.send(preview, existing)
        finally:
            self.notices = self._sender.notices

    async def submit(self, verdict: ReviewVerdict, body: str = "") -> str:
        """Publish the pending review; return its URL. `body` goes before the review's text."""
        self.notices = ()
        await self._there.require_consent()
        forge, pull = await self._there.forge(), await self._there.pull()
        pending, record = await self._own_pending(forge, pull), await self._there.record()
        known = record.reviews.get(pending.id)
        text = submitted_text(body, await forge.discussion(pull), pending) if body.strip() else ""
        head = (await self._there.pull()).head.commit  # the last look before it is public
        commit = pending.commit or (known.commit if known else "")
        if commit and commit != head:
            raise UsageError(
                f"The pull request has new commits: the review is about {commit[:12]}, "
                f"the head is {head[:12]} now.",
                "Discard the review and post again, or submit it at its page if it still holds.",
            )
        refused: UnjudgedReviewError | None = None
        try:
            link = await forge.submit(pull, pending, verdict, text)
        except UnjudgedReviewError as error:
            refused, link, verdict = error, "", ReviewVerdict.COMMENT
        url, account = self._place.address.url, await self._there.account()
        await self._place.record(ReviewSubmitted(url, account.login, pending.id, link, verdict))
        if refused is not None:
            raise refused
        self.notices = unseen_words(await forge.discussion(pull), pending, account)
        return link

    async def discard(self) -> None:
        """Delete the pending review; of one that the user began, only what was added to it."""
        forge, pull = await self._there.forge(), await self._there.pull()
        self.notices = await self._undo.drop(pull, await self._own_pending(forge, pull))

    async def threads(self) -> Mapping[str, ReviewThread]:
        """Return the threads as they are now, by id, without pending comments."""
        return await self._replies.threads()

    def default_reply(self, finding: Finding, thread: ReviewThread) -> str:
        """Return a reply that says what was decided and why, to edit; "" while it is open."""
        return self._replies.default(finding)

    async def reply(self, finding: Finding, thread: ReviewThread, text: str) -> RemoteComment:
        """Reply in a thread, as it was when it was read; stop if somebody answered since."""
        self.notices = ()
        return await self._replies.reply(finding, thread, text)

    async def reply_each(self, wanted: Sequence[WantedReply]) -> tuple[ReplyOutcome, ...]:
        """Reply in several threads; the outcomes say which were left out, and why."""
        self.notices = ()
        return await self._replies.reply_each(wanted)

    async def resolve(
        self, finding: Finding, thread: ReviewThread, *, resolved: bool = True
    ) -> None:
        """Mark a thread as resolved, or not."""
        self.notices = ()
        await self._replies.resolve(finding, thread, resolved=resolved)

    async def undo(self) -> str:
        """Take the last thing that was posted away again; return a sentence about it.

        A pending review is deleted; of a submitted one, the comments that nobody answered.
        """
        self.notices = ()
        return await self._undo.undo()

    async def close(self) -> None:
        """Close the connections."""
        await self._there.close()

    async def _unchanged(self, preview: PostPreview) -> PendingReview | None:
        """The pending review, if everything is as the preview shows it. Raises UsageError."""
        forge, pull = await self._there.forge(), await self._there.pull()
        if pull.head.commit != preview.pull.head.commit:
            raise UsageError("The pull request has new commits since the preview.", _PREVIEW_AGAIN)
        existing = await forge.pending(pull)
        if existing != preview.existing:
            raise UsageError(
                "Your pending review has changed since the preview.",
                _PREVIEW_AGAIN,
            )
        return existing

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
