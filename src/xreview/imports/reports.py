"""From the results about one file to reports with quotes of its code.

Results of one rule that say the same of the same lines are one report, which tells their number;
tools repeat themselves for each column. What tells reports of one rule in one place apart is what
they say, whatever their order, so that a report keeps its identity from run to run.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from xreview.domain.change import Side
from xreview.domain.identity.claim import claim_key_of
from xreview.domain.report import ReviewerIdentity, ReviewerKind, Suggestion
from xreview.domain.text import count_of
from xreview.imports.lines import QUOTED_LINES, EditRefusal, FileLines, overlaps
from xreview.imports.placed import Placed
from xreview.imports.problem import Fix, ProposedEdit
from xreview.ports.reviewer import RawReport

_NO_LINE = "The tool names no line of the file."
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|‘[^’]*’|“[^”]*”|\d+")
_NO_WORD = re.compile(r"[^a-z]+")
_LONGEST_RULE = 60


@dataclass(frozen=True, slots=True)
class ImportedReports:
    """The reports about lines of a file that changed; how many results are about other lines of it,
    and how many name lines that it does not have."""

    reports: list[RawReport]
    unchanged: int = 0
    missing: int = 0


@dataclass(slots=True)
class _Group:
    """Results of one rule that say the same of the same lines."""

    start: int
    end: int
    members: list[Placed] = field(default_factory=list[Placed])

    @property
    def first(self) -> Placed:
        return self.members[0]


def reports_from(
    placed: Iterable[Placed],
    reviewer: ReviewerIdentity,
    path: str,
    content: bytes,
    touched: Sequence[range],
) -> ImportedReports:
    """The reports about lines that changed, and how many results are about others.

    Args:
        content: of the file's new side. touched: its lines that changed.
    """
    lines = FileLines(content)
    groups: dict[tuple[str, int, int, str], _Group] = {}
    unchanged = missing = 0
    for one in placed:
        start, end = _span(one, lines, touched)
        if start > len(lines.lines):
            missing += 1
            continue
        if not overlaps(touched, start, end):
            unchanged += 1
            continue
        key = (_rule_of(one), start, end, one.problem.message)
        groups.setdefault(key, _Group(start, end)).members.append(one)
    said: dict[tuple[str, int], set[str]] = {}
    for rule, start, _, message in groups:
        said.setdefault((rule, start), set()).add(message)
    reports: list[RawReport] = []
    for (rule, start, _, message), group in groups.items():
        is_alone = len(said[rule, start]) == 1
        claim_key = rule if is_alone else f"{rule}\n{message}"
        reports.append(_report(group, rule, claim_key, reviewer, path, lines))
    return ImportedReports(reports, unchanged, missing)


def _rule_of(placed: Placed) -> str:
    """The rule's id; where the tool names none, what it says without what changes from place to
    place."""
    if placed.problem.rule:
        return placed.problem.rule
    message = _QUOTED.sub(" ", placed.problem.message.lower())
    return _NO_WORD.sub("-", message).strip("-")[:_LONGEST_RULE].strip("-") or "unnamed"


def _span(placed: Placed, lines: FileLines, touched: Sequence[range]) -> tuple[int, int]:
    """Where a problem stands; one with the whole file stands at the first line that changed."""
    where = placed.where
    if where.region is not None:
        return lines.located(*lines.span(where.region), where.snippet)
    changed = (number for numbers in touched for number in numbers)
    line = next((number for number in changed if lines.has_text(number)), 0)
    return line, line


def _report(
    group: _Group,
    rule: str,
    claim_key: str,
    reviewer: ReviewerIdentity,
    path: str,
    lines: FileLines,
) -> RawReport:
    problem, where = group.first.problem, group.first.where
    last = min(group.end, group.start + QUOTED_LINES - 1)
    suggestion = _suggestion(group, lines)
    if reviewer.kind is not ReviewerKind.ANALYSER and not problem.rule:
        # A model of an earlier review, which has no rules but claims.
        rule, claim_key = "", claim_key_of(problem.title, problem.claim, problem.category)
    return RawReport(
        reviewer=reviewer,
        claim_key=claim_key,
        rule=rule,
        title=problem.title,
        claim="\n\n".join(filter(None, [problem.claim, *_remarks(group, last)])),
        scenario=problem.flow,
        category=problem.category,
        severity=problem.severity,
        confidence=problem.confidence,
        path=path,
        side=Side.NEW,
        start_line=group.start,
        end_line=last,
        quote=lines.quote(group.start, last, where.snippet),
        suggestion=suggestion,
    )


def _remarks(group: _Group, last: int) -> Iterable[str]:
    """What the place alone does not show."""
    if group.first.where.region is None:
        yield _NO_LINE
    if last < group.end:
        lines = group.end - group.start + 1
        yield (
            f"It is about {count_of(lines, 'line')}, {group.start:,} to {group.end:,}, of which "
            f"the first {QUOTED_LINES} are quoted."
        )
    if (times := len(group.members)) > 1:
        yield f"The tool says this {times:,} times of this place (×{times:,})."
    if others := group.first.others:
        yield f"The tool names {count_of(others, 'more place', 'more places')} for it."


def _suggestion(group: _Group, lines: FileLines) -> Suggestion | None:
    """What the results propose together; without a replacement where that can't be one edit."""
    fixes = [
        (fix, placed)
        for placed in group.members
        if (fix := placed.problem.fix) is not None
        and (not fix.edits or fix.file == placed.where.file)
    ]
    described = next((one.problem.fix for one in group.members if one.problem.fix), None)
    if described is None:
        return None
    edits = _together(fix for fix, _ in fixes)
    if not edits:
        return Suggestion(described.said)
    if group.end - group.start >= QUOTED_LINES:
        return Suggestion(f"{described.said} (It changes more lines than are quoted here.)".strip())
    if not _is_where_it_was(group, lines):
        return Suggestion(f"{described.said} ({EditRefusal.COLUMNS.value})".strip())
    done = lines.replaced(group.start, group.end, edits)
    if isinstance(done, EditRefusal):
        return Suggestion(f"{described.said} ({done.value})".strip())
    return Suggestion(described.said, done)


def _is_where_it_was(group: _Group, lines: FileLines) -> bool:
    """Whether the code still stands where the tool saw it, as far as it quotes any."""
    where = group.first.where
    if where.region is None:
        return True
    span = lines.span(where.region)
    return span == (group.start, group.end) and lines.stands(*span, where.snippet)


def _together(fixes: Iterable[Fix]) -> tuple[ProposedEdit, ...]:
    """The edits of several fixes, each once."""
    return tuple(dict.fromkeys(edit for fix in fixes for edit in fix.edits))


def worst_first(reports: Sequence[RawReport], most: int) -> list[RawReport]:
    """The worst of the reports, at most so many, in the order in which they came."""
    if len(reports) <= most:
        return list(reports)
    worst = sorted(range(len(reports)), key=lambda index: (-reports[index].severity, index))
    return [reports[index] for index in sorted(worst[: max(0, most)])]
