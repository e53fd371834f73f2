"""Taking away what was posted: only what is ours, and what nobody answered."""

from xreview.domain.errors import UsageError
from xreview.domain.events.event import CommentDeleted, ReviewDiscarded, ThreadResolved
from xreview.domain.pull.discussion import Discussion, ReviewThread
from xreview.domain.pull.marker import is_marked, markers_in
from xreview.domain.pull.posting import PendingReview, PostedComment
from xreview.domain.pull.pull import Pull
from xreview.domain.pull.record import PostAct, PostRecord, RecordedReview
from xreview.domain.text import count_of
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.review.pulls.drafts import is_wholly_ours
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.pull_forge import PullForge


class PostUndo:
    """Undoes the last thing that was posted. Raises as `Posting`."""

    def __init__(self, place: PostPlace, there: PullForge) -> None:
        self._place = place
        self._there = there

    async def undo(self) -> str:
        """Undo it; return a sentence about it."""
        record = await self._there.record()
        if not record.acts:
            raise UsageError(
                "Nothing that was posted from here is left to undo.",
                f"What you wrote yourself can be deleted at {self._place.address.url}.",
            )
        act, id = record.acts[-1]
        pull = await self._there.pull()
        match act:
            case PostAct.REVIEW:
                return await self._undo_review(pull, record.reviews[id])
            case PostAct.REPLY:
                return await self._undo_reply(pull, record, id)
            case PostAct.RESOLVED | PostAct.UNRESOLVED:
                return await self._undo_resolving(pull, record, act, id)

    async def drop(self, pull: Pull, pending: PendingReview) -> tuple[str, ...]:
        """Delete a pending review; of one that the user began, only what was added to it. Return
        sentences about what stays."""
        forge, said = await self._there.forge(), await self._said(pull)
        text = next((one.body for one in said.reviews if one.id == pending.id), "").strip()
        url, login = self._place.address.url, (await self._there.account()).login
        if is_wholly_ours(pending) and (not text or is_marked(text)):
            await forge.discard(pull, pending)
            await self._place.record(ReviewDiscarded(url, login, pending.id))
            return ()
        ours = [one for one in pending.comments if one.marker]
        for one in ours:
            await forge.delete_comment(pull, one)
            await self._place.record(CommentDeleted(url, login, one.id))
        return (
            f"{count_of(len(ours), 'comment')} deleted; the rest of the pending review is yours "
            "and stays.",
        )

    async def _undo_review(self, pull: Pull, review: RecordedReview) -> str:
        pending = await (await self._there.forge()).pending(pull)
        if pending is not None and pending.id == review.id and not review.is_submitted:
            return " ".join(await self.drop(pull, pending)) or "The pending review was deleted."
        said, login = await self._said(pull), (await self._there.account()).login
        ours = [one for one in said.threads if self._is_of(one, review, login)]
        if not ours and not review.is_submitted:
            await self._place.record(ReviewDiscarded(self._place.address.url, login, review.id))
            return "The pending review was deleted at the forge before."
        free = [thread for thread in ours if not thread.replies]
        answered = len(ours) - len(free)
        if not free:
            why = f"{count_of(answered, 'comment')} answered" if answered else "no comment is left"
            raise UsageError(
                f"Nothing of the review was deleted: {why}.",
                f"Its text can be edited at {review.link or self._place.address.url}.",
            )
        for thread in free:
            await self._delete(pull, thread, review)
        left = _text_left(await self._said(pull), review, login)
        return " ".join(
            filter(
                None,
                (
                    f"{count_of(len(free), 'comment')} deleted.",
                    f"{answered} stay, because somebody answered." if answered else "",
                    f"The review's own text stays: {left}" if left else "",
                ),
            )
        )

    def _is_of(self, thread: ReviewThread, review: RecordedReview, login: str) -> bool:
        """Whether a thread begins with a comment of this review: by its id, or its marker, since
        GitLab gives a comment another id when it is published."""
        root = thread.root
        if root.author.login != login or root.is_pending:
            return False
        known = {one.comment for one in review.posted if one.comment}
        named = {one.subjects[0] for one in review.posted if one.comment}
        is_its = root.review in ("", review.id)
        return root.id in known or (is_its and not named.isdisjoint(markers_in(root.body)))

    async def _delete(self, pull: Pull, thread: ReviewThread, review: RecordedReview) -> None:
        root = thread.root
        names = set(markers_in(root.body))
        recorded = next(
            (one.comment for one in review.posted if one.comment and one.subjects[0] in names),
            root.id,
        )
        forge, login = await self._there.forge(), (await self._there.account()).login
        await forge.delete_comment(pull, PostedComment(root.id, root.url, thread.id))
        await self._place.record(CommentDeleted(self._place.address.url, login, recorded))

    async def _undo_reply(self, pull: Pull, record: PostRecord, id: str) -> str:
        reply, said = record.replies[id], await self._said(pull)
        login = (await self._there.account()).login
        thread = _thread(said, reply.thread)
        ids = [one.id for one in thread.comments]
        if id not in ids:
            await self._place.record(CommentDeleted(reply.url, login, id))
            return "The reply was deleted at the forge before."
        if ids[-1] != id:
            raise UsageError(
                "Somebody wrote in the thread after your reply, so it stays.",
                f"You can still edit it: {reply.link}",
            )
        posted = PostedComment(id, reply.link, reply.thread)
        await (await self._there.forge()).delete_comment(pull, posted)
        await self._place.record(CommentDeleted(reply.url, login, id))
        return "The reply was deleted."

    async def _undo_resolving(self, pull: Pull, record: PostRecord, act: PostAct, id: str) -> str:
        thread = _thread(await self._said(pull), id)
        was_resolved = act is PostAct.RESOLVED
        if thread.is_resolved is was_resolved:
            forge = await self._there.forge()
            await forge.resolve(pull, thread, resolved=not was_resolved)
        url, login = self._place.address.url, (await self._there.account()).login
        subjects = record.subjects[id]
        await self._place.record(ThreadResolved(url, login, id, subjects, not was_resolved))
        return f"The thread is {'open again' if was_resolved else 'resolved again'}."

    async def _said(self, pull: Pull) -> Discussion:
        return await (await self._there.forge()).discussion(pull)


def _text_left(said: Discussion, review: RecordedReview, login: str) -> str:
    """Where the text of a review still is, since most forges can't delete it; "" for nowhere. At
    GitLab it is a comment."""
    names = {one.subjects[0] for one in review.posted}
    for one in (*said.reviews, *said.comments):
        is_its = one.id == review.id or not names.isdisjoint(markers_in(one.body))
        if is_its and one.author.login == login and one.body.strip():
            return one.url or review.link
    return ""


def _thread(said: Discussion, id: str) -> ReviewThread:
    for thread in said.threads:
        if thread.id == id:
            return thread
    raise ForgeError(ForgeFailure.NOT_FOUND, "The thread doesn't exist any more.")
