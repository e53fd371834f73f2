"""What a finding asks of the user, so that the list can be read from the top."""

from enum import StrEnum

from xreview.disagreement.stakes import is_high_stakes
from xreview.domain.disagreement import Disagreement
from xreview.domain.finding import Finding
from xreview.domain.report import ReviewerKind, Severity
from xreview.domain.stance import StanceKind


class Group(StrEnum):
    """The groups of the list, in its order: first those where the user adds most."""

    CONTESTED = "contested"
    CONFLICT = "conflict"
    TRADE_OFF = "trade-off"
    SPLIT = "split"
    QUICK_CONFIRM = "quick to confirm"
    LONE = "lone"
    MINOR = "minor"
    UNANCHORED = "unanchored"

    @property
    def meaning(self) -> str:
        """One sentence, for the heading of a folded group."""
        return _MEANINGS[self]


_MEANINGS = {
    Group.CONTESTED: "Another model rebuts it: decide who is right.",
    Group.CONFLICT: "Two reports ask for opposite changes in one place.",
    Group.TRADE_OFF: "Both sides have a point: decide or measure.",
    Group.SPLIT: "Some reviewers raised it; others read the same code and didn't.",
    Group.QUICK_CONFIRM: "All that read it agree, or another model concedes it.",
    Group.LONE: "One reviewer raised it; a third of the real problems is among these.",
    Group.MINOR: "Low severity, raised by only one reviewer.",
    Group.UNANCHORED: "Their quotes aren't in the change: they count for nothing.",
}
_BY_KIND = {
    Disagreement.CONTESTED: Group.CONTESTED,
    Disagreement.CONFLICT: Group.CONFLICT,
    Disagreement.TRADE_OFF: Group.TRADE_OFF,
    Disagreement.CONCEDED: Group.QUICK_CONFIRM,
}


def group_of(finding: Finding) -> Group:
    """The group of a finding."""
    if not finding.is_anchored:
        return Group.UNANCHORED
    if finding.disagreement is Disagreement.CORROBORATED:
        return Group.QUICK_CONFIRM if is_unanimous(finding) else Group.SPLIT
    if finding.disagreement is Disagreement.LONE:
        return Group.MINOR if finding.severity is Severity.LOW else Group.LONE
    return _BY_KIND[finding.disagreement]


def can_be_confirmed_in_bulk(finding: Finding) -> bool:
    """Whether one key may accept it together with others, once their list was shown."""
    return group_of(finding) is Group.QUICK_CONFIRM and not is_high_stakes(finding)


def is_unanimous(finding: Finding) -> bool:
    """Whether every family of models that read the code supports it.

    A silent analyser means nothing: it knows only its rules.
    """
    silent = {
        stance.party.family
        for stance in finding.stances
        if stance.counts_as is StanceKind.SILENT and stance.party.kind is not ReviewerKind.ANALYSER
    }
    return silent <= supporters(finding)


def supporters(finding: Finding) -> frozenset[str]:
    """The families that raised it with a quote found in the code, or concede it."""
    raised = {report.reviewer.family for report in finding.reports if report.anchored}
    conceded = {
        stance.party.family for stance in finding.stances if stance.counts_as is StanceKind.CONCEDES
    }
    return frozenset(raised | conceded)
