"""How telling a word is: the rarer in the reports of this change, the more."""

from collections import Counter
from collections.abc import Iterable
from math import log

from xreview.disagreement.wording import Wording

_AS_IF = 5
"""Reports with other words that are assumed in addition: two or three can't show which words are
common. Measured with panels of three reviewers on the fixtures."""


class Weights(dict[str, int]):
    """The weight of each shared piece of text, computed on demand.

    In thousandths, since sums of integers don't depend on their order.
    """

    def __init__(self, counts: Counter[str], reports: int) -> None:
        super().__init__()
        self._counts = counts
        self._reports = reports

    def __missing__(self, piece: str) -> int:
        rarity = (self._reports + _AS_IF) / (self._counts[piece] + 0.5)
        self[piece] = weight = round(1000 * log(rarity) ** 2)
        return weight


class Vocabulary:
    """The number of reports of a change that contain each word and letter group.

    `words` and `grams` are the weights after the last `add`.
    """

    def __init__(self, wordings: Iterable[Wording] = ()) -> None:
        self._reports = 0
        self._words: Counter[str] = Counter()
        self._grams: Counter[str] = Counter()
        self.add(wordings)

    def add(self, wordings: Iterable[Wording]) -> None:
        """Count more reports."""
        for one in wordings:
            self._reports += 1
            self._words.update(one.words)
            self._grams.update(one.grams)
        self.words = Weights(self._words, self._reports)
        self.grams = Weights(self._grams, self._reports)
