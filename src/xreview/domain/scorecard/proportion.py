"""A share with its denominator, and how far to trust it."""

from math import sqrt
from typing import NamedTuple

from xreview.domain.record import dataclass

FEWEST = 10
"""Fewer decisions than this aren't enough to tell a share."""

_DEVIATIONS = 1.96
"""Standard deviations on either side of the mean that hold 95 % of a normal distribution."""


class Interval(NamedTuple):
    """Where a share lies with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `of`."""

    count: int
    of: int

    @property
    def fraction(self) -> float | None:
        """Between 0 and 1; None if `of` is 0."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """The Wilson score interval, which holds for few decisions as well; None if `of` is 0.

        E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
        Journal of the American Statistical Association 22 (1927), 209-212.
        """
        if not self.of:
            return None
        spread = _DEVIATIONS**2 / self.of
        share = self.count / self.of
        middle = share + spread / 2
        reach = sqrt(spread * share * (1 - share) + spread**2 / 4)
        low = (middle - reach) / (1 + spread) if self.count else 0.0
        high = (middle + reach) / (1 + spread) if self.count < self.of else 1.0
        return Interval(low, high)

    @property
    def is_thin(self) -> bool:
        """Whether it is based on too few decisions."""
        return self.of < FEWEST
