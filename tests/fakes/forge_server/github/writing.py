"""GitHub's REST API: writing."""

from collections.abc import Callable

from tests.fakes.forge_server.answers import Answer, RefusedError
from tests.fakes.forge_server.github import rules
from tests.fakes.forge_server.github.call import PULL, REPO, Call, Handler, found
from tests.fakes.forge_server.state import FakeAccount, FakeComment

_LONGEST_BODY = 65_536
WRITERS: dict[tuple[str, str], Handler] = {}


def writes(method: str, template: str) -> Callable[[Handler], Handler]:
    """Register a handler; what a rule refuses becomes 422 without saying which entry."""

    def register(handler: Handler) -> Handler:
        def guarded(call: Call) -> Answer:
            try:
                return handler(call)
            except rules.RuleError as error:
                value = {"message": "Unprocessable Entity", "errors": [str(error)]}
                raise RefusedError(422, value) from None

        WRITERS[method, template] = guarded
        return handler

    return register


@writes("PATCH", PULL)
def edit_pull(call: Call) -> Answer:
    pull, given = call.pull, call.request.body
    if not (call.writer.can_push or pull.author is call.writer):
        raise RefusedError(403, {"message": "Must have write access to the repository"})
    if len(given.get("body") or "") > _LONGEST_BODY:
        raise rules.RuleError("Body is too long (maximum is 65536 characters)")
    pull.title, pull.body = given.get("title", pull.title), given.get("body") or ""
    return Answer(200, call.shapes.pull(pull, call.viewer))


@writes("POST", f"{PULL}/reviews")
def new_review(call: Call) -> Answer:
    pull, author, body = call.pull, call.writer, call.request.body or {}
    if any("position" in entry for entry in body.get("comments", ())):
        raise rules.RuleError("The double knows no positions in the diff: say a line")
    spots = [rules.read_spot(entry) for entry in body.get("comments", ())]
    commit = body.get("commit_id") or pull.head
    review = rules.new_review(
        pull, author, body.get("body") or "", commit, body.get("event"), spots
    )
    return Answer(200, call.shapes.review(pull, review))


@writes("PUT", f"{PULL}/reviews/{{review_id}}")
def edit_review(call: Call) -> Answer:
    review = call.review
    _check_own(call.writer, review.author)
    rules.check_body(call.request.body["body"], needed=True)
    review.body = call.request.body["body"]
    return Answer(200, call.shapes.review(call.pull, review))


@writes("DELETE", f"{PULL}/reviews/{{review_id}}")
def drop_review(call: Call) -> Answer:
    pull, review = call.pull, call.review
    _check_own(call.writer, review.author)
    if review.state != "PENDING":
        raise rules.RuleError("Can not delete a non-pending pull request review")
    shape = call.shapes.review(pull, review)
    pull.remove_review(review)
    return Answer(200, shape)


@writes("POST", f"{PULL}/reviews/{{review_id}}/events")
def submit_review(call: Call) -> Answer:
    review = call.review
    _check_own(call.writer, review.author)
    rules.submit(call.pull, review, call.request.body["event"], call.request.body.get("body") or "")
    return Answer(200, call.shapes.review(call.pull, review))


@writes("POST", f"{PULL}/comments")
def new_line_comment(call: Call) -> Answer:
    """Comment at once; not while a review of the account is pending."""
    pull, author, body = call.pull, call.writer, call.request.body
    if pull.pending_of(author):
        raise _second_pending()
    if "in_reply_to" in body:
        thread = found(pull.thread_of(body["in_reply_to"]))
        comment = rules.reply(pull, thread, author, body["body"])
        return Answer(201, call.shapes.line_comment(thread, comment))
    spot = rules.read_spot(body)
    rules.check_spot(pull, body["commit_id"], spot)
    review = pull.review(author.login, "", "COMMENTED", commit=body["commit_id"])
    thread = rules.add_thread(pull, review, body["commit_id"], spot)
    return Answer(201, call.shapes.line_comment(thread, thread.comments[0]))


@writes("POST", f"{PULL}/comments/{{comment_id}}/replies")
def reply(call: Call) -> Answer:
    thread, comment = call.thread_and_comment
    if not call.forge.replies_vanish and call.pull.pending_of(call.writer):
        raise _second_pending()
    if comment.reply_to is not None:
        raise rules.RuleError("Replies to replies are not supported")
    written = rules.reply(call.pull, thread, call.writer, call.request.body["body"])
    return Answer(201, call.shapes.line_comment(thread, written))


@writes("PATCH", f"{REPO}/pulls/comments/{{comment_id}}")
def edit_line_comment(call: Call) -> Answer:
    thread, comment = call.thread_and_comment
    _edit(call, comment)
    return Answer(200, call.shapes.line_comment(thread, comment))


@writes("DELETE", f"{REPO}/pulls/comments/{{comment_id}}")
def drop_line_comment(call: Call) -> Answer:
    thread, comment = call.thread_and_comment
    _check_own(call.writer, comment.author)
    thread.pull.remove_comment(comment.id)
    return Answer(204)


@writes("POST", f"{REPO}/issues/{{issue_number}}/comments")
def new_comment(call: Call) -> Answer:
    rules.check_body(call.request.body["body"], needed=True)
    comment = call.pull.say(call.writer.login, call.request.body["body"])
    return Answer(201, call.shapes.comment(call.pull, comment))


@writes("PATCH", f"{REPO}/issues/comments/{{comment_id}}")
def edit_comment(call: Call) -> Answer:
    pull, comment = call.issue_comment
    _edit(call, comment)
    return Answer(200, call.shapes.comment(pull, comment))


@writes("DELETE", f"{REPO}/issues/comments/{{comment_id}}")
def drop_comment(call: Call) -> Answer:
    pull, comment = call.issue_comment
    _check_own(call.writer, comment.author)
    pull.remove_comment(comment.id)
    return Answer(204)


def _second_pending() -> RefusedError:
    message = "user_id can only have one pending review per pull request"
    error = {"resource": "PullRequestReview", "code": "custom", "field": "user_id"}
    value = {"message": "Validation Failed", "errors": [error | {"message": message}]}
    return RefusedError(422, value)


def _edit(call: Call, comment: FakeComment) -> None:
    _check_own(call.writer, comment.author)
    rules.check_body(call.request.body["body"], needed=True)
    comment.body, comment.edited = call.request.body["body"], call.forge.next_time()


def _check_own(account: FakeAccount, author: FakeAccount | None) -> None:
    if account is not author:
        raise RefusedError(
            403, {"message": "Must be the author, or have admin rights to Repository."}
        )
