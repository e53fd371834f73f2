"""Estimates unseen problems from who found which ones, as in capture and recapture of animals.

Software inspections have used this since S. Eick et al., "Estimating software fault content before
coding", ICSE 1992; L. Briand et al., "A comprehensive evaluation of capture-recapture models for
estimating software defect content", IEEE Transactions on Software Engineering 26 (2000), 518-540,
compare the estimators. Which one is used for how many readers was chosen by `bench/remaining.py`,
by cross-validation over repositories: see `docs/remaining.md`.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum
from math import ceil, exp, floor, log, sqrt
from typing import NamedTuple

from xreview.domain.record import dataclass

FEWEST_FOUND = 5
FEWEST_SHARED = 2
FEWEST_ALONE = 2
"""With fewer, every estimator says "none", and most often that is wrong."""

_DEVIATIONS = 1.96
_FEW_READERS = 3
_ROUNDING = 1e-9


class Method(StrEnum):
    """An estimator."""

    CHAO1 = "Chao1"
    CHAO2 = "Chao2"
    JACKKNIFE = "first-order jackknife"


class Moments(NamedTuple):
    """The expected number of unseen problems, and the variance of that estimate."""

    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Unseen:
    """How many problems no reader found: the best estimate, and between which numbers it lies.

    `low` and `high` are meant as a 95 % interval; how often they hold is in `docs/remaining.md`.
    """

    likely: float
    low: int
    high: int
    method: Method

    def without(self, known: int) -> "Unseen":
        """The same, where so many of the problems are known from elsewhere."""
        return Unseen(
            max(0.0, self.likely - known),
            max(0, self.low - known),
            max(0, self.high - known),
            self.method,
        )


def unseen_of(captures: Sequence[Collection[str]], readers: Collection[str]) -> Unseen:
    """Return how many problems no reader found; meaningful from the `FEWEST_…` on.

    Args:
        captures: for each problem, which of the readers found it: at least one.
        readers: two or more.

    Raises ValueError if there are fewer than two readers.
    """
    if len(readers) < 2:
        raise ValueError("an estimate needs two readers")
    method = method_for(len(readers))
    if method is Method.JACKKNIFE:
        mean, variance = jackknife(captures, readers)
    else:
        share = 1.0 if method is Method.CHAO1 else 1 - 1 / len(readers)
        mean, variance = chao(captures, share)
    low, high = log_normal(mean, variance)
    return Unseen(mean, floor(low + _ROUNDING), ceil(high - _ROUNDING), method)


def method_for(readers: int) -> Method:
    """Return the estimator for a number of readers."""
    if readers < _FEW_READERS:
        return Method.CHAO1
    return Method.CHAO2 if readers == _FEW_READERS else Method.JACKKNIFE


def chao(captures: Sequence[Collection[str]], share: float) -> Moments:
    """Return Chao's bias-corrected estimate: c f1 (f1 - 1) / (2 (f2 + 1)).

    f1 problems were found by one reader, f2 by two; c is 1 for Chao1, (t - 1) / t for Chao2 with
    t readers. It is a lower bound where problems differ in how easily they are found. A. Chao,
    "Estimating the population size for capture-recapture data with unequal catchability",
    Biometrics 43 (1987), 783-791; the bias correction and its variance as in R. Colwell, EstimateS
    user's guide, appendix B.
    """
    once, twice = _found_by(captures, 1), _found_by(captures, 2)
    mean = share * once * (once - 1) / (2 * (twice + 1))
    if not twice:
        total = len(captures) + mean
        variance = share * once * (once - 1) / 2 + share**2 * once * (2 * once - 1) ** 2 / 4
        return Moments(mean, max(0.0, variance - (share**2 * once**4 / (4 * total) if once else 0)))
    per = twice + 1
    variance = (
        share * once * (once - 1) / (2 * per)
        + share**2 * once * (2 * once - 1) ** 2 / (4 * per**2)
        + share**2 * once**2 * twice * (once - 1) ** 2 / (4 * per**4)
    )
    return Moments(mean, variance)


def jackknife(captures: Sequence[Collection[str]], readers: Collection[str]) -> Moments:
    """Return the first-order jackknife's estimate: f1 (t - 1) / t.

    K. Burnham and W. Overton, "Estimation of the size of a closed population when capture
    probabilities vary among animals", Biometrika 65 (1978), 625-633; the variance as in J. Heltshe
    and N. Forrester, "Estimating species richness using the jackknife procedure", Biometrics 39
    (1983), 1-11: with u_j problems found by reader j alone, (t - 1) / t (sum u_j^2 - f1^2 / t).
    """
    count = len(readers)
    share = (count - 1) / count
    alone = [sum(set(one) == {reader} for one in captures) for reader in readers]
    once = sum(alone)
    spread = sum(number**2 for number in alone) - once**2 / count
    return Moments(share * once, max(0.0, share * spread))


def log_normal(mean: float, variance: float) -> tuple[float, float]:
    """Return the 95 % interval of a number of unseen problems, taken as log-normal.

    It never goes below what was found: mean / c to mean * c, with c = exp(1.96 sqrt(ln(1 +
    variance / mean^2))). Chao 1987, as above.
    """
    if mean <= 0:
        return 0.0, 0.0
    factor = exp(_DEVIATIONS * sqrt(log(1 + variance / mean**2)))
    return mean / factor, mean * factor


def _found_by(captures: Sequence[Collection[str]], count: int) -> int:
    return sum(len(one) == count for one in captures)
