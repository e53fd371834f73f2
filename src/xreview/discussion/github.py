"""GitHub's JSON as a discussion: its REST lists, and its GraphQL threads.

REST has no resolved state, and GraphQL leaves out some comments whose line is gone, so that both
are read and joined by the numbers of comments. The forms are those of GitHub's OpenAPI description
(`pull-request-review-comment`, `pull-request-review`, `issue-comment`) and of its GraphQL schema
(`PullRequestReviewThread`).
"""

from collections.abc import Iterable, Mapping, Sequence

from xreview.domain.change import Side
from xreview.domain.pull.discussion import (
    CommentPlace,
    RemoteComment,
    ReviewThread,
    ReviewVerdict,
    SubmittedReview,
)
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.record import replace
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in

_GHOST = ForgeAccount("ghost")
"""What GitHub calls the author of what a deleted account wrote."""
_PENDING = "PENDING"
_FILE = "file"
_VERDICTS = {
    "APPROVED": ReviewVerdict.APPROVE,
    "CHANGES_REQUESTED": ReviewVerdict.REQUEST_CHANGES,
    "COMMENTED": ReviewVerdict.COMMENT,
}


def github_account(value: object) -> ForgeAccount:
    """A REST `user` or a GraphQL `author`; GraphQL leaves `[bot]` out of the login of a bot."""
    login = text_in(value, "login")
    is_bot = "Bot" in (text_in(value, "type"), text_in(value, "__typename"))
    return ForgeAccount(login, is_bot or login.endswith("[bot]")) if login else _GHOST


def rest_threads(values: Iterable[object]) -> tuple[ReviewThread, ...]:
    """The threads of `GET …/pulls/N/comments`; each has the number of its first comment as its id.

    Replies name the first comment; if that was deleted, they make a thread of their own.
    """
    groups: dict[str, list[JsonObject]] = {}
    for value in values:
        comment = object_in(value)
        number = _number(comment, "id")
        if number and text_in(comment, "path"):
            groups.setdefault(_number(comment, "in_reply_to_id") or number, []).append(comment)
    threads: list[ReviewThread] = []
    for id, group in groups.items():
        group.sort(key=lambda one: (text_in(one, "created_at"), count_in(one, "id") or 0))
        first = next((one for one in group if _number(one, "id") == id), group[0])
        others = [_rest_comment(one) for one in group if one is not first]
        place = _rest_place(first)
        is_outdated = place.end_line > 0 and place.line_now is None
        threads.append(
            ReviewThread(id, (_rest_comment(first), *others), place, is_outdated=is_outdated)
        )
    return tuple(threads)


def graphql_threads(nodes: Iterable[object]) -> tuple[ReviewThread, ...]:
    """The threads in the `nodes` of `pullRequest.reviewThreads`."""
    found = (_graphql_thread(object_in(node)) for node in nodes)
    return tuple(thread for thread in found if thread is not None)


def graphql_comments(nodes: Iterable[object]) -> tuple[RemoteComment, ...]:
    """The comments in the `nodes` of a thread's `comments`."""
    found = (_graphql_comment(object_in(node)) for node in nodes)
    return tuple(comment for comment in found if comment is not None)


def joined_threads(
    by_graphql: Sequence[ReviewThread], by_rest: Sequence[ReviewThread]
) -> tuple[ReviewThread, ...]:
    """Both, each thread once: GraphQL's state with all that REST knows of it."""
    rest = {comment.id: thread for thread in by_rest for comment in thread.comments}
    joined: list[ReviewThread] = []
    known: set[str] = set()
    for thread in by_graphql:
        ids = {comment.id for comment in thread.comments}
        others = {rest[id].id: rest[id] for id in ids if id in rest}
        for other in others.values():
            thread = _completed(thread, other)
        known |= others.keys()
        joined.append(thread)
    return (*joined, *(thread for thread in by_rest if thread.id not in known))


def rest_reviews(values: Iterable[object]) -> tuple[SubmittedReview, ...]:
    """The reviews of `GET …/pulls/N/reviews`, the account's pending one too."""
    found = (
        _review(one, _number(one, "id"), "user", text_in(one, "commit_id"), "html_url")
        for one in map(object_in, values)
    )
    return tuple(review for review in found if review is not None)


def graphql_reviews(nodes: Iterable[object]) -> tuple[SubmittedReview, ...]:
    """The reviews in the `nodes` of `pullRequest.reviews`."""
    found = (
        _review(one, _graphql_id(one), "author", text_in(object_in(one, "commit"), "oid"), "url")
        for one in map(object_in, nodes)
    )
    return tuple(review for review in found if review is not None)


def issue_comments(values: Iterable[object]) -> tuple[RemoteComment, ...]:
    """The comments of `GET …/issues/N/comments`."""
    return tuple(_rest_comment(one) for one in map(object_in, values) if _number(one, "id"))


def nodes_in(connection: object) -> Sequence[object]:
    """The nodes of a GraphQL connection, without nulls."""
    return [node for node in list_in(connection, "nodes") if node is not None]


def _completed(thread: ReviewThread, other: ReviewThread) -> ReviewThread:
    """A thread with the comments and the parts of its place that only another reading has."""
    ids = {comment.id for comment in thread.comments}
    more = (comment for comment in other.comments if comment.id not in ids)
    comments = sorted((*thread.comments, *more), key=lambda one: one.at)
    place = thread.place
    if place is not None and other.place is not None:
        place = replace(
            place, commit=place.commit or other.place.commit, hunk=place.hunk or other.place.hunk
        )
    return replace(thread, comments=tuple(comments), place=place or other.place)


def _rest_comment(value: JsonObject) -> RemoteComment:
    at, edited = text_in(value, "created_at"), text_in(value, "updated_at")
    return RemoteComment(
        _number(value, "id"),
        github_account(value.get("user")),
        text_in(value, "body"),
        at,
        text_in(value, "html_url"),
        edited if edited != at else "",
        _number(value, "pull_request_review_id"),
    )


def _rest_place(value: JsonObject) -> CommentPlace:
    path, line = text_in(value, "path"), count_in(value, "line")
    commit = text_in(value, "original_commit_id") or text_in(value, "commit_id")
    if text_in(value, "subject_type").lower() == _FILE:
        return CommentPlace(path, commit=commit)
    end = count_in(value, "original_line") or line or 0
    start = count_in(value, "original_start_line") or end
    side = _side(text_in(value, "side"))
    hunk = text_in(value, "diff_hunk")
    return CommentPlace(path, side, min(start, end), end, commit, hunk, line)


def _graphql_thread(node: JsonObject) -> ReviewThread | None:
    """A thread; None without a comment that can be read."""
    nodes = nodes_in(node.get("comments"))
    comments = graphql_comments(nodes)
    id = text_in(node, "id")
    if not comments or not id:
        return None
    first = object_in(nodes[0])
    commit = text_in(object_in(first, "originalCommit"), "oid")
    path = text_in(node, "path") or text_in(first, "path")
    line = count_in(node, "line")
    if text_in(node, "subjectType").lower() == _FILE:
        place = CommentPlace(path, commit=commit)
    else:
        end = count_in(node, "originalLine") or line or 0
        start = count_in(node, "originalStartLine") or end
        side, hunk = _side(text_in(node, "diffSide")), text_in(first, "diffHunk")
        place = CommentPlace(path, side, min(start, end), end, commit, hunk, line)
    allowed = {node.get("viewerCanResolve"), node.get("viewerCanUnresolve")}
    return ReviewThread(
        id,
        comments,
        place if path else None,
        is_resolved=node.get("isResolved") is True,
        is_outdated=node.get("isOutdated") is True,
        can_resolve=True in allowed or allowed == {None},
    )


def _graphql_comment(node: JsonObject) -> RemoteComment | None:
    id = _graphql_id(node)
    if not id:
        return None
    return RemoteComment(
        id,
        github_account(node.get("author")),
        text_in(node, "body"),
        text_in(node, "createdAt"),
        text_in(node, "url"),
        text_in(node, "lastEditedAt"),
        _number(object_in(node, "pullRequestReview"), "databaseId"),
        text_in(node, "state") == _PENDING,
    )


def _review(
    value: JsonObject, id: str, author: str, commit: str, url: str
) -> SubmittedReview | None:
    state = text_in(value, "state").upper()
    if not id or not state:
        return None
    return SubmittedReview(
        id,
        github_account(value.get(author)),
        text_in(value, "body"),
        _VERDICTS.get(state),
        commit,
        text_in(value, "submitted_at") or text_in(value, "submittedAt"),
        text_in(value, url),
        is_pending=state == _PENDING,
    )


def _side(name: str) -> Side:
    return Side.OLD if name == "LEFT" else Side.NEW


def _graphql_id(node: JsonObject) -> str:
    """The number that REST uses; the node's id where a server doesn't have that."""
    return _number(node, "databaseId") or text_in(node, "fullDatabaseId") or text_in(node, "id")


def _number(value: Mapping[str, object], name: str) -> str:
    number = count_in(value, name)
    return str(number) if number else ""
