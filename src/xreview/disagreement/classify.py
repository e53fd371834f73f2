"""From the stances on a finding to its disagreement: one rule table."""

from collections.abc import Sequence
from itertools import combinations

from xreview.disagreement.opposition import opposed
from xreview.domain.disagreement import Disagreement
from xreview.domain.report import Report
from xreview.domain.stance import Stance, StanceKind


def classify(reports: Sequence[Report], stances: Sequence[Stance]) -> Disagreement:
    """The kind of the first rule that matches:

    | condition                                            | kind         |
    |------------------------------------------------------|--------------|
    | a party rebuts it                                    | contested    |
    | two of its reports ask for opposite changes          | conflict     |
    | a party calls it a trade-off                         | trade-off    |
    | reports of two families, independently               | corroborated |
    | a model that was asked concedes                      | conceded     |
    | none of these                                        | lone         |
    """
    taken = {stance.counts_as for stance in stances}
    families = {report.reviewer.family for report in reports if report.anchored}
    if StanceKind.REBUTS in taken:
        return Disagreement.CONTESTED
    if any(opposed(left, right) for left, right in combinations(reports, 2)):
        return Disagreement.CONFLICT
    if StanceKind.TRADE_OFF in taken:
        return Disagreement.TRADE_OFF
    if len(families) > 1:
        return Disagreement.CORROBORATED
    if StanceKind.CONCEDES in taken:
        return Disagreement.CONCEDED
    return Disagreement.LONE
