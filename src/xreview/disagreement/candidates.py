"""Which reports of a file are compared at all: all of a few, of many those that may be alike."""

from collections import defaultdict
from collections.abc import Sequence

from xreview.disagreement.place import has_place, meet
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import Wording
from xreview.domain.report import Report

FEW = 24
"""Up to so many reports of one file are compared each with each."""

FEW_WITHOUT_PLACE = 96
"""The same for reports of which it is not known where they stand: words are all there is."""

_BY_WORDS = 8
_BY_WORDS_WITHOUT_PLACE = 24
_NEIGHBOURS = 8
_COMMON = 32
"""A word that more reports of one file have leads to nobody."""

_TELLING = 0.08
"""The part of its words' weight that a report shares at least with one it is compared with."""

Pairs = Sequence[tuple[int, int]]
"""Indexes, the higher one first."""


def candidates(
    reports: Sequence[Report], wordings: Sequence[Wording], vocabulary: Vocabulary
) -> Pairs:
    """The pairs that are worth comparing, of reports in their order of place.

    They are at most `_BY_WORDS` and `_NEIGHBOURS` for each report, however many there are. Of many,
    place alone leads to nobody: in a crowded file it found next to nothing that words did not.
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
    """Those that ask for a change of the same lines: what they say need not be alike."""
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
    """For each report those that share the most telling words with it."""
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
