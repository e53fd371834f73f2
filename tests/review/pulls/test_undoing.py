"""Undo deletes what was posted from here and nobody answered, the last thing first."""

import asyncio
from dataclasses import replace

import pytest

from tests.fakes.forge import AUTHOR, BOT, ME
from tests.review.pulls.building import Desk, from_thread, on_line
from xreview.domain.errors import UsageError
from xreview.domain.events.event import CommentDeleted, ReviewDiscarded, ThreadResolved
from xreview.domain.pull.discussion import ReviewVerdict

FIRST = on_line("Swallowed error", 2, "zwei")
SECOND = on_line("Lost update", 4, "four")


def undo(desk: Desk) -> str:
    return asyncio.run(desk.posting().undo())


def posted(desk: Desk, *, is_submitted: bool) -> None:
    async def go() -> None:
        posting = desk.posting()
        await posting.agree()
        await posting.post(await posting.preview([FIRST, SECOND]))
        if is_submitted:
            await posting.submit(ReviewVerdict.COMMENT)

    asyncio.run(go())


def replied(desk: Desk, *, is_resolved: bool = False):
    """A bot's thread with a reply of ours."""

    async def go():
        posting = desk.posting()
        thread = desk.forge.says(BOT, "A bug.", line=4)
        finding = desk.reject(from_thread(thread.id))
        await posting.agree()
        comment = await posting.reply(finding, thread, posting.default_reply(finding, thread))
        if is_resolved:
            await posting.resolve(finding, thread)
        return thread, comment

    return asyncio.run(go())


def test_a_pending_review_is_deleted(desk: Desk):
    posted(desk, is_submitted=False)
    assert undo(desk) == "The pending review was deleted."
    assert desk.forge.reviews == []
    assert isinstance(desk.recorded()[-1], ReviewDiscarded)
    with pytest.raises(UsageError, match="Nothing that was posted from here is left"):
        undo(desk)


def test_of_a_submitted_review_what_nobody_answered_is_deleted(desk: Desk):
    posted(desk, is_submitted=True)
    answered = desk.forge.answers(desk.forge.threads[0], AUTHOR, "Why?")
    said = undo(desk)
    assert said.startswith("1 comment deleted. 1 stay, because somebody answered.")
    assert "The review's own text stays: https://github.com/ada/shop/pull/12#R" in said
    assert desk.forge.threads == [answered]
    assert isinstance(desk.recorded()[-1], CommentDeleted)
    with pytest.raises(UsageError, match="Nothing of the review was deleted: 1 comment answered"):
        undo(desk)
    assert asyncio.run(desk.posting().preview([SECOND])).plan.comments, "can be posted again"


def test_an_answer_of_ones_own_keeps_a_comment_too(desk: Desk):
    posted(desk, is_submitted=True)
    for thread in list(desk.forge.threads):
        desk.forge.answers(thread, ME, "One more thing.")
    with pytest.raises(UsageError, match="2 comments answered"):
        undo(desk)
    assert len(desk.forge.threads) == 2


def test_what_others_wrote_is_never_deleted(desk: Desk):
    other = desk.forge.says(BOT, "A bug.", line=2)
    own = desk.forge.says(ME, "Written by hand.", line=2)
    posted(desk, is_submitted=True)
    undo(desk)
    assert desk.forge.threads == [other, own]


def test_a_comment_with_another_id_since_it_was_published_is_found_by_its_marker(desk: Desk):
    posted(desk, is_submitted=True)
    for thread in list(desk.forge.threads):  # as GitLab's draft notes become notes
        root = replace(thread.root, id=f"9{thread.root.id}", review="")
        desk.forge._put(replace(thread, comments=(root,)))
    assert undo(desk).startswith("2 comments deleted.")
    assert desk.forge.threads == []
    with pytest.raises(UsageError, match="Nothing that was posted"):
        undo(desk)


def test_a_review_that_was_deleted_at_the_forge_is_forgotten(desk: Desk):
    posted(desk, is_submitted=False)
    desk.forge.reviews.clear()
    desk.forge.threads.clear()
    assert undo(desk) == "The pending review was deleted at the forge before."
    with pytest.raises(UsageError):
        undo(desk)


def test_a_reply_is_deleted_unless_somebody_wrote_after_it(desk: Desk):
    thread, comment = replied(desk)
    desk.forge.answers(thread, BOT, "I see.")
    with pytest.raises(UsageError, match="wrote in the thread after your reply"):
        undo(desk)
    now = desk.forge.thread(thread.id)
    assert comment.id in [one.id for one in now.comments]


def test_the_last_act_comes_first(desk: Desk):
    thread, _ = replied(desk, is_resolved=True)
    assert undo(desk) == "The thread is open again."
    assert not desk.forge.thread(thread.id).is_resolved
    last = desk.recorded()[-1]
    assert isinstance(last, ThreadResolved)
    assert not last.is_resolved
    assert undo(desk) == "The reply was deleted."
    assert desk.forge.thread(thread.id).comments == thread.comments
    with pytest.raises(UsageError):
        undo(desk)


def test_what_was_posted_with_another_account_stays(desk: Desk):
    posted(desk, is_submitted=True)
    desk.forge.me = AUTHOR
    with pytest.raises(UsageError, match="Nothing that was posted from here"):
        undo(desk)
    assert "delete_comment" not in desk.forge.sent
