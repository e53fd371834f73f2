"""What would be posted to a pull request, and what was, for people and for programs."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from xreview.domain.identity.anchor import short_form
from xreview.domain.pull.posting import PendingReview, PlannedComment, PostPlacement
from xreview.domain.text import count_of, visible, visible_block

if TYPE_CHECKING:
    from xreview.review.pulls.post_preview import PostPreview
    from xreview.review.pulls.replying import ReplyOutcome, WantedReply

_INDENT = "    "


def preview_lines(preview: "PostPreview") -> Iterator[str]:
    """A preview to read: who posts where, each finding with its place and text, and the notices."""
    address, plan = preview.pull.address, preview.plan
    yield (
        f"{address.shown} at {address.forge.name}, as {visible(preview.account.login)}, "
        f"on {plan.commit[:12]}: {visible(preview.pull.title)}"
    )
    if preview.existing is not None:
        held = count_of(len(preview.existing.comments), "comment")
        whose = "that you began yourself" if preview.adds_to_draft else "from before"
        yield f"There is a pending review {whose}, with {held}: this adds to it."
    for one in plan.comments:
        yield ""
        yield f"{visible(planned_place(one))}{f' ({visible(one.why)})' if one.why else ''}"
        yield from _indented(one.body)
    if plan.comments and preview.existing is None:
        yield ""
        yield "The review's text:"
        yield from _indented(plan.body)
    if plan.already:
        yield ""
        yield f"{count_of(len(plan.already), 'finding')} posted before; not posted again."
    yield from map(visible, preview.notices)
    if preview.is_empty:
        yield "There is nothing to post."


def planned_place(comment: PlannedComment) -> str:
    """Where a comment goes: `a.py:3-5`, `a.py (whole file)`, `a.py (in the text)`; raw."""
    if comment.placement is PostPlacement.FILE:
        return f"{comment.path}, the whole file"
    if comment.placement is PostPlacement.BODY:
        return f"{comment.path}, in the review's text"
    first = f"{comment.start_line}-" if comment.is_range else ""
    side = " before the change" if comment.side.value == "old" else ""
    return f"{comment.path}:{first}{comment.end_line}{side}"


def _indented(text: str) -> Iterator[str]:
    yield from (f"{_INDENT}{line}".rstrip() for line in visible_block(text).split("\n"))


def preview_to_json(preview: "PostPreview") -> dict[str, Any]:
    """A preview for programs; texts are neutralised."""
    plan = preview.plan
    return {
        "pull": preview.pull.address.url,
        "account": visible(preview.account.login),
        "commit": plan.commit,
        "moved": preview.is_moved,
        "needs_consent": preview.needs_consent,
        "existing": pending_to_json(preview.existing) if preview.existing else None,
        "adds_to_draft": preview.adds_to_draft,
        "body": visible_block(plan.body),
        "comments": [_comment_to_json(one) for one in plan.comments],
        "already": [list(subjects) for subjects in plan.already],
        "notices": [visible(one) for one in preview.notices],
    }


def _comment_to_json(comment: PlannedComment) -> dict[str, Any]:
    on_lines = comment.placement is PostPlacement.LINES
    return {
        "fingerprints": list(comment.subjects),
        "placement": comment.placement.value,
        "path": visible(comment.path),
        "side": comment.side.value,
        "start_line": comment.start_line if on_lines else None,
        "end_line": comment.end_line if on_lines else None,
        "body": visible_block(comment.body),
        "why": visible(comment.why),
    }


def pending_to_json(review: PendingReview) -> dict[str, Any]:
    """A pending review for programs."""
    return {
        "id": visible(review.id),
        "url": visible(review.url),
        "commit": visible(review.commit),
        "comments": [
            {"id": visible(one.id), "url": visible(one.url), "fingerprint": one.marker}
            for one in review.comments
        ],
    }


def pending_lines(review: PendingReview, notices: Sequence[str]) -> Iterator[str]:
    """A pending review after it was posted, and what to do next."""
    held = count_of(len(review.comments), "comment")
    yield f"The review is pending, with {held} on the diff: {visible(review.url)}"
    yield from map(visible, notices)
    yield (
        "Only you see it. Publish it with `xreview-tui post --submit comment` (or request-changes, "
        "approve), or delete it with `--discard`."
    )


def wanted_lines(wanted: "WantedReply") -> Iterator[str]:
    """A reply that would be posted."""
    finding, root = wanted.finding, wanted.thread.root
    name = visible(short_form(finding.fingerprint))
    to = f"{visible(root.author.login)}, {visible(root.url)}"
    yield f"{name}  {visible(finding.lead.title)}  to {to}"
    yield from _indented(wanted.text)


def outcome_line(outcome: "ReplyOutcome") -> str:
    """What became of a reply."""
    name = visible(short_form(outcome.wanted.finding.fingerprint))
    if outcome.comment is None:
        return f"not posted  {name}  {visible(outcome.why)}"
    if outcome.why:
        return f"not seen    {name}  {visible(outcome.why)}"
    return f"posted      {name}  {visible(outcome.comment.url)}"


def outcome_to_json(outcome: "ReplyOutcome") -> dict[str, Any]:
    """What became of a reply, for programs."""
    comment = outcome.comment
    return {
        "fingerprint": outcome.wanted.finding.fingerprint,
        "thread": visible(outcome.wanted.thread.id),
        "text": visible_block(outcome.wanted.text),
        "comment": visible(comment.id) if comment else None,
        "url": visible(comment.url) if comment else None,
        "why": visible(outcome.why),
    }
