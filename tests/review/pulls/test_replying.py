"""Replies in threads: neutral words, never into a draft, never over somebody's head."""

import asyncio
from dataclasses import replace

import pytest

from tests.export.build import ESCALATED, FIX, INTENDED, decision
from tests.fakes.forge import AUTHOR, BOT, ME
from tests.review.pulls.building import Desk, accepted, from_thread, on_line
from xreview.domain.decision import REASONS, Reason, Verdict
from xreview.domain.errors import UsageError
from xreview.domain.events.event import ReplyPosted, ThreadResolved
from xreview.domain.pull.discussion import ReviewThread
from xreview.domain.pull.marker import is_marked, markers_in
from xreview.review.pulls.replying import WantedReply, reply_words


def agree(desk: Desk) -> None:
    asyncio.run(desk.posting().agree())


def reply(desk: Desk, thread: ReviewThread, text: str = "Not changed."):
    posting = desk.posting()
    return asyncio.run(posting.reply(desk.reject(from_thread(thread.id)), thread, text))


@pytest.fixture
def thread(desk: Desk) -> ReviewThread:
    agree(desk)
    return desk.forge.says(BOT, "A bug.", line=4)


def test_the_default_says_what_was_decided_and_the_users_reason():
    finding = on_line()
    assert reply_words(accepted(finding, FIX)) == "Accepted: this will be fixed."
    said = reply_words(accepted(finding, INTENDED, note="The cache is cold here."))
    assert said == "Not changed: this is intended.\n\nThe cache is cold here."
    assert reply_words(ESCALATED) == "Not decided yet: a colleague is asked."
    assert reply_words(accepted(finding, None)) == ""
    later = replace(decision(Verdict.REJECT, Reason.LATER), until="2026-03-01")
    assert reply_words(accepted(finding, later)) == "Right, and deferred until 2026-03-01."
    assert "hush" not in reply_words(accepted(finding, FIX, note="hush", note_by="Bob"))


@pytest.mark.parametrize(
    ("verdict", "reason"), [(verdict, one) for verdict, all in REASONS.items() for one in all]
)
def test_each_decision_has_words(verdict, reason):
    assert reply_words(accepted(on_line(), decision(verdict, reason))).endswith(".")


def test_a_reply_is_visible_inert_and_in_the_journal(desk: Desk, thread):
    comment = reply(desk, thread, "Not changed, @bob.\n/close\nSee #12.")
    root, ours = desk.forge.thread(thread.id).comments
    assert root == thread.root
    assert ours.body.startswith("Not changed, `@\N{WORD JOINER}bob`.\n\\/close\nSee `#12`.\n\n")
    assert is_marked(ours.body)
    assert markers_in(ours.body) == (), "a reply posts no finding"
    recorded = desk.recorded()[-1]
    assert isinstance(recorded, ReplyPosted)
    assert (recorded.thread, recorded.comment) == (thread.id, comment.id)
    assert recorded.link == comment.url
    assert desk.forge.sent == ["reply"], "resolving is a step of its own"


def test_no_reply_while_a_review_is_pending(desk: Desk, thread):
    async def go() -> None:
        posting = desk.posting()
        await posting.post(await posting.preview([on_line()]))

    asyncio.run(go())
    with pytest.raises(UsageError, match="pending review, and a reply would vanish into it"):
        reply(desk, thread)
    assert desk.forge.sent == ["begin_review"]


def test_a_reply_that_went_into_a_draft_after_all_is_told(desk: Desk, thread):
    send = desk.forge.reply

    async def reply_after_a_review_was_begun(pull, thread, body):
        await desk.forge.begin_review(pull, (await desk.posting().preview([on_line()])).plan)
        return await send(pull, thread, body)

    desk.forge.reply = reply_after_a_review_was_begun
    with pytest.raises(UsageError, match="isn't visible: it is in a pending review"):
        reply(desk, thread)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (lambda forge, thread: forge.marks(thread), "somebody resolved the thread meanwhile"),
        (lambda forge, thread: forge.answers(thread, AUTHOR, "No."), "bob answered meanwhile"),
        (lambda forge, thread: forge.threads.clear(), "the thread doesn't exist any more"),
    ],
)
def test_what_happened_since_stops_a_reply(desk: Desk, thread, happens, said):
    happens(desk.forge, thread)
    with pytest.raises(UsageError, match=f"Nothing was posted: {said}"):
        reply(desk, thread)
    if desk.forge.threads:
        with pytest.raises(UsageError):
            asyncio.run(desk.posting().resolve(from_thread(thread.id), thread))
    assert desk.forge.sent == []


def test_a_second_reply_of_ones_own_is_no_surprise(desk: Desk, thread):
    reply(desk, thread, "One.")
    reply(desk, thread, "Two.")
    assert len(desk.forge.thread(thread.id).comments) == 3


def test_a_thread_that_was_resolved_when_it_was_read_can_be_replied_to(desk: Desk, thread):
    reply(desk, desk.forge.marks(thread))
    assert desk.forge.sent == ["reply"]


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_reply_is_refused(desk: Desk, thread, text):
    with pytest.raises(UsageError, match="it has no text"):
        reply(desk, thread, text)


def test_a_reply_that_is_too_long_is_refused(desk: Desk, thread):
    with pytest.raises(UsageError, match="too long"):
        reply(desk, thread, "word " * 20_000)
    assert desk.forge.sent == []


def test_nothing_is_replied_or_resolved_without_consent(desk: Desk):
    thread = desk.forge.says(BOT, "A bug.")
    with pytest.raises(UsageError, match="nobody agreed"):
        reply(desk, thread)
    with pytest.raises(UsageError, match="nobody agreed"):
        asyncio.run(desk.posting().resolve(from_thread(thread.id), thread))
    assert desk.forge.sent == []


def test_resolving_is_recorded_and_done_once(desk: Desk, thread):
    finding, posting = from_thread(thread.id), desk.posting()
    asyncio.run(posting.resolve(finding, thread))
    assert desk.forge.thread(thread.id).is_resolved
    last = desk.recorded()[-1]
    assert isinstance(last, ThreadResolved)
    assert (last.thread, last.is_resolved) == (thread.id, True)
    with pytest.raises(UsageError, match="resolved already"):
        asyncio.run(posting.resolve(finding, thread))
    asyncio.run(posting.resolve(finding, desk.forge.thread(thread.id), resolved=False))
    assert not desk.forge.thread(thread.id).is_resolved


def test_a_forge_that_cannot_resolve_says_so(desk: Desk):
    agree(desk)
    thread = desk.forge.says(BOT, "A bug.", can_resolve=False)
    with pytest.raises(UsageError, match="GitHub can't resolve this thread"):
        asyncio.run(desk.posting().resolve(from_thread(thread.id), thread))


def test_several_replies_take_two_looks_at_the_discussion(desk: Desk, thread):
    others = [desk.forge.says(BOT, f"Bug {n}.") for n in range(3)]
    desk.forge.answers(others[0], ME, "by hand")
    desk.forge.marks(others[1])
    looks = []
    discussion = desk.forge.discussion

    async def counted(pull):
        looks.append(pull)
        return await discussion(pull)

    desk.forge.discussion = counted
    posting = desk.posting()
    wanted = [WantedReply(from_thread(one.id), one, "Done.") for one in (thread, *others)]
    outcomes = asyncio.run(posting.reply_each(wanted))
    assert [one.why for one in outcomes] == ["", "", "somebody resolved the thread meanwhile", ""]
    assert len(looks) == 2
