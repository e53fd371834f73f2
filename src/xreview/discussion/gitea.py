"""What Gitea and Forgejo print of a pull request's reviews, as `domain.pull.discussion`.

The formats are `PullReview`, `PullReviewComment` and `Comment` of their OpenAPI description
(`/swagger.v1.json`). The API has no threads: as on Gitea's pages, comments on the same side of the
same line are one. It doesn't say either whether lines have changed since; so no thread is outdated,
and a line's present number is only known if the review is of the present head.
"""

from collections.abc import Iterable, Mapping, Sequence

from xreview.domain.change import Side
from xreview.domain.pull.discussion import (
    CommentPlace,
    Discussion,
    RemoteComment,
    ReviewThread,
    ReviewVerdict,
    SubmittedReview,
)
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.record import replace
from xreview.ports.json_value import count_in, list_in, object_in, text_in

PENDING_STATE = "PENDING"
_VERDICTS = {
    "APPROVED": ReviewVerdict.APPROVE,
    "REQUEST_CHANGES": ReviewVerdict.REQUEST_CHANGES,
    "COMMENT": ReviewVerdict.COMMENT,
}
_ACTIONS_BOT = "gitea-actions"
_Key = tuple[str, Side, int]


def gitea_account(user: object) -> ForgeAccount:
    """The account that a user object describes; the API doesn't say which ones are bots."""
    login = text_in(user, "login")
    return ForgeAccount(login, is_bot=login == _ACTIONS_BOT)


def gitea_identifier(value: object) -> str:
    """The id of a review or comment as the API takes it; "" without one."""
    number = count_in(value, "id")
    return "" if number is None else str(number)


def gitea_review(value: object) -> SubmittedReview | None:
    """The review that a `PullReview` describes; None for a mere request for one."""
    state = text_in(value, "state")
    is_pending = state == PENDING_STATE
    identifier = gitea_identifier(value)
    if not identifier or not (is_pending or state in _VERDICTS):
        return None
    is_dismissed = object_in(value).get("dismissed") is True
    return SubmittedReview(
        id=identifier,
        author=gitea_account(object_in(value, "user")),
        body=text_in(value, "body"),
        verdict=None if is_dismissed else _VERDICTS.get(state),
        commit=text_in(value, "commit_id"),
        at=text_in(value, "submitted_at"),
        url=text_in(value, "html_url"),
        is_pending=is_pending,
    )


def gitea_comment(value: object, *, is_pending: bool = False) -> RemoteComment:
    """The comment that a `PullReviewComment` or a `Comment` describes."""
    written, updated = text_in(value, "created_at"), text_in(value, "updated_at")
    review = count_in(value, "pull_request_review_id")
    return RemoteComment(
        id=gitea_identifier(value),
        author=gitea_account(object_in(value, "user")),
        body=text_in(value, "body"),
        at=written,
        url=text_in(value, "html_url"),
        # Resolving a comment updates it too.
        edited=updated if updated != written and not _is_resolved(value) else "",
        review="" if review is None else str(review),
        is_pending=is_pending,
    )


def gitea_discussion(
    reviews: Iterable[object],
    comments: Mapping[str, Sequence[object]],
    general: Iterable[object],
    head: str,
    *,
    can_resolve: bool = False,
) -> Discussion:
    """All that is said.

    Args:
        reviews: `PullReview` objects.
        comments: their `PullReviewComment` objects, by the review's id.
        general: the `Comment` objects of the pull request's own conversation.
        head: the full id of the present head.
        can_resolve: whether this server's API resolves threads.
    """
    known = [one for one in map(gitea_review, reviews) if one is not None]
    groups: dict[_Key, list[tuple[object, SubmittedReview]]] = {}
    for review in known:
        for value in comments.get(review.id, ()):
            if (key := _key(value)) and gitea_identifier(value):
                groups.setdefault(key, []).append((value, review))
    threads = [_thread(key, group, head) for key, group in groups.items()]
    threads.sort(key=lambda thread: int(thread.id))
    return Discussion(
        tuple(replace(one, can_resolve=can_resolve) for one in threads),
        tuple(known),
        tuple(gitea_comment(one) for one in general if gitea_identifier(one)),
    )


def gitea_reviewers_waiting(pull: object) -> tuple[ForgeAccount, ...]:
    """Who is asked for a review in a `PullRequest`."""
    asked = (gitea_account(user) for user in list_in(pull, "requested_reviewers"))
    return tuple(one for one in asked if one.login)


def _is_resolved(value: object) -> bool:
    return bool(object_in(value, "resolver"))


def _key(value: object) -> _Key | None:
    """File, side and line of a comment; None without a file. 0 is the other side's number."""
    path = text_in(value, "path")
    new, old = count_in(value, "position") or 0, count_in(value, "original_position") or 0
    if not path:
        return None
    return (path, Side.OLD, old) if old and not new else (path, Side.NEW, new)


def _thread(key: _Key, group: list[tuple[object, SubmittedReview]], head: str) -> ReviewThread:
    path, side, line = key
    ordered = sorted(group, key=lambda one: count_in(one[0], "id") or 0)
    root, review = ordered[0]
    commit = review.commit or text_in(root, "commit_id")
    return ReviewThread(
        id=gitea_identifier(root),
        comments=tuple(gitea_comment(one, is_pending=of.is_pending) for one, of in ordered),
        place=CommentPlace(
            path,
            side,
            line,
            line,
            commit,
            text_in(root, "diff_hunk"),
            line_now=line if line and commit == head else None,
        ),
        is_resolved=any(_is_resolved(one) for one, _ in ordered),
    )
