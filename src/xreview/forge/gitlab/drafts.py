"""Draft notes, which are GitLab's pending review: a list of notes that only their author sees.

GitLab has no text of a review. It is a draft without a place here, published with the others. The
account's own drafts are in the list too; those with this program's marker are ours.
"""

from collections.abc import Container, Sequence
from urllib.parse import quote

from xreview.domain.pull.discussion import SubmittedReview
from xreview.domain.pull.marker import is_marked, markers_in
from xreview.domain.pull.posting import PendingReview, PlannedComment, PostedComment, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount, Pull
from xreview.forge.client import ForgeClient, all_entries
from xreview.forge.gitlab.position import DiffRefs, position_of
from xreview.forge.gitlab.wording import without_quick_actions
from xreview.ports.forge_failure import ForgeError, ForgeFailure, RefusedReviewError
from xreview.ports.json_value import count_in, object_in, text_in

DRAFT_PREFIX = "draft-"
"""Begins the ids of comments that are drafts: a note with the same number is another comment."""
_GONE = "The pull request has no version with that head anymore."


def merge_request_path(pull: Pull) -> str:
    """The path of a merge request in the API."""
    project = quote(pull.address.project, safe="")
    return f"/projects/{project}/merge_requests/{pull.address.number}"


class GitLabDrafts:
    """The account's draft notes on merge requests. Every method raises ForgeError."""

    def __init__(self, client: ForgeClient) -> None:
        self._client = client

    async def pending(self, pull: Pull) -> PendingReview | None:
        """The drafts; None for none."""
        drafts = await self._list(pull)
        return _review(pull, drafts) if drafts else None

    async def as_review(self, pull: Pull, account: ForgeAccount) -> SubmittedReview | None:
        """The text of the pending review; None without drafts."""
        drafts = await self._list(pull)
        if not drafts:
            return None
        review = _review(pull, drafts)
        body = next((text_in(one, "note") for one in drafts if _is_summary(one)), "")
        return SubmittedReview(review.id, account, body, commit=review.commit, is_pending=True)

    async def begin(self, pull: Pull, plan: ReviewPlan) -> PendingReview:
        """Create the plan's drafts, all or none."""
        await self._create(pull, plan.inline, plan.commit, plan.body)
        return await self._reread(pull)

    async def add(
        self, pull: Pull, review: PendingReview, comments: Sequence[PlannedComment]
    ) -> PendingReview:
        """Create more drafts, all or none."""
        await self._create(pull, comments, review.commit)
        return await self._reread(pull)

    async def publish(self, pull: Pull, body: str) -> None:
        """Publish all drafts, with this text as the review's."""
        path = f"{merge_request_path(pull)}/draft_notes"
        note = without_quick_actions(body)
        if note.strip():
            summary = next((one for one in await self._list(pull) if _is_summary(one)), None)
            if summary is None:
                await self._client.send("POST", path, {"note": note}, about="the review's text")
            elif text_in(summary, "note") != note:
                own = f"{path}/{count_in(summary, 'id')}"
                await self._client.send("PUT", own, {"note": note}, about="the review's text")
        await self._client.send("POST", f"{path}/bulk_publish", about="the review")

    async def discard(self, pull: Pull) -> None:
        """Delete those drafts that this program wrote."""
        drafts = [one for one in await self._list(pull) if is_marked(text_in(one, "note"))]
        for draft in drafts:
            await self.delete(pull, str(count_in(draft, "id")))

    async def delete(self, pull: Pull, number: str) -> None:
        """Delete one draft."""
        path = f"{merge_request_path(pull)}/draft_notes/{number}"
        await self._client.send("DELETE", path, about="the draft")

    async def _list(self, pull: Pull) -> list[object]:
        path = f"{merge_request_path(pull)}/draft_notes"
        pages = self._client.pages(path, about=f"your drafts on {pull.address.shown}")
        return [one for one in await all_entries(pages) if count_in(one, "id") is not None]

    async def _reread(self, pull: Pull) -> PendingReview:
        drafts = await self._list(pull)
        if not drafts:
            raise self._client.faults.unreadable("no drafts after they were created")
        return _review(pull, drafts)

    async def _create(
        self, pull: Pull, comments: Sequence[PlannedComment], commit: str, body: str = ""
    ) -> None:
        refs = await self._refs(pull, commit)
        notes: list[dict[str, object]] = []
        if body.strip():
            notes.append({"note": without_quick_actions(body)})
        first = len(notes)
        for one in comments:
            note = without_quick_actions(one.body)
            notes.append({"note": note, "position": position_of(one, refs)})
        path = f"{merge_request_path(pull)}/draft_notes"
        before = {count_in(one, "id") for one in await self._list(pull)}
        try:
            for number, note in enumerate(notes):
                try:
                    await self._client.send("POST", path, note, about="a comment")
                except ForgeError as error:
                    raise _refused(error, comments, number - first) from None
        except BaseException:
            await self._remove_since(pull, before)
            raise

    async def _remove_since(self, pull: Pull, before: Container[int | None]) -> None:
        """Delete our drafts of a review that could not be created whole: those that aren't from
        before, also if the reply about one got lost."""
        try:
            for draft in await self._list(pull):
                number = count_in(draft, "id")
                if number not in before and is_marked(text_in(draft, "note")):
                    await self.delete(pull, str(number))
        except ForgeError as error:
            raise ForgeError(
                error.failure,
                "GitLab took only some of the comments, and these drafts could not be deleted"
                f" again. {error.message}",
                f"Delete them on {pull.address.url}, then try again.",
            ) from None

    async def _refs(self, pull: Pull, commit: str) -> DiffRefs:
        """The commits of the version with this head. Raises RefusedReviewError for none."""
        if commit in ("", pull.head.commit):
            return DiffRefs(pull.start, pull.base.commit, pull.head.commit)
        path, about = (
            f"{merge_request_path(pull)}/versions",
            f"the versions of {pull.address.shown}",
        )
        versions = await all_entries(self._client.pages(path, about=about))
        for version in versions:
            if text_in(version, "head_commit_sha") == commit:
                base = text_in(version, "base_commit_sha")
                return DiffRefs(base, text_in(version, "start_commit_sha"), commit)
        raise RefusedReviewError(_GONE, "Read the pull request again, then post.")


def _review(pull: Pull, drafts: Sequence[object]) -> PendingReview:
    """The drafts as a review, whose id is that of the first one of ours, if there are any.

    GitLab has no reviews: so each gets an id of its own, which it keeps until it is published.
    """
    ours = [one for one in drafts if is_marked(text_in(one, "note"))]
    heads = (text_in(object_in(one, "position"), "head_sha") for one in drafts)
    first = min(count_in(one, "id") or 0 for one in ours or drafts)
    return PendingReview(
        f"drafts-from-{first}",
        pull.address.url,
        next(filter(None, heads), ""),
        tuple(_posted(one) for one in drafts if not _is_summary(one)),
        bool(ours),
    )


def _refused(error: ForgeError, comments: Sequence[PlannedComment], number: int) -> ForgeError:
    """The error about a comment, with its place if GitLab finds it invalid."""
    if error.failure is not ForgeFailure.REFUSED or number < 0:
        return error
    one = comments[number]
    place = f"{one.path}:{one.end_line}" if one.end_line else one.path
    return RefusedReviewError(f"{place}: {error.message}", error.advice, (number,))


def _is_summary(draft: object) -> bool:
    """Whether a draft is the text of our review: this program puts all others on the diff."""
    position = object_in(draft, "position")
    is_placed = bool(text_in(position, "new_path") or text_in(position, "old_path"))
    is_reply = bool(object_in(draft).get("discussion_id"))
    return not is_placed and not is_reply and is_marked(text_in(draft, "note"))


def _posted(draft: object) -> PostedComment:
    marker = next(iter(markers_in(text_in(draft, "note"))), "")
    return PostedComment(f"{DRAFT_PREFIX}{count_in(draft, 'id')}", marker=marker)
