"""What GitLab prints of a merge request's discussions, as `domain.pull.discussion`.

The format is that of `GET /projects/:id/merge_requests/:iid/discussions` (API v4).

A position is that of the present version as long as GitLab finds the lines in it: with each push,
it either moves a position there, or leaves it at the version that was commented. So a thread is
outdated if the head of its position isn't the present one.
"""

import re
from collections.abc import Iterable

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
from xreview.domain.record import dataclass
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in

_TOKEN_BOT = re.compile(r"(?:project|group)_\d+_bot(?:_.*)?")
"""The user name that GitLab gives to a project's or group's access token."""
_LINE_CODE = re.compile(r"[0-9a-f]{40}_(\d{1,9})_(\d{1,9})")
_VERDICTS = {
    "reviewed": ReviewVerdict.COMMENT,
    "approved": ReviewVerdict.APPROVE,
    "requested_changes": ReviewVerdict.REQUEST_CHANGES,
}
"""The states of a reviewer who has given a review."""


def gitlab_account(user: object) -> ForgeAccount:
    """The account that a user object describes."""
    login = text_in(user, "username")
    is_bot = object_in(user).get("bot") is True or bool(_TOKEN_BOT.fullmatch(login))
    return ForgeAccount(login, is_bot)


def gitlab_discussion(values: Iterable[object], head: str, url: str = "") -> Discussion:
    """The threads and comments in a list of discussions.

    Args:
        head: the full id of the present head; "" if unknown, and then nothing is outdated.
        url: of the merge request's page, for the links.
    """
    threads: list[ReviewThread] = []
    comments: list[RemoteComment] = []
    for value in values:
        notes = [note for note in list_in(value, "notes") if _is_said(note)]
        if not notes:
            continue
        if object_in(value).get("individual_note") is True:
            comments += [gitlab_comment(note, url) for note in notes]
        elif identifier := text_in(value, "id"):
            threads.append(_thread(identifier, notes, head, url))
    return Discussion(tuple(threads), (), tuple(comments))


def gitlab_comment(note: object, url: str = "") -> RemoteComment:
    """The comment that a note is."""
    identifier = str(count_in(note, "id") or "")
    written, updated = text_in(note, "created_at"), text_in(note, "updated_at")
    return RemoteComment(
        id=identifier,
        author=gitlab_account(object_in(note, "author")),
        body=text_in(note, "body"),
        at=written,
        url=f"{url}#note_{identifier}" if url and identifier else "",
        # Resolving a note updates it too.
        edited=updated if updated != written and not _is_resolved(note) else "",
    )


def gitlab_reviews(values: Iterable[object]) -> tuple[SubmittedReview, ...]:
    """The reviews in a list of reviewers (`GET …/merge_requests/:iid/reviewers`).

    GitLab's reviews have a verdict only: their texts are notes, and their commit isn't told.
    """
    found: list[SubmittedReview] = []
    for value in values:
        verdict = _VERDICTS.get(text_in(value, "state"))
        user = object_in(value, "user")
        if verdict is not None and text_in(user, "username"):
            identifier = f"reviewer-{count_in(user, 'id') or text_in(user, 'username')}"
            found.append(SubmittedReview(identifier, gitlab_account(user), "", verdict))
    return tuple(found)


def gitlab_waiting(values: Iterable[object]) -> tuple[ForgeAccount, ...]:
    """Who in a list of reviewers hasn't given a review."""
    return tuple(
        gitlab_account(user)
        for value in values
        if text_in(user := object_in(value, "user"), "username")
        and text_in(value, "state") not in _VERDICTS
    )


def _is_said(note: object) -> bool:
    """Whether someone wrote it; system notes are a log."""
    return object_in(note).get("system") is not True and count_in(note, "id") is not None


def _is_resolved(note: object) -> bool:
    return object_in(note).get("resolved") is True


def _thread(identifier: str, notes: list[object], head: str, url: str) -> ReviewThread:
    resolvable = [note for note in notes if object_in(note).get("resolvable") is True]
    place = _place(object_in(notes[0], "position"), head)
    return ReviewThread(
        id=identifier,
        comments=tuple(gitlab_comment(note, url) for note in notes),
        place=place,
        is_resolved=bool(resolvable) and all(map(_is_resolved, resolvable)),
        is_outdated=place is not None and _is_old(place.commit, head),
        can_resolve=bool(resolvable),
    )


def _is_old(commit: str, head: str) -> bool:
    return bool(commit and head) and commit != head


def _place(position: JsonObject, head: str) -> CommentPlace | None:
    """The place that a position describes; None for a note that isn't on the diff."""
    last = _Spot(count_in(position, "old_line") or 0, count_in(position, "new_line") or 0)
    side = Side.OLD if last.old and not last.new else Side.NEW
    path = text_in(position, "old_path" if side is Side.OLD else "new_path")
    path = path or text_in(position, "new_path") or text_in(position, "old_path")
    if not path:
        return None
    commit = text_in(position, "head_sha")
    end = last.on(side)
    start = _first_line(object_in(position, "line_range", "start"), side)
    line_now = None if _is_old(commit, head) or not end else end
    start = start if 0 < start <= end else end
    return CommentPlace(path, side, start, end, commit, line_now=line_now)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A line's numbers on both sides, 0 where that side doesn't have it."""

    old: int
    new: int

    def on(self, side: Side) -> int:
        return self.new if side is Side.NEW else self.old


def _first_line(start: JsonObject, side: Side) -> int:
    """The number of a range's first line, from its own fields or its `line_code`."""
    spot = _Spot(count_in(start, "old_line") or 0, count_in(start, "new_line") or 0)
    if not spot.on(side) and (code := _LINE_CODE.fullmatch(text_in(start, "line_code"))):
        spot = _Spot(int(code[1]), int(code[2]))
    return spot.on(side)
