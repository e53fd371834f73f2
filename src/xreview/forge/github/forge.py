"""GitHub as a forge."""

from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

from xreview.domain.change import FileDiff
from xreview.domain.pull.address import ForgeHost, PullAddress
from xreview.domain.pull.discussion import Discussion, RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.posting import PendingReview, PlannedComment, PostedComment, ReviewPlan
from xreview.domain.pull.pull import Pull, PullSummary
from xreview.forge.github.api import GitHubApi
from xreview.forge.github.files import file_content, file_diffs
from xreview.forge.github.pulls import GitHubPulls
from xreview.forge.github.requests import description_body
from xreview.forge.github.reviewing import GitHubReviews
from xreview.forge.github.threads import github_discussion_of
from xreview.forge.token import ForgeToken
from xreview.http.patience import Clock
from xreview.ports.forge import ForgeAccess, PullRemote

if TYPE_CHECKING:
    import httpx

_GIT_USER = "x-access-token"
"""The user name that GitHub wants with any token over git."""


class GitHubForge:
    """github.com, a company's part of it, or an Enterprise Server; see `ports.forge.Forge`."""

    why_no_posting = ""

    def __init__(
        self,
        host: ForgeHost,
        token: ForgeToken | None,
        *,
        clock: Clock | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self._api = GitHubApi(host, token, clock=clock, transport=transport)
        self._pulls = GitHubPulls(self._api)
        self._reviews = GitHubReviews(self._api)

    @property
    def host(self) -> ForgeHost:
        """Which forge it is."""
        return self._api.host

    async def access(self, project: str) -> ForgeAccess:
        """Who the token belongs to, and what it allows."""
        return await self._pulls.access(project)

    async def pull(self, address: PullAddress) -> Pull:
        """Read a pull request."""
        return await self._pulls.pull(address)

    async def waiting(self, project: str) -> Sequence[PullSummary]:
        """The open ones, those that ask for a review first."""
        return await self._pulls.waiting(project)

    async def of_branch(self, project: str, branch: str) -> Sequence[PullSummary]:
        """The open ones from a branch."""
        return await self._pulls.of_branch(project, branch)

    async def discussion(self, pull: Pull) -> Discussion:
        """All that is said on it."""
        return await github_discussion_of(self._api, pull)

    def remote(self, pull: Pull) -> PullRemote:
        """Where git gets it from: the target has the head too, of forks and deleted branches."""
        address = pull.address
        return PullRemote(
            f"{self.host.origin}/{address.project}.git",
            f"refs/pull/{address.number}/head",
            f"refs/heads/{pull.base.branch}",
            _GIT_USER,
        )

    def files(self, pull: Pull) -> AsyncGenerator[Sequence[FileDiff], None]:
        """The files of its diff, in batches."""
        return file_diffs(self._api, pull)

    async def content(self, project: str, commit: str, path: str, limit: int) -> bytes | None:
        """A file's content."""
        return await file_content(self._api, project, commit, path, limit)

    async def pending(self, pull: Pull) -> PendingReview | None:
        """The account's pending review."""
        return await self._reviews.pending(pull)

    async def begin_review(self, pull: Pull, plan: ReviewPlan) -> PendingReview:
        """Create a pending review."""
        return await self._reviews.begin(pull, plan)

    async def add_comments(
        self, pull: Pull, review: PendingReview, comments: Sequence[PlannedComment]
    ) -> PendingReview:
        """Add comments to a pending review."""
        return await self._reviews.add(pull, review, comments)

    async def submit(
        self, pull: Pull, review: PendingReview, verdict: ReviewVerdict, body: str
    ) -> str:
        """Publish a pending review."""
        return await self._reviews.submit(pull, review, verdict, body)

    async def discard(self, pull: Pull, review: PendingReview) -> None:
        """Delete a pending review."""
        await self._reviews.discard(pull, review)

    async def reply(self, pull: Pull, thread: ReviewThread, body: str) -> RemoteComment:
        """Reply in a thread, at once."""
        return await self._reviews.reply(pull, thread, body)

    async def resolve(self, pull: Pull, thread: ReviewThread, *, resolved: bool = True) -> None:
        """Mark a thread as resolved, or not."""
        await self._reviews.resolve(thread, resolved=resolved)

    async def delete_comment(self, pull: Pull, comment: PostedComment) -> None:
        """Delete a comment that the account wrote."""
        await self._reviews.delete(pull, comment)

    async def describe(self, pull: Pull, body: str, title: str = "") -> None:
        """Replace the description and title."""
        address = pull.address
        path = f"/repos/{address.project}/pulls/{address.number}"
        about = f"the description of {address.shown}"
        await self._api.send("PATCH", path, description_body(body, title), about=about)

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()
