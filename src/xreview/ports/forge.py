"""The interface of forges. Everything that they return is untrusted text."""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from xreview.domain.change import FileDiff
from xreview.domain.pull.address import ForgeHost, PullAddress
from xreview.domain.pull.discussion import Discussion, RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.posting import PendingReview, PlannedComment, PostedComment, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount, Pull, PullSummary
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class PullRemote:
    """Where git gets a pull request from.

    Args:
        url: of the target repository, without a user name or key.
        head_ref, base_ref: full reference names there: "refs/pull/12/head", "refs/heads/main".
        user: the user name that goes with a token in git's basic authentication; "" for any.
    """

    url: str
    head_ref: str
    base_ref: str
    user: str = ""


@dataclass(frozen=True, slots=True)
class ForgeAccess:
    """What the account in use may do.

    Args:
        account: None without a token.
        can_comment: whether it may post reviews; None if the forge doesn't say.
        why_not: a sentence, "" if it may.
    """

    account: ForgeAccount | None
    can_comment: bool | None = None
    why_not: str = ""


class Forge(Protocol):
    """One forge, asked over its API, with a token of its own host or none.

    Every method raises `ForgeError` with what happened and what to do: no token, an expired or
    read-only one, SSO required, a rate limit, a private project, a captive page, a broken-off list.
    Texts in it are shortened and masked; redirects to other hosts aren't followed.
    """

    @property
    def host(self) -> ForgeHost:
        """Which forge it is."""
        ...

    @property
    def why_no_posting(self) -> str:
        """Why this program posts nothing to forges of this kind; "" if it does."""
        ...

    async def access(self, project: str) -> ForgeAccess:
        """Who the token belongs to, and what it allows in a project."""
        ...

    async def pull(self, address: PullAddress) -> Pull:
        """Read a pull request, with the issues that it closes."""
        ...

    async def waiting(self, project: str) -> Sequence[PullSummary]:
        """The open pull requests of a project, those that want the account's review first."""
        ...

    async def of_branch(self, project: str, branch: str) -> Sequence[PullSummary]:
        """The open pull requests from a branch of this name, its own project's first."""
        ...

    async def discussion(self, pull: Pull) -> Discussion:
        """All that is said on it, to the last page; what could not be read is in its gaps."""
        ...

    def remote(self, pull: Pull) -> PullRemote:
        """Where git gets it from."""
        ...

    def files(self, pull: Pull) -> AsyncGenerator[Sequence[FileDiff], None]:
        """The files of its diff, in batches, for a reader without a clone.

        A file whose diff the forge leaves out has `unread` set.
        """
        ...

    async def content(self, project: str, commit: str, path: str, limit: int) -> bytes | None:
        """A file's content; None if it doesn't exist or has more than `limit` bytes."""
        ...

    async def pending(self, pull: Pull) -> PendingReview | None:
        """The account's pending review, begun here or elsewhere; None for none."""
        ...

    async def begin_review(self, pull: Pull, plan: ReviewPlan) -> PendingReview:
        """Create a pending review with the plan's text and inline comments, all or none.

        Returns it as read back. Raises RefusedReviewError if the forge refuses a comment.
        """
        ...

    async def add_comments(
        self, pull: Pull, review: PendingReview, comments: Sequence[PlannedComment]
    ) -> PendingReview:
        """Add inline comments to a pending review; returns it as read back."""
        ...

    async def submit(
        self, pull: Pull, review: PendingReview, verdict: ReviewVerdict, body: str
    ) -> str:
        """Publish a pending review with this text; returns its URL.

        Raises UnjudgedReviewError if all is published but the verdict.
        """
        ...

    async def discard(self, pull: Pull, review: PendingReview) -> None:
        """Delete a pending review and its comments."""
        ...

    async def reply(self, pull: Pull, thread: ReviewThread, body: str) -> RemoteComment:
        """Reply in a thread, at once. The caller checks that no review is pending: see C.3."""
        ...

    async def resolve(self, pull: Pull, thread: ReviewThread, *, resolved: bool = True) -> None:
        """Mark a thread as resolved, or not."""
        ...

    async def delete_comment(self, pull: Pull, comment: PostedComment) -> None:
        """Delete a comment that the account wrote."""
        ...

    async def describe(self, pull: Pull, body: str, title: str = "") -> None:
        """Replace the description of a pull request, and its title unless that is "".

        The caller has read both just before: a forge has no condition for this request.
        """
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
