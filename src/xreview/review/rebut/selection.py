"""Which reports a party is asked about."""

from collections.abc import Callable, Iterable, Sequence

from xreview.domain.disagreement import Disagreement
from xreview.domain.finding import Finding
from xreview.domain.report import Report, ReviewerIdentity, ReviewerKind


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


def between_reviewers(
    findings: Sequence[Finding], author_of: Callable[[Finding], str]
) -> dict[str, tuple[Finding, ...]]:
    """What the families that read the change answer each other: what one raised alone.

    By the family that answers, in the findings' order. Only families that raised something
    themselves are asked, and not about code of their own: that is the author's answer.

    Args:
        findings: all that may be answered, before anybody has.
        author_of: the family that wrote a finding's code, "" for not known.
    """
    raised = {
        report.reviewer.family: None
        for finding in findings
        for report in finding.reports
        if report.reviewer.kind is not ReviewerKind.ANALYSER
    }
    lone = [
        one
        for one in findings
        if one.disagreement is Disagreement.LONE
        and one.lead.reviewer.kind is not ReviewerKind.ANALYSER
    ]
    answers = {
        family: tuple(
            one for one in lone if family not in (one.lead.reviewer.family, author_of(one))
        )
        for family in raised
    }
    return {family: theirs for family, theirs in answers.items() if family and theirs}
