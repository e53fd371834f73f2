"""Pending reviews, replies and resolving."""

import httpx
import pytest

from tests.forge.gitea.reviewing import (
    ADA,
    ADDRESS,
    BOB,
    PULL,
    REPOSITORY,
    REQUEST,
    ReviewingApi,
    forge_at,
)
from tests.forge.scripted import HEAD
from xreview.domain.change import Side
from xreview.domain.pull.discussion import (
    CommentPlace,
    RemoteComment,
    ReviewThread,
    ReviewVerdict,
)
from xreview.domain.pull.marker import REVIEW_MARKER, finding_marker
from xreview.domain.pull.posting import PlannedComment, PostedComment, PostPlacement, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount
from xreview.ports.forge_failure import ForgeError, ForgeFailure, RefusedReviewError

BODY = f"Two findings.\n\n{REVIEW_MARKER}"
MINE = {"path": "till.py", "body": "my own", "new_position": 2}
THREAD = ReviewThread(
    "110",
    (RemoteComment("110", ForgeAccount("bob"), "Why?", url="https://forge.example/c"),),
    CommentPlace("till.py", Side.OLD, 3, 3),
)


def comment(name: str, **fields) -> PlannedComment:
    given = {"start_line": 3, "end_line": 3, "new_line": 3, **fields}
    return PlannedComment(
        (name,), PostPlacement.LINES, "till.py", f"{name}\n\n{finding_marker(name)}", **given
    )


def plan(*comments: PlannedComment, body: str = BODY) -> ReviewPlan:
    return ReviewPlan(HEAD, body, comments)


@pytest.fixture
def api() -> ReviewingApi:
    return ReviewingApi()


async def test_a_review_is_begun_in_one_request_and_read_back(api):
    removed = comment("two", side=Side.OLD, end_line=2, start_line=2, old_line=2, new_line=0)
    review = await forge_at(api).begin_review(PULL, plan(comment("one"), removed))
    assert [one.marker for one in review.comments] == ["one", "two"]
    assert review.comments[0].url.endswith(f"#issuecomment-{review.comments[0].id}")
    assert (review.is_ours, review.commit, api.mine()) == (True, HEAD, [int(review.id)])
    (sent,) = api.bodies(f"POST {REQUEST}/reviews")
    assert "event" not in sent
    assert (sent["body"], sent["commit_id"]) == (BODY, HEAD)
    lines = [(one["new_position"], one["old_position"]) for one in sent["comments"]]
    assert lines == [(3, 0), (0, 2)]


async def test_a_range_is_in_words_since_the_api_takes_one_line(api):
    await forge_at(api).begin_review(PULL, plan(comment("one", start_line=2, end_line=4)))
    (sent,) = api.bodies(f"POST {REQUEST}/reviews")[0]["comments"]
    assert sent["new_position"] == 4
    assert sent["body"].startswith("Lines 2–4:\n\none")
    assert sent["body"].endswith(finding_marker("one"))


async def test_a_review_without_a_text_gets_one(api):
    review = await forge_at(api).begin_review(PULL, plan(comment("one"), body=""))
    assert api.reviews[int(review.id)]["body"]


async def test_a_line_that_is_not_there_leaves_nothing(api):
    with pytest.raises(RefusedReviewError, match="a line that isn't there"):
        await forge_at(api).begin_review(PULL, plan(comment("one"), comment("off", end_line=99)))
    assert api.mine() == []


async def test_a_lost_reply_leaves_nothing_either(api):
    create = api.answers[f"POST {REQUEST}/reviews"]

    def lost(request: httpx.Request) -> httpx.Response:
        create(request)
        raise httpx.ReadError("gone")

    api.does(f"POST {REQUEST}/reviews", lost)
    with pytest.raises(ForgeError) as caught:
        await forge_at(api).begin_review(PULL, plan(comment("one")))
    assert caught.value.failure is ForgeFailure.CONNECTION
    assert api.mine() == []


async def test_the_rest_that_can_not_be_deleted_is_said(api):
    def fails(request: httpx.Request) -> httpx.Response:
        number = api.add(ADA, "PENDING")
        api.on(f"DELETE {REQUEST}/reviews/{number}", {}, 403)
        return httpx.Response(500, json={})

    api.does(f"POST {REQUEST}/reviews", fails)
    with pytest.raises(ForgeError, match="kept a part of the review") as caught:
        await forge_at(api).begin_review(PULL, plan(comment("one")))
    assert ADDRESS.url in caught.value.advice


async def test_a_pending_review_of_the_users_is_never_touched(api):
    number = api.add(ADA, "PENDING", MINE, body="mine")
    with pytest.raises(ForgeError, match=r"pending review.*one only"):
        await forge_at(api).begin_review(PULL, plan(comment("one")))
    assert api.bodies_of(number) == ["my own"]
    assert api.written == []


async def test_comments_are_added_to_it_and_its_text_stays(api):
    number = api.add(ADA, "PENDING", MINE, body="mine")
    forge = forge_at(api)
    before = await forge.pending(PULL)
    assert before is not None
    assert not before.is_ours
    review = await forge.add_comments(PULL, before, [comment("one")])
    assert [one.marker for one in review.comments] == ["", "one"]
    assert (int(review.id), api.reviews[number]["body"]) == (number, "mine")


async def test_a_pending_review_is_the_accounts_own(api):
    for _ in range(7):
        api.add(BOB, "COMMENT")
    api.add(BOB, "PENDING")  # administrators see it
    assert await forge_at(api).pending(PULL) is None
    number = api.add(ADA, "PENDING")
    review = await forge_at(api).pending(PULL)
    assert review is not None
    assert review.id == str(number)
    assert review.comments == ()


async def test_whole_files_are_refused_before_anything_is_sent(api):
    on_file = PlannedComment(("two",), PostPlacement.FILE, "till.py", "text")
    with pytest.raises(RefusedReviewError) as caught:
        await forge_at(api).begin_review(PULL, plan(comment("one"), on_file))
    assert caught.value.entries == (1,)
    assert api.asked == []


@pytest.mark.parametrize(
    ("verdict", "event"),
    [
        (ReviewVerdict.COMMENT, "COMMENT"),
        (ReviewVerdict.APPROVE, "APPROVED"),
        (ReviewVerdict.REQUEST_CHANGES, "REQUEST_CHANGES"),
    ],
)
@pytest.mark.parametrize("text", ["", "New text."])
async def test_submitting(api, verdict, event, text):
    forge = forge_at(api)
    review = await forge.begin_review(PULL, plan(comment("one")))
    url = await forge.submit(PULL, review, verdict, text)
    assert url.endswith(f"#issuecomment-{review.id}")
    kept = api.reviews[int(review.id)]
    assert (kept["state"], kept["body"]) == (event, text or BODY)


async def test_discarding(api):
    other = api.add(BOB, "COMMENT")
    forge = forge_at(api)
    await forge.discard(PULL, await forge.begin_review(PULL, plan(comment("one"))))
    assert list(api.reviews) == [other]


@pytest.mark.parametrize("missing", [404, 405])
async def test_a_reply_is_a_review_with_one_comment_on_the_line(api, missing):
    api.missing = httpx.Response(missing, text="404 page not found")
    reply = await forge_at(api).reply(PULL, THREAD, "Since.")
    (number,) = api.mine("COMMENT")
    assert (reply.body, reply.review) == ("Since.", str(number))
    (sent,) = api.bodies(f"POST {REQUEST}/reviews")
    assert sent["event"] == "COMMENT"
    line = {"path": "till.py", "body": "Since.", "new_position": 0, "old_position": 3}
    assert sent["comments"] == [line]


async def test_a_reply_where_the_server_has_a_call_for_it(api):
    own = f"POST {REQUEST}/comments/110/replies"
    api.on(own, {"id": 9, "body": "Since.", "user": ADA}, 201)
    reply = await forge_at(api).reply(PULL, THREAD, "Since.")
    assert reply.id == "9"
    assert api.written == [own]


async def test_a_reply_never_submits_a_pending_review(api):
    number = api.add(ADA, "PENDING", MINE)
    with pytest.raises(ForgeError, match="a reply would submit it"):
        await forge_at(api).reply(PULL, THREAD, "Since.")
    assert api.reviews[number]["state"] == "PENDING"
    assert api.bodies_of(number) == ["my own"]


@pytest.mark.parametrize(("resolved", "call"), [(True, "resolve"), (False, "unresolve")])
async def test_resolving_where_the_server_can(api, resolved, call):
    api.on(f"POST {REPOSITORY}/pulls/comments/110/{call}", None, 204)
    await forge_at(api).resolve(PULL, THREAD, resolved=resolved)
    assert api.written == [f"POST {REPOSITORY}/pulls/comments/110/{call}"]


@pytest.mark.parametrize(
    "missing",
    [
        httpx.Response(405, text=""),
        httpx.Response(404, text="404 page not found\n"),
        httpx.Response(404, json={"message": "Not Found"}),
    ],
)
async def test_resolving_where_it_can_not(api, missing):
    api.missing = missing
    with pytest.raises(ForgeError, match=r"Gitea can from 1\.26 on") as caught:
        await forge_at(api).resolve(PULL, THREAD)
    assert caught.value.failure is ForgeFailure.UNSUPPORTED
    assert "https://forge.example/c" in caught.value.advice


async def test_a_captive_page_is_not_taken_for_an_old_version(api):
    api.missing = httpx.Response(404, text="<html>", headers={"content-type": "text/html"})
    with pytest.raises(ForgeError) as caught:
        await forge_at(api).resolve(PULL, THREAD)
    assert caught.value.failure is ForgeFailure.PROTOCOL


async def test_a_comment_alone_in_its_review_goes_with_it(api):
    api.add(BOB, "COMMENT", MINE)
    number = api.add(ADA, "COMMENT", MINE)
    (found,) = api.reviews[number]["of"]
    await forge_at(api).delete_comment(PULL, PostedComment(str(found["id"])))
    assert number not in api.reviews
    assert len(api.reviews) == 1


async def test_one_comment_of_several_where_the_server_can(api):
    number = api.add(ADA, "COMMENT", MINE, MINE)
    found = api.reviews[number]["of"][0]["id"]
    with pytest.raises(ForgeError) as caught:
        await forge_at(api).delete_comment(PULL, PostedComment(str(found)))
    assert caught.value.failure is ForgeFailure.UNSUPPORTED
    own = f"DELETE {REQUEST}/reviews/{number}/comments/{found}"
    api.on(own, None, 204)
    await forge_at(api).delete_comment(PULL, PostedComment(str(found)))
    assert api.written[-1] == own
    assert number in api.reviews


async def test_a_comment_of_the_conversation(api):
    api.on(f"DELETE {REPOSITORY}/issues/comments/55", None, 204)
    await forge_at(api).delete_comment(PULL, PostedComment("55"))
    assert api.written == [f"DELETE {REPOSITORY}/issues/comments/55"]
