"""What Bitbucket Cloud prints of a pull request's comments, as `domain.pull.discussion`.

The format is `pullrequest_comment` of its REST API 2.0; answers name their `parent`, and the
`resolution` is at the first comment of a thread.
"""

from collections.abc import Iterable, Mapping

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
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in

_VERDICTS = {
    "approved": ReviewVerdict.APPROVE,
    "changes_requested": ReviewVerdict.REQUEST_CHANGES,
}


def bitbucket_account(user: object) -> ForgeAccount:
    """The account that a user object describes; people have a nickname, apps a name only."""
    login = text_in(user, "nickname") or text_in(user, "username") or text_in(user, "display_name")
    return ForgeAccount(login, is_bot=text_in(user, "type") == "app_user")


def bitbucket_discussion(values: Iterable[object]) -> Discussion:
    """The threads and comments in a list of comments, pending ones marked.

    A deleted comment is left out; if it began a thread, its first answer does.
    """
    known = {number: one for one in values if (number := count_in(one, "id")) is not None}
    groups: dict[int, list[JsonObject]] = {}
    for number, value in known.items():
        groups.setdefault(_root(number, known), []).append(object_in(value))
    threads: list[ReviewThread] = []
    comments: list[RemoteComment] = []
    for number, group in groups.items():
        said = [one for one in group if one.get("deleted") is not True]
        said.sort(key=lambda one: count_in(one, "id") or 0)
        if not said:
            continue
        root = object_in(known[number])
        place = _place(root) or _place(said[0])
        if place is None and len(said) == 1 and not object_in(root, "resolution"):
            comments.append(_comment(said[0]))
        else:
            threads.append(_thread(number, root, said, place))
    return Discussion(tuple(threads), (), tuple(comments))


def bitbucket_reviews(pull: object) -> tuple[SubmittedReview, ...]:
    """The verdicts of a pull request's participants; Bitbucket has no reviews with a text."""
    found: list[SubmittedReview] = []
    for one in list_in(pull, "participants"):
        verdict = _VERDICTS.get(text_in(one, "state"))
        user = object_in(one, "user")
        name = text_in(user, "uuid") or bitbucket_account(user).login
        if verdict is not None and name:
            at = text_in(one, "participated_on")
            author = bitbucket_account(user)
            found.append(SubmittedReview(f"participant-{name}", author, "", verdict, at=at))
    return tuple(found)


def bitbucket_asked(pull: object) -> tuple[ForgeAccount, ...]:
    """Who is asked for a review and hasn't given a verdict."""
    given = {review.author for review in bitbucket_reviews(pull)}
    asked = (bitbucket_account(user) for user in list_in(pull, "reviewers"))
    return tuple(one for one in asked if one.login and one not in given)


def _root(number: int, known: Mapping[int, object]) -> int:
    """The first comment of the thread; parents that aren't known, or go round, end the way."""
    seen = {number}
    while True:
        parent = count_in(object_in(known[number], "parent"), "id")
        if parent is None or parent not in known or parent in seen:
            return number
        seen.add(parent)
        number = parent


def _comment(value: JsonObject) -> RemoteComment:
    written, updated = text_in(value, "created_on"), text_in(value, "updated_on")
    return RemoteComment(
        id=str(count_in(value, "id")),
        author=bitbucket_account(object_in(value, "user")),
        body=text_in(object_in(value, "content"), "raw"),
        at=written,
        url=text_in(object_in(value, "links", "html"), "href"),
        edited=updated if updated != written else "",
        is_pending=value.get("pending") is True,
    )


def _thread(
    number: int, root: JsonObject, said: list[JsonObject], place: CommentPlace | None
) -> ReviewThread:
    return ReviewThread(
        id=str(number),
        comments=tuple(map(_comment, said)),
        place=place,
        is_resolved=bool(object_in(root, "resolution")),
        is_outdated=object_in(root, "inline").get("outdated") is True,
    )


def _place(value: JsonObject) -> CommentPlace | None:
    inline = object_in(value, "inline")
    path = text_in(inline, "path")
    if not path:
        return None
    new, old = count_in(inline, "to") or 0, count_in(inline, "from") or 0
    side = Side.OLD if old and not new else Side.NEW
    end = old if side is Side.OLD else new
    start = count_in(inline, "start_from" if side is Side.OLD else "start_to") or end
    is_outdated = inline.get("outdated") is True
    return CommentPlace(
        path,
        side,
        start if start <= end else end,
        end,
        line_now=end if end and not is_outdated else None,
    )
