"""From reports to groups about one problem.

Reports belong together if they point at the same place and either say the same (the same request,
or much the same words in one category, from different families) or ask for opposite things.
Everything else stays apart: two rules of one engine that meet on a line are two problems.
"""

from collections.abc import Iterable, Sequence

from xreview.disagreement.similarity import jaccard, words
from xreview.domain.report import Report

SAME_WORDS = 0.3
"""From which similarity of title and claim on, two reports in one place and category are one
problem. The evidence file's threshold for text alone is higher (.5); place adds to it."""


def align(reports: Iterable[Report]) -> list[tuple[Report, ...]]:
    """Group the reports of one file; the result does not depend on the order they came in.

    A reviewer's report that came twice (same fingerprint) is kept once. In a group the worst and
    surest report leads; groups are ordered by place.
    """
    unique = {(report.reviewer, report.fingerprint): report for report in reports}
    ordered = sorted(unique.values(), key=_place)
    groups: list[list[Report]] = []
    active: list[list[Report]] = []
    for report in ordered:
        active = [group for group in active if _reaches(group, report)]
        home = next((group for group in active if _same_problem(group, report)), None)
        if home is not None:
            home.append(report)
            continue
        fresh = [report]
        groups.append(fresh)
        active.append(fresh)
    return [tuple(sorted(group, key=_lead_first)) for group in groups]


def _place(report: Report) -> tuple[str, str, int, int, str, str]:
    anchor = report.anchor
    return (
        anchor.path,
        anchor.side.value,
        anchor.start_line,
        anchor.end_line,
        report.fingerprint,
        report.reviewer.name,
    )


def _reaches(group: Sequence[Report], report: Report) -> bool:
    return any(
        member.anchor.path == report.anchor.path
        and member.anchor.side is report.anchor.side
        and member.anchor.end_line >= report.anchor.start_line
        for member in group
    )


def _same_problem(group: Sequence[Report], report: Report) -> bool:
    return any(
        member.anchor.overlaps(report.anchor)
        and (_agree(member, report) or opposed(member, report))
        for member in group
    )


def _agree(left: Report, right: Report) -> bool:
    if left.fingerprint == right.fingerprint:
        return True
    if left.reviewer.family == right.reviewer.family or left.category is not right.category:
        return False
    if left.request is not None and left.request == right.request:
        return True
    return jaccard(_said(left), _said(right)) >= SAME_WORDS


def _said(report: Report) -> frozenset[str]:
    return words(f"{report.title} {report.claim}")


def opposed(left: Report, right: Report) -> bool:
    """Whether two reports ask for opposite changes."""
    return (
        left.request is not None
        and right.request is not None
        and left.request.opposes(right.request)
    )


def _lead_first(report: Report) -> tuple[int, int, str, str]:
    return (-report.severity, -report.confidence, report.reviewer.name, report.fingerprint)
