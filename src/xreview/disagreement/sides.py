"""The sides of a finding whose reports ask for different things, from which the user takes one."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from xreview.disagreement.align import ReportGroup
from xreview.disagreement.opposition import opposed
from xreview.disagreement.place import meet
from xreview.domain.decision import Decision, Reason
from xreview.domain.finding import Finding
from xreview.domain.report import Report
from xreview.domain.ruling import ChosenReport, chosen_among


def sides_of(finding: Finding) -> tuple[ReportGroup, ...]:
    """The sides in the order of the reports; one with all of them if they don't part.

    A report that parts from no other is on every side.
    """
    parted = [
        report for report in finding.claims if any(_part(report, one) for one in finding.claims)
    ]
    sides: list[list[Report]] = []
    for report in parted:
        joined = next((one for one in sides if not any(_part(report, r) for r in one)), None)
        if joined is None:
            sides.append([report])
        else:
            joined.append(report)
    if not sides:
        return (finding.reports,)
    return tuple(
        tuple(one for one in finding.reports if one in side or one not in parted) for side in sides
    )


def is_parted(finding: Finding) -> bool:
    """Whether two of its reports ask for different things, so that both can't be fixed."""
    return any(_part(left, right) for left, right in combinations(finding.claims, 2))


def leaves_side_open(finding: Finding, decision: Decision, chosen: Sequence[object]) -> bool:
    """Whether a decision is to fix as suggested, and doesn't say as which of several reports."""
    return decision.reason is Reason.FIX and not chosen and is_parted(finding)


def side_words(finding: Finding, chosen: Sequence[ChosenReport]) -> str:
    """`side 2 (economy)`; "" if no side was chosen."""
    kept = chosen_among(finding.reports, chosen)
    if not chosen or not kept:
        return ""
    names = reviewer_names(kept)
    sides = sides_of(finding)
    return f"side {sides.index(kept) + 1} ({names})" if kept in sides else f"as {names} asks"


def reviewer_names(reports: Iterable[Report]) -> str:
    """The names of those who wrote reports, each once: `risk, economy`."""
    return ", ".join(dict.fromkeys(report.reviewer.name for report in reports))


def _part(left: Report, right: Report) -> bool:
    """Whether two reports ask for opposite changes, or for different code in place of the same."""
    return opposed(left, right) or (meet(left, right) and _replace_differently(left, right))


def _replace_differently(left: Report, right: Report) -> bool:
    code = _code_of(left) | _code_of(right)
    mine, theirs = _applied(left, code), _applied(right, code)
    return mine is not None and theirs is not None and mine != theirs


def _code_of(report: Report) -> dict[int, str]:
    """The quoted code by line."""
    return dict(enumerate(report.anchor.quote.split("\n"), report.anchor.start_line))


def _applied(report: Report, code: dict[int, str]) -> list[str] | None:
    """The code with a report's replacement, but for white space at the ends of lines; None without
    one."""
    if report.suggestion is None or (new := report.suggestion.replacement) is None:
        return None
    return [row.rstrip() for row in _rows(report, code, new) if row.strip()]


def _rows(report: Report, code: dict[int, str], new: str) -> Iterator[str]:
    lines = sorted(code)
    yield from (code[line] for line in lines if line < report.anchor.start_line)
    yield from new.split("\n")
    yield from (code[line] for line in lines if line > report.anchor.end_line)
