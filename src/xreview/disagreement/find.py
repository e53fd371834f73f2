"""From the reports of one file to its findings."""

from collections.abc import Iterable, Sequence

from xreview.disagreement.align import align
from xreview.disagreement.classify import classify
from xreview.domain.finding import Finding
from xreview.domain.report import Report, ReviewerIdentity
from xreview.domain.stance import Stance, StanceKind


def findings_of(reports: Iterable[Report], panel: Sequence[ReviewerIdentity] = ()) -> list[Finding]:
    """The findings in a file's reports, in the order of their places.

    `panel` are the reviewers that have read the file: one that raised nothing is `silent`.
    """
    return [_finding(group, panel) for group in align(reports)]


def _finding(group: tuple[Report, ...], panel: Sequence[ReviewerIdentity]) -> Finding:
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
