"""How likely two reports are about one problem, by their words, places, and reviewers."""

from collections.abc import Sequence

from xreview.disagreement.block import Texts
from xreview.disagreement.candidates import candidates
from xreview.disagreement.opposition import ask_the_same, opposed
from xreview.disagreement.place import place_counts, points_elsewhere
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import Wording
from xreview.domain.report import Report, ReviewerKind

Rows = list[dict[int, float]]
"""For each report of a file, its likeness to others, by their index; 0 if missing."""

SAME_PROBLEM = 0.119
"""The average likeness from which reports are about one problem. Chosen on the half of the fixtures
in `../shared/data/crb`; `bench/disagreement.py` chooses it anew, by cross-validation."""

_ONE_REVIEWER = 0.8
"""A reviewer rarely says the same thing twice."""

_SAYS_AGAIN = 0.5
"""Two places named by one reviewer are two problems unless its words are nearly the same. Not
measured: the fixtures with truth have no places."""

_SAME_REQUEST = 0.5
_CERTAIN = 1.0


def likeness(
    reports: Sequence[Report], wordings: Sequence[Wording], vocabulary: Vocabulary
) -> Rows:
    """How alike the reports of one file, ordered by place, are to each other.

    Args:
        vocabulary: of all reports of the change.
    """
    texts = Texts(wordings, vocabulary)
    rows: Rows = [{} for _ in reports]
    for i, j in candidates(reports, wordings, vocabulary):
        rows[i][j] = rows[j][i] = weighed(reports[i], reports[j], texts.likeness(i, j))
    return rows


def weighed(left: Report, right: Report, alike: float) -> float:
    """The likeness of two texts, adjusted by everything else known about the reports."""
    if left.fingerprint == right.fingerprint or opposed(left, right):
        return _CERTAIN
    is_one_reviewer = left.reviewer == right.reviewer
    if is_one_reviewer and alike < _SAYS_AGAIN and points_elsewhere(left, right):
        return 0.0
    alike *= place_counts(left, right)
    if left.category is not right.category and ReviewerKind.ANALYSER in _kinds(left, right):
        return 0.0  # a rule's category is fixed, while models vary
    if ask_the_same(left, right):
        alike = max(alike, _SAME_REQUEST)
    return alike * (_ONE_REVIEWER if is_one_reviewer else 1.0)


def _kinds(left: Report, right: Report) -> tuple[ReviewerKind, ReviewerKind]:
    return left.reviewer.kind, right.reviewer.kind
