"""Gitea's API: writing.

A review is filled comment by comment: what a wrong one leaves behind is a part of the review.
"""

from typing import Any

from tests.fakes.forge_server.answers import Answer, RefusedError
from tests.fakes.forge_server.gitea.call import PULL, REPO, GiteaCall, found, not_found, routes
from tests.fakes.forge_server.state import FakeAccount, FakePull, FakeReview, SideName

_EVENTS = {"APPROVED": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
REPLIES, RESOLVING, DELETING = "replies", "resolving", "deleting"
"""What versions differ in: Gitea replies from 1.27 and resolves from 1.26 on, Forgejo neither;
only Forgejo deletes single comments of reviews."""


@routes.on("PATCH", PULL)
def edit_pull(call: GiteaCall) -> Answer:
    pull, given = call.pull, call.given
    if not (call.writer.can_push or pull.author is call.writer):
        raise RefusedError(403, {"message": "user should have permission to edit the pull"})
    pull.title, pull.body = given.get("title") or pull.title, given.get("body", pull.body)
    return Answer(201, call.shapes.pull(pull, call.viewer))


@routes.on("POST", f"{PULL}/reviews")
def new_review(call: GiteaCall) -> Answer:
    """Create a review, or add to the pending one; an unknown event leaves it pending."""
    pull, author, given = call.pull, call.writer, call.given
    state = _EVENTS.get(given.get("event", ""), "PENDING")
    body, comments = given.get("body", ""), given.get("comments") or []
    _check(pull, author, state, body, has_comments=bool(comments))
    commit = given.get("commit_id") or pull.head
    if pull.project.repository.commit(commit) is None:
        raise not_found()
    review = pull.pending_of(author) or pull.review(author.login, "", "PENDING", commit=commit)
    for comment in comments:
        _add(pull, author, review, commit, comment)
    review.body, review.state = body, state
    return Answer(200, call.shapes.review(pull, review))


@routes.on("POST", f"{PULL}/reviews/{{review}}")
def submit(call: GiteaCall) -> Answer:
    pull, review = call.pull, call.review
    if review.state != "PENDING" or review.author is not call.writer:
        raise RefusedError(422, {"message": "only a pending review can be submitted"})
    state = _EVENTS.get(call.given.get("event", ""))
    if state is None:
        raise RefusedError(422, {"message": "review stay pending"})
    body = call.given.get("body", "")
    own = any(one.review is review for thread in pull.threads for one in thread.comments)
    _check(pull, call.writer, state, body, has_comments=own)
    review.state, review.body, review.at = state, body, call.forge.next_time()
    return Answer(200, call.shapes.review(pull, review))


@routes.on("DELETE", f"{PULL}/reviews/{{review}}")
def drop_review(call: GiteaCall) -> Answer:
    if call.review.author is not call.writer:
        raise RefusedError(403, {"message": "user should be the author"})
    call.pull.remove_review(call.review)
    return Answer(204)


@routes.on("DELETE", f"{PULL}/reviews/{{review}}/comments/{{comment}}")
def drop_line_comment(call: GiteaCall) -> Answer:
    _, comment = call.line_comment(int(call.values["comment"]))
    if DELETING in call.forge.without or comment.review is not call.review:
        raise not_found()
    if comment.author is not call.writer:
        raise RefusedError(403, {"message": "user should be the author"})
    call.pull.remove_comment(comment.id)
    return Answer(204)


@routes.on("POST", f"{PULL}/comments/{{comment}}/replies")
def reply(call: GiteaCall) -> Answer:
    if REPLIES in call.forge.without:
        raise not_found()
    thread, _ = call.line_comment(int(call.values["comment"]))
    written = thread.reply(call.writer.login, _body(call.given))
    return Answer(201, call.shapes.line_comment(thread, written))


@routes.on("POST", f"{REPO}/pulls/comments/{{comment}}/resolve")
def resolve(call: GiteaCall) -> Answer:
    return _set_resolver(call, call.writer)


@routes.on("POST", f"{REPO}/pulls/comments/{{comment}}/unresolve")
def unresolve(call: GiteaCall) -> Answer:
    return _set_resolver(call, None)


@routes.on("POST", f"{REPO}/issues/{{index}}/comments")
def new_comment(call: GiteaCall) -> Answer:
    comment = call.pull.say(call.writer.login, _body(call.given))
    return Answer(201, call.shapes.comment(call.pull, comment))


@routes.on("DELETE", f"{REPO}/issues/comments/{{comment}}")
def drop_comment(call: GiteaCall) -> Answer:
    number = int(call.values["comment"])
    for pull in call.project.pulls.values():
        for comment in pull.comments:
            if comment.id == number:
                if comment.author is not call.writer:
                    raise RefusedError(403, {"message": "user should be the author"})
                pull.remove_comment(number)
                return Answer(204)
    raise not_found()


def _add(
    pull: FakePull, author: FakeAccount, review: FakeReview, commit: str, given: dict[str, Any]
) -> None:
    old, new = given.get("old_position", 0), given.get("new_position", 0)
    side: SideName = "LEFT" if old else "RIGHT"
    line = old or new
    revision = pull.merge_base if old else commit
    content = pull.project.repository.content(revision, given.get("path", ""))
    if content is None or not 0 < line <= len(content.splitlines()):
        raise RefusedError(422, {"message": "the line doesn't exist"})
    thread = next(
        (
            one
            for one in pull.threads
            if (one.path, one.side, one.line) == (given["path"], side, line)
        ),
        None,
    )
    thread = thread or pull.new_thread(given["path"], line, side, None, None, commit)
    thread.reply(author.login, _body(given), review=review)


def _check(
    pull: FakePull, author: FakeAccount, state: str, body: str, *, has_comments: bool
) -> None:
    if pull.author is author and state in ("APPROVED", "CHANGES_REQUESTED"):
        verb = "approve" if state == "APPROVED" else "reject"
        raise RefusedError(422, {"message": f"{verb} your own pull is not allowed"})
    if not body.strip() and (
        state == "CHANGES_REQUESTED" or (state == "COMMENTED" and not has_comments)
    ):
        raise RefusedError(422, {"message": f"review event {state} requires a body or a comment"})


def _set_resolver(call: GiteaCall, account: FakeAccount | None) -> Answer:
    if RESOLVING in call.forge.without:
        raise RefusedError(405, {"message": "Method Not Allowed"})
    thread, _ = call.line_comment(int(call.values["comment"]))
    if not call.writer.can_push and thread.pull.author is not call.writer:
        raise RefusedError(403, {"message": "user should have permission to resolve"})
    thread.resolver = account
    return Answer(204)


def _body(given: dict[str, Any]) -> str:
    body = given.get("body", "")
    if not body.strip():
        raise RefusedError(422, {"message": "[Body]: Required"})
    return found(body)
