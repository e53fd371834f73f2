"""How much two texts say the same.

The likeness is the mean of two cosines: of their words, unweighted, and of their letter groups,
weighted by rarity in the change (`Vocabulary`). Common words tell how much else a text says; rare
letter groups find other forms of the same word.
"""

from collections.abc import Sequence
from math import sqrt

from xreview.disagreement.vocabulary import Vocabulary, Weights
from xreview.disagreement.wording import Wording

_OTHER_FILES = 0.7
"""The factor if both texts name files but share none."""


class Texts:
    """Texts of a change, compared by their indexes."""

    def __init__(self, wordings: Sequence[Wording], vocabulary: Vocabulary) -> None:
        self._words = [one.words for one in wordings]
        self._grams = _Cosine([one.grams for one in wordings], vocabulary.grams)
        self._files = [one.files for one in wordings]

    def likeness(self, i: int, j: int) -> float:
        """From 0 (nothing in common) to 1 (the same words)."""
        alike = (self._alike_in_words(i, j) + self._grams(i, j)) / 2
        left, right = self._files[i], self._files[j]
        return alike * _OTHER_FILES if left and right and left.isdisjoint(right) else alike

    def _alike_in_words(self, i: int, j: int) -> float:
        left, right = self._words[i], self._words[j]
        return len(left & right) / sqrt(len(left) * len(right) or 1)


class _Cosine:
    """The cosine of two sets of weighted pieces.

    Args:
        texts: the distinct pieces of each text.
    """

    def __init__(self, texts: Sequence[Sequence[str]], weights: Weights) -> None:
        self._texts = texts
        self._holds = [frozenset(one).__contains__ for one in texts]
        self._weight = weights.__getitem__
        self._lengths = [sqrt(sum(map(self._weight, one))) or 1.0 for one in texts]

    def __call__(self, i: int, j: int) -> float:
        short, other = (i, j) if len(self._texts[i]) < len(self._texts[j]) else (j, i)
        shared = sum(map(self._weight, filter(self._holds[other], self._texts[short])))
        return shared / (self._lengths[i] * self._lengths[j])
