"""The client against the double of Gitea and Forgejo."""

import pytest

from tests.fakes.forge_server import ForgeServer, faults
from tests.fakes.forge_server.gitea import writing
from tests.forge.loopback import connected, planned
from xreview.domain.change import FileStatus, Side
from xreview.domain.pull.address import ForgeKind, PullAddress
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.marker import REVIEW_MARKER
from xreview.domain.pull.posting import PostedComment, ReviewPlan
from xreview.domain.pull.thread_state import ThreadState
from xreview.ports.forge_failure import ForgeError, ForgeFailure, RefusedReviewError

BODY = f"Findings.\n\n{REVIEW_MARKER}"
FORGEJO = (writing.REPLIES, writing.RESOLVING)
GITEA = (writing.DELETING,)


@pytest.fixture(params=[GITEA, FORGEJO], ids=["gitea", "forgejo"])
def server(request):
    with ForgeServer(ForgeKind.GITEA, without=request.param) as running:
        if request.param == FORGEJO:
            running.state.version = "15.0.0+gitea-1.22.0"
        yield running


@pytest.fixture
def can_resolve(server):
    return writing.RESOLVING not in server.state.without


@pytest.fixture
def pull(server, shop):
    server.account("ada")
    project = server.project("acme/shop", shop.top)
    found = project.open_pull(7, head="topic", title="Shop more", body="Closes #3", author="ada")
    found.link(3, "Slow", "Very.")
    return found


@pytest.fixture
async def bob(server, pull):
    forge = connected(server, "bob")
    yield forge
    await forge.close()


@pytest.fixture
async def opened(server, bob):
    return await bob.pull(PullAddress(server.host, "acme/shop", 7))


async def test_the_request_its_files_and_their_contents(bob, pull, opened, shop):
    assert (opened.title, opened.author.login, opened.files) == ("Shop more", "ada", 3)
    assert (opened.start, opened.head.commit) == (shop.git("rev-parse", "main"), pull.head)
    assert [one.title for one in opened.issues] == ["Slow"]
    files = {one.path: one async for batch in bob.files(opened) for one in batch}
    assert files["moved.txt"].status is FileStatus.RENAMED
    assert (files["a.py"].added, files["new.py"].added) == (2, 2)
    assert not any(one.unread for one in files.values())
    content = await bob.content(opened.head.project, opened.head.commit, "new.py", 100)
    assert content == b"print(1)\nprint(2)\n"


async def test_a_whole_review(bob, pull, opened):
    removed = planned("removed", side=Side.OLD, old_line=3, new_line=0)
    plan = ReviewPlan(opened.head.commit, BODY, (planned("added"), removed))
    review = await bob.begin_review(opened, plan)
    assert [one.marker for one in review.comments] == ["added", "removed"]
    assert (await bob.discussion(opened)).published().threads == ()
    review = await bob.add_comments(
        opened, review, [planned("more", start_line=30, end_line=30, new_line=30)]
    )
    assert len(review.comments) == 3
    await bob.submit(opened, review, ReviewVerdict.REQUEST_CHANGES, "")
    assert await bob.pending(opened) is None
    said = await bob.discussion(opened)
    places = [one.place for one in said.threads if one.place]
    assert [(one.side, one.end_line, one.line_now) for one in places] == [
        (Side.NEW, 3, 3), (Side.OLD, 3, 3), (Side.NEW, 30, 30),
    ]  # fmt: skip
    (found,) = said.reviews
    assert (found.verdict, found.body) == (ReviewVerdict.REQUEST_CHANGES, BODY)


async def test_a_line_that_is_not_there_leaves_nothing(bob, opened):
    off = planned("off", start_line=99, end_line=99, new_line=99)
    with pytest.raises(RefusedReviewError):
        await bob.begin_review(opened, ReviewPlan(opened.head.commit, BODY, (planned("one"), off)))
    assert await bob.pending(opened) is None


async def test_a_thread_from_open_to_resolved_and_away(bob, pull, opened, can_resolve):
    pull.comment("ada", "a.py", 3, "Why?")
    (thread,) = (await bob.discussion(opened)).threads
    assert (thread.state, thread.can_resolve) == (ThreadState.OPEN, can_resolve)
    reply = await bob.reply(opened, thread, "Since.")
    (thread,) = (await bob.discussion(opened)).threads
    assert (thread.state, thread.replies[0].id) == (ThreadState.REPLIED, reply.id)
    if can_resolve:
        await bob.resolve(opened, thread)
        (thread,) = (await bob.discussion(opened)).threads
        assert thread.state is ThreadState.RESOLVED
        await bob.resolve(opened, thread, resolved=False)
    else:
        with pytest.raises(ForgeError, match="Forgejo can't") as caught:
            await bob.resolve(opened, thread)
        assert caught.value.failure is ForgeFailure.UNSUPPORTED
    await bob.delete_comment(opened, PostedComment(reply.id))
    (thread,) = (await bob.discussion(opened)).threads
    assert (thread.state, thread.replies) == (ThreadState.OPEN, ())


async def test_a_discussion_of_many_pages(bob, pull, opened):
    for number in range(70):
        pull.comment("ada", "a.py", 3, f"{number}")
    threads = (await bob.discussion(opened)).threads
    assert sum(len(one.comments) for one in threads) == 70


async def test_a_comment_of_several_is_deleted_where_the_server_can(bob, opened, can_resolve):
    plan = ReviewPlan(
        opened.head.commit, BODY, (planned("a"), planned("b", end_line=30, new_line=30))
    )
    review = await bob.begin_review(opened, plan)
    if can_resolve:  # which is Gitea
        with pytest.raises(ForgeError, match="can't delete one comment"):
            await bob.delete_comment(opened, review.comments[0])
    else:
        await bob.delete_comment(opened, review.comments[0])
        assert len((await bob.pending(opened)).comments) == 1
    await bob.discard(opened, review)
    assert await bob.pending(opened) is None


async def test_lists_and_access(bob, pull):
    pull.ask("bob")
    pull.project.open_pull(8, head="topic", author="ada")
    assert [one.address.number for one in await bob.waiting("acme/shop")] == [7, 8]
    assert len(await bob.of_branch("acme/shop", "topic")) == 2
    access = await bob.access("acme/shop")
    assert access.account is not None
    assert access.account.login == "bob"


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (faults.captive_page(), ForgeFailure.PROTOCOL),
        (faults.not_found(), ForgeFailure.NOT_FOUND),
        (faults.redirect("https://elsewhere.example"), ForgeFailure.PROTOCOL),
        (faults.wrong_shape({"a": 1}), ForgeFailure.PROTOCOL),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
async def test_faults(server, bob, opened, fault, failure):
    server.fail(fault, path="/reviews")
    with pytest.raises(ForgeError) as caught:
        await bob.discussion(opened)
    assert caught.value.failure is failure
    assert caught.value.advice


async def test_a_read_only_token_writes_nothing(server, pull, opened):
    server.account("reader", scopes=())
    forge = connected(server, "reader")
    with pytest.raises(ForgeError, match="write:repository") as caught:
        await forge.begin_review(opened, ReviewPlan(opened.head.commit, BODY, (planned("one"),)))
    assert caught.value.failure is ForgeFailure.FORBIDDEN
