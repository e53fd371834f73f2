"""What it says about two reports of one file that they point where they point.

Place alone makes nothing the same problem: two rules meet on a line, and so do two complaints about
one careless call. It keeps apart what only sounds alike, and lets a conflict be found.
"""

from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Report, ReviewerKind

_OVERLAPPING = 1.1
_FAR = 0.5
_NEAR_LINES = 10
"""What a likeness of texts is multiplied by; measured by `bench/disagreement.py`, which says how
rough that measure is. Reports without a certain place are neither here nor there: 1."""


def place_counts(left: Report, right: Report) -> float:
    """What the likeness of two texts is to be multiplied by, for where they stand. 0 for never.

    An analyser's place is exact, so one of its reports is about those lines and no others, and two
    reports of one engine are two problems. A model may point at any line that shows the problem.
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
    """Whether it is certain where a report points."""
    return report.anchored and bool(report.anchor.path)


def meet(left: Report, right: Report) -> bool:
    """Whether two reports certainly point at the same lines."""
    return has_place(left) and has_place(right) and left.anchor.overlaps(right.anchor)


def points_elsewhere(left: Report, right: Report) -> bool:
    """Whether two reports certainly point at different lines."""
    return has_place(left) and has_place(right) and not left.anchor.overlaps(right.anchor)


def is_near(left: Anchor, right: Anchor) -> bool:
    """Whether two places of one file are within a few lines of each other, or in one block."""
    if left.side is not right.side:
        return True  # line numbers of two sides can't be compared
    outline = left.context.outline
    if outline and outline == right.context.outline:
        return True
    gap = max(left.start_line, right.start_line) - min(left.end_line, right.end_line)
    return gap <= _NEAR_LINES
