"""The way back to the pull request of a running review."""

from xreview.review.assembly.running import RunningReview
from xreview.review.pulls.posting import Posting


def posting_for(review: RunningReview) -> Posting:
    """Return what posts the findings of a review to its pull request.

    Raises UsageError if the change isn't a pull request.
    """
    raise NotImplementedError
