"""Draft notes as a pending review, verdicts, replies."""

import asyncio
import hashlib

import httpx
import pytest

from tests.forge.gitlab.drafting import ADDRESS, ONES, PULL, REQUEST, DraftingApi, forge_at
from tests.forge.scripted import HEAD
from xreview.domain.change import Side
from xreview.domain.pull.discussion import RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.marker import REVIEW_MARKER, finding_marker
from xreview.domain.pull.posting import PlannedComment, PostedComment, PostPlacement, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount
from xreview.ports.forge_failure import ForgeError, ForgeFailure, RefusedReviewError

BODY = f"Two findings.\n\n{REVIEW_MARKER}"
THREAD = ReviewThread("6a9c", (RemoteComment("1", ForgeAccount("bob"), "Why?"),))


def comment(name: str, **fields) -> PlannedComment:
    given = {"start_line": 3, "end_line": 3, "new_line": 3, "new_start": 3, **fields}
    return PlannedComment(
        (name,), PostPlacement.LINES, "till.py", f"{name}\n\n{finding_marker(name)}", **given
    )


def plan(*comments: PlannedComment, body: str = BODY) -> ReviewPlan:
    return ReviewPlan(HEAD, body, comments)


@pytest.fixture
def api() -> DraftingApi:
    return DraftingApi()


async def test_a_review_is_begun_as_drafts_and_read_back(api):
    review = await forge_at(api).begin_review(PULL, plan(comment("one"), comment("two")))
    assert [one.marker for one in review.comments] == ["one", "two"]
    assert (review.commit, review.is_ours, review.url) == (HEAD, True, ADDRESS.url)
    assert api.notes[0] == BODY
    assert api.published == []


def sent_position(api: DraftingApi) -> dict:
    return api.bodies(f"POST {REQUEST}/draft_notes")[-1]["position"]


async def test_positions_name_the_sides_that_have_the_line(api):
    forge, names = forge_at(api), {"old_path": "till.py", "new_path": "till.py"}
    await forge.begin_review(PULL, plan(comment("added")))
    assert sent_position(api) == {"position_type": "text", **ONES, **names, "new_line": 3}
    removed = comment("removed", side=Side.OLD, old_line=2, new_line=0, old_path="old.py")
    await forge.begin_review(PULL, plan(removed))
    names = {"old_path": "old.py", "new_path": "till.py"}
    assert sent_position(api) == {"position_type": "text", **ONES, **names, "old_line": 2}
    await forge.begin_review(PULL, plan(comment("unchanged", old_line=2)))
    assert (sent_position(api)["old_line"], sent_position(api)["new_line"]) == (2, 3)


async def test_the_ends_of_a_range_have_a_line_code_and_a_type_only(api):
    ranged = comment("range", start_line=2, end_line=4, new_start=2, new_line=4, old_line=3)
    await forge_at(api).begin_review(PULL, plan(ranged))
    code = hashlib.sha1(b"till.py").hexdigest()
    assert sent_position(api)["line_range"] == {
        "start": {"line_code": f"{code}_0_2", "type": "new"},
        "end": {"line_code": f"{code}_3_4"},
    }


async def test_a_comment_on_a_file(api):
    on_file = PlannedComment(("one",), PostPlacement.FILE, "till.py", "text")
    await forge_at(api).begin_review(PULL, plan(on_file))
    names = {"old_path": "till.py", "new_path": "till.py"}
    assert sent_position(api) == {"position_type": "file", **ONES, **names}


async def test_another_head_takes_the_commits_of_its_version(api):
    api.on(
        f"GET {REQUEST}/versions",
        [
            {"head_commit_sha": "9" * 40, "base_commit_sha": "", "start_commit_sha": ""},
            {
                "head_commit_sha": "1" * 40,
                "base_commit_sha": "2" * 40,
                "start_commit_sha": "3" * 40,
            },
        ],
    )
    await forge_at(api).begin_review(PULL, ReviewPlan("1" * 40, "", (comment("one"),)))
    position = sent_position(api)
    assert [position[f"{name}_sha"] for name in ("head", "base", "start")] == [
        "1" * 40, "2" * 40, "3" * 40,
    ]  # fmt: skip
    with pytest.raises(RefusedReviewError, match="no version with that head"):
        await forge_at(api).begin_review(PULL, ReviewPlan("4" * 40, "", (comment("one"),)))


async def test_a_refused_comment_is_named_and_nothing_of_ours_stays(api):
    api.keep("my own draft")
    off = comment("off", new_line=99, end_line=99)
    with pytest.raises(RefusedReviewError, match=r"till\.py:99.*valid line code") as caught:
        await forge_at(api).begin_review(PULL, plan(comment("one"), off, comment("three")))
    assert caught.value.entries == (1,)
    assert api.notes == ["my own draft"]


async def test_what_was_posted_before_stays_when_more_is_refused(api):
    forge = forge_at(api)
    review = await forge.begin_review(PULL, plan(comment("one")))
    before = api.notes
    with pytest.raises(RefusedReviewError):
        await forge.add_comments(PULL, review, [comment("two"), comment("off", new_line=99)])
    assert api.notes == before


async def test_a_draft_whose_reply_gets_lost_is_deleted_too(api):
    create = api.answers[f"POST {REQUEST}/draft_notes"]

    def lost(request: httpx.Request) -> httpx.Response:
        create(request)
        if len(api.drafts) == 3:
            raise httpx.ReadError("gone")
        return httpx.Response(201, json={"id": 1})

    api.does(f"POST {REQUEST}/draft_notes", lost)
    with pytest.raises(ForgeError) as caught:
        await forge_at(api).begin_review(PULL, plan(comment("one"), comment("two")))
    assert caught.value.failure is ForgeFailure.CONNECTION
    assert api.notes == []


async def test_a_cancelled_review_leaves_nothing(api):
    create = api.answers[f"POST {REQUEST}/draft_notes"]

    def cancelled(request: httpx.Request) -> httpx.Response:
        if len(api.drafts) == 2:
            raise asyncio.CancelledError
        return create(request)

    api.does(f"POST {REQUEST}/draft_notes", cancelled)
    with pytest.raises(asyncio.CancelledError):
        await forge_at(api).begin_review(PULL, plan(comment("one"), comment("two")))
    assert api.notes == []


async def test_drafts_that_can_not_be_deleted_again_are_said(api):
    def refuse(request: httpx.Request) -> httpx.Response:
        api.on(f"DELETE {REQUEST}/draft_notes/{api.keep(BODY)}", {}, 403)
        return httpx.Response(400, json={"message": "bad"})

    api.does(f"POST {REQUEST}/draft_notes", refuse)
    with pytest.raises(ForgeError, match="could not be deleted again") as caught:
        await forge_at(api).begin_review(PULL, plan())
    assert ADDRESS.url in caught.value.advice


async def test_drafts_of_the_accounts_own_are_told_apart(api):
    forge = forge_at(api)
    assert await forge.pending(PULL) is None
    api.keep("my own draft", {"new_path": "till.py"})
    before = await forge.pending(PULL)
    assert before is not None
    assert not before.is_ours
    review = await forge.add_comments(PULL, before, [comment("one")])
    assert [one.marker for one in review.comments] == ["", "one"]
    assert review.is_ours
    await forge.discard(PULL, review)
    assert api.notes == ["my own draft"]


async def test_two_reviews_in_a_row_have_different_ids(api):
    forge = forge_at(api)
    first = await forge.begin_review(PULL, plan(comment("one")))
    assert await forge.pending(PULL) == first
    await forge.submit(PULL, first, ReviewVerdict.COMMENT, "")
    second = await forge.begin_review(PULL, plan(comment("two")))
    assert second.id != first.id


async def test_the_text_of_the_pending_review_is_in_the_discussion(api):
    api.on(f"GET {REQUEST}/discussions", [])
    api.on(f"GET {REQUEST}/reviewers", [])
    forge = forge_at(api)
    review = await forge.begin_review(PULL, plan(comment("one")))
    (said,) = (await forge.discussion(PULL)).reviews
    assert (said.id, said.body, said.is_pending) == (review.id, BODY, True)
    assert said.author == ForgeAccount("ada")


@pytest.mark.parametrize(
    ("body", "published"),
    [("", BODY), (f"New text.\n{REVIEW_MARKER}", f"New text.\n{REVIEW_MARKER}")],
)
async def test_submitting_publishes_all_with_the_text(api, body, published):
    forge = forge_at(api)
    review = await forge.begin_review(PULL, plan(comment("one")))
    assert await forge.submit(PULL, review, ReviewVerdict.COMMENT, body) == ADDRESS.url
    assert api.published == [published, f"one\n\n{finding_marker('one')}"]
    assert api.drafts == {}


async def test_a_text_without_a_draft_of_it_is_published_with_the_others(api):
    forge = forge_at(api)
    api.keep("my own draft")
    review = await forge.pending(PULL)
    await forge.submit(PULL, review, ReviewVerdict.COMMENT, "Done.")
    assert api.published == ["my own draft", "Done."]


async def test_an_approval_is_of_the_reviewed_head_and_after_the_comments(api):
    api.on(f"POST {REQUEST}/approve", {}, 201)
    forge = forge_at(api)
    review = await forge.begin_review(PULL, plan(comment("one")))
    await forge.submit(PULL, review, ReviewVerdict.APPROVE, "")
    assert api.bodies(f"POST {REQUEST}/approve") == [{"sha": HEAD}]
    assert api.asked.index(f"POST {REQUEST}/draft_notes/bulk_publish") < api.asked.index(
        f"POST {REQUEST}/approve"
    )


async def test_a_failed_approval_says_that_the_comments_are_posted(api):
    api.on(f"POST {REQUEST}/approve", {"message": "SHA does not match HEAD"}, 409)
    forge = forge_at(api)
    review = await forge.begin_review(PULL, plan(comment("one")))
    with pytest.raises(ForgeError, match=r"The comments are posted, but the approval.*SHA does"):
        await forge.submit(PULL, review, ReviewVerdict.APPROVE, "")
    assert api.published


async def test_who_may_not_approve_is_not_told_that_the_token_expired(api):
    api.on(f"POST {REQUEST}/approve", {"message": "401 Unauthorized"}, 401)
    forge = forge_at(api)
    review = await forge.begin_review(PULL, plan(comment("one")))
    with pytest.raises(ForgeError, match="doesn't let this account approve") as caught:
        await forge.submit(PULL, review, ReviewVerdict.APPROVE, "")
    assert caught.value.failure is ForgeFailure.FORBIDDEN


async def submit_requesting_changes(api: DraftingApi, answer) -> None:
    api.on("POST /api/graphql", answer)
    forge = forge_at(api)
    review = await forge.begin_review(PULL, plan(comment("one")))
    await forge.submit(PULL, review, ReviewVerdict.REQUEST_CHANGES, "")


async def test_changes_are_requested_by_graphql(api):
    await submit_requesting_changes(api, {"data": {"mergeRequestRequestChanges": {"errors": []}}})
    (sent,) = api.bodies("POST /api/graphql")
    assert sent["variables"] == {"project": "shop/web/till", "iid": "7"}


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (
            {"data": {"mergeRequestRequestChanges": {"errors": ["Reviewer not found"]}}},
            ForgeFailure.REFUSED,
        ),
        ({"errors": [{"message": "Field doesn't exist"}]}, ForgeFailure.UNSUPPORTED),
        ({"data": {"mergeRequestRequestChanges": None}}, ForgeFailure.REFUSED),
    ],
)
async def test_graphql_refuses_with_200(api, answer, failure):
    with pytest.raises(ForgeError, match="comments are posted, but changes could not") as caught:
        await submit_requesting_changes(api, answer)
    assert caught.value.failure is failure
    assert api.published


async def test_a_reply_is_visible_at_once(api):
    note = {"id": 9, "body": "Since.", "author": {"username": "ada"}, "created_at": "t"}
    api.on(f"POST {REQUEST}/discussions/6a9c/notes", note, 201)
    reply = await forge_at(api).reply(PULL, THREAD, "Since.\n/approve")
    assert (reply.id, reply.url) == ("9", f"{ADDRESS.url}#note_9")
    assert api.bodies(f"POST {REQUEST}/discussions/6a9c/notes") == [{"body": "Since.\n\\/approve"}]


@pytest.mark.parametrize("resolved", [True, False])
async def test_resolving(api, resolved):
    api.on(f"PUT {REQUEST}/discussions/6a9c", {})
    await forge_at(api).resolve(PULL, THREAD, resolved=resolved)
    assert api.bodies(f"PUT {REQUEST}/discussions/6a9c") == [{"resolved": resolved}]


async def test_deleting_a_note_and_a_draft_of_the_same_number(api):
    number = api.keep("a draft")
    api.on(f"DELETE {REQUEST}/notes/{number}", None, 204)
    forge = forge_at(api)
    await forge.delete_comment(PULL, PostedComment(str(number)))
    assert api.drafts
    review = await forge.pending(PULL)
    await forge.delete_comment(PULL, review.comments[0])
    assert not api.drafts


async def test_no_line_of_a_comment_is_a_quick_action(api):
    body = f"/close\ntext\n```\n/merge now\n```\n{finding_marker('one')}"
    one = PlannedComment(
        ("one",), PostPlacement.LINES, "till.py", body, start_line=3, end_line=3, new_line=3
    )
    await forge_at(api).begin_review(PULL, plan(one))
    assert not any(line.startswith("/") for note in api.notes for line in note.split("\n"))
