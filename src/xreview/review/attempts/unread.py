"""What no reviewer read of an attempt, in words: nothing unread may look clean."""

from collections.abc import Sequence

from xreview.review.session.snapshot import ReviewSnapshot

MOST_SENTENCES = 10
_MOST_PATHS = 3


def unread_in(snapshot: ReviewSnapshot, trouble: str = "") -> tuple[str, ...]:
    """A sentence for each reason why something wasn't read, raw; () if all was.

    Args:
        snapshot: at the end of the review.
        trouble: why the models couldn't be chosen, or the review was broken off; "" for neither.
    """
    told = [trouble] if trouble else []
    paths: dict[tuple[str, str], list[str]] = {}
    for gap in snapshot.gaps:
        paths.setdefault((gap.reviewer, gap.why), []).append(gap.path or "part of the change")
    told += [
        f"{reviewer or 'Nobody'} did not read {_named(own)}: {why.rstrip('.')}."
        for (reviewer, why), own in paths.items()
    ]
    said = {reviewer for reviewer, _ in paths}
    told += [
        f"{name} did not finish: {why.rstrip('.')}."
        for name, why in snapshot.failures.items()
        if name not in said
    ]
    if not told and not snapshot.is_complete:
        told.append(snapshot.account.words)
    if (more := len(told) - MOST_SENTENCES) > 0:
        told[MOST_SENTENCES:] = [f"{more:,} more gaps: open the attempt's review to see them."]
    return tuple(told)


def _named(paths: Sequence[str]) -> str:
    more = len(paths) - _MOST_PATHS
    shown = ", ".join(paths[:_MOST_PATHS])
    return f"{shown} and {more:,} more" if more > 0 else shown
