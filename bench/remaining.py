"""How far to trust the number of problems that no reader found, on pull requests with known issues.

    python bench/remaining.py [--data DIR] [--largest 5]

`DIR` is in the form of ../shared/data/crb: per pull request, what up to 15 review tools said and
which verified issues that matches. Some of the tools are taken as the readers, all choices or 120
drawn with a fixed seed; the rest is hidden. Two measures of what is there: the verified issues of
three pull requests of one repository read as one (a single one has one to five), and all that any
tool said on one pull request, right or wrong. Neither is complete: the makers verified what they
knew of, and all tools together miss things; so what is really left is more than is counted here.

The estimator for a number of readers is the one with the best interval score (T. Gneiting and A.
Raftery, JASA 102 (2007), 359-378: width, plus 40 times what lies outside, over the number there
is), summed over both measures, on the other repositories. Baselines of the same run: "nothing is
left", and "as many again" (between none and twice what was found). Every pull request counts alike.
Exit code 1 if what is shipped scores more than a tenth worse than the best.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor, inf
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from alignment.fixtures import SHARED
from recapture.cases import Case, known_cases, read_pulls, said_cases
from recapture.estimators import BASELINES, ESTIMATORS, Estimator, names_for

from xreview.domain.remaining.estimating import (
    FEWEST_ALONE,
    FEWEST_FOUND,
    FEWEST_SHARED,
    method_for,
)

MINIMA = ((1, 0, 0), (3, 1, 0), (5, 1, 1), (FEWEST_FOUND, FEWEST_SHARED, FEWEST_ALONE))
MEASURES = ("known issues", "all that was said")
Measured = dict[str, list[Case]]


def enough(case: Case, minimum: tuple[int, int, int]) -> bool:
    shared = sum(len(by) > 1 for by in case.captures)
    found = len(case.captures)
    return found >= minimum[0] and shared >= minimum[1] and found - shared >= minimum[2]


def score(estimator: Estimator, case: Case) -> float:
    _, low, high = rounded(estimator, case)
    outside = max(0, low - case.left, case.left - high)
    return (min(high, 9999) - low + 40 * outside) / case.there


def rounded(estimator: Estimator, case: Case) -> tuple[float, float, float]:
    mean, low, high = estimator(case)
    return mean, floor(low + 1e-9), high if high == inf else ceil(high - 1e-9)


def mean_over(cases: Iterable[Case], figure: Callable[[Case], float]) -> float:
    """The mean in which every pull request counts alike."""
    by_unit: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for case in cases:
        by_unit[case.unit].append(figure(case))
    means = [sum(one) / len(one) for one in by_unit.values()]
    return sum(means) / len(means) if means else float("nan")


def row(name: str, estimator: Estimator, cases: Sequence[Case]) -> str:
    mean = mean_over(cases, lambda case: min(99, estimator(case)[0]) - case.left)
    errors = median(abs(min(99, estimator(case)[0]) - case.left) for case in cases)
    held = mean_over(cases, lambda case: holds(estimator, case))
    low = mean_over(cases, lambda case: rounded(estimator, case)[1] <= case.left)
    width = mean_over(cases, lambda case: min(99, rounded(estimator, case)[2]))
    worth = mean_over(cases, lambda case: score(estimator, case))
    return f"    {name:24s}{mean:+7.2f}{errors:8.2f}{held:9.2f}{low:9.2f}{width:9.1f}{worth:9.2f}"


def holds(estimator: Estimator, case: Case) -> bool:
    _, low, high = rounded(estimator, case)
    return low <= case.left <= high


_CLOSE = 0.1
"""Scores that differ by less are taken for equal: the folds then choose now one, now the other."""


def chosen(measured: Measured, readers: int, without: str) -> str:
    """The estimator that scores best on the other repositories."""
    return min(names_for(readers), key=lambda name: total(measured, name, without))


def total(measured: Measured, name: str, without: str = "") -> float:
    """An estimator's score over both measures, on all but one repository."""
    others = ([one for one in cases if one.repository != without] for cases in measured.values())
    return sum(mean_over(some, lambda one: score(ESTIMATORS[name], one)) for some in others)


def table(measured: Measured, readers: int) -> bool:
    print(f"\n{readers} readers")
    shipped = method_for(readers).value
    said: Measured = {}
    for measure, cases in measured.items():
        said[measure] = [one for one in cases if enough(one, MINIMA[-1])]
        some = said[measure]
        share = mean_over(cases, lambda one: enough(one, MINIMA[-1]))
        found, left = (
            mean_over(some, lambda one: len(one.captures)),
            mean_over(some, lambda one: one.left),
        )
        print(
            f"  {measure}: {len(some)} of {len(cases)} choices of tools say enough "
            f"({share:.0%}, each pull request alike); {found:.1f} found, {left:.1f} left"
        )
        print("                               bias  median    covers   low end  up to    score")
        print("                                      error             right")
        for name in names_for(readers):
            print(row(f"{name} *" if name == shipped else name, ESTIMATORS[name], some))
        for name, estimator in BASELINES.items():
            print(row(name, estimator, some))
    repositories = sorted({one.repository for cases in said.values() for one in cases})
    folds = {one: chosen(said, readers, without=one) for one in repositories}
    for measure, cases in said.items():
        held = mean_over(cases, lambda one: holds(ESTIMATORS[folds[one.repository]], one))
        print(f"  chosen on the other repositories: covers {held:.2f} of {measure}")
    votes = Counter(folds.values())
    print(f"  chosen: {', '.join(f'{name} {count}' for name, count in votes.most_common())}")
    best = min(total(said, name) for name in names_for(readers))
    return total(said, shipped) <= best * (1 + _CLOSE)


def minimum_table(measured: Measured, readers: int) -> None:
    estimator = ESTIMATORS[method_for(readers).value]
    print(f"\n{readers} readers, {method_for(readers)}: what the minimum is for")
    print("    found shared alone    measure               says   covers   up to")
    for minimum in MINIMA:
        for measure, cases in measured.items():
            some = [one for one in cases if enough(one, minimum)]
            share = mean_over(cases, lambda one, at=minimum: enough(one, at))
            held = mean_over(some, lambda one: holds(estimator, one))
            width = mean_over(some, lambda one: rounded(estimator, one)[2])
            print(
                f"    {minimum[0]:5d}{minimum[1]:7d}{minimum[2]:6d}    {measure:20s}{share:6.0%}"
                f"{held:9.2f}{width:8.1f}"
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=SHARED / "crb")
    parser.add_argument("--largest", type=int, default=5)
    given = parser.parse_args()
    if not given.data.is_dir():
        print(f"No data in {given.data}.", file=sys.stderr)
        return 2
    pulls = read_pulls(given.data)
    issues = sum(len(one.known) for one in pulls.values())
    missed = sum(not by for one in pulls.values() for by in one.known)
    print(f"{len(pulls)} pull requests, {issues} verified issues, {missed} found by no tool at all")
    met = []
    for readers in range(2, given.largest + 1):
        measured = dict(
            zip(MEASURES, (known_cases(pulls, readers), said_cases(pulls, readers)), strict=True)
        )
        met.append(table(measured, readers))
        single = {"one pull request": known_cases(pulls, readers, pooled=1)}
        minimum_table(single | measured, readers)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
