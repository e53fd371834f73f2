"""What Gitea and Forgejo print of reviews."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xreview.discussion.gitea import gitea_discussion, gitea_reviewers_waiting
from xreview.domain.change import Side
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.thread_state import ThreadState

HEAD, OLD_HEAD = "c" * 40, "d" * 40


def review(number: int = 1, state: str = "COMMENT", **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "user": {"id": 5, "login": "ada"},
        "state": state,
        "body": f"review {number}",
        "commit_id": HEAD,
        "stale": False,
        "dismissed": False,
        "comments_count": 1,
        "submitted_at": "2026-11-01T10:00:00Z",
        "html_url": f"https://forge.example/shop/till/pulls/7#issuecomment-{number}",
        **fields,
    }


def comment(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "body": f"comment {number}",
        "user": {"id": 5, "login": "ada"},
        "resolver": None,
        "pull_request_review_id": 1,
        "created_at": "2026-11-01T10:00:00Z",
        "updated_at": "2026-11-01T10:00:00Z",
        "path": "till.py",
        "commit_id": "e" * 40,
        "original_commit_id": "f" * 40,
        "diff_hunk": "@@ -1,2 +1,3 @@\n a\n+b",
        "position": 2,
        "original_position": 0,
        **fields,
    }


def test_comments_on_one_line_are_a_thread_across_reviews():
    said = gitea_discussion(
        [review(1), review(2, user={"login": "bob"})],
        {"1": [comment(10)], "2": [comment(12, user={"login": "bob"}), comment(11, position=5)]},
        [],
        HEAD,
    )
    assert [(one.id, len(one.comments)) for one in said.threads] == [("10", 2), ("11", 1)]
    thread = said.threads[0]
    assert thread.state is ThreadState.REPLIED
    assert not thread.can_resolve
    place = thread.place
    assert place is not None
    assert (place.path, place.side, place.start_line, place.line_now) == ("till.py", Side.NEW, 2, 2)
    assert place.commit == HEAD
    assert place.hunk.endswith("+b")


def test_the_other_side_of_a_line_is_another_thread():
    removed = comment(11, position=0, original_position=2)
    said = gitea_discussion([review()], {"1": [comment(10), removed]}, [], HEAD)
    assert [one.place.side for one in said.threads if one.place] == [Side.NEW, Side.OLD]


def test_a_resolver_resolves_the_thread():
    resolved = comment(10, resolver={"login": "bob"}, updated_at="2026-11-02T10:00:00Z")
    said = gitea_discussion([review()], {"1": [resolved, comment(11)]}, [], HEAD, can_resolve=True)
    (thread,) = said.threads
    assert thread.state is ThreadState.RESOLVED
    assert thread.can_resolve
    assert thread.root.edited == ""


def test_the_line_now_is_unknown_in_a_review_of_an_older_head():
    said = gitea_discussion([review(commit_id=OLD_HEAD)], {"1": [comment(10)]}, [], HEAD)
    place = said.threads[0].place
    assert place is not None
    assert (place.commit, place.end_line, place.line_now) == (OLD_HEAD, 2, None)


def test_reviews_with_their_verdicts():
    said = gitea_discussion(
        [
            review(1, "APPROVED"),
            review(2, "REQUEST_CHANGES", dismissed=True),
            review(3, "PENDING"),
            review(4, "REQUEST_REVIEW"),
        ],
        {"3": [comment(10)]},
        [],
        HEAD,
    )
    assert [(one.id, one.verdict, one.is_pending) for one in said.reviews] == [
        ("1", ReviewVerdict.APPROVE, False),
        ("2", None, False),
        ("3", None, True),
    ]
    assert said.threads[0].root.is_pending
    assert said.published().threads == ()


def test_the_conversation():
    general = [{"id": 20, "body": "Thanks", "user": {"login": "bob"}, "html_url": "u"}]
    (one,) = gitea_discussion([], {}, general, HEAD).comments
    assert (one.id, one.body, one.author, one.url) == ("20", "Thanks", ForgeAccount("bob"), "u")


def test_who_is_asked():
    asked = {"requested_reviewers": [{"login": "ada"}, {}, None]}
    assert gitea_reviewers_waiting(asked) == (ForgeAccount("ada"),)
    assert gitea_reviewers_waiting({"requested_reviewers": None}) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KNOWN = ["id", "body", "user", "path", "position", "original_position", "resolver", "commit_id"]


@given(st.dictionaries(st.sampled_from(KNOWN), JSON), st.lists(JSON, max_size=3))
def test_no_structure_is_trusted(fields, others):
    comments = [comment(10), comment(11, **fields), *others]
    said = gitea_discussion([review(1), *others], {"1": comments}, others, HEAD)
    assert "10" in {one.id for thread in said.threads for one in thread.comments}
