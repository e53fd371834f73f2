"""GitHub's JSON, in the forms of its OpenAPI description and GraphQL schema."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xreview.discussion.github import (
    github_account,
    graphql_reviews,
    graphql_threads,
    issue_comments,
    joined_threads,
    rest_reviews,
    rest_threads,
)
from xreview.discussion.github_output import github_discussion
from xreview.domain.change import Side
from xreview.domain.pull.discussion import CommentPlace, ReviewVerdict
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.thread_state import ThreadState

COMMIT = "a" * 40
HUNK = "@@ -1,2 +1,3 @@\n one\n+two"


def rest_comment(id: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": id,
        "node_id": f"PRRC_{id}",
        "pull_request_review_id": 900,
        "diff_hunk": HUNK,
        "path": "a.py",
        "position": 2,
        "original_position": 2,
        "commit_id": "b" * 40,
        "original_commit_id": COMMIT,
        "user": {"login": "bob", "type": "User"},
        "body": f"Comment {id}",
        "created_at": f"2026-11-0{id % 9 + 1}T10:00:00Z",
        "updated_at": f"2026-11-0{id % 9 + 1}T10:00:00Z",
        "html_url": f"https://github.com/o/r/pull/12#discussion_r{id}",
        "pull_request_url": "https://api.github.com/repos/o/r/pulls/12",
        "start_line": None,
        "original_start_line": None,
        "start_side": None,
        "line": 2,
        "original_line": 2,
        "side": "RIGHT",
        "subject_type": "line",
        **changed,
    }


def graphql_comment(id: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": f"PRRC_{id}",
        "databaseId": id,
        "body": f"Comment {id}",
        "createdAt": f"2026-11-0{id % 9 + 1}T10:00:00Z",
        "lastEditedAt": None,
        "url": f"https://github.com/o/r/pull/12#discussion_r{id}",
        "state": "SUBMITTED",
        "author": {"__typename": "User", "login": "bob"},
        "originalCommit": {"oid": COMMIT},
        "diffHunk": HUNK,
        "pullRequestReview": {"databaseId": 900},
        **changed,
    }


def graphql_thread(*comments: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "id": "PRRT_1",
        "isResolved": False,
        "isOutdated": False,
        "path": "a.py",
        "line": 2,
        "originalLine": 2,
        "startLine": None,
        "originalStartLine": None,
        "diffSide": "RIGHT",
        "subjectType": "LINE",
        "viewerCanResolve": True,
        "viewerCanUnresolve": False,
        "comments": {"pageInfo": {"hasNextPage": False}, "nodes": list(comments)},
        **changed,
    }


def test_a_bot_is_one_in_either_api():
    assert github_account({"login": "coderabbitai[bot]", "type": "Bot"}) == ForgeAccount(
        "coderabbitai[bot]", is_bot=True
    )
    by_graphql = github_account({"__typename": "Bot", "login": "coderabbitai"})
    assert by_graphql == ForgeAccount("coderabbitai", is_bot=True)
    assert by_graphql.key == "coderabbitai"
    # Copilot's comments come from an account of another name than its reviews.
    assert github_account({"login": "Copilot", "type": "Bot"}).is_bot
    assert not github_account({"login": "bob", "type": "User"}).is_bot


def test_a_deleted_account_has_a_name():
    assert github_account(None) == ForgeAccount("ghost")


def test_rest_comments_become_threads():
    threads = rest_threads(
        [
            rest_comment(3, in_reply_to_id=1, body="Later"),
            rest_comment(1),
            rest_comment(2, in_reply_to_id=1, user={"login": "ada", "type": "User"}),
            rest_comment(4, path="b.py", updated_at="2026-11-09T00:00:00Z"),
        ]
    )
    first, second = threads
    assert [comment.id for comment in first.comments] == ["1", "2", "3"]
    assert first.id == "1"
    assert first.state is ThreadState.REPLIED
    assert not first.can_resolve
    assert first.place == CommentPlace("a.py", Side.NEW, 2, 2, COMMIT, HUNK, 2)
    assert (first.root.review, first.root.edited) == ("900", "")
    assert second.root.edited == "2026-11-09T00:00:00Z"


def test_a_range_begins_with_its_first_line_in_the_commented_commit():
    (thread,) = rest_threads(
        [
            rest_comment(
                1, original_start_line=10, original_line=12, start_line=20, line=22, side="LEFT"
            )
        ]
    )
    assert thread.place == CommentPlace("a.py", Side.OLD, 10, 12, COMMIT, HUNK, 22)


def test_a_line_that_is_gone_keeps_its_place_in_the_commented_commit():
    (thread,) = rest_threads([rest_comment(1, line=None, position=None)])
    assert thread.place is not None
    assert (thread.place.end_line, thread.place.line_now) == (2, None)
    assert thread.state is ThreadState.OUTDATED


def test_a_comment_on_a_file_has_no_line_and_is_not_outdated():
    (thread,) = rest_threads(
        [rest_comment(1, subject_type="file", line=None, original_line=None, position=None)]
    )
    assert thread.place == CommentPlace("a.py", commit=COMMIT)
    assert thread.state is ThreadState.OPEN


def test_replies_to_a_deleted_comment_make_a_thread():
    (thread,) = rest_threads([rest_comment(3, in_reply_to_id=1), rest_comment(2, in_reply_to_id=1)])
    assert [comment.id for comment in thread.comments] == ["2", "3"]


def test_graphql_threads_have_their_state():
    (thread,) = graphql_threads(
        [graphql_thread(graphql_comment(1), isResolved=True, isOutdated=True, line=None)]
    )
    assert (thread.id, thread.root.id) == ("PRRT_1", "1")
    assert thread.state is ThreadState.RESOLVED
    assert thread.is_outdated
    assert thread.can_resolve
    assert thread.place == CommentPlace("a.py", Side.NEW, 2, 2, COMMIT, HUNK, None)


def test_a_thread_that_the_viewer_cannot_resolve():
    (thread,) = graphql_threads([graphql_thread(graphql_comment(1), viewerCanResolve=False)])
    assert not thread.can_resolve


def test_a_pending_comment_is_one():
    (thread,) = graphql_threads([graphql_thread(graphql_comment(1, state="PENDING"))])
    assert thread.root.is_pending


def test_the_query_of_the_reference_leaves_fields_out():
    # Printed by `gh api graphql` with no more than the anchors.
    comment = {"databaseId": 1, "body": "B", "author": {"login": "bob"}, "createdAt": "", "url": ""}
    node = {
        "id": "PRRT_1",
        "isResolved": False,
        "path": "a.py",
        "line": 7,
        "originalLine": None,
        "comments": {"nodes": [comment, None]},
    }
    (thread,) = graphql_threads([node, None, {"id": "PRRT_2", "comments": {"nodes": []}}])
    assert thread.place == CommentPlace("a.py", Side.NEW, 7, 7, "", "", 7)
    assert thread.can_resolve


def test_both_readings_are_joined_by_the_numbers_of_comments():
    by_graphql = graphql_threads(
        [graphql_thread(graphql_comment(1, diffHunk="", originalCommit=None), isResolved=True)]
    )
    by_rest = rest_threads(
        [
            rest_comment(1),
            rest_comment(2, in_reply_to_id=1),
            rest_comment(5, line=None, position=None),
        ]
    )
    both, alone = joined_threads(by_graphql, by_rest)
    assert both.id == "PRRT_1"
    assert both.is_resolved
    assert [comment.id for comment in both.comments] == ["1", "2"]
    assert both.place == CommentPlace("a.py", Side.NEW, 2, 2, COMMIT, HUNK, 2)
    assert (alone.id, alone.state) == ("5", ThreadState.OUTDATED)


def test_reviews_of_either_api():
    rest = rest_reviews(
        [
            {
                "id": 900,
                "user": {"login": "bob", "type": "User"},
                "body": "No.",
                "state": "CHANGES_REQUESTED",
                "html_url": "https://github.com/o/r/pull/12#pullrequestreview-900",
                "submitted_at": "2026-11-01T10:00:00Z",
                "commit_id": COMMIT,
            },
            {"id": 901, "user": None, "body": "", "state": "PENDING", "commit_id": COMMIT},
            {"id": 902, "user": None, "body": "", "state": "DISMISSED", "commit_id": COMMIT},
        ]
    )
    refused, pending, dismissed = rest
    assert (refused.verdict, refused.commit) == (ReviewVerdict.REQUEST_CHANGES, COMMIT)
    assert (pending.verdict, pending.is_pending) == (None, True)
    assert (dismissed.verdict, dismissed.is_pending) == (None, False)
    (approved,) = graphql_reviews(
        [
            {
                "databaseId": 903,
                "author": {"__typename": "Bot", "login": "cursor"},
                "body": "",
                "state": "APPROVED",
                "commit": {"oid": COMMIT},
                "submittedAt": "2026-11-01T10:00:00Z",
            }
        ]
    )
    assert (approved.id, approved.verdict, approved.commit) == (
        "903",
        ReviewVerdict.APPROVE,
        COMMIT,
    )


def test_comments_on_the_whole():
    (comment,) = issue_comments([{"id": 5, "body": "Hello", "user": {"login": "bob"}}, None, {}])
    assert (comment.id, comment.body, comment.author.login) == ("5", "Hello", "bob")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            [
                "id", "data", "nodes", "comments", "path", "line", "originalLine", "user", "login",
                "state", "reviewThreads", "pullRequest", "diff_hunk", "in_reply_to_id", "body",
                "pull_request_url", "issue_url", "databaseId", "pageInfo", "created_at",
            ]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@given(ANY)
def test_no_document_is_too_odd(value):
    github_discussion(value)
    values = value if isinstance(value, list) else [value]
    threads = joined_threads(graphql_threads(values), rest_threads(values))
    for thread in threads:
        assert thread.comments
        assert thread.place is None or 0 <= thread.place.start_line <= thread.place.end_line
    rest_reviews(values)
    graphql_reviews(values)
    issue_comments(values)
