"""The estimators that are compared: the shipped ones, and what they were chosen from."""

from collections.abc import Callable, Mapping, Sequence
from math import inf, prod

from recapture.cases import Case

from xreview.domain.remaining.estimating import Moments, chao, jackknife, log_normal

Range = tuple[float, float, float]
"""How many are left: expected, at least, at most."""

Estimator = Callable[[Case], Range]


def nothing(_: Case) -> Range:
    return 0, 0, 0


def as_many_again(case: Case) -> Range:
    found = len(case.captures)
    return found, 0, 2 * found


def lincoln_petersen(case: Case) -> Moments:
    """Chapman's form and Seber's variance, for two readers."""
    first, second = (_found(case, reader) for reader in case.readers)
    both = sum(len(by) > 1 for by in case.captures)
    total = (first + 1) * (second + 1) / (both + 1) - 1
    spread = (first + 1) * (second + 1) * (first - both) * (second - both)
    return Moments(total - len(case.captures), spread / ((both + 1) ** 2 * (both + 2)))


def darroch(case: Case) -> Moments:
    """Maximum likelihood of Mt, readers that differ and problems that don't: the root of
    1 - S / N = prod(1 - n_j / N), by bisection."""
    counts, found = [_found(case, reader) for reader in case.readers], len(case.captures)
    if sum(counts) <= found:
        return Moments(inf, inf)
    if max(counts) == found:
        return Moments(0, 0)

    def excess(total: float) -> float:
        return 1 - found / total - prod(1 - count / total for count in counts)

    low, high = found + 1e-9, found + 1.0
    while excess(high) < 0:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) < 0 else (low, middle)
    unseen = prod(1 - count / high for count in counts)
    spread = 1 / unseen + len(counts) - 1 - sum(1 / (1 - count / high) for count in counts)
    return Moments(high - found, high / spread if spread > 0 else 0)


def second_jackknife(case: Case) -> Moments:
    """Burnham and Overton's second order."""
    readers = len(case.readers)
    if readers < 3:
        return jackknife(case.captures, case.readers)
    counts = [sum(len(by) == number for by in case.captures) for number in range(readers + 1)]
    first = (2 * readers - 3) / readers
    second = (readers - 2) ** 2 / (readers * (readers - 1))
    mean = first * counts[1] - second * counts[2]
    weights = [0, 1 + first, 1 - second, *([1] * (readers - 2))]
    squares = sum(weight**2 * count for weight, count in zip(weights, counts, strict=True))
    return Moments(max(0, mean), max(0, squares - len(case.captures) - mean))


def _found(case: Case, reader: str) -> int:
    return sum(reader in by for by in case.captures)


def _with_interval(estimate: Callable[[Case], Moments]) -> Estimator:
    def ranged(case: Case) -> Range:
        mean, variance = estimate(case)
        return (mean, 0, inf) if mean == inf else (mean, *log_normal(mean, variance))

    return ranged


def _chao2(case: Case) -> Moments:
    return chao(case.captures, 1 - 1 / len(case.readers))


ESTIMATORS: Mapping[str, Estimator] = {
    "Chao1": _with_interval(lambda case: chao(case.captures, 1)),
    "Chao2": _with_interval(_chao2),
    "first-order jackknife": _with_interval(lambda case: jackknife(case.captures, case.readers)),
    "second-order jackknife": _with_interval(second_jackknife),
    "Darroch Mt": _with_interval(darroch),
    "Chapman": _with_interval(lincoln_petersen),
}
BASELINES: Mapping[str, Estimator] = {"nothing is left": nothing, "as many again": as_many_again}


def names_for(readers: int) -> Sequence[str]:
    return [name for name in ESTIMATORS if name != "Chapman" or readers == 2]
