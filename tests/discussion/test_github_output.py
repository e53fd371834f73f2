"""What `gh api` prints, in files."""

from typing import Any

from tests.discussion.test_github import graphql_comment, graphql_thread, rest_comment
from xreview.discussion.github_output import github_discussion


def threads_document(*nodes: dict[str, Any], goes_on: bool = False) -> dict[str, Any]:
    connection = {"pageInfo": {"hasNextPage": goes_on}, "nodes": list(nodes)}
    return {"data": {"repository": {"pullRequest": {"reviewThreads": connection}}}}


def test_what_gh_prints_is_recognised():
    review = {
        "id": 900,
        "user": {"login": "bob"},
        "body": "No.",
        "state": "COMMENTED",
        "pull_request_url": "https://api.github.com/repos/o/r/pulls/12",
    }
    comment = {"id": 5, "body": "Hi", "issue_url": "https://api.github.com/repos/o/r/issues/12"}
    assert len(github_discussion([rest_comment(1)]).threads) == 1  # type: ignore[union-attr]
    slurped = github_discussion([[rest_comment(1)], [rest_comment(2)]])
    assert slurped is not None
    assert len(slurped.threads) == 2
    mixed = github_discussion([[review], [comment]])
    assert mixed is not None
    assert (len(mixed.reviews), len(mixed.comments)) == (1, 1)
    one = github_discussion(threads_document(graphql_thread(graphql_comment(1))))
    assert one is not None
    assert [thread.id for thread in one.threads] == ["PRRT_1"]
    assert one.gaps == ()


def test_pages_of_a_graphql_document_are_complete_with_the_last_one():
    first = threads_document(graphql_thread(graphql_comment(1)), goes_on=True)
    second = threads_document(graphql_thread(graphql_comment(2), id="PRRT_2"))
    whole, part = github_discussion([first, second]), github_discussion(first)
    assert whole is not None
    assert part is not None
    assert (len(whole.threads), whole.gaps) == (2, ())
    assert part.gaps == ("the threads after those in the file, which has not all pages",)


def test_other_documents_are_not_githubs():
    for value in (None, [], {}, "text", [1], {"data": {"a": 1}}, [{"notes": []}]):
        assert github_discussion(value) is None
