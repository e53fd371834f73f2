"""From the reports of a change to its findings."""

from collections.abc import Callable, Iterable, Sequence

from xreview.disagreement.align import Group, align
from xreview.disagreement.classify import classify
from xreview.domain.finding import Finding
from xreview.domain.report import Report, ReviewerIdentity
from xreview.domain.stance import Stance, StanceKind


def findings_of(
    reports: Iterable[Report],
    panel: Sequence[ReviewerIdentity] = (),
    has_read: Callable[[ReviewerIdentity, str], bool] = lambda reviewer, path: True,
) -> list[Finding]:
    """The findings in these reports, in the order of their places.

    Args:
        panel: who was to read the change.
        has_read: whether a reviewer has read the file at a path: only who has can be silent.
    """
    return [
        finding_of(group, [one for one in panel if has_read(one, group[0].anchor.path)])
        for group in align(reports)
    ]


def finding_of(group: Group, readers: Sequence[ReviewerIdentity]) -> Finding:
    """The finding that a group of reports is (`align`, `Alignment.groups`), nobody asked yet.

    `readers` have read the code: who of them raised nothing is `silent`.
    """
    raised = tuple(
        Stance(report.reviewer, StanceKind.RAISES, report.claim, report.anchor.quote)
        for report in group
    )
    speakers = {report.reviewer.name for report in group}
    silent = tuple(
        Stance(reviewer, StanceKind.SILENT) for reviewer in readers if reviewer.name not in speakers
    )
    stances = raised + silent
    return Finding(group, stances, classify(group, stances))
