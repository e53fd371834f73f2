"""Running all engines over a file, and keeping what they find on changed lines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xreview.analysers import complexity
from xreview.analysers.linters import Enforced
from xreview.analysers.match import RuleMatch
from xreview.analysers.ruff import SYNTAX_ERROR, RuffError, check
from xreview.analysers.rules import AnalyserRule, Engine, computed_rule, rules_for
from xreview.analysers.source import QUOTED_LINES, Source
from xreview.analysers.syntax import MatchPlace, SyntaxTree
from xreview.analysers.tools import linting
from xreview.analysers.tools.installed import LINTERS
from xreview.analysers.tools.program import LinterError

MOST_PROBLEMS = 200
"""Problems reported for one file; a file with more counts as truncated."""

_UNPARSED = "it doesn't parse as Python, so ruff's rules didn't run"


@dataclass(frozen=True, slots=True)
class Analysis:
    """The problems in a file, and why it wasn't read completely ("" if it was)."""

    problems: tuple[RuleMatch, ...]
    lines: int
    gap: str = ""


def analyse(source: Source, enforced: Enforced) -> Analysis:
    """Run every engine over one file. Raises OutOfDateError."""
    gaps: list[str] = []
    if source.is_cut:
        gaps.append(f"only the first {len(source.lines):,} lines were read: the file is too large")
    found = list(_found(source, enforced, gaps))
    problems = sorted(_without_echoes(found), key=lambda one: (one.start_line, one.rule.id))
    if len(problems) > MOST_PROBLEMS:
        gaps.append(f"only the first {MOST_PROBLEMS} of {len(problems):,} problems are reported")
    return Analysis(tuple(problems[:MOST_PROBLEMS]), len(source.lines), "; ".join(gaps))


def _found(source: Source, enforced: Enforced, gaps: list[str]) -> Iterator[RuleMatch]:
    if not source.added:
        return
    rules = [
        rule for rule in rules_for(source.language) if not (rule.not_in_tests and source.is_test)
    ]
    if source.language in LINTERS:
        yield from _by_linter(source, rules, gaps)
        return
    # Ruff is the fastest, so its problems come first.
    yield from _by_ruff(source, rules, enforced, gaps)
    tree = SyntaxTree(source.clean, source.language)
    yield from _by_syntax(source, tree, rules, enforced)
    yield from _by_complexity(source, tree, gaps)


def _by_ruff(
    source: Source, rules: Iterable[AnalyserRule], enforced: Enforced, gaps: list[str]
) -> Iterator[RuleMatch]:
    by_code = {
        code: rule for rule in rules for code in rule.codes if not enforced.covers([f"ruff:{code}"])
    }
    asked = by_code.keys() - {SYNTAX_ERROR}
    if not asked:
        return
    try:
        for said in check(source.clean, asked):
            if said.code == SYNTAX_ERROR:
                if _UNPARSED in gaps:
                    continue  # later errors mostly follow from the first
                gaps.append(_UNPARSED)
            if (rule := by_code.get(said.code)) is not None:
                yield from _problem(source, rule, said.place)
    except RuffError as error:
        gaps.append(f"read without ruff: {error}")


def _by_linter(
    source: Source, rules: Iterable[AnalyserRule], gaps: list[str]
) -> Iterator[RuleMatch]:
    try:
        for rule, place in linting.found_by_linter(source, rules):
            yield from _problem(source, rule, place)
    except LinterError as error:
        gaps.append(str(error))


def _by_syntax(
    source: Source, tree: SyntaxTree, rules: Iterable[AnalyserRule], enforced: Enforced
) -> Iterator[RuleMatch]:
    for rule in rules:
        if rule.engine is not Engine.AST_GREP or enforced.covers(rule.enforced_by):
            continue
        if rule.needs and not any(word in source.clean for word in rule.needs):
            continue
        for place in tree.find(rule):
            yield from _problem(source, rule, place)


def _problem(source: Source, rule: AnalyserRule, place: MatchPlace) -> Iterator[RuleMatch]:
    end = min(place.end_line, place.start_line + QUOTED_LINES - 1)
    if not source.touches(place.start_line, end):
        return
    quote = source.quote(place.start_line, end)
    if rule.near and not re.search(rule.near, quote):
        return
    is_whole = end == place.end_line and bool(rule.suggestion) and rule.takes_fix
    replacement = place.replacement if is_whole else None
    yield RuleMatch(rule, place.start_line, end, quote, replacement, place.words)


def _by_complexity(source: Source, tree: SyntaxTree, gaps: list[str]) -> Iterator[RuleMatch]:
    if source.is_test or not _could_be_complex(source, tree):
        return
    rule = computed_rule("any/complexity-raised")
    try:
        for growth in complexity.growths(source.clean, source.language, source.body, source.added):
            start, end = _where_it_grew(source, growth.start_line, growth.end_line)
            words = {
                "function": growth.name,
                "after": str(growth.after),
                "before": "is new" if growth.before is None else f"had {growth.before} before",
                "bound": str(complexity.BOUND),
            }
            yield RuleMatch(rule, start, end, source.quote(start, end), words=words)
    except complexity.LizardError as error:
        gaps.append(f"read without lizard: {error}")


def _could_be_complex(source: Source, tree: SyntaxTree) -> bool:
    """Whether it is worth running lizard, which is slow."""
    return complexity.branches(source.clean) >= complexity.BOUND and any(
        source.touches(first, last) and complexity.branches(code) >= complexity.BOUND
        for first, last, code in tree.functions()
    )


def _where_it_grew(source: Source, first: int, last: int) -> tuple[int, int]:
    """The function's first line, or if it isn't new, the first run of added lines."""
    if first in source.added:
        return first, first
    start = min(number for number in source.added if first <= number <= last)
    end = start
    while end + 1 in source.added and end + 1 <= last and end - start + 1 < QUOTED_LINES:
        end += 1
    return start, end


def _without_echoes(problems: Iterable[RuleMatch]) -> Iterator[RuleMatch]:
    """One problem for each lens, line and meaning: the most severe, then the first."""
    kept: dict[tuple[str, int, str], RuleMatch] = {}
    for problem in problems:
        key = (problem.rule.lens, problem.start_line, problem.rule.meaning)
        if key not in kept or problem.rule.severity > kept[key].rule.severity:
            kept[key] = problem
    yield from kept.values()
