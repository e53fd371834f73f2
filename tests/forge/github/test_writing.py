"""Writing to GitHub: the forge has its rules, and checks the form of each request."""

from dataclasses import replace

import pytest

from xreview.domain.change import Side
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.marker import REVIEW_MARKER, finding_marker
from xreview.domain.pull.posting import PlannedComment, PostedComment, PostPlacement, ReviewPlan
from xreview.ports.forge_failure import ForgeError, ForgeFailure, RefusedReviewError


def on_line(path: str = "a.py", line: int = 3, start: int = 0, **changed) -> PlannedComment:
    name = f"{path}-{line}".replace(".", "-")
    return PlannedComment(
        (name,),
        PostPlacement.LINES,
        path,
        f"Wrong.\n\n{finding_marker(name)}",
        start_line=start or line,
        end_line=line,
        **changed,
    )


def on_file(path: str = "new.py") -> PlannedComment:
    return replace(on_line(path), placement=PostPlacement.FILE, start_line=0, end_line=0)


def plan_of(opened, *comments: PlannedComment) -> ReviewPlan:
    return ReviewPlan(opened.head.commit, f"Two findings.\n\n{REVIEW_MARKER}", comments)


async def test_a_pending_review_is_created_whole(bob, opened, pull):
    plan = plan_of(
        opened,
        on_line(),
        on_line("a.py", 31, 29),
        on_line("a.py", 3, side=Side.OLD),
        on_file("new.py"),
        replace(on_line("b.py"), placement=PostPlacement.BODY),
    )
    review = await bob.begin_review(opened, plan)
    assert [one.marker for one in review.comments] == ["a-py-3", "a-py-31", "a-py-3", "new-py-3"]
    assert review.is_ours
    assert review.commit == pull.head
    (kept,) = [one for one in pull.reviews if one.state == "PENDING"]
    assert kept.body == plan.body
    threads = [(one.path, one.side, one.start_line, one.line) for one in pull.threads]
    assert threads == [
        ("a.py", "RIGHT", None, 3),
        ("a.py", "RIGHT", 29, 31),
        ("a.py", "LEFT", None, 3),
        ("new.py", "RIGHT", None, None),
    ]


async def test_it_is_found_again(bob, opened):
    begun = await bob.begin_review(opened, plan_of(opened, on_line()))
    assert await bob.pending(opened) == begun


async def test_somebody_s_own_pending_review_is_not_ours(bob, opened, pull):
    assert await bob.pending(opened) is None
    review = pull.review("bob", "My notes", "PENDING")
    pull.comment("bob", "a.py", 3, "Hm.", review=review)
    found = await bob.pending(opened)
    assert found is not None
    assert (found.id, found.is_ours, len(found.comments)) == (str(review.id), False, 1)


async def test_nobody_has_a_pending_review_without_a_token(connect, opened):
    assert await connect(None).pending(opened) is None


@pytest.mark.parametrize(
    "wrong",
    [
        on_line("a.py", 12),
        on_line("a.py", 30, 3),
        on_line("missing.py", 1),
        on_line("new.py", 1, side=Side.OLD),
    ],
)
async def test_all_is_refused_for_one_comment_off_the_diff(bob, opened, pull, wrong):
    with pytest.raises(RefusedReviewError) as caught:
        await bob.begin_review(opened, plan_of(opened, on_line(), wrong))
    assert caught.value.failure is ForgeFailure.REFUSED
    assert "refused the review as invalid (422)" in caught.value.message
    assert not pull.threads
    assert not pull.reviews


async def test_a_second_pending_review_is_refused_and_the_first_stays(bob, opened, pull):
    pull.review("bob", "My notes", "PENDING")
    with pytest.raises(RefusedReviewError, match="one pending review"):
        await bob.begin_review(opened, plan_of(opened, on_line()))
    assert [one.body for one in pull.reviews] == ["My notes"]


async def test_a_comment_on_a_file_that_is_refused_leaves_nothing(bob, opened, pull):
    with pytest.raises(RefusedReviewError) as caught:
        await bob.begin_review(opened, plan_of(opened, on_line(), on_file("missing.py")))
    assert "missing.py" in caught.value.message
    assert not pull.reviews
    assert not pull.threads


async def test_comments_are_added_to_a_pending_review(bob, opened, pull):
    review = pull.review("bob", "My notes", "PENDING")
    found = await bob.pending(opened)
    assert found is not None
    added = [on_line(), on_line("a.py", 31, 29), on_line("a.py", 3, side=Side.OLD), on_file()]
    read = await bob.add_comments(opened, found, added)
    assert len(read.comments) == 4
    assert read.is_ours
    threads = [(one.path, one.side, one.start_line, one.line) for one in pull.threads]
    assert threads == [
        ("a.py", "RIGHT", None, 3),
        ("a.py", "RIGHT", 29, 31),
        ("a.py", "LEFT", None, 3),
        ("new.py", "RIGHT", None, None),
    ]
    assert pull.reviews == [review]


async def test_an_added_comment_that_github_drops_is_refused_by_its_position(bob, opened, pull):
    pull.review("bob", "My notes", "PENDING")
    found = await bob.pending(opened)
    assert found is not None
    with pytest.raises(RefusedReviewError) as caught:
        await bob.add_comments(
            opened, found, [on_line(), on_line("a.py", 12), on_line("new.py", 1)]
        )
    assert caught.value.entries == (1,)
    assert len(pull.threads) == 1


async def test_nothing_is_added_to_a_review_that_was_submitted(bob, opened, pull):
    begun = await bob.begin_review(opened, plan_of(opened, on_line()))
    await bob.submit(opened, begun, ReviewVerdict.COMMENT, "")
    with pytest.raises(ForgeError, match="isn't pending any more"):
        await bob.add_comments(opened, begun, [on_line("new.py", 1)])


async def test_many_additions_are_sent_slowly(bob, opened, pull, still):
    pull.review("bob", "My notes", "PENDING")
    found = await bob.pending(opened)
    assert found is not None
    await bob.add_comments(opened, found, [on_file()] * 23)
    assert still.slept == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (ReviewVerdict.COMMENT, "COMMENTED"),
        (ReviewVerdict.REQUEST_CHANGES, "CHANGES_REQUESTED"),
        (ReviewVerdict.APPROVE, "APPROVED"),
    ],
)
async def test_a_review_is_submitted(bob, opened, pull, verdict, state):
    begun = await bob.begin_review(opened, plan_of(opened, on_line()))
    url = await bob.submit(opened, begun, verdict, "In short.")
    assert [(one.state, one.body) for one in pull.reviews] == [(state, "In short.")]
    assert url.endswith(f"#pullrequestreview-{begun.id}")
    assert await bob.pending(opened) is None


async def test_a_review_keeps_its_text_if_there_is_no_other(bob, opened, pull):
    begun = await bob.begin_review(opened, plan_of(opened, on_line()))
    await bob.submit(opened, begun, ReviewVerdict.COMMENT, "")
    assert pull.reviews[0].body.startswith("Two findings.")


async def test_an_author_cannot_approve_their_own(connect, address, pull):
    ada = connect("ada")
    opened = await ada.pull(address)
    begun = await ada.begin_review(opened, plan_of(opened, on_line()))
    with pytest.raises(ForgeError, match="Can not approve your own pull request"):
        await ada.submit(opened, begun, ReviewVerdict.APPROVE, "")
    assert pull.reviews[0].state == "PENDING"


async def test_a_pending_review_is_discarded(bob, opened, pull):
    begun = await bob.begin_review(opened, plan_of(opened, on_line()))
    await bob.discard(opened, begun)
    assert not pull.reviews
    assert not pull.threads


async def test_a_reply(bob, opened, pull):
    pull.comment("ada", "a.py", 3, "Why?")
    (thread,) = (await bob.discussion(opened)).threads
    reply = await bob.reply(opened, thread, "Because.")
    (again,) = (await bob.discussion(opened)).threads
    assert again.comments[-1].id == reply.id
    assert (reply.body, reply.author.login) == ("Because.", "bob")
    assert f"discussion_r{reply.id}" in reply.url


async def test_a_reply_while_a_review_is_pending_is_seen_to_be_pending(bob, opened, pull):
    # It returns a number and an address as if it were posted.
    pull.comment("ada", "a.py", 3, "Why?")
    pull.review("bob", "My notes", "PENDING")
    (thread,) = (await bob.discussion(opened)).threads
    reply = await bob.reply(opened, thread, "Because.")
    (again,) = (await bob.discussion(opened)).threads
    assert [one.is_pending for one in again.comments if one.id == reply.id] == [True]


@pytest.mark.parametrize("resolved", [True, False])
async def test_a_thread_is_resolved_or_not(bob, opened, pull, resolved):
    kept = pull.comment("ada", "a.py", 3, "Why?", is_resolved=not resolved)
    (thread,) = (await bob.discussion(opened)).threads
    await bob.resolve(opened, thread, resolved=resolved)
    assert (kept.resolver is not None) is resolved


async def test_a_thread_that_only_rest_lists_cannot_be_resolved(bob, opened, pull):
    pull.comment("ada", "a.py", 3, "Why?")
    (thread,) = (await bob.discussion(opened)).threads
    with pytest.raises(ForgeError) as caught:
        await bob.resolve(opened, replace(thread, id=thread.root.id))
    assert caught.value.failure is ForgeFailure.UNSUPPORTED


async def test_a_comment_is_deleted(bob, opened, pull):
    pull.comment("bob", "a.py", 3, "Why?")
    (thread,) = (await bob.discussion(opened)).threads
    await bob.delete_comment(opened, PostedComment(thread.root.id))
    assert not pull.threads


async def test_a_token_that_can_only_read_posts_nothing(connect, opened, pull, github):
    github.account("reader", scopes=())
    reader = connect("reader")
    pull.comment("ada", "a.py", 3, "Why?")
    (thread,) = (await reader.discussion(opened)).threads
    refused: list[ForgeError] = []
    for write in (
        reader.begin_review(opened, plan_of(opened, on_line())),
        reader.reply(opened, thread, "Because."),
        reader.resolve(opened, thread),
    ):
        with pytest.raises(ForgeError) as caught:
            await write
        refused.append(caught.value)
    assert {error.failure for error in refused} == {ForgeFailure.FORBIDDEN}
    assert all("Pull requests: read and write" in error.advice for error in refused)
    assert [len(one.comments) for one in pull.threads] == [1]


async def test_without_a_token_nothing_is_posted(connect, opened):
    with pytest.raises(ForgeError) as caught:
        await connect(None).begin_review(opened, plan_of(opened, on_line()))
    assert caught.value.failure is ForgeFailure.NO_TOKEN
