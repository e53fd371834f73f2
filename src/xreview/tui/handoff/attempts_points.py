"""The points where attempts part, as rows of their table."""

from collections.abc import Sequence

from xreview.disagreement.points import statement_points
from xreview.domain.attempt.points import StatementPoint
from xreview.review.attempts.snapshot import TrialSnapshot
from xreview.tui.widgets.attempts.points_text import Parting, PointCell, PointRow


def aligned_points(trial: TrialSnapshot) -> Sequence[PointRow]:
    """Align what is said of the attempts, as reports are aligned to findings."""
    said = {one.label: one.statement for one in trial.attempts if one.statement}
    return [PointRow(_parting(point, len(said)), _cells(point)) for point in statement_points(said)]


def _parting(point: StatementPoint, statements: int) -> Parting:
    if statements == 1:
        return Parting.ALONE
    if point.is_parting:
        return Parting.APART
    return Parting.SHARED if point.is_shared else Parting.SOME


def _cells(point: StatementPoint) -> dict[str, PointCell]:
    return {one.label: PointCell(one.kind.value, one.text, one.case) for one in point.said}
