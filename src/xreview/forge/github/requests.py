"""What is written to GitHub, as JSON. Each is checked against GitHub's description by a test."""

from collections.abc import Sequence

from xreview.domain.change import Side
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.posting import PlannedComment, PostPlacement, ReviewPlan

_EVENTS = {
    ReviewVerdict.COMMENT: "COMMENT",
    ReviewVerdict.REQUEST_CHANGES: "REQUEST_CHANGES",
    ReviewVerdict.APPROVE: "APPROVE",
}
_SIDES = {Side.OLD: "LEFT", Side.NEW: "RIGHT"}

JsonBody = dict[str, object]


def on_lines(comments: Sequence[PlannedComment]) -> tuple[PlannedComment, ...]:
    """Those on lines: a review can be created with them only."""
    return tuple(one for one in comments if one.placement is PostPlacement.LINES)


def on_files(comments: Sequence[PlannedComment]) -> tuple[PlannedComment, ...]:
    """Those on whole files, which are added one by one."""
    return tuple(one for one in comments if one.placement is PostPlacement.FILE)


def review_body(plan: ReviewPlan) -> JsonBody:
    """The body of `POST …/pulls/N/reviews`: without an event, the review is pending."""
    comments = [_line_comment(one) for one in on_lines(plan.comments)]
    return {"commit_id": plan.commit, "body": plan.body, "comments": comments}


def thread_input(review: str, comment: PlannedComment) -> JsonBody:
    """The input of `addPullRequestReviewThread`; `review` is the node id of the review."""
    head: JsonBody = {
        "pullRequestReviewId": review,
        "path": comment.path,
        "body": comment.body,
    }
    if comment.placement is PostPlacement.FILE:
        return {**head, "subjectType": "FILE"}
    side = _SIDES[comment.side]
    lines: JsonBody = {"line": comment.end_line, "side": side, "subjectType": "LINE"}
    if comment.is_range:
        lines |= {"startLine": comment.start_line, "startSide": side}
    return {**head, **lines}


def submit_body(verdict: ReviewVerdict, body: str) -> JsonBody:
    """The body of `POST …/reviews/ID/events`; without a text the review keeps its own."""
    event: JsonBody = {"event": _EVENTS[verdict]}
    return {**event, "body": body} if body else event


def description_body(body: str, title: str) -> JsonBody:
    """The body of `PATCH …/pulls/N`; a title that is "" stays."""
    return {"body": body, "title": title} if title else {"body": body}


def _line_comment(comment: PlannedComment) -> JsonBody:
    side = _SIDES[comment.side]
    value: JsonBody = {
        "path": comment.path,
        "body": comment.body,
        "line": comment.end_line,
        "side": side,
    }
    if comment.is_range:
        value |= {"start_line": comment.start_line, "start_side": side}
    return value
