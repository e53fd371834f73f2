"""GitHub's mutations in GraphQL, under the same rules as REST."""

from collections.abc import Callable
from typing import Any

from tests.fakes.forge_server.github import rules
from tests.fakes.forge_server.github.graph_query import find_node
from tests.fakes.forge_server.github.graph_shapes import GraphShapes, Shape
from tests.fakes.forge_server.github.graph_values import GraphRefusedError
from tests.fakes.forge_server.state import (
    FakeAccount,
    FakeComment,
    FakePull,
    FakeReview,
    FakeThread,
)

_EVENTS = {"APPROVE", "REQUEST_CHANGES", "COMMENT"}


class Mutations:
    """The resolvers, for one who asks."""

    def __init__(self, shapes: GraphShapes) -> None:
        self._shapes = shapes
        self._forge = shapes.forge
        self._me: FakeAccount = shapes.viewer

    def members(self) -> dict[str, Callable[..., Shape]]:
        return {
            "addComment": self._guarded(self._add_comment),
            "addPullRequestReview": self._guarded(self._add_review),
            "addPullRequestReviewThread": self._guarded(self._add_thread),
            "addPullRequestReviewThreadReply": self._guarded(self._add_reply),
            "deleteIssueComment": self._guarded(self._delete_comment),
            "deletePullRequestReview": self._guarded(self._delete_review),
            "deletePullRequestReviewComment": self._guarded(self._delete_line_comment),
            "resolveReviewThread": self._guarded(self._resolve),
            "submitPullRequestReview": self._guarded(self._submit),
            "unresolveReviewThread": self._guarded(self._unresolve),
            "updateIssueComment": self._guarded(self._update_comment),
            "updatePullRequestReview": self._guarded(self._update_review),
            "updatePullRequestReviewComment": self._guarded(self._update_line_comment),
        }

    def _guarded(self, mutation: Callable[[Shape], Shape]) -> Callable[..., Shape]:
        def resolve(_: Any, input: Shape) -> Shape:
            if not self._me.can_write:
                message = "Resource not accessible by personal access token"
                raise GraphRefusedError("FORBIDDEN", message)
            try:
                return mutation(input) | {"clientMutationId": input.get("clientMutationId")}
            except rules.RuleError as error:
                raise GraphRefusedError("UNPROCESSABLE", str(error)) from None

        return resolve

    def _add_comment(self, given: Shape) -> Shape:
        pull = self._pull(given["subjectId"])
        rules.check_body(given["body"], needed=True)
        comment = pull.say(self._me.login, given["body"])
        return {"commentEdge": {"node": self._shapes.comment(pull, comment), "cursor": "c"}}

    def _add_review(self, given: Shape) -> Shape:
        pull = self._pull(given["pullRequestId"])
        event = given.get("event")
        if event not in (None, *_EVENTS):
            raise rules.RuleError("A new review can't be dismissed")
        if given.get("comments"):
            raise rules.RuleError("The double knows no positions in the diff: give threads")
        spots = [_spot(entry) for entry in given.get("threads") or ()]
        commit = given.get("commitOID") or pull.head
        review = rules.new_review(pull, self._me, given.get("body") or "", commit, event, spots)
        return {"pullRequestReview": self._shapes.review(pull, review)}

    def _add_thread(self, given: Shape) -> Shape:
        """A line that isn't in the diff gives no thread and no error, or one that is lost later."""
        if identity := given.get("pullRequestReviewId"):
            pull, review = self._review(identity)
        else:
            pull = self._pull(given["pullRequestId"])
            review = pull.pending_of(self._me) or pull.review(self._me.login, "", "PENDING")
        if review.state != "PENDING":
            raise rules.RuleError("The review isn't pending")
        spot = _spot(given)
        rules.check_body(spot.body, needed=True)
        try:
            rules.check_spot(pull, review.commit, spot)
        except rules.RuleError:
            if not self._forge.comments_dropped_at_submit:
                return {"thread": None}
        thread = rules.add_thread(pull, review, review.commit, spot)
        thread.is_added = True
        return {"thread": self._shapes.thread(thread)}

    def _add_reply(self, given: Shape) -> Shape:
        thread = self._thread(given["pullRequestReviewThreadId"])
        comment = rules.reply(thread.pull, thread, self._me, given["body"])
        return {"comment": self._shapes.line_comment(thread, comment)}

    def _delete_comment(self, given: Shape) -> Shape:
        pull, comment = self._own_pair(given["id"], FakePull)
        pull.remove_comment(comment.id)
        return {}

    def _delete_review(self, given: Shape) -> Shape:
        pull, review = self._review(given["pullRequestReviewId"])
        if review.state != "PENDING":
            raise rules.RuleError("Can not delete a non-pending pull request review")
        shape = self._shapes.review(pull, review)
        pull.remove_review(review)
        return {"pullRequestReview": shape}

    def _delete_line_comment(self, given: Shape) -> Shape:
        thread, comment = self._own_pair(given["id"], FakeThread)
        shape = self._shapes.line_comment(thread, comment)
        thread.pull.remove_comment(comment.id)
        return {"pullRequestReviewComment": shape}

    def _resolve(self, given: Shape) -> Shape:
        thread = self._resolvable(given["threadId"])
        thread.resolver = self._me
        return {"thread": self._shapes.thread(thread)}

    def _unresolve(self, given: Shape) -> Shape:
        thread = self._resolvable(given["threadId"])
        thread.resolver = None
        return {"thread": self._shapes.thread(thread)}

    def _submit(self, given: Shape) -> Shape:
        if identity := given.get("pullRequestReviewId"):
            pull, review = self._review(identity)
        else:
            pull = self._pull(given["pullRequestId"])
            review = pull.pending_of(self._me)
            if review is None:
                raise GraphRefusedError("NOT_FOUND", "There is no pending review.")
        if given["event"] not in _EVENTS:
            raise rules.RuleError("A pending review can't be dismissed")
        rules.submit(pull, review, given["event"], given.get("body") or "")
        return {"pullRequestReview": self._shapes.review(pull, review)}

    def _update_comment(self, given: Shape) -> Shape:
        pull, comment = self._own_pair(given["id"], FakePull)
        self._edit(comment, given["body"])
        return {"issueComment": self._shapes.comment(pull, comment)}

    def _update_review(self, given: Shape) -> Shape:
        pull, review = self._review(given["pullRequestReviewId"])
        rules.check_body(given["body"], needed=False)
        review.body = given["body"]
        return {"pullRequestReview": self._shapes.review(pull, review)}

    def _update_line_comment(self, given: Shape) -> Shape:
        thread, comment = self._own_pair(given["pullRequestReviewCommentId"], FakeThread)
        self._edit(comment, given["body"])
        return {"pullRequestReviewComment": self._shapes.line_comment(thread, comment)}

    def _edit(self, comment: FakeComment, body: str) -> None:
        rules.check_body(body, needed=True)
        comment.body, comment.edited = body, self._forge.next_time()

    def _node(self, identity: str) -> Any:
        return find_node(self._forge, identity, self._me)

    def _pull(self, identity: str) -> FakePull:
        return self._of(FakePull, self._node(identity))

    def _thread(self, identity: str) -> FakeThread:
        return self._of(FakeThread, self._node(identity))

    def _review(self, identity: str) -> tuple[FakePull, FakeReview]:
        """A review of the account's own."""
        pull, review = self._own_pair(identity, FakePull)
        return pull, self._of(FakeReview, review)

    def _own_pair(self, identity: str, owner: type) -> Any:
        pair = self._node(identity)
        if not isinstance(pair, tuple) or not isinstance(pair[0], owner):
            raise GraphRefusedError(
                "NOT_FOUND", f"Could not resolve to a node of this kind: {identity}"
            )
        if pair[1].author is not self._me:
            message = f"{self._me.login} does not have the correct permissions to execute this."
            raise GraphRefusedError("FORBIDDEN", message)
        return pair

    def _resolvable(self, identity: str) -> FakeThread:
        thread = self._thread(identity)
        if not (self._me.can_push or thread.pull.author is self._me):
            message = f"{self._me.login} does not have the correct permissions to execute this."
            raise GraphRefusedError("FORBIDDEN", message)
        return thread

    def _of(self, kind: type, thing: Any) -> Any:
        if not isinstance(thing, kind):
            raise GraphRefusedError("NOT_FOUND", f"Could not resolve to a {kind.__name__}.")
        return thing


def _spot(given: Shape) -> rules.Spot:
    return rules.Spot(
        given["path"],
        given["body"],
        given.get("line"),
        given.get("side") or "RIGHT",
        given.get("startLine"),
        given.get("startSide"),
        given.get("subjectType") == "FILE",
    )
