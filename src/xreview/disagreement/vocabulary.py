"""How telling a word is: rare in the reports of this change, so likely what a report is about."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log

from xreview.disagreement.wording import Wording

_AS_IF = 5
"""Reports that are thought to be there besides, with other words: of two or three reports alone
nobody can tell which words are common. Measured with panels of three reviewers (bench)."""


@dataclass(slots=True)
class Vocabulary:
    """In how many reports of a change each word and each letter group stands."""

    reports: int = 0
    words: Counter[str] = field(default_factory=Counter[str])
    grams: Counter[str] = field(default_factory=Counter[str])

    def add(self, wordings: Iterable[Wording]) -> None:
        """Count more reports in."""
        for one in wordings:
            self.reports += 1
            self.words.update(one.words)
            self.grams.update(one.grams)

    def weight(self, count: int) -> int:
        """How much it counts that two reports share something which `count` reports have.

        In thousandths: sums of whole numbers are the same in any order.
        """
        return round(1000 * log((self.reports + _AS_IF) / (count + 0.5)) ** 2)
