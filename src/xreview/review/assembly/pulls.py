"""The way back to the pull request of a running review."""

from xreview.domain.errors import UsageError
from xreview.domain.pull.address import parse_pull_url
from xreview.review.assembly.running import RunningReview
from xreview.review.pulls.access import forge_for
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.post_consent import PostConsents
from xreview.review.pulls.posting import Posting
from xreview.review.pulls.pull_forge import pull_events_in
from xreview.review.record.document import session_entries
from xreview.review.session.surroundings import now


def posting_for(review: RunningReview) -> Posting:
    """Return what posts the findings of a review to its pull request.

    Raises UsageError if the change isn't a pull request.
    """
    session, options = review.session, review.options
    source = review.change.source
    if not source.pull:
        raise UsageError(
            "This change isn't a pull request.", "Open one with P, or `xreview-tui --pr URL`."
        )
    address = parse_pull_url(source.pull)
    return Posting(
        PostPlace(
            address,
            source.head or "",
            lambda: forge_for(address.forge, options),
            lambda findings: session_entries(session.snapshot, findings),
            lambda: pull_events_in(options.journal, source.pull),
            session.write_local,
            PostConsents(options.folders.state),
            now,
        )
    )
