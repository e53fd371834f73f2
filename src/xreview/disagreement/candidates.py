"""The pairs of reports of a file worth comparing: all of a few, only promising ones of many."""

from collections import defaultdict
from collections.abc import Sequence

from xreview.disagreement.place import has_place, meet
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import Wording
from xreview.domain.report import Report

FEW = 24
"""Up to this many reports of one file, all pairs are compared."""

FEW_WITHOUT_PLACE = 96
"""The same for reports without a known place: only their words can be compared."""

_BY_WORDS = 8
_BY_WORDS_WITHOUT_PLACE = 24
_NEIGHBOURS = 8
_COMMON = 32
"""A word in more reports of one file than this suggests no pair."""

_TELLING = 0.08
"""The least share of its words' weight that a report has in common with a candidate."""

Pairs = Sequence[tuple[int, int]]
"""Indexes, the higher one first."""


def candidates(
    reports: Sequence[Report], wordings: Sequence[Wording], vocabulary: Vocabulary
) -> Pairs:
    """The pairs worth comparing, of reports ordered by place.

    Of many reports, each has at most `_BY_WORDS` plus `_NEIGHBOURS` candidates. Place alone
    suggests none: in crowded files it found next to nothing that words didn't.
    """
    size = len(reports)
    without_place = not any(has_place(report) for report in reports)
    if size <= (FEW_WITHOUT_PLACE if without_place else FEW):
        return [(i, j) for i in range(size) for j in range(i)]
    most = _BY_WORDS_WITHOUT_PLACE if without_place else _BY_WORDS
    pairs = _by_words(wordings, vocabulary, most) | _by_place(reports)
    last: dict[str, int] = {}
    for i, report in enumerate(reports):
        if (j := last.get(report.fingerprint)) is not None:
            pairs.add((i, j))
        last[report.fingerprint] = i
    return sorted(pairs)


def _by_place(reports: Sequence[Report]) -> set[tuple[int, int]]:
    """Reports that ask for a change of the same lines, even in unlike words."""
    asking = [index for index, report in enumerate(reports) if report.request]
    return {
        (index, other)
        for at, index in enumerate(asking)
        for other in asking[max(0, at - _NEIGHBOURS) : at]
        if meet(reports[index], reports[other])
    }


def _by_words(
    wordings: Sequence[Wording], vocabulary: Vocabulary, most: int
) -> set[tuple[int, int]]:
    """For each report, those that share the most telling words with it."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(wordings):
        for word in one.words:
            holders[word].append(index)
    weight = vocabulary.words.__getitem__
    leads = {
        word: (weight(word), held) for word, held in holders.items() if 1 < len(held) <= _COMMON
    }
    pairs: set[tuple[int, int]] = set()
    for index, one in enumerate(wordings):
        shared: defaultdict[int, int] = defaultdict(int)
        for word in one.words & leads.keys():
            counts, held = leads[word]
            for other in held:
                shared[other] += counts
        shared.pop(index, None)
        enough = _TELLING * sum(map(weight, one.words))
        likely = [(-counts, other) for other, counts in shared.items() if counts >= enough]
        likely.sort()
        pairs.update((max(index, other), min(index, other)) for _, other in likely[:most])
    return pairs
