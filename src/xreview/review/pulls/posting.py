"""Posting accepted findings to a pull request, as one pending review."""

from collections.abc import Sequence
from dataclasses import dataclass

from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.posting import PendingReview, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount, Pull
from xreview.review.pulls.place import PostPlace


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
    """

    pull: Pull
    plan: ReviewPlan
    account: ForgeAccount
    existing: PendingReview | None = None
    is_moved: bool = False
    needs_consent: bool = False
    notices: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to post."""
        return not self.plan.comments


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
        self.notices: tuple[str, ...] = ()

    async def account(self) -> ForgeAccount:
        """Who is posted as. Raises ForgeError without a token."""
        raise NotImplementedError

    async def needs_consent(self) -> bool:
        """Whether the user must agree before anything is posted to this project."""
        raise NotImplementedError

    async def preview(self, findings: Sequence[Finding]) -> PostPreview:
        """What would be posted for these findings; sends nothing."""
        raise NotImplementedError

    async def agree(self) -> None:
        """Remember that the user agrees to post to this project with this account."""
        raise NotImplementedError

    async def post(self, preview: PostPreview, *, is_adding: bool = False) -> PendingReview:
        """Post a preview as a pending review, which only the account sees; return what is in it.

        Args:
            is_adding: the user agrees to add to a pending review that this program didn't begin.
        """
        raise NotImplementedError

    async def submit(self, verdict: ReviewVerdict, body: str = "") -> str:
        """Publish the pending review; return its URL. `body` goes before the review's text."""
        raise NotImplementedError

    async def discard(self) -> None:
        """Delete the pending review, if this program began it."""
        raise NotImplementedError

    def default_reply(self, finding: Finding, thread: ReviewThread) -> str:
        """A reply that says what was decided and why, to edit; "" while it is open."""
        raise NotImplementedError

    async def reply(self, finding: Finding, thread: ReviewThread, text: str) -> RemoteComment:
        """Reply in a thread, as it was when it was read; stop if somebody answered since."""
        raise NotImplementedError

    async def resolve(
        self, finding: Finding, thread: ReviewThread, *, resolved: bool = True
    ) -> None:
        """Mark a thread as resolved, or not."""
        raise NotImplementedError

    async def undo(self) -> str:
        """Take the last thing that was posted away again; return a sentence about it.

        A pending review is deleted; of a submitted one, the comments that nobody answered.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connections."""
        raise NotImplementedError
