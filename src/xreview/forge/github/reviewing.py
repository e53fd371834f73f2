"""Writing to GitHub: a pending review, its comments, replies, and the state of threads.

GitHub keeps one pending review for each account, refuses all comments of a review for one that
isn't on the diff without saying which, and can report success for a comment that it drops: what was
posted is always read back.
"""

from collections.abc import Sequence
from urllib.parse import quote

from xreview.discussion.github import issue_comments
from xreview.domain.pull.discussion import RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.marker import is_marked, markers_in
from xreview.domain.pull.posting import PendingReview, PlannedComment, PostedComment, ReviewPlan
from xreview.domain.pull.pull import Pull
from xreview.forge.github.api import GitHubApi
from xreview.forge.github.queries import ADD_THREAD, RESOLVE, UNRESOLVE
from xreview.forge.github.requests import (
    on_files,
    review_body,
    submit_body,
    thread_input,
)
from xreview.ports.forge_failure import ForgeError, ForgeFailure, RefusedReviewError
from xreview.ports.json_value import JsonObject, count_in, object_in, text_in

_PENDING = "PENDING"
_AT_ONCE = 20
_PAUSE = 1.0
"""Seconds between more writes than `_AT_ONCE`: GitHub allows 80 in a minute."""
_LOOK = "Look at the diff on the page: it may have changed since the preview."


class GitHubReviews:
    """The writer of one host. Every method raises ForgeError."""

    def __init__(self, api: GitHubApi) -> None:
        self._api = api

    async def pending(self, pull: Pull) -> PendingReview | None:
        """The account's pending review: GitHub lists it to nobody else."""
        if self._api.token is None:
            return None
        found: JsonObject | None = None
        async for page in self._api.pages(f"{_path(pull)}/reviews", about="the reviews"):
            for review in map(object_in, page):
                if text_in(review, "state") == _PENDING:
                    found = review
        return None if found is None else await self._read(pull, found)

    async def begin(self, pull: Pull, plan: ReviewPlan) -> PendingReview:
        """Create a pending review, all or nothing."""
        review = object_in(
            await self._refusable("POST", f"{_path(pull)}/reviews", review_body(plan))
        )
        if not count_in(review, "id"):
            raise self._api.client.faults.unreadable("a review without a number")
        files, inline = on_files(plan.comments), plan.inline
        try:
            await self._add(text_in(review, "node_id"), files)
        except RefusedReviewError as error:
            # Begun by the request above, so nobody else's.
            await self.discard(pull, PendingReview(str(review["id"])))
            entries = tuple(inline.index(files[at]) for at in error.entries)
            raise RefusedReviewError(error.message, error.advice, entries) from None
        return await self._read(pull, review)

    async def add(
        self, pull: Pull, review: PendingReview, comments: Sequence[PlannedComment]
    ) -> PendingReview:
        """Add comments one by one; those before one that is refused stay."""
        path = _review_path(pull, review)
        value = object_in((await self._api.get(path, about="the pending review")).value)
        if text_in(value, "state") != _PENDING:
            raise ForgeError(
                ForgeFailure.NOT_FOUND,
                "The review isn't pending any more.",
                "It was submitted meanwhile: post once more, as a new review.",
            )
        await self._add(text_in(value, "node_id"), comments)
        return await self._read(pull, value)

    async def submit(
        self, pull: Pull, review: PendingReview, verdict: ReviewVerdict, body: str
    ) -> str:
        """Publish a pending review; returns its URL."""
        path = f"{_review_path(pull, review)}/events"
        reply = await self._api.send(
            "POST", path, submit_body(verdict, body), about="the submission of the review"
        )
        return text_in(reply.value, "html_url")

    async def discard(self, pull: Pull, review: PendingReview) -> None:
        """Delete a pending review; GitHub refuses that for others."""
        path = _review_path(pull, review)
        await self._api.send("DELETE", path, about="the deletion of the review")

    async def reply(self, pull: Pull, thread: ReviewThread, body: str) -> RemoteComment:
        """Reply to the first comment of a thread."""
        path = f"{_path(pull)}/comments/{quote(thread.root.id, safe='')}/replies"
        reply = await self._api.send("POST", path, {"body": body}, about="the reply")
        found = issue_comments([reply.value])
        if not found:
            raise self._api.client.faults.unreadable("a reply without a number")
        return found[0]

    async def resolve(self, thread: ReviewThread, *, resolved: bool) -> None:
        """Mark a thread as resolved, or not, and check that it is."""
        if thread.id == thread.root.id:
            raise ForgeError(
                ForgeFailure.UNSUPPORTED,
                "GitHub's API doesn't say which thread this comment belongs to.",
                "Resolve it on the page.",
            )
        query, name = (
            (RESOLVE, "resolveReviewThread") if resolved else (UNRESOLVE, "unresolveReviewThread")
        )
        data = await self._api.mutate(query, {"id": thread.id}, about="the thread's state")
        if object_in(data, name, "thread").get("isResolved") is not resolved:
            raise self._api.client.faults.unreadable("the thread as it was before")

    async def delete(self, pull: Pull, comment: PostedComment) -> None:
        """Delete a comment of the account's own."""
        path = f"/repos/{pull.address.project}/pulls/comments/{quote(comment.id, safe='')}"
        await self._api.send("DELETE", path, about="the deletion of the comment")

    async def _add(self, review: str, comments: Sequence[PlannedComment]) -> None:
        """Add threads to the pending review of that node id."""
        for at, comment in enumerate(comments):
            if at >= _AT_ONCE:
                await self._api.clock.sleep(_PAUSE)
            where = f"the comment on {comment.path}"
            try:
                data = await self._api.mutate(
                    ADD_THREAD, {"input": thread_input(review, comment)}, about=where
                )
            except ForgeError as error:
                if error.failure is not ForgeFailure.REFUSED:
                    raise
                raise RefusedReviewError(error.message, _LOOK, (at,)) from None
            if not object_in(data, "addPullRequestReviewThread", "thread"):
                # No error, and no thread: a line that isn't part of the diff.
                message = f"{self._api.host.name} didn't take {where}, and doesn't say why."
                raise RefusedReviewError(message, _LOOK, (at,))

    async def _refusable(self, method: str, path: str, body: object) -> object:
        try:
            return (await self._api.send(method, path, body, about="the review")).value
        except ForgeError as error:
            if error.failure is not ForgeFailure.REFUSED:
                raise
            refused = RefusedReviewError(error.message, _LOOK)
        raise refused

    async def _read(self, pull: Pull, review: JsonObject) -> PendingReview:
        """A review with its comments, read back."""
        id = count_in(review, "id")
        comments: list[PostedComment] = []
        path = f"{_path(pull)}/reviews/{id}/comments"
        async for page in self._api.pages(path, about="the comments of the pending review"):
            comments += (_posted(one) for one in map(object_in, page) if count_in(one, "id"))
        is_ours = is_marked(text_in(review, "body")) or any(one.marker for one in comments)
        return PendingReview(
            str(id),
            text_in(review, "html_url"),
            text_in(review, "commit_id"),
            tuple(comments),
            is_ours,
        )


def _path(pull: Pull) -> str:
    return f"/repos/{pull.address.project}/pulls/{pull.address.number}"


def _review_path(pull: Pull, review: PendingReview) -> str:
    return f"{_path(pull)}/reviews/{quote(review.id, safe='')}"


def _posted(comment: JsonObject) -> PostedComment:
    marker = next(iter(markers_in(text_in(comment, "body"))), "")
    return PostedComment(str(count_in(comment, "id")), text_in(comment, "html_url"), "", marker)
