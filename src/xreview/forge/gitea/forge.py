"""A Gitea or Forgejo server behind `ports.forge.Forge` (its own `/swagger.v1.json`)."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING
from urllib.parse import quote

from xreview.discussion.gitea import gitea_comment, gitea_discussion, gitea_identifier
from xreview.domain.change import FileDiff
from xreview.domain.pull.address import ForgeHost, PullAddress
from xreview.domain.pull.discussion import Discussion, RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.posting import PendingReview, PlannedComment, PostedComment, ReviewPlan
from xreview.domain.pull.pull import LinkedIssue, Pull, PullSummary
from xreview.domain.record import replace
from xreview.forge.client import ForgeClient, all_entries
from xreview.forge.diff_text import MOST_DIFF_BYTES, ListedFile, diff_batches
from xreview.forge.faults import issues_gap, with_head
from xreview.forge.gitea.faults import gitea_faults
from xreview.forge.gitea.pages import gitea_pages
from xreview.forge.gitea.reading import (
    closed_issues,
    gitea_issue,
    gitea_listed_file,
    gitea_pull,
    gitea_summary,
)
from xreview.forge.gitea.reviews import GiteaReviews, gitea_pull_path
from xreview.forge.token import ForgeToken
from xreview.http.patience import Clock
from xreview.ports.forge import ForgeAccess, PullRemote
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.ports.json_value import JsonObject, count_in, object_in, text_in

if TYPE_CHECKING:
    import httpx

_UNSEEN = (ForgeFailure.NOT_FOUND, ForgeFailure.FORBIDDEN, ForgeFailure.UNSUPPORTED)
_MOST_ISSUES = 5
_LISTED_PAGES = 4
"""Of open pull requests; servers can't list those that want someone's review."""
_AT_ONCE = 4
"""Requests for the comments of reviews."""
_RESOLVING = (1, 26)
"""The first version of Gitea whose API resolves threads; Forgejo's doesn't."""
_VERSION = re.compile(r"v?(\d{1,4})\.(\d{1,4})(?!.*gitea-)")
"""A version of Gitea; Forgejo's names the one of Gitea that it is compatible with."""


class GiteaForge:
    """A Gitea or Forgejo server; the docstrings are those of `ports.forge.Forge`."""

    why_no_posting = ""

    def __init__(
        self,
        host: ForgeHost,
        token: ForgeToken | None,
        *,
        clock: Clock | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self.host = host
        self._is_signed_in = token is not None
        self._client = ForgeClient(
            f"{host.origin}/api/v1",
            host,
            token,
            header="authorization",
            scheme="token",
            faults=gitea_faults(host),
            clock=clock,
            transport=transport,
        )
        self._reviews = GiteaReviews(self._client)

    async def access(self, project: str) -> ForgeAccess:
        """Who the token belongs to; servers don't tell what its scopes are."""
        if not self._is_signed_in:
            return ForgeAccess(None, False, "Posting needs a token.")
        account = await self._reviews.account()
        found = await self._object(f"/repos/{project}", f"the repository {project}")
        if found.get("archived") is True:
            return ForgeAccess(account, False, "The repository is archived, so it is read-only.")
        return ForgeAccess(account)

    async def pull(self, address: PullAddress) -> Pull:
        """Read a pull request, with the issues that its description closes."""
        path = f"/repos/{address.project}/pulls/{address.number}"
        value = await self._object(path, f"the pull request {address.shown}")
        numbers = closed_issues(text_in(value, "body"), _MOST_ISSUES)
        issues = await asyncio.gather(*(self._issue(address.project, one) for one in numbers))
        pull = gitea_pull(address, value, tuple(x for x in issues if isinstance(x, LinkedIssue)))
        failed = (issues_gap(one) for one in issues if isinstance(one, ForgeError))
        pull = replace(pull, gaps=tuple(dict.fromkeys(failed)))
        return with_head(pull, self._client.faults)

    async def waiting(self, project: str) -> Sequence[PullSummary]:
        """The latest open pull requests, those that want the account's review first."""
        found = [one async for one in self._open(project, _LISTED_PAGES)]
        if not self._is_signed_in:
            return found
        account = await self._reviews.account()
        found.sort(key=lambda one: account.key not in (asked.key for asked in one.asked))
        return found

    async def of_branch(self, project: str, branch: str) -> Sequence[PullSummary]:
        """The open pull requests from a branch of this name, its own repository's first."""
        path, about = f"/repos/{project}/pulls", f"the pull requests of {project}"
        own: list[PullSummary] = []
        of_forks: list[PullSummary] = []
        async for page in gitea_pages(self._client, path, {"state": "open"}, about=about):
            for value in page:
                head = object_in(value, "head")
                summary = gitea_summary(self.host, project, value)
                if summary is not None and text_in(head, "ref") == branch:
                    is_own = text_in(object_in(head, "repo"), "full_name") == project
                    (own if is_own else of_forks).append(summary)
        return [*own, *of_forks]

    async def discussion(self, pull: Pull) -> Discussion:
        """All reviews, their comments, and the conversation."""
        limit = asyncio.Semaphore(_AT_ONCE)

        async def comments_of(review: object) -> list[object]:
            async with limit:
                return await self._reviews.comments(pull, gitea_identifier(review))

        reviews = await self._reviews.all(pull)
        commented = [one for one in reviews if count_in(one, "comments_count") != 0]
        path = f"/repos/{pull.address.project}/issues/{pull.address.number}/comments"
        about = f"the conversation of {pull.address.shown}"
        general = await all_entries(gitea_pages(self._client, path, about=about))
        found = await asyncio.gather(*map(comments_of, commented))
        names = map(gitea_identifier, commented)
        return gitea_discussion(
            reviews,
            dict(zip(names, found, strict=True)),
            general,
            pull.head.commit,
            can_resolve=await self._resolves(),
        )

    def remote(self, pull: Pull) -> PullRemote:
        """Where git gets it from; with a token, any user name will do."""
        return PullRemote(
            f"{self.host.origin}/{pull.address.project}.git",
            f"refs/pull/{pull.address.number}/head",
            f"refs/heads/{pull.base.branch}",
        )

    async def files(self, pull: Pull) -> AsyncGenerator[Sequence[FileDiff], None]:
        """The files of its diff, which the API has as one text only."""
        path, about = gitea_pull_path(pull), f"the diff of {pull.address.shown}"
        listed: list[ListedFile] = []
        async for page in gitea_pages(self._client, f"{path}/files", about=about):
            listed += [file for file in map(gitea_listed_file, page) if file is not None]
        text = await self._client.raw(f"{path}.diff", limit=MOST_DIFF_BYTES, about=about)
        async with aclosing(diff_batches(text, listed)) as batches:
            async for batch in batches:
                yield batch

    async def content(self, project: str, commit: str, path: str, limit: int) -> bytes | None:
        """A file's content; None if it doesn't exist or is too large."""
        if not {"", ".", ".."}.isdisjoint(path.split("/")):
            return None
        name = quote(path.encode("utf-8", "surrogateescape"), safe="/")
        place = f"/repos/{quote(project)}/raw/{name}"
        return await self._client.raw(place, {"ref": commit}, limit=limit, about=f"“{path}”")

    async def pending(self, pull: Pull) -> PendingReview | None:
        """The account's pending review."""
        return await self._reviews.pending(pull)

    async def begin_review(self, pull: Pull, plan: ReviewPlan) -> PendingReview:
        """Create a pending review, whole or not at all."""
        return await self._reviews.begin(pull, plan)

    async def add_comments(
        self, pull: Pull, review: PendingReview, comments: Sequence[PlannedComment]
    ) -> PendingReview:
        """Add inline comments to a pending review."""
        return await self._reviews.add(pull, review, comments)

    async def submit(
        self, pull: Pull, review: PendingReview, verdict: ReviewVerdict, body: str
    ) -> str:
        """Publish a pending review; returns its URL."""
        return await self._reviews.submit(pull, review, verdict, body)

    async def discard(self, pull: Pull, review: PendingReview) -> None:
        """Delete a pending review and its comments."""
        await self._reviews.delete(pull, review.id)

    async def reply(self, pull: Pull, thread: ReviewThread, body: str) -> RemoteComment:
        """Reply in a thread: Gitea has a call for that from 1.27 on, before it takes a review."""
        path = f"{gitea_pull_path(pull)}/comments/{_segment(thread.id)}/replies"
        try:
            reply = await self._client.send("POST", path, {"body": body}, about="the reply")
        except ForgeError as error:
            if error.failure not in (ForgeFailure.NOT_FOUND, ForgeFailure.UNSUPPORTED):
                raise
            return await self._reviews.reply(pull, thread, body)
        return gitea_comment(reply.value)

    async def resolve(self, pull: Pull, thread: ReviewThread, *, resolved: bool = True) -> None:
        """Mark a thread as resolved, or not, where the server can."""
        call = "resolve" if resolved else "unresolve"
        path = f"/repos/{pull.address.project}/pulls/comments/{_segment(thread.id)}/{call}"
        try:
            await self._client.send("POST", path, about="the thread")
        except ForgeError as error:
            if error.failure not in (ForgeFailure.NOT_FOUND, ForgeFailure.UNSUPPORTED):
                raise
            raise ForgeError(
                ForgeFailure.UNSUPPORTED,
                f"{self.host.name} can't resolve threads over its API: Gitea can from 1.26 on,"
                " Forgejo can't.",
                f"Resolve it on {thread.root.url or pull.address.url}.",
            ) from None

    async def delete_comment(self, pull: Pull, comment: PostedComment) -> None:
        """Delete a comment that the account wrote: with its review if it is alone in it."""
        account = await self._reviews.account()
        for review in await self._reviews.all(pull):
            if text_in(object_in(review, "user"), "login").lower() != account.login.lower():
                continue
            name = gitea_identifier(review)
            found = [gitea_identifier(one) for one in await self._reviews.comments(pull, name)]
            if comment.id in found:
                await self._delete(pull, name, comment.id, is_alone=len(found) == 1)
                return
        path = f"/repos/{pull.address.project}/issues/comments/{_segment(comment.id)}"
        await self._client.send("DELETE", path, about="the comment")

    async def describe(self, pull: Pull, body: str, title: str = "") -> None:
        """Replace the description and title."""
        value = {"body": body, "title": title} if title else {"body": body}
        about = f"the description of {pull.address.shown}"
        await self._client.send("PATCH", gitea_pull_path(pull), value, about=about)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _delete(self, pull: Pull, review: str, comment: str, *, is_alone: bool) -> None:
        if is_alone:
            await self._reviews.delete(pull, review)
            return
        path = f"{gitea_pull_path(pull)}/reviews/{review}/comments/{_segment(comment)}"
        try:
            # Forgejo has this call; Gitea's for other comments succeeds and does nothing.
            await self._client.send("DELETE", path, about="the comment")
        except ForgeError as error:
            if error.failure not in (ForgeFailure.NOT_FOUND, ForgeFailure.UNSUPPORTED):
                raise
            raise ForgeError(
                ForgeFailure.UNSUPPORTED,
                "Gitea can't delete one comment of several in a review over its API.",
                f"Delete it on {pull.address.url}.",
            ) from None

    async def _object(self, path: str, about: str) -> JsonObject:
        return object_in((await self._client.get(path, about=about)).value)

    async def _issue(self, project: str, number: int) -> LinkedIssue | ForgeError | None:
        """An issue, or why it can't be read; None if it isn't to be seen."""
        try:
            value = await self._object(f"/repos/{project}/issues/{number}", f"#{number}")
        except ForgeError as error:
            return None if error.failure in _UNSEEN else error
        return gitea_issue(number, value)

    async def _open(self, project: str, most: int) -> AsyncGenerator[PullSummary, None]:
        path, about = f"/repos/{project}/pulls", f"the pull requests of {project}"
        params: dict[str, str | int] = {"state": "open", "sort": "recentupdate"}
        async for page in gitea_pages(self._client, path, params, about=about, most_pages=most):
            for value in page:
                if (summary := gitea_summary(self.host, project, value)) is not None:
                    yield summary

    async def _resolves(self) -> bool:
        """Whether the server's API resolves threads, as far as its version tells."""
        try:
            version = text_in(await self._object("/version", "the version"), "version")
        except ForgeError:
            return False
        found = _VERSION.match(version)
        return found is not None and (int(found[1]), int(found[2])) >= _RESOLVING


def _segment(identifier: str) -> str:
    return quote(identifier, safe="")
