"""How much two texts say the same.

Cosine over whole words and over letter groups, weighted by how rare they are in the change
(`Vocabulary`; `../shared/reference/triage-evidence.md` has what that is worth).
"""

from collections.abc import Collection, Sequence
from math import sqrt

from xreview.disagreement.vocabulary import Vocabulary, Weights
from xreview.disagreement.wording import Wording

_GRAMS = 2
"""What letter groups count against words: they find the same in other forms, and in parts."""

_OTHER_FILES = 0.7
"""What is left of a likeness if both texts name files, and no file is in both."""


class Texts:
    """Some texts of a change, to be compared with each other by their indexes."""

    def __init__(self, wordings: Sequence[Wording], vocabulary: Vocabulary) -> None:
        self._words = _Cosine([one.words for one in wordings], vocabulary.words)
        self._grams = _Cosine([one.grams for one in wordings], vocabulary.grams)
        self._files = [one.files for one in wordings]

    def likeness(self, i: int, j: int) -> float:
        """From 0 (nothing in common) to 1 (the same words)."""
        alike = (self._words(i, j) + _GRAMS * self._grams(i, j)) / (1 + _GRAMS)
        left, right = self._files[i], self._files[j]
        return alike * _OTHER_FILES if left and right and left.isdisjoint(right) else alike


class _Cosine:
    """The cosine of two sets of which every piece has its weight.

    Args:
        texts: for each text its pieces, each once.
    """

    def __init__(self, texts: Sequence[Collection[str]], weights: Weights) -> None:
        self._texts = texts
        self._holds = [frozenset(one).__contains__ for one in texts]
        self._weight = weights.__getitem__
        self._lengths = [sqrt(sum(map(self._weight, one))) or 1.0 for one in texts]

    def __call__(self, i: int, j: int) -> float:
        shared = sum(map(self._weight, filter(self._holds[i], self._texts[j])))
        return shared / (self._lengths[i] * self._lengths[j])
