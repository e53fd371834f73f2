"""How likely two reports are about one problem: what they say, where they point, who says it."""

from collections.abc import Sequence

from xreview.disagreement.block import Texts
from xreview.disagreement.candidates import candidates
from xreview.disagreement.opposition import ask_the_same, opposed
from xreview.disagreement.place import place_counts, points_elsewhere
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import Wording
from xreview.domain.report import Report, ReviewerKind

Rows = list[dict[int, float]]
"""For each report of a file, how alike it is to others, by their index; 0 where it is missing."""

SAME_PROBLEM = 0.119
"""From which average likeness on, reports are about one problem. Chosen on the half of the fixtures
that is in `../shared/data/crb`; `bench/disagreement.py` chooses it anew, by cross-validation."""

_ONE_REVIEWER = 0.8
"""A reviewer rarely says the same thing twice."""

_SAYS_AGAIN = 0.5
"""Who points at two places means two problems, unless it says nearly the same words of both. Not
measured: the fixtures with truth have no places."""

_SAME_REQUEST = 0.5
_CERTAIN = 1.0


def likeness(
    reports: Sequence[Report], wordings: Sequence[Wording], vocabulary: Vocabulary
) -> Rows:
    """How alike the reports of one file are, each with each, in their order of place.

    Args:
        wordings: of each report.
        vocabulary: of all reports of the change.
    """
    texts = Texts(wordings, vocabulary)
    rows: Rows = [{} for _ in reports]
    for i, j in candidates(reports, wordings, vocabulary):
        rows[i][j] = rows[j][i] = weighed(reports[i], reports[j], texts.likeness(i, j))
    return rows


def weighed(left: Report, right: Report, alike: float) -> float:
    """The likeness of two texts, weighed with everything else that is known of the reports."""
    if left.fingerprint == right.fingerprint or opposed(left, right):
        return _CERTAIN
    is_one_reviewer = left.reviewer == right.reviewer
    if is_one_reviewer and alike < _SAYS_AGAIN and points_elsewhere(left, right):
        return 0.0
    alike *= place_counts(left, right)
    if left.category is not right.category and ReviewerKind.ANALYSER in _kinds(left, right):
        return 0.0  # a rule has its category for good; models give one problem this one or that
    if ask_the_same(left, right):
        alike = max(alike, _SAME_REQUEST)
    return alike * (_ONE_REVIEWER if is_one_reviewer else 1.0)


def _kinds(left: Report, right: Report) -> tuple[ReviewerKind, ReviewerKind]:
    return left.reviewer.kind, right.reviewer.kind
