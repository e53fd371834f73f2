"""The points that attempts' statements make: what one says, beside what others say of the same."""

from enum import StrEnum
from functools import cached_property

from xreview.domain.attempt.statement import EdgeCase
from xreview.domain.record import dataclass


class PointKind(StrEnum):
    """What a statement says of a point."""

    HANDLED = "handled"
    LEFT_OUT = "left out"
    ASSUMPTION = "assumption"
    QUESTION = "question"


OPPOSITES = {
    PointKind.HANDLED: PointKind.LEFT_OUT,
    PointKind.LEFT_OUT: PointKind.HANDLED,
    PointKind.ASSUMPTION: PointKind.QUESTION,
    PointKind.QUESTION: PointKind.ASSUMPTION,
}
"""What one attempt may do and another not: handle a case or leave it out, assume or ask."""


@dataclass(frozen=True, slots=True)
class PointSaid:
    """What one attempt says of a point, in the words of its statement, raw.

    `case` is the edge case with its place, for one that is handled.
    """

    label: str
    kind: PointKind
    text: str
    case: EdgeCase | None = None


@dataclass(frozen=True)
class StatementPoint:
    """A point with everything that is said of it.

    Args:
        said: in the order of the attempts; of an attempt at most one.
        silent: the attempts with a statement that doesn't mention it.
    """

    said: tuple[PointSaid, ...]
    silent: tuple[str, ...] = ()

    @cached_property
    def by_label(self) -> dict[str, PointSaid]:
        """What each attempt says."""
        return {one.label: one for one in self.said}

    @cached_property
    def kind(self) -> PointKind:
        """The kind of the row: the first in `PointKind` of what is said."""
        kinds = {one.kind for one in self.said}
        return next(kind for kind in PointKind if kind in kinds)

    @property
    def is_parting(self) -> bool:
        """Whether some handle what others leave out, or assume what others would have asked."""
        return OPPOSITES[self.kind] in {one.kind for one in self.said}

    @property
    def is_shared(self) -> bool:
        """Whether all say the same kind of thing about it."""
        return not self.is_parting and not self.silent
