"""How telling a word is: rare in the reports of this change, so likely what a report is about."""

from collections import Counter
from collections.abc import Iterable
from math import log

from xreview.disagreement.wording import Wording

_AS_IF = 5
"""Reports that are thought to be there besides, with other words: of two or three reports alone
nobody can tell which words are common. Measured with panels of three reviewers on the fixtures."""


class Weights(dict[str, int]):
    """How much it counts that two reports share a piece of text; worked out when first asked.

    In thousandths: sums of whole numbers are the same in any order.
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
    """In how many reports of a change each word and each letter group stands.

    `words` and `grams` are the weights as they are after the last `add`.
    """

    def __init__(self, wordings: Iterable[Wording] = ()) -> None:
        self._reports = 0
        self._words: Counter[str] = Counter()
        self._grams: Counter[str] = Counter()
        self.add(wordings)

    def add(self, wordings: Iterable[Wording]) -> None:
        """Count more reports in."""
        for one in wordings:
            self._reports += 1
            self._words.update(one.words)
            self._grams.update(one.grams)
        self.words = Weights(self._words, self._reports)
        self.grams = Weights(self._grams, self._reports)
