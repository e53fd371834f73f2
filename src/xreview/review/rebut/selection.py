"""Choosing the reports that a party is asked about."""

from collections.abc import Callable, Iterable, Sequence

from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Report, ReviewerIdentity, ReviewerKind
from xreview.domain.stance import StanceKind


def reports_for(party: ReviewerIdentity, findings: Iterable[Finding]) -> tuple[Report, ...]:
    """The reports that the party can answer, in the findings' order, each fingerprint once.

    Reports of its own family are left out: a model agrees with itself.
    """
    found: dict[str, Report] = {}
    for finding in findings:
        if any(report.reviewer.name == party.name for report in finding.reports):
            continue  # its own report is its opinion
        for report in finding.reports:
            if report.reviewer.family != party.family:
                found.setdefault(report.fingerprint, report)
    return tuple(found.values())


def between_reviewers(
    findings: Sequence[Finding], author_of: Callable[[Finding], str]
) -> dict[str, tuple[Finding, ...]]:
    """The findings of one reviewer alone that the other reviewing families answer.

    By answering family, in the findings' order. Families that reported nothing are not asked, and
    no family is asked about its own code (`author_of`): it answers that as the author.
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


def needs_answer(finding: Finding) -> bool:
    """Whether a model reported it, and no other model said what it thinks of it."""
    is_by_model = any(one.reviewer.kind is not ReviewerKind.ANALYSER for one in finding.reports)
    said = {StanceKind.RAISES, StanceKind.SILENT}
    return is_by_model and all(one.counts_as in said for one in finding.stances)
