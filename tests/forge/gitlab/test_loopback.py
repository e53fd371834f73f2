"""The client against GitLab's double, which has its rules for positions."""

import pytest

from tests.fakes.forge_server import ForgeServer, faults
from tests.forge.loopback import connected, planned
from xreview.domain.change import FileStatus, Side
from xreview.domain.pull.address import ForgeKind, PullAddress
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.marker import REVIEW_MARKER
from xreview.domain.pull.posting import PlannedComment, PostedComment, PostPlacement, ReviewPlan
from xreview.domain.pull.thread_state import ThreadState
from xreview.ports.forge_failure import ForgeError, ForgeFailure, RefusedReviewError

BODY = f"Findings.\n\n{REVIEW_MARKER}"


@pytest.fixture
def server():
    with ForgeServer(ForgeKind.GITLAB) as running:
        yield running


@pytest.fixture
def pull(server, shop):
    server.account("ada")
    project = server.project("acme/tools/shop", shop.top)
    return project.open_pull(7, head="topic", title="Shop more", body="Text", author="ada")


@pytest.fixture
async def bob(server, pull):
    forge = connected(server, "bob")
    yield forge
    await forge.close()


@pytest.fixture
async def opened(server, bob):
    return await bob.pull(PullAddress(server.host, "acme/tools/shop", 7))


async def test_the_request_its_files_and_their_contents(bob, pull, opened, shop):
    assert (opened.title, opened.author.login, opened.files) == ("Shop more", "ada", 3)
    assert (opened.start, opened.head.commit) == (shop.git("rev-parse", "main"), pull.head)
    files = {one.path: one async for batch in bob.files(opened) for one in batch}
    assert files["moved.txt"].status is FileStatus.RENAMED
    assert (files["a.py"].added, files["new.py"].added) == (2, 2)
    assert not any(one.unread for one in files.values())
    content = await bob.content(opened.head.project, opened.head.commit, "new.py", 100)
    assert content == b"print(1)\nprint(2)\n"


async def test_a_whole_review_of_all_kinds_of_lines(bob, pull, opened):
    comments = (
        planned("added"),
        planned("removed", side=Side.OLD, old_line=3, new_line=0, old_start=3, new_start=0),
        planned("unchanged", start_line=2, end_line=2, old_line=2, new_line=2),
        planned("range", start_line=2, end_line=3, old_start=2, new_start=2),
        PlannedComment(("file",), PostPlacement.FILE, "new.py", "file", old_path="new.py"),
    )
    review = await bob.begin_review(opened, ReviewPlan(opened.head.commit, BODY, comments))
    assert len(review.comments) == 5
    assert await bob.pending(opened) == review
    assert (await bob.discussion(opened)).published().threads == ()
    await bob.submit(opened, review, ReviewVerdict.COMMENT, "")
    assert await bob.pending(opened) is None
    said = await bob.discussion(opened)
    places = [one.place for one in said.threads if one.place]
    assert [(one.side, one.start_line, one.end_line) for one in places] == [
        (Side.NEW, 3, 3), (Side.OLD, 3, 3), (Side.NEW, 2, 2), (Side.NEW, 2, 3), (Side.NEW, 0, 0),
    ]  # fmt: skip
    assert all(one.commit == pull.head for one in places)
    assert [one.body for one in said.comments] == [BODY]


async def test_a_line_off_the_diff_leaves_nothing(bob, opened):
    off = planned("off", start_line=20, end_line=20, new_line=20)  # which isn't added
    plan = ReviewPlan(opened.head.commit, BODY, (planned("one"), off))
    with pytest.raises(RefusedReviewError, match=r"a\.py:20.*line code") as caught:
        await bob.begin_review(opened, plan)
    assert caught.value.entries == (1,)
    assert await bob.pending(opened) is None


async def test_an_older_version_is_still_commented(bob, pull, opened, shop):
    pull.comment("ada", "a.py", 3, "Why?")
    shop.git("checkout", "--quiet", "topic")
    shop.write("new.py", "print(3)\n")
    shop.commit("third")
    pull.push("topic")
    moved = await bob.pull(opened.address)
    assert moved.head.commit != opened.head.commit
    plan = ReviewPlan(opened.head.commit, "", (planned("one"),))
    assert (await bob.begin_review(moved, plan)).commit == opened.head.commit


async def test_a_thread_from_open_to_resolved_and_away(bob, pull, opened):
    pull.comment("ada", "a.py", 3, "Why?")
    (thread,) = (await bob.discussion(opened)).threads
    assert (thread.state, thread.can_resolve) == (ThreadState.OPEN, True)
    reply = await bob.reply(opened, thread, "Since.")
    await bob.resolve(opened, thread)
    (thread,) = (await bob.discussion(opened)).threads
    assert (thread.state, thread.replies[0].id) == (ThreadState.RESOLVED, reply.id)
    await bob.resolve(opened, thread, resolved=False)
    await bob.delete_comment(opened, PostedComment(reply.id))
    (thread,) = (await bob.discussion(opened)).threads
    assert (thread.state, thread.replies) == (ThreadState.OPEN, ())


async def test_a_thread_whose_line_has_changed_is_outdated(bob, pull, opened, shop):
    pull.comment("ada", "a.py", 3, "Why?")
    pull.comment("ada", "a.py", 30, "And this?")
    shop.git("checkout", "--quiet", "topic")
    text = (shop.top / "a.py").read_text("utf-8")
    shop.write("a.py", "first\n" + text.replace("changed 3\n", "other 3\n"))
    shop.commit("third")
    pull.push("topic")
    moved = await bob.pull(opened.address)
    changed, kept = (await bob.discussion(moved)).threads
    assert changed.state is ThreadState.OUTDATED
    assert (changed.place.end_line, changed.place.line_now) == (3, None)
    assert kept.state is ThreadState.OPEN
    assert kept.place.line_now == 31


async def test_verdicts(bob, pull, opened):
    plan = ReviewPlan(opened.head.commit, BODY, (planned("one"),))
    review = await bob.begin_review(opened, plan)
    with pytest.raises(ForgeError, match="Reviewer not found"):
        await bob.submit(opened, review, ReviewVerdict.REQUEST_CHANGES, "")
    assert len(pull.threads) == 1
    review = await bob.begin_review(opened, plan)
    await bob.submit(opened, review, ReviewVerdict.APPROVE, "")
    assert "APPROVED" in {one.state for one in pull.reviews}


async def test_lists_and_access(server, bob, pull):
    other = pull.project.open_pull(8, head="topic", author="ada")
    pull.ask("bob")
    waiting = await bob.waiting("acme/tools/shop")
    assert [one.address.number for one in waiting] == [7, other.number]
    assert len(await bob.of_branch("acme/tools/shop", "topic")) == 2
    assert (await bob.access("acme/tools/shop")).can_comment
    server.account("reader", scopes=())
    access = await connected(server, "reader").access("acme/tools/shop")
    assert (access.can_comment, "read_api" in access.why_not) == (False, True)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (faults.captive_page(), ForgeFailure.PROTOCOL),
        (faults.not_found(), ForgeFailure.NOT_FOUND),
        (faults.redirect("https://elsewhere.example"), ForgeFailure.PROTOCOL),
        (faults.foreign_next_page("https://elsewhere.example"), ForgeFailure.PROTOCOL),
        (faults.wrong_shape({"a": 1}), ForgeFailure.PROTOCOL),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
async def test_faults(server, bob, opened, fault, failure):
    server.fail(fault, path="/discussions")
    with pytest.raises(ForgeError) as caught:
        await bob.discussion(opened)
    assert caught.value.failure is failure
    assert caught.value.advice


async def test_a_read_only_token_writes_nothing(server, pull, opened):
    server.account("reader", scopes=())
    forge = connected(server, "reader")
    with pytest.raises(ForgeError, match="higher privileges") as caught:
        await forge.begin_review(opened, ReviewPlan(opened.head.commit, BODY, (planned("one"),)))
    assert caught.value.failure is ForgeFailure.FORBIDDEN
    assert await forge.pending(opened) is None
