"""Pending reviews at Gitea and Forgejo.

A server keeps one pending review for each account; what is posted without an `event` goes into it,
and what is posted with one submits it. A review needs a text, and its comments are created one by
one: after an error, some of them can be in it.
"""

from collections.abc import Sequence
from urllib.parse import quote

from xreview.discussion.gitea import (
    PENDING_STATE,
    gitea_account,
    gitea_comment,
    gitea_identifier,
)
from xreview.domain.change import Side
from xreview.domain.pull.discussion import RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.marker import is_marked, markers_in
from xreview.domain.pull.posting import (
    PendingReview,
    PlannedComment,
    PostedComment,
    PostPlacement,
    ReviewPlan,
)
from xreview.domain.pull.pull import ForgeAccount, Pull
from xreview.forge.client import ForgeClient, all_entries
from xreview.forge.gitea.pages import gitea_pages
from xreview.ports.forge_failure import ForgeError, ForgeFailure, RefusedReviewError
from xreview.ports.json_value import JsonObject, object_in, text_in

_EVENTS = {
    ReviewVerdict.COMMENT: "COMMENT",
    ReviewVerdict.REQUEST_CHANGES: "REQUEST_CHANGES",
    ReviewVerdict.APPROVE: "APPROVED",
}
_NO_TEXT = "Review comments on lines."
"""In place of an empty text, which servers refuse."""
_BAD_LINE = (ForgeFailure.REFUSED, ForgeFailure.SERVER)
"""Gitea answers with 500 for a line that it doesn't find."""


def gitea_pull_path(pull: Pull) -> str:
    """The path of a pull request in the API."""
    return f"/repos/{pull.address.project}/pulls/{pull.address.number}"


class GiteaReviews:
    """The account's reviews of pull requests. Every method raises ForgeError."""

    def __init__(self, client: ForgeClient) -> None:
        self._client = client
        self._account: ForgeAccount | None = None

    async def account(self) -> ForgeAccount:
        """Who the token belongs to."""
        if self._account is None:
            reply = await self._client.get("/user", about="the account of the token")
            self._account = gitea_account(reply.value)
        return self._account

    async def all(self, pull: Pull) -> list[object]:
        """All reviews that the account sees."""
        about = f"the reviews of {pull.address.shown}"
        pages = gitea_pages(self._client, f"{gitea_pull_path(pull)}/reviews", about=about)
        return await all_entries(pages)

    async def comments(self, pull: Pull, review: str) -> list[object]:
        """The comments in a review."""
        path = f"{gitea_pull_path(pull)}/reviews/{review}/comments"
        pages = gitea_pages(self._client, path, about="the comments of a review")
        return await all_entries(pages)

    async def pending(self, pull: Pull) -> PendingReview | None:
        """The account's pending review; administrators see those of others too."""
        found = await self._pending(pull)
        if found is None:
            return None
        comments = await self.comments(pull, gitea_identifier(found))
        bodies = (text_in(found, "body"), *(text_in(one, "body") for one in comments))
        return PendingReview(
            gitea_identifier(found),
            text_in(found, "html_url") or pull.address.url,
            text_in(found, "commit_id"),
            tuple(map(_posted, comments)),
            any(map(is_marked, bodies)),
        )

    async def begin(self, pull: Pull, plan: ReviewPlan) -> PendingReview:
        """Create a pending review, whole or not at all."""
        _check_placements(plan.inline)
        await self.refuse_pending(pull, "Gitea keeps one only")
        try:
            await self._post(pull, plan.body, plan.commit, plan.inline)
        except ForgeError as error:
            await self._remove_rest(pull)
            raise _refused(error, plan.inline) from None
        except BaseException:
            await self._remove_rest(pull)
            raise
        return await self._reread(pull)

    async def add(
        self, pull: Pull, review: PendingReview, comments: Sequence[PlannedComment]
    ) -> PendingReview:
        """Add comments to a pending review, whose text stays, unless it has none."""
        _check_placements(comments)
        text = text_in(await self._pending(pull), "body")
        try:
            await self._post(pull, text, review.commit, comments)
        except ForgeError as error:
            raise _refused(error, comments) from None
        return await self._reread(pull)

    async def submit(
        self, pull: Pull, review: PendingReview, verdict: ReviewVerdict, body: str
    ) -> str:
        """Publish a pending review; without a new text, it keeps its own. Returns its URL."""
        text = body if body.strip() else text_in(await self._pending(pull), "body")
        path = f"{gitea_pull_path(pull)}/reviews/{quote(review.id, safe='')}"
        sent = {"event": _EVENTS[verdict], "body": text}
        reply = await self._client.send("POST", path, sent, about="the review")
        return text_in(reply.value, "html_url") or pull.address.url

    async def delete(self, pull: Pull, review: str) -> None:
        """Delete a review with its comments."""
        path = f"{gitea_pull_path(pull)}/reviews/{quote(review, safe='')}"
        await self._client.send("DELETE", path, about="the review")

    async def reply(self, pull: Pull, thread: ReviewThread, body: str) -> RemoteComment:
        """Reply on a thread's line, at once, by a review with one comment.

        Raises ForgeError while a review is pending, which would be submitted with it.
        """
        await self.refuse_pending(pull, "a reply would submit it")
        place = thread.place
        if place is None:
            raise ForgeError(
                ForgeFailure.UNSUPPORTED,
                "Gitea has replies to comments on lines only.",
                f"Reply on {pull.address.url}.",
            )
        is_new = place.side is Side.NEW
        comment = _line(place.path, body, place.end_line, is_new=is_new)
        sent = {"event": "COMMENT", "commit_id": pull.head.commit, "comments": [comment]}
        path = f"{gitea_pull_path(pull)}/reviews"
        reply = await self._client.send("POST", path, sent, about="the reply")
        comments = await self.comments(pull, gitea_identifier(reply.value))
        return gitea_comment(comments[-1] if comments else reply.value)

    async def refuse_pending(self, pull: Pull, why: str) -> None:
        """Raise ForgeError if the account has a pending review; `why` ends the sentence."""
        if await self._pending(pull) is not None:
            raise ForgeError(
                ForgeFailure.REFUSED,
                f"You have a pending review on {pull.address.shown}, and {why}.",
                f"Submit or delete it on {pull.address.url} first.",
            )

    async def _pending(self, pull: Pull) -> JsonObject | None:
        account = await self.account()
        for value in await self.all(pull):
            author = gitea_account(object_in(value, "user"))
            if text_in(value, "state") == PENDING_STATE and author.key == account.key:
                return object_in(value)
        return None

    async def _post(
        self, pull: Pull, body: str, commit: str, comments: Sequence[PlannedComment]
    ) -> None:
        sent = {
            "body": body if body.strip() else _NO_TEXT,
            "commit_id": commit or pull.head.commit,
            "comments": [
                _line(one.path, _with_range(one), one.end_line, is_new=one.side is Side.NEW)
                for one in comments
            ],
        }
        path = f"{gitea_pull_path(pull)}/reviews"
        await self._client.send("POST", path, sent, about="the review")

    async def _reread(self, pull: Pull) -> PendingReview:
        found = await self.pending(pull)
        if found is None:
            raise self._client.faults.unreadable("no pending review after it was created")
        return found

    async def _remove_rest(self, pull: Pull) -> None:
        """Delete what there is of a review that could not be created whole."""
        try:
            found = await self._pending(pull)
            if found is not None:
                await self.delete(pull, gitea_identifier(found))
        except ForgeError as error:
            raise ForgeError(
                error.failure,
                "Gitea may have kept a part of the review, which could not be deleted again."
                f" {error.message}",
                f"Delete your pending review on {pull.address.url}, then try again.",
            ) from None


def _check_placements(comments: Sequence[PlannedComment]) -> None:
    wrong = [at for at, one in enumerate(comments) if one.placement is PostPlacement.FILE]
    if wrong:
        raise RefusedReviewError(
            "Gitea has no comments on whole files.",
            "Post these findings in the text of the review.",
            tuple(wrong),
        )


def _refused(error: ForgeError, comments: Sequence[PlannedComment]) -> ForgeError:
    """The error as one about a comment, where it can be."""
    if not comments or error.failure not in _BAD_LINE:
        return error
    message = f"The review was refused, which can be for a line that isn't there. {error.message}"
    return RefusedReviewError(message, error.advice)


def _with_range(comment: PlannedComment) -> str:
    """The comment's text, with its lines in words: the API takes only one line."""
    if not comment.is_range:
        return comment.body
    return f"Lines {comment.start_line}–{comment.end_line}:\n\n{comment.body}"


def _line(path: str, body: str, line: int, *, is_new: bool) -> dict[str, str | int]:
    """A `CreatePullReviewComment`; 0 is the number on the other side."""
    new, old = (line, 0) if is_new else (0, line)
    return {"path": path, "body": body, "new_position": new, "old_position": old}


def _posted(comment: object) -> PostedComment:
    marker = next(iter(markers_in(text_in(comment, "body"))), "")
    return PostedComment(gitea_identifier(comment), text_in(comment, "html_url"), marker=marker)
