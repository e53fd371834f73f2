"""What a finding asks of a person, so that the list can be read from the top."""

from enum import StrEnum

from xreview.disagreement.stakes import is_high_stakes
from xreview.domain.disagreement import Disagreement
from xreview.domain.finding import Finding
from xreview.domain.report import ReviewerKind
from xreview.domain.stance import StanceKind


class Group(StrEnum):
    """The groups of the list, from the one in which a person adds most."""

    CONTESTED = "contested"
    CONFLICT = "conflict"
    TRADE_OFF = "trade-off"
    SPLIT = "split"
    QUICK_CONFIRM = "quick to confirm"
    LONE = "lone"
    UNANCHORED = "unanchored"

    @property
    def meaning(self) -> str:
        """One sentence, for where the group is folded."""
        return _MEANINGS[self]


_MEANINGS = {
    Group.CONTESTED: "Another model rebuts it: decide who is right.",
    Group.CONFLICT: "Two reports ask for opposite changes in one place.",
    Group.TRADE_OFF: "Both sides have a point: decide or measure.",
    Group.SPLIT: "Some reviewers raised it, others read the same code and did not.",
    Group.QUICK_CONFIRM: "All who read it agree, or another model concedes it.",
    Group.LONE: "One reviewer raised it; a third of the real problems is among these.",
    Group.UNANCHORED: "What they quote is not in the change: nothing is counted of them.",
}
_BY_KIND = {
    Disagreement.CONTESTED: Group.CONTESTED,
    Disagreement.CONFLICT: Group.CONFLICT,
    Disagreement.TRADE_OFF: Group.TRADE_OFF,
    Disagreement.CONCEDED: Group.QUICK_CONFIRM,
    Disagreement.LONE: Group.LONE,
}


def group_of(finding: Finding) -> Group:
    """The group a finding stands in."""
    if not finding.is_anchored:
        return Group.UNANCHORED
    if finding.disagreement is not Disagreement.CORROBORATED:
        return _BY_KIND[finding.disagreement]
    return Group.QUICK_CONFIRM if is_unanimous(finding) else Group.SPLIT


def can_be_confirmed_in_bulk(finding: Finding) -> bool:
    """Whether one key may accept it together with others, after the list of them was shown."""
    return group_of(finding) is Group.QUICK_CONFIRM and not is_high_stakes(finding)


def is_unanimous(finding: Finding) -> bool:
    """Whether every family of models that read the code stands behind it.

    An analyser that is silent says nothing: it knows only its rules.
    """
    silent = {
        stance.party.family
        for stance in finding.stances
        if stance.counts_as is StanceKind.SILENT and stance.party.kind is not ReviewerKind.ANALYSER
    }
    return silent <= supporters(finding)


def supporters(finding: Finding) -> frozenset[str]:
    """The families that raised it with a quote that is in the code, or concede it."""
    raised = {report.reviewer.family for report in finding.reports if report.anchored}
    conceded = {
        stance.party.family for stance in finding.stances if stance.counts_as is StanceKind.CONCEDES
    }
    return frozenset(raised | conceded)
