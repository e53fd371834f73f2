"""How likely two reports are about one problem, by their words, places, and reviewers."""

from collections.abc import Sequence
from itertools import repeat
from math import sqrt

from xreview.disagreement.candidates import candidates
from xreview.disagreement.opposition import ask_the_opposite, ask_the_same, opposed
from xreview.disagreement.place import place_counts, points_elsewhere
from xreview.disagreement.vocabulary import Vocabulary, Weights
from xreview.disagreement.wording import Wording
from xreview.domain.record import dataclass
from xreview.domain.report import Category, Report, ReviewerKind


@dataclass(frozen=True, slots=True)
class LikenessMeasure:
    """How the parts of a likeness count: chosen by `bench/disagreement.py`, as `docs/alignment.md`
    tells.

    Args:
        words: the share of the words' cosine; the letter groups have the rest.
        other_numbers: the factor if both texts name quantities but share none: the same class of
            problem in another place, usually.
        one_reviewer: the factor if both are one reviewer's, who rarely says the same thing twice.
        power: of the likeness. Below 1, a group is one because all its members are somewhat alike,
            rather than because a few are very much so.
    """

    words: float = 0.6
    other_numbers: float = 0.4
    one_reviewer: float = 0.5
    power: float = 0.5


OUR_MEASURE = LikenessMeasure()


class Texts:
    """Texts of a change, compared by their indexes.

    Their likeness is a mean of two cosines: of their words, unweighted, and of their letter
    groups, weighted by rarity in the change. Common words tell how much else a text says; rare
    letter groups find other forms of the same word.
    """

    def __init__(
        self,
        wordings: Sequence[Wording],
        vocabulary: Vocabulary,
        measure: LikenessMeasure = OUR_MEASURE,
    ) -> None:
        self._words = [one.words for one in wordings]
        self._grams = _Cosine([one.grams for one in wordings], vocabulary.grams)
        self._numbers = [one.numbers for one in wordings]
        self._measure = measure

    def likeness(self, i: int, j: int) -> float:
        """From 0 (nothing in common) to 1 (the same words)."""
        words = self._measure.words
        alike = words * self._alike_in_words(i, j) + (1 - words) * self._grams(i, j)
        left, right = self._numbers[i], self._numbers[j]
        is_other = left and right and left.isdisjoint(right)
        return alike * self._measure.other_numbers if is_other else alike

    def _alike_in_words(self, i: int, j: int) -> float:
        left, right = self._words[i], self._words[j]
        return len(left & right) / sqrt(len(left) * len(right) or 1)


class _Cosine:
    """The cosine of two texts, each given as its distinct pieces.

    It is asked for one text and all its others, then for the next: only one text's pieces are kept
    by name, since those of ten thousand would take 80 MB.
    """

    def __init__(self, texts: Sequence[Sequence[str]], weights: Weights) -> None:
        self._texts = texts
        self._weight = weights.__getitem__
        self._lengths = [sqrt(sum(map(self._weight, one))) or 1.0 for one in texts]
        self._kept = -1
        self._weights: dict[str, int] = {}

    def __call__(self, i: int, j: int) -> float:
        if i != self._kept:
            pieces = self._texts[i]
            self._kept, self._weights = i, dict(zip(pieces, map(self._weight, pieces), strict=True))
        shared = sum(map(self._weights.get, self._texts[j], repeat(0)))
        return shared / (self._lengths[i] * self._lengths[j])


Rows = list[dict[int, float]]
"""For each report of a file, its likeness to others, by their index; 0 if missing."""

SAME_PROBLEM = 0.345
"""The average likeness from which reports are about one problem. Chosen on the half of the fixtures
in `../shared/data/crb`; `bench/disagreement.py` chooses it anew, by cross-validation."""

_SAYS_AGAIN = 0.5
"""Two places named by one reviewer are two problems unless its words are nearly the same. Not
measured: the fixtures with truth have no places."""

_OTHER_STAKES = 0.5
"""The factor, once each, if two reports that point at different lines are of other kinds or far
apart in severity: one says that payments are lost, the other that a name misleads. Only the kind is
measured (`bench/alignment/places.py`); no data has severities."""

_FAR_IN_SEVERITY = 2
_ABOUT_FORM = frozenset(
    {
        Category.SIMPLIFICATION,
        Category.CONSISTENCY,
        Category.OVER_ENGINEERING,
        Category.DOCUMENTATION,
    }
)
"""The categories about how code reads; the others are about what it does."""

_SAME_REQUEST = 0.5
_CERTAIN = 1.0


def likeness(
    reports: Sequence[Report],
    wordings: Sequence[Wording],
    vocabulary: Vocabulary,
    measure: LikenessMeasure = OUR_MEASURE,
) -> Rows:
    """How alike the reports of one file, ordered by place, are; the vocabulary is the change's."""
    texts = Texts(wordings, vocabulary, measure)
    rows: Rows = [{} for _ in reports]
    for i, j in candidates(reports, wordings, vocabulary):
        said = texts.likeness(i, j)
        rows[i][j] = rows[j][i] = weighed(reports[i], reports[j], said, measure)
    return rows


def are_apart(left: Report, right: Report) -> bool:
    """Whether two reports must never be in one group, whatever else joins them.

    They point at different lines, and are of different categories or ask for the opposite.
    """
    return points_elsewhere(left, right) and _cannot_be_one(left, right)


def _cannot_be_one(left: Report, right: Report) -> bool:
    """Whether two reports that point at different lines are apart."""
    return left.category is not right.category or ask_the_opposite(left, right)


def weighed(
    left: Report, right: Report, alike: float, measure: LikenessMeasure = OUR_MEASURE
) -> float:
    """The likeness of two texts, adjusted by everything else known about the reports."""
    is_elsewhere = points_elsewhere(left, right)
    if is_elsewhere and _cannot_be_one(left, right):
        return 0.0
    if left.fingerprint == right.fingerprint or opposed(left, right):
        return _CERTAIN
    is_one_reviewer = left.reviewer == right.reviewer
    if is_one_reviewer and alike < _SAYS_AGAIN and is_elsewhere:
        return 0.0
    alike *= place_counts(left, right) * (stakes_count(left, right) if is_elsewhere else 1.0)
    if left.category is not right.category and ReviewerKind.ANALYSER in _kinds(left, right):
        return 0.0  # a rule's category is fixed, while models vary
    if ask_the_same(left, right):
        alike = max(alike, _SAME_REQUEST)
    return (alike * (measure.one_reviewer if is_one_reviewer else 1.0)) ** measure.power


def stakes_count(left: Report, right: Report) -> float:
    """The factor for the likeness of two texts about different lines, by category and severity.

    Reviewers who point at the same lines often disagree about both, so it says nothing there.
    """
    is_other_kind = (left.category in _ABOUT_FORM) is not (right.category in _ABOUT_FORM)
    is_far = abs(left.severity - right.severity) >= _FAR_IN_SEVERITY
    return _OTHER_STAKES ** (is_other_kind + is_far)


def _kinds(left: Report, right: Report) -> tuple[ReviewerKind, ReviewerKind]:
    return left.reviewer.kind, right.reviewer.kind
