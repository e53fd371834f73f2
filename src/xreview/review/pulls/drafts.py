"""A pending review as it is read back: whose it is, and whether all of a plan is in it."""

from collections.abc import Sequence

from xreview.domain.pull.discussion import Discussion
from xreview.domain.pull.marker import REVIEW_MARKER, markers_in
from xreview.domain.pull.posting import PendingReview, PlannedComment, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.text import count_of
from xreview.review.pulls.wording import quiet_lines


def is_wholly_ours(pending: PendingReview) -> bool:
    """Whether this program wrote all comments in it."""
    return pending.is_ours and all(one.marker for one in pending.comments)


def not_there(plan: ReviewPlan, read: PendingReview) -> tuple[PlannedComment, ...]:
    """The comments of a plan that a forge accepted, and that aren't in the review."""
    there = {one.marker for one in read.comments}
    return tuple(one for one in plan.inline if one.subjects[0] not in there)


def missing_words(plan: ReviewPlan, read: PendingReview) -> tuple[str, ...]:
    """A sentence about the comments that aren't in the review; () if all are."""
    missing = not_there(plan, read)
    if not missing:
        return ()
    kept = f"{len(plan.inline) - len(missing)} of {count_of(len(plan.inline), 'comment')}"
    return (f"The forge shows {kept}; not there: {_places(missing)}. Post again to add them.",)


def _places(comments: Sequence[PlannedComment]) -> str:
    return ", ".join(f"{one.path}:{one.end_line}" if one.end_line else one.path for one in comments)


def submitted_text(body: str, said: Discussion, pending: PendingReview) -> str:
    """The text of a review when it is submitted: what the user says, then what it had before."""
    kept = next((one.body for one in said.reviews if one.id == pending.id), "")
    return f"{quiet_lines(body)}\n\n{kept.strip() or REVIEW_MARKER}"


def unseen_words(
    said: Discussion, pending: PendingReview, account: ForgeAccount
) -> tuple[str, ...]:
    """A sentence about the comments of a submitted review that aren't visible; () if all are."""
    comments = [one for thread in said.published().threads for one in thread.comments]
    seen = {name for one in comments if one.author.key == account.key
            for name in markers_in(one.body)}  # fmt: skip
    lost = [one for one in pending.comments if one.marker and one.marker not in seen]
    if not lost:
        return ()
    total = count_of(len(pending.comments), "comment")
    return (
        f"{len(lost)} of {total} of the review can't be seen at the forge. Look at its page; "
        "what isn't there can be posted again.",
    )
