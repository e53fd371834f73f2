"""From the statements of attempts to rows of points: who says what about the same."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import inf

from xreview.disagreement.align import linked
from xreview.disagreement.likeness import OUR_MEASURE, SAME_PROBLEM, Rows, Texts
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import Wording, worded
from xreview.domain.attempt.points import PointKind, PointSaid, StatementPoint
from xreview.domain.attempt.statement import AttemptStatement

_LONGEST = 4_000
"""Characters of a point that count."""

_MOST_OTHERWISE = 0.999
"""The likeness of points that aren't word by word the same: these find each other first."""

_POOLS = (
    (PointKind.HANDLED, PointKind.LEFT_OUT),
    (PointKind.ASSUMPTION, PointKind.QUESTION),
)
"""What is compared with each other: cases with cases, and what is assumed with what is asked."""


def statement_points(statements: Mapping[str, AttemptStatement]) -> tuple[StatementPoint, ...]:
    """Put what attempts say of the same point into one row, by the alignment of findings.

    An attempt has one place in a row: its own points are never the same. First come the points
    where attempts part, then those that only some mention, then those that all share; among these,
    cases before assumptions and questions, in the order of the attempts.

    Args:
        statements: by label, in the order of the labels.
    """
    return _points(tuple(statements.items()))


@lru_cache(maxsize=8)  # a screen asks again whenever it is drawn anew
def _points(statements: tuple[tuple[str, AttemptStatement], ...]) -> tuple[StatementPoint, ...]:
    labels = [label for label, _ in statements]
    said = [one for label, statement in statements for one in _said(label, statement)]
    wordings = [worded(one.text[:_LONGEST]) for one in said]
    vocabulary = Vocabulary(wordings)
    points: list[StatementPoint] = []
    for pool in _POOLS:
        indexes = [index for index, one in enumerate(said) if one.kind in pool]
        pooled = [said[index] for index in indexes]
        rows = _likeness(pooled, [wordings[index] for index in indexes], vocabulary)
        groups = linked(rows, SAME_PROBLEM)
        points += [_point([pooled[at] for at in group], labels) for group in groups]
    return tuple(sorted(points, key=lambda point: _telling(point, labels)))


def _said(label: str, statement: AttemptStatement) -> Iterator[PointSaid]:
    """All points of a statement, each once."""
    kinds = list(PointKind)
    found = [
        *(PointSaid(label, PointKind.HANDLED, case.text, case) for case in statement.handled),
        *(PointSaid(label, PointKind.LEFT_OUT, text) for text in statement.left_out),
        *(PointSaid(label, PointKind.ASSUMPTION, text) for text in statement.assumptions),
        *(PointSaid(label, PointKind.QUESTION, text) for text in statement.questions),
    ]
    once = {(one.kind, one.text): one for one in reversed(found)}
    yield from sorted(once.values(), key=lambda one: (kinds.index(one.kind), found.index(one)))


def _likeness(
    said: Sequence[PointSaid], wordings: Sequence[Wording], vocabulary: Vocabulary
) -> Rows:
    texts = Texts(wordings, vocabulary)
    rows: Rows = [{} for _ in said]
    for i, one in enumerate(said):
        for j, other in enumerate(said[:i]):
            if one.label == other.label:
                alike = -inf  # never one point, whatever joins them
            elif one.text.split() == other.text.split():
                alike = 1.0 if one.kind is other.kind else _MOST_OTHERWISE
            else:
                alike = min(texts.likeness(i, j) ** OUR_MEASURE.power, _MOST_OTHERWISE)
            if alike:
                rows[i][j] = rows[j][i] = alike
    return rows


def _point(said: Sequence[PointSaid], labels: Sequence[str]) -> StatementPoint:
    spoken = {one.label for one in said}
    ordered = sorted(said, key=lambda one: labels.index(one.label))
    return StatementPoint(tuple(ordered), tuple(label for label in labels if label not in spoken))


def _telling(point: StatementPoint, labels: Sequence[str]) -> tuple[object, ...]:
    """The sort key of rows; equal ones stay in the order in which they are said."""
    kinds = list(PointKind)
    first = labels.index(point.said[0].label)
    return (not point.is_parting, point.is_shared, kinds.index(point.kind), first)
