"""Which reports are put together: figures on repositories that nothing was chosen on.

For each repository, the measure and its threshold are chosen on the pull requests of all others,
whole and on panels: again and again a quarter of the tools is left out, which makes many alignments
out of few. Greedy merging is jumpy, so a threshold counts with its neighbours. How much one
repository differs from the next is printed behind: less than that is luck.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from alignment.fixtures import Fixtures, scores

from xreview.disagreement.align import joins, once
from xreview.disagreement.likeness import OUR_MEASURE, SAME_PROBLEM, LikenessMeasure, likeness
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import Wording, wording
from xreview.domain.report import Report

BCUBED = 0.945
PAIRS = 0.915
BEFORE = LikenessMeasure(words=0.5, other_numbers=1.0, one_reviewer=0.8, power=1.0)
"""The measure before it was chosen over repositories, but for a factor for files."""

THRESHOLDS = [0.2 * 1.02**step for step in range(48)]  # .20 to .51, of likenesses of power .5
_NEIGHBOURS = 2
_PANELS = 4
_LEFT_OUT = 0.25

Counts = tuple[float, ...]
Groups = list[list[int]]
Scores = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sample:
    """Reports of one pull request, all or those of a panel, in the order of `once`."""

    pr: str
    is_whole: bool
    reports: Sequence[Report]
    wordings: Sequence[Wording]


@dataclass(frozen=True)
class Candidate:
    """A measure and a threshold; no measure stands for Jaccard over words."""

    measure: LikenessMeasure | None
    enough: float


def samples(fixtures: Fixtures) -> list[Sample]:
    """All pull requests and their panels: the same ones in every run."""
    found: list[Sample] = []
    for pr, given in fixtures.reports.items():
        tools = sorted({one.reviewer.name for one in given})
        dice = random.Random(pr)
        few = max(3, round((1 - _LEFT_OUT) * len(tools)))
        panels = [set(dice.sample(tools, few)) for _ in range(_PANELS)]
        for kept in (set(tools), *panels):
            reports = once(one for one in given if one.reviewer.name in kept)
            said = [wording(one) for one in reports]
            found.append(Sample(pr, len(kept) == len(tools), reports, said))
    return found


def rows_of(sample: Sample, measure: LikenessMeasure | None) -> Sequence[Mapping[int, float]]:
    if measure is not None:
        return likeness(sample.reports, sample.wordings, Vocabulary(sample.wordings), measure)
    rows: list[dict[int, float]] = [{} for _ in sample.reports]
    for i, j in combinations(range(len(rows)), 2):
        left, right = sample.wordings[i].words, sample.wordings[j].words
        # As the likenesses, of power .5, so that one list of thresholds fits all.
        rows[i][j] = rows[j][i] = (len(left & right) / (len(left | right) or 1)) ** 0.5
    return rows


def groups_at(
    sample: Sample, measure: LikenessMeasure | None, thresholds: Sequence[float]
) -> Iterator[tuple[float, Groups]]:
    """The groups at each threshold, the highest first; of a power of 1, at its square."""
    rows = rows_of(sample, measure)
    squares = 2 if measure is not None and measure.power == 1 else 1
    groups = {index: [index] for index in range(len(rows))}
    steps = [*joins(rows, min(thresholds) ** squares), (0.0, 0, 0)]
    at = 0
    for enough in sorted(thresholds, reverse=True):
        while at < len(steps) - 1 and steps[at][0] >= enough**squares:
            groups[steps[at][1]] += groups.pop(steps[at][2])
            at += 1
        yield enough, [list(one) for one in groups.values()]


class Curves:
    """The counts of every sample by measure and threshold, worked out once."""

    def __init__(self, fixtures: Fixtures) -> None:
        self._fixtures = fixtures
        self.samples = samples(fixtures)
        self._known: dict[LikenessMeasure | None, list[dict[float, Counts]]] = {}

    def of(self, measure: LikenessMeasure | None) -> list[dict[float, Counts]]:
        if measure not in self._known:
            self._known[measure] = [self._curve(one, measure) for one in self.samples]
        return self._known[measure]

    def _curve(self, sample: Sample, measure: LikenessMeasure | None) -> dict[float, Counts]:
        curve: dict[float, Counts] = {}
        last: Groups = []
        counts: Counts = ()
        for enough, groups in groups_at(sample, measure, (*THRESHOLDS, SAME_PROBLEM)):
            if len(groups) != len(last):
                ids = [[sample.reports[at].fingerprint for at in group] for group in groups]
                last, counts = groups, self._fixtures.counts(sample.pr, ids)
            curve[enough] = counts
        return curve

    def best(self, measures: Sequence[LikenessMeasure | None], without: str) -> Candidate:
        """What does best on all repositories but one, thresholds with their neighbours."""
        found: list[tuple[float, Candidate]] = []
        for measure in measures:
            curves = [
                curve
                for one, curve in zip(self.samples, self.of(measure), strict=True)
                if self._fixtures.repositories[one.pr] != without
            ]
            quality = [sum(scores([one[at] for one in curves])[2:]) for at in THRESHOLDS]
            for at in range(_NEIGHBOURS, len(THRESHOLDS) - _NEIGHBOURS):
                around = sum(quality[at - _NEIGHBOURS : at + _NEIGHBOURS + 1])
                found.append((around, Candidate(measure, THRESHOLDS[at])))
        return max(found, key=lambda item: item[0])[1]

    def counts(self, chosen: Mapping[str, Candidate], *, whole: bool) -> dict[str, list[Counts]]:
        """The counts by repository of what was chosen for it."""
        counts: dict[str, list[Counts]] = {name: [] for name in chosen}
        for at, one in enumerate(self.samples):
            name = self._fixtures.repositories[one.pr]
            if one.is_whole is whole and name in chosen:
                counts[name].append(self.of(chosen[name].measure)[at][chosen[name].enough])
        return counts


def all_measures() -> list[LikenessMeasure]:
    """What is chosen among: each part on its value of before, or on the shipped one."""
    return [
        LikenessMeasure(*parts) for parts in product((0.5, 0.6), (1.0, 0.4), (0.8, 0.5), (1.0, 0.5))
    ]


def alignment_table(fixtures: Fixtures) -> tuple[bool, dict[str, Candidate]]:
    """Print the figures; whether the aims are met, and what was chosen for each repository."""
    curves = Curves(fixtures)
    names = sorted(set(fixtures.repositories.values()))
    print("\nAlignment (B-cubed precision, recall, F1; pair F1), chosen on other repositories")
    given: dict[str, Sequence[LikenessMeasure | None]] = {
        "Jaccard over words": [None],
        "as before": [BEFORE],
        "all parts chosen (nested)": all_measures(),
        "ours": [OUR_MEASURE],
        "  without quantities": [replace(OUR_MEASURE, other_numbers=1.0)],
        "  without one reviewer": [replace(OUR_MEASURE, one_reviewer=1.0)],
        "  words as much as letter groups": [replace(OUR_MEASURE, words=0.5)],
        "  power 1": [replace(OUR_MEASURE, power=1.0)],
    }
    nested: dict[str, Candidate] = {}
    met = False
    for told, measures in given.items():
        chosen = {name: curves.best(measures, name) for name in names}
        whole = _show(told, curves.counts(chosen, whole=True))
        _show("", curves.counts(chosen, whole=False), "panels")
        if len(measures) > 1:
            nested, met = chosen, whole[2] >= BCUBED and whole[3] >= PAIRS
            for name, one in chosen.items():
                print(f"      without {name}: {one.measure}, {one.enough:.3f}")
    shipped = dict.fromkeys(names, Candidate(OUR_MEASURE, SAME_PROBLEM))
    _show(f"ours as shipped ({SAME_PROBLEM}), on all", curves.counts(shipped, whole=True))
    return met, nested


def _show(told: str, counts: Mapping[str, Sequence[Counts]], which: str = "whole") -> Scores:
    total = scores([one for some in counts.values() for one in some])
    by_name = [scores(some)[2] for some in counts.values()]
    figures = "".join(f"{one:8.4f}" for one in total)
    print(
        f"  {told:34s}{which:7s}{figures}   by repository {min(by_name):.3f} to {max(by_name):.3f}"
    )
    return total
