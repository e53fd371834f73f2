"""From the reports of a change to its findings."""

from collections.abc import Iterable, Sequence

from xreview.disagreement.align import Group, align
from xreview.disagreement.classify import classify
from xreview.domain.finding import Finding
from xreview.domain.report import Report, ReviewerIdentity
from xreview.domain.stance import Stance, StanceKind


def findings_of(reports: Iterable[Report], panel: Sequence[ReviewerIdentity] = ()) -> list[Finding]:
    """The findings in these reports, in the order of their places.

    `panel` are the reviewers that have read the code: one that raised nothing is `silent`.
    """
    return [finding_of(group, panel) for group in align(reports)]


def finding_of(group: Group, panel: Sequence[ReviewerIdentity]) -> Finding:
    """The finding that a group of reports is (`align`, `Alignment.groups`), nobody asked yet."""
    raised = tuple(
        Stance(report.reviewer, StanceKind.RAISES, report.claim, report.anchor.quote)
        for report in group
    )
    speakers = {report.reviewer.name for report in group}
    silent = tuple(
        Stance(reviewer, StanceKind.SILENT) for reviewer in panel if reviewer.name not in speakers
    )
    stances = raised + silent
    return Finding(group, stances, classify(group, stances))
