"""GitHub's rules for what can be written: they hold for REST and GraphQL alike."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.forge_server.state import (
    FakeAccount,
    FakePull,
    FakeReview,
    FakeThread,
    SideName,
)

LONGEST_BODY = 65_536
STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
SECOND_PENDING = "User can only have one pending review per pull request"


class RuleError(Exception):
    """A request is well-formed, and refused: 422 over REST, an UNPROCESSABLE error in GraphQL."""


@dataclass(frozen=True)
class Spot:
    """Where a comment is meant to go; without a line it's on the file."""

    path: str
    body: str
    line: int | None = None
    side: SideName = "RIGHT"
    start_line: int | None = None
    start_side: SideName | None = None
    is_file: bool = False


def read_spot(entry: dict[str, Any]) -> Spot:
    """An entry of a review's `comments`, or a comment of its own."""
    return Spot(
        entry["path"],
        entry["body"],
        entry.get("line"),
        entry.get("side", "RIGHT"),
        entry.get("start_line"),
        entry.get("start_side"),
        entry.get("subject_type") == "file",
    )


def check_spot(pull: FakePull, commit: str, spot: Spot) -> None:
    """Raise unless the comment is on lines that the diff at that commit shows, in one hunk."""
    patch = pull.patch_of(spot.path, commit)
    if patch is None:
        raise RuleError("Path could not be resolved")
    check_body(spot.body, needed=True)
    if spot.is_file:
        return
    if spot.line is None:
        raise RuleError("Line could not be resolved")
    hunk = patch.hunk_of(spot.line, spot.side)
    if hunk is None:
        raise RuleError("Line could not be resolved")
    if spot.start_line is None:
        return
    start_side = spot.start_side or spot.side
    if not hunk.has(spot.start_line, start_side):
        raise RuleError("Start line must be part of the same hunk as the line")
    if start_side == spot.side and spot.start_line >= spot.line:
        raise RuleError("Start line must precede the end line")


def check_body(body: str, *, needed: bool) -> None:
    if needed and not body.strip():
        raise RuleError("Body can't be blank")
    if len(body) > LONGEST_BODY:
        raise RuleError(f"Body is too long (maximum is {LONGEST_BODY} characters)")


def new_review(
    pull: FakePull,
    author: FakeAccount,
    body: str,
    commit: str,
    event: str | None,
    spots: list[Spot],
) -> FakeReview:
    """Write a review with all of its comments, or none of it."""
    if pull.pending_of(author):
        raise RuleError(SECOND_PENDING)
    if pull.project.repository.commit(commit) is None:
        raise RuleError("Commit is not part of the pull request")
    for spot in spots:
        check_spot(pull, commit, spot)
    if event:
        _check_event(pull, author, body, event, has_comments=bool(spots))
    check_body(body, needed=False)
    review = pull.review(author.login, body, STATES.get(event or "", "PENDING"), commit=commit)
    for spot in spots:
        add_thread(pull, review, commit, spot)
    return review


def add_thread(pull: FakePull, review: FakeReview, commit: str, spot: Spot) -> FakeThread:
    """Begin a thread that belongs to a review."""
    thread = pull.new_thread(
        spot.path, spot.line, spot.side, spot.start_line, spot.start_side or spot.side, commit
    )
    thread.reply(review.author.login if review.author else "", spot.body, review=review)
    return thread


def submit(pull: FakePull, review: FakeReview, event: str, body: str) -> None:
    """Publish a pending review."""
    if review.state != "PENDING":
        raise RuleError("Can not submit a review that is not pending")
    if pull.project.forge.comments_dropped_at_submit:
        pull.threads = [one for one in pull.threads if not one.is_added]
    mine = [one for thread in pull.threads for one in thread.comments if one.review is review]
    body = body or review.body
    assert review.author
    _check_event(pull, review.author, body, event, has_comments=bool(mine))
    check_body(body, needed=False)
    review.state, review.body = STATES[event], body
    review.at = pull.project.forge.next_time()


def reply(pull: FakePull, thread: FakeThread, author: FakeAccount, body: str) -> Any:
    """Reply in a thread: into the author's pending review if there is one, without a word."""
    check_body(body, needed=True)
    review = pull.pending_of(author)
    if review is None:
        review = pull.review(author.login, "", "COMMENTED", commit=thread.commit)
    return thread.reply(author.login, body, review=review)


def _check_event(
    pull: FakePull, author: FakeAccount, body: str, event: str, *, has_comments: bool
) -> None:
    if pull.author is author and event != "COMMENT":
        verb = "approve" if event == "APPROVE" else "request changes on"
        raise RuleError(f"Can not {verb} your own pull request")
    if not body.strip() and (
        event == "REQUEST_CHANGES" or (event == "COMMENT" and not has_comments)
    ):
        raise RuleError("Body can't be blank")
