"""How much the texts of some reports say the same, each with each.

Cosine over words and over letter groups, weighted by how rare they are in the change (`Vocabulary`;
`../shared/reference/triage-evidence.md` has what that is worth), half each. Then two reports gain
by being like the same others: what nobody says in the same words, a third often says in both.
"""

from collections.abc import Iterable, Sequence
from math import sqrt

from xreview.disagreement.vocabulary import Vocabulary, Weights
from xreview.disagreement.wording import Wording

Rows = list[dict[int, float]]
"""For each report of a block, how alike it is to others, by their index; 0 where it is missing."""

_COMPANY = 0.5
"""What being like the same others counts, against saying the same."""

_OTHER_FILES = 0.7
"""What is left of a likeness if both texts name files, and no file is in both."""


def text_likeness(
    wordings: Sequence[Wording], vocabulary: Vocabulary, pairs: Iterable[tuple[int, int]]
) -> Rows:
    """From 0 (nothing in common) to 1 (the same words), for these pairs of indexes."""
    return _with_company(_said(wordings, vocabulary, pairs))


def _said(
    wordings: Sequence[Wording], vocabulary: Vocabulary, pairs: Iterable[tuple[int, int]]
) -> Rows:
    words = _Cosine([one.words for one in wordings], vocabulary.words)
    grams = _Cosine([one.grams for one in wordings], vocabulary.grams)
    files = [one.files for one in wordings]
    rows: Rows = [{i: 1.0} for i in range(len(wordings))]
    for i, j in pairs:
        alike = (words(i, j) + grams(i, j)) / 2
        if files[i] and files[j] and files[i].isdisjoint(files[j]):
            alike *= _OTHER_FILES
        rows[i][j] = rows[j][i] = alike
    return rows


def _with_company(rows: Rows) -> Rows:
    lengths = [sqrt(sum(alike * alike for alike in row.values())) for row in rows]
    added: Rows = [{} for _ in rows]
    for i, row in enumerate(rows):
        for j, alike in row.items():
            if j < i:
                company = _product(row, rows[j]) / (lengths[i] * lengths[j])
                added[i][j] = added[j][i] = (alike + _COMPANY * company) / (1 + _COMPANY)
    return added


def _product(left: dict[int, float], right: dict[int, float]) -> float:
    if len(right) < len(left):
        left, right = right, left
    return sum([alike * right[k] for k, alike in left.items() if k in right])


def alone_likeness(one: Wording, others: Sequence[Wording], vocabulary: Vocabulary) -> list[float]:
    """How much a text says the same as each of some others, whatever company they keep."""
    pairs = [(at, 0) for at in range(1, len(others) + 1)]
    row = _said((one, *others), vocabulary, pairs)[0]
    return [row[at] for at, _ in pairs]


class _Cosine:
    """The cosine of two sets of which every piece has its weight."""

    def __init__(self, sets: Sequence[frozenset[str]], weights: Weights) -> None:
        self._sets = sets
        self._weight = weights.__getitem__
        self._lengths = [sqrt(sum(map(self._weight, one))) or 1.0 for one in sets]

    def __call__(self, i: int, j: int) -> float:
        shared = sum(map(self._weight, self._sets[i] & self._sets[j]))
        return shared / (self._lengths[i] * self._lengths[j])
