"""What the places of two reports in one file say about their likeness.

Place alone doesn't make two reports one problem: different problems meet on one line. It separates
reports that only sound alike, and reveals conflicts.
"""

from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Report, ReviewerKind

_OVERLAPPING = 1.1
_FAR = 0.5
_NEAR_LINES = 10
"""Factors for the likeness of texts, measured by `bench/disagreement.py`, which says how roughly.
Without a certain place, the factor is 1."""


def place_counts(left: Report, right: Report) -> float:
    """The factor for the likeness of two texts, by place.

    An analyser's place is exact, so its report is only about those lines, and two reports of one
    engine are two problems. A model can point at any line that shows the problem.
    """
    if ReviewerKind.ANALYSER in (left.reviewer.kind, right.reviewer.kind):
        is_apart = left.reviewer.family != right.reviewer.family
        return _OVERLAPPING if is_apart and left.anchor.overlaps(right.anchor) else 0.0
    if not has_place(left) or not has_place(right):
        return 1.0
    if left.anchor.overlaps(right.anchor):
        return _OVERLAPPING
    return 1.0 if is_near(left.anchor, right.anchor) else _FAR


def has_place(report: Report) -> bool:
    """Whether the place of a report is certain."""
    return report.anchored and bool(report.anchor.path)


def meet(left: Report, right: Report) -> bool:
    """Whether two reports certainly point at the same lines."""
    return has_place(left) and has_place(right) and left.anchor.overlaps(right.anchor)


def points_elsewhere(left: Report, right: Report) -> bool:
    """Whether two reports certainly point at different lines."""
    return has_place(left) and has_place(right) and not left.anchor.overlaps(right.anchor)


def is_near(left: Anchor, right: Anchor) -> bool:
    """Whether two places in one file are within a few lines of each other, or in one block."""
    if left.side is not right.side:
        return True  # line numbers of two sides can't be compared
    outline = left.context.outline
    if outline and outline == right.context.outline:
        return True
    gap = max(left.start_line, right.start_line) - min(left.end_line, right.end_line)
    return gap <= _NEAR_LINES
