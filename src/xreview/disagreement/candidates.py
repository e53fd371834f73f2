"""Which reports of a file are compared at all: all of a few, of many those that may be alike."""

from collections import Counter
from collections.abc import Sequence

from xreview.disagreement.place import has_place, is_near
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

    They are at most `_BY_WORDS` and `_NEIGHBOURS` for each report, however many there are.
    """
    size = len(reports)
    without_place = not any(has_place(report) for report in reports)
    if size <= (FEW_WITHOUT_PLACE if without_place else FEW):
        return [(i, j) for i in range(size) for j in range(i)]
    most = _BY_WORDS_WITHOUT_PLACE if without_place else _BY_WORDS
    pairs = {
        (i, j)
        for i in range(size)
        for j in range(max(0, i - _NEIGHBOURS), i)
        if is_near(reports[i].anchor, reports[j].anchor)
    }
    pairs |= _by_words(wordings, vocabulary, most)
    last: dict[str, int] = {}
    for i, report in enumerate(reports):
        if (j := last.get(report.fingerprint)) is not None:
            pairs.add((i, j))
        last[report.fingerprint] = i
    return sorted(pairs)


def _by_words(
    wordings: Sequence[Wording], vocabulary: Vocabulary, most: int
) -> set[tuple[int, int]]:
    """For each report those that share the most telling words with it."""
    holders: dict[str, list[int]] = {}
    for index, one in enumerate(wordings):
        for word in one.words:
            holders.setdefault(word, []).append(index)
    weights = vocabulary.words
    pairs: set[tuple[int, int]] = set()
    for index, one in enumerate(wordings):
        shared: Counter[int] = Counter()
        for word in one.words:
            held, weight = holders[word], weights[word]
            if len(held) <= _COMMON:
                for other in held:
                    shared[other] += weight
        enough = _TELLING * sum(weights[word] for word in one.words)
        del shared[index]
        likely = [(-weight, other) for other, weight in shared.items() if weight >= enough]
        likely.sort()
        pairs.update((max(index, other), min(index, other)) for _, other in likely[:most])
    return pairs
