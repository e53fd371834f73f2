"""Which reports are put together: figures of a threshold chosen elsewhere, and of the shipped one.

A threshold is chosen on some pull requests and measured on others: for each on all others, and in
five parts, again and again in other parts. What comes out of the repeats differs by as much as is
printed behind it: less than that is luck. Greedy merging is jumpy, so a threshold counts with its
neighbours. To compare two measures of likeness there is a third figure, on panels: again and again
a quarter of the tools of each pull request is left out, which makes many alignments out of few.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from statistics import fmean, stdev

from alignment.fixtures import Fixtures, scores

from xreview.disagreement.align import linked, once
from xreview.disagreement.likeness import SAME_PROBLEM, likeness
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import wording
from xreview.domain.report import Report

THRESHOLDS = [0.05 * 1.03**step for step in range(50)]  # .050 to .213
BCUBED = 0.93
PAIRS = 0.90
_NEIGHBOURS = 2
_FOLDS = 5
_REPEATS = 40
_PANELS = 6
_LEFT_OUT = 0.25

Rows = Sequence[Mapping[int, float]]
Measure = Callable[[Sequence[Report]], Rows]
Counts = tuple[float, ...]
Curve = Mapping[float, Counts]
"""For each threshold what the scores of a pull request are added up from."""


def our_rows(reports: Sequence[Report]) -> list[dict[int, float]]:
    wordings = [wording(report) for report in reports]
    vocabulary = Vocabulary(wordings)
    return likeness(reports, wordings, vocabulary)


def jaccard_rows(reports: Sequence[Report]) -> list[dict[int, float]]:
    """The simplest there is: shared words of all words, each with each."""
    words = [wording(report).words for report in reports]
    rows: list[dict[int, float]] = [{} for _ in reports]
    for i, j in combinations(range(len(reports)), 2):
        alike = len(words[i] & words[j]) / (len(words[i] | words[j]) or 1)
        rows[i][j] = rows[j][i] = alike
    return rows


def alignment_table(fixtures: Fixtures) -> bool:
    """Print the figures of the simplest measure and of ours; whether ours meets the aims."""
    print("\nAlignment (B-cubed precision, recall, F1; pair F1)")
    print("  reference baseline                         .919          .887")
    met = False
    for name, measure in (("Jaccard over words", jaccard_rows), ("ours", our_rows)):
        whole = [curve(fixtures, pr, given, measure) for pr, given in fixtures.reports.items()]
        panels = [panel_curve(fixtures, pr, measure) for pr in fixtures.reports]
        chosen = best_threshold(whole)
        show(f"{name}, fitted ({chosen:.3f})", scores([one[chosen] for one in whole]))
        left_one_out = cross_validated(whole, [[at] for at in range(len(whole))])
        show(f"{name}, each on all others", left_one_out)
        show_repeats(f"{name}, in {_FOLDS} parts", whole)
        show_repeats(f"{name}, panels, in {_FOLDS} parts", panels)
        if measure is our_rows:
            shipped = scores([one[SAME_PROBLEM] for one in whole])
            show(f"{name}, as shipped ({SAME_PROBLEM})", shipped)
            met = left_one_out[2] >= BCUBED and left_one_out[3] >= PAIRS
    return met


def curve(fixtures: Fixtures, pr: str, given: Sequence[Report], measure: Measure) -> Curve:
    reports = once(given)
    rows = measure(reports)
    return {
        enough: fixtures.counts(
            pr, [[reports[i].fingerprint for i in group] for group in linked(rows, enough)]
        )
        for enough in (*THRESHOLDS, SAME_PROBLEM)
    }


def panel_curve(fixtures: Fixtures, pr: str, measure: Measure) -> Curve:
    """The sum over panels that lack a quarter of the tools: the same ones in every run."""
    given = fixtures.reports[pr]
    tools = sorted({one.reviewer.name for one in given})
    dice = random.Random(pr)
    curves: list[Curve] = []
    for _ in range(_PANELS):
        kept = set(dice.sample(tools, max(3, round((1 - _LEFT_OUT) * len(tools)))))
        panel = [one for one in given if one.reviewer.name in kept]
        curves.append(curve(fixtures, pr, panel, measure))
    return {
        enough: tuple(map(sum, zip(*(one[enough] for one in curves), strict=True)))
        for enough in curves[0]
    }


def cross_validated(
    curves: Sequence[Curve], parts: Sequence[Sequence[int]]
) -> tuple[float, float, float, float]:
    """The scores if the threshold for each part is chosen on all others."""
    counts: list[Counts] = []
    for part in parts:
        training = [one for at, one in enumerate(curves) if at not in part]
        enough = best_threshold(training)
        counts += [curves[at][enough] for at in part]
    return scores(counts)


def best_threshold(training: Sequence[Curve]) -> float:
    """The middle of the best few neighbouring thresholds: a single one is best by luck."""
    quality = [sum(scores([one[enough] for one in training])[2:]) for enough in THRESHOLDS]
    middles = range(_NEIGHBOURS, len(THRESHOLDS) - _NEIGHBOURS)
    around = {at: sum(quality[at - _NEIGHBOURS : at + _NEIGHBOURS + 1]) for at in middles}
    return THRESHOLDS[max(around, key=around.__getitem__)]


def show_repeats(name: str, curves: Sequence[Curve]) -> None:
    dice = random.Random(1)
    figures: list[tuple[float, float, float, float]] = []
    for _ in range(_REPEATS):
        order = dice.sample(range(len(curves)), len(curves))
        figures.append(cross_validated(curves, [order[at::_FOLDS] for at in range(_FOLDS)]))
    precision, recall, bcubed, pairs = zip(*figures, strict=True)
    show(name, (fmean(precision), fmean(recall), fmean(bcubed), fmean(pairs)))
    print(f"{'':44s}spread of F1: B-cubed ±{stdev(bcubed):.4f}, pairs ±{stdev(pairs):.4f}")


def show(name: str, figures: tuple[float, float, float, float]) -> None:
    print(f"  {name:40s}" + "".join(f"{one:8.4f}" for one in figures))
