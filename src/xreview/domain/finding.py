"""The unit you decide on: one or more reports of the same problem."""

from enum import StrEnum
from functools import cached_property

from xreview.domain.identity.anchor import Anchor
from xreview.domain.record import dataclass
from xreview.domain.report import Category, Report, Severity
from xreview.domain.stance import Stance


class Disagreement(StrEnum):
    """The kinds, those that need a decision most first."""

    CONTESTED = "contested"
    CONFLICT = "conflict"
    TRADE_OFF = "trade-off"
    CORROBORATED = "corroborated"
    CONCEDED = "conceded"
    LONE = "lone"

    @property
    def meaning(self) -> str:
        """One sentence about the kind."""
        return _MEANINGS[self]


_MEANINGS = {
    Disagreement.CONTESTED: "Another model rebuts it: decide who is right.",
    Disagreement.CONFLICT: "Two reports ask for opposite changes in this place.",
    Disagreement.TRADE_OFF: "Both sides have a point: decide or measure.",
    Disagreement.CORROBORATED: "Two independent reviewers raised it.",
    Disagreement.CONCEDED: "Another model, shown the code, agrees with it.",
    Disagreement.LONE: "One reviewer raised it; nobody answered.",
}


@dataclass(frozen=True)
class Finding:
    """Reports of one problem, the stances on it, and the resulting disagreement.

    The first report leads: lists show its title, claim, and anchor. A decision is kept for the
    fingerprint of every report, so that it holds when a report joins or leaves.
    """

    reports: tuple[Report, ...]
    stances: tuple[Stance, ...]
    disagreement: Disagreement

    def __post_init__(self) -> None:
        if not self.reports:
            raise ValueError("a finding has at least one report")

    @property
    def lead(self) -> Report:
        """The leading report."""
        return self.reports[0]

    @property
    def fingerprint(self) -> str:
        """The identity of the lead report, which names the finding in lists and exports."""
        return self.lead.fingerprint

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """The distinct identities of all reports, the lead's first."""
        return tuple(dict.fromkeys(report.fingerprint for report in self.reports))

    @property
    def anchor(self) -> Anchor:
        """Where the finding points."""
        return self.lead.anchor

    @cached_property
    def repeats(self) -> tuple[Report, ...]:
        """The reports that say of other places what the leading one says."""
        return tuple(one for one in self.reports[1:] if is_repeat(self.lead, one))

    @property
    def places(self) -> tuple[Anchor, ...]:
        """Where its problem is: the leading report's anchor, then those of the repeats."""
        return (self.anchor, *(report.anchor for report in self.repeats))

    @cached_property
    def claims(self) -> tuple[Report, ...]:
        """The reports to be told in full: all but the repeats."""
        others = (one for one in self.reports[1:] if not is_repeat(self.lead, one))
        return (self.lead, *others)

    @cached_property
    def is_anchored(self) -> bool:
        """Whether the quote of at least one report is in the code.

        Unanchored findings are listed separately and count for nothing.
        """
        return any(report.anchored for report in self.reports)

    @cached_property
    def severity(self) -> Severity:
        """The worst severity of its reports."""
        return max(report.severity for report in self.reports)

    @property
    def category(self) -> Category:
        """The lead report's category."""
        return self.lead.category


def is_repeat(one: Report, other: Report) -> bool:
    """Whether an analyser reports the same of two places."""
    return bool(one.rule) and (one.rule, one.lens, one.reviewer) == (
        other.rule,
        other.lens,
        other.reviewer,
    )
