"""What `gh api` prints about a pull request, in a file: REST lists and GraphQL documents.

`gh api --paginate --slurp` puts the pages of either into one list.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from xreview.discussion.github import (
    graphql_reviews,
    graphql_threads,
    issue_comments,
    joined_threads,
    nodes_in,
    rest_reviews,
    rest_threads,
)
from xreview.domain.pull.discussion import Discussion
from xreview.ports.json_value import JsonObject, object_in, text_in


def github_discussion(value: object) -> Discussion | None:
    """The discussion in a parsed document; None if it isn't one of GitHub's.

    Of a GraphQL document the threads and reviews count, wherever its aliases put them.
    """
    entries = [object_in(one) for one in _entries(value)]
    lines = [one for one in entries if "diff_hunk" in one and text_in(one, "path")]
    reviews = [one for one in entries if "state" in one and "pull_request_url" in one]
    comments = [one for one in entries if "issue_url" in one and "body" in one]
    pulls = [object_in(found) for one in entries for found in _pull_requests(one.get("data"))]
    if not any((lines, reviews, comments, pulls)):
        return None
    threads = [node for one in pulls for node in nodes_in(one.get("reviewThreads"))]
    reviewed = [node for one in pulls for node in nodes_in(one.get("reviews"))]
    return Discussion(
        joined_threads(graphql_threads(threads), rest_threads(lines)),
        (*graphql_reviews(reviewed), *rest_reviews(reviews)),
        issue_comments(comments),
        tuple(_gaps(pulls, threads)),
    )


def _gaps(pulls: Sequence[JsonObject], threads: Sequence[object]) -> Iterator[str]:
    """What the documents say that they leave out. Of several pages, the last one counts."""
    for name, what in (("reviewThreads", "threads"), ("reviews", "reviews")):
        last = next((one[name] for one in reversed(pulls) if name in one), None)
        if _goes_on(last):
            yield f"the {what} after those in the file, which has not all pages"
    if any(_goes_on(object_in(thread).get("comments")) for thread in threads):
        yield "replies in long threads, which the file leaves out"


def _goes_on(connection: object) -> bool:
    return object_in(connection, "pageInfo").get("hasNextPage") is True


def _entries(value: object) -> Iterator[object]:
    """The entries of a list, of a list of lists, or one document."""
    if not isinstance(value, list):
        yield value
        return
    for one in cast("list[object]", value):
        if isinstance(one, list):
            yield from cast("list[object]", one)
        else:
            yield one


def _pull_requests(value: object, depth: int = 0) -> Iterator[JsonObject]:
    """The objects with threads or reviews, a few levels down: repository, pullRequest."""
    found = object_in(value)
    if "reviewThreads" in found or "reviews" in found:
        yield found
    elif depth < 3:
        for one in found.values():
            yield from _pull_requests(one, depth + 1)
