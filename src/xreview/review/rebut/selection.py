"""Which reports a party is asked about."""

from collections.abc import Iterable, Sequence

from xreview.domain.disagreement import Disagreement
from xreview.domain.finding import Finding
from xreview.domain.report import Report, ReviewerIdentity


def reports_for(party: ReviewerIdentity, findings: Iterable[Finding]) -> tuple[Report, ...]:
    """The reports that the party can answer, in the findings' order, each problem once.

    Not those that its own family raised: a model agrees with itself. Where two reviewers raised
    the same problem in the same words (one fingerprint), it is asked about once.
    """
    found: dict[str, Report] = {}
    for finding in findings:
        if any(report.reviewer.name == party.name for report in finding.reports):
            continue  # it has said what it thinks of this
        for report in finding.reports:
            if report.reviewer.family != party.family:
                found.setdefault(report.fingerprint, report)
    return tuple(found.values())


def lone_ones(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that reviewers answer each other: those that one of them raised alone."""
    return tuple(one for one in findings if one.disagreement is Disagreement.LONE)
