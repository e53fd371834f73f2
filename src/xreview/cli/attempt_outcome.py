"""What an attempt came to, for the exit code."""

from xreview.domain.fixing.tampering import tampering_is_certain
from xreview.review.attempts.snapshot import AttemptSnapshot


def is_usable(attempt: AttemptSnapshot) -> bool:
    """Whether it is written, reviewed in full, and passes all checks, weakening none."""
    passes = attempt.facts.is_green or not attempt.checks
    return (
        attempt.is_reviewed
        and bool(attempt.files)
        and passes
        and not tampering_is_certain(attempt.tampering)
    )


def is_complete(attempt: AttemptSnapshot) -> bool:
    """Whether nothing about it is unknown: it is reviewed in full, or changed nothing."""
    from xreview.review.attempts.attempt_run import NO_CHANGE

    return attempt.is_reviewed or (not attempt.files and attempt.why == NO_CHANGE)
