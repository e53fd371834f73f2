"""Reports, with quotes of the code, from the results about one file.

Tools repeat a result for each column, so results with the same rule, lines and message are one
report. Others of one rule at one place are distinguished by their messages, not by their order, so
a report keeps its identity from run to run.
"""

import re
from collections.abc import Iterable, Sequence

from xreview.domain.change import Side
from xreview.domain.identity.claim import claim_key_of
from xreview.domain.record import dataclass, field
from xreview.domain.report import ReviewerIdentity, ReviewerKind, Suggestion
from xreview.domain.text import count_of
from xreview.imports.lines import QUOTED_LINES, EditRefusal, FileLines, overlaps
from xreview.imports.statement import ImportedProblem, Where
from xreview.ports.reviewer import RawReport

_NO_LINE = "The tool names no line of the file."
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|‘[^’]*’|“[^”]*”|\d+")
_NO_WORD = re.compile(r"[^a-z]+")
_LONGEST_RULE = 60


@dataclass(frozen=True, slots=True)
class Placed:
    """A result and its location in the change; `others` is the number of its further locations."""

    problem: ImportedProblem
    where: Where
    others: int = 0


@dataclass(frozen=True, slots=True)
class ImportedReports:
    """The reports about changed lines of a file, and the numbers of other results: about unchanged
    lines, and about lines that the file doesn't have."""

    reports: list[RawReport]
    unchanged: int = 0
    missing: int = 0


@dataclass(slots=True)
class _Group:
    """Results with the same rule, lines and message."""

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
    """The reports about the changed lines of a file, of which `content` is the new side."""
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
    """The rule's id; without one, the message without quotations and numbers."""
    if placed.problem.rule:
        return placed.problem.rule
    message = _QUOTED.sub(" ", placed.problem.message.lower())
    return _NO_WORD.sub("-", message).strip("-")[:_LONGEST_RULE].strip("-") or "unnamed"


def _span(placed: Placed, lines: FileLines, touched: Sequence[range]) -> tuple[int, int]:
    """The lines of a problem; for the whole file, its first changed line that isn't blank."""
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
        # A model from an earlier review has claims, not rules.
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
    """What the location alone doesn't show."""
    if group.first.where.region is None:
        yield _NO_LINE
    if last < group.end:
        lines = group.end - group.start + 1
        yield (
            f"It is about {count_of(lines, 'line')}, {group.start:,} to {group.end:,}; the first "
            f"{QUOTED_LINES} are quoted."
        )
    if (times := len(group.members)) > 1:
        yield f"The tool reports this {times:,} times here (×{times:,})."
    if others := group.first.others:
        yield f"The tool names {count_of(others, 'more place', 'more places')} for it."


def _suggestion(group: _Group, lines: FileLines) -> Suggestion | None:
    """The proposal of all results; without a replacement where that isn't one edit."""
    given = [(fix, one.where.file) for one in group.members if (fix := one.problem.fix)]
    fixes = [fix for fix, file in given if not fix.edits or fix.file == file]
    described = next((fix for fix, _ in given), None)
    if described is None:
        return None
    edits = tuple(dict.fromkeys(edit for fix in fixes for edit in fix.edits))
    if not edits:
        return Suggestion(described.description)
    why = ""
    done: str | EditRefusal = EditRefusal.COLUMNS
    if group.end - group.start >= QUOTED_LINES:
        why = "It changes more lines than are quoted."
    elif _is_where_it_was(group, lines):
        done = lines.replaced(group.start, group.end, edits)
    if isinstance(done, str):
        return Suggestion(described.description, done)
    return Suggestion(f"{described.description} ({why or done.value})".strip())


def _is_where_it_was(group: _Group, lines: FileLines) -> bool:
    """Whether the code is still where the tool saw it, as far as the tool quotes it."""
    where = group.first.where
    if where.region is None:
        return True
    span = lines.span(where.region)
    return span == (group.start, group.end) and lines.stands(*span, where.snippet)


def worst_first(reports: Sequence[RawReport], most: int) -> list[RawReport]:
    """The `most` worst reports, in their original order."""
    if len(reports) <= most:
        return list(reports)
    worst = sorted(range(len(reports)), key=lambda index: (-reports[index].severity, index))
    return [reports[index] for index in sorted(worst[: max(0, most)])]
