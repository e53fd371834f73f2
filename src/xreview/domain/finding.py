"""The unit a person decides on: one or more reports about the same problem."""

from dataclasses import dataclass
from functools import cached_property

from xreview.domain.disagreement import Disagreement
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Category, Report, Severity
from xreview.domain.stance import Stance


@dataclass(frozen=True)
class Finding:
    """Reports about one problem, the stances taken on it, and what these amount to.

    The first report leads: its title, claim and anchor are shown first. A decision is kept for
    every report's fingerprint, so that it holds when a report joins or leaves.
    """

    reports: tuple[Report, ...]
    stances: tuple[Stance, ...]
    disagreement: Disagreement

    def __post_init__(self) -> None:
        if not self.reports:
            raise ValueError("a finding has at least one report")

    @property
    def lead(self) -> Report:
        """The report that is shown first."""
        return self.reports[0]

    @property
    def fingerprint(self) -> str:
        """The lead report's identity: the finding's name in lists and exports."""
        return self.lead.fingerprint

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """The identities of all reports, without repeats, the lead's first."""
        return tuple(dict.fromkeys(report.fingerprint for report in self.reports))

    @property
    def anchor(self) -> Anchor:
        """Where the finding points."""
        return self.lead.anchor

    @cached_property
    def is_anchored(self) -> bool:
        """Whether the quote of one of its reports stands in the code.

        What nobody can show in the code is listed apart, and nothing follows from it.
        """
        return any(report.anchored for report in self.reports)

    @cached_property
    def severity(self) -> Severity:
        """The worst of the reports' severities."""
        return max(report.severity for report in self.reports)

    @property
    def category(self) -> Category:
        """The lead report's category."""
        return self.lead.category
