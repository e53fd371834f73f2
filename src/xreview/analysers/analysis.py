"""Running all engines over a file, and keeping what they find on changed lines."""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xreview.analysers import complexity
from xreview.analysers.linters import Enforced
from xreview.analysers.match import RuleMatch
from xreview.analysers.ruff import SYNTAX_ERROR, RuffCheck, RuffError
from xreview.analysers.rules import AnalyserRule, Engine, computed_rule, is_linted, rules_for
from xreview.analysers.silencing import Silencing
from xreview.analysers.source import QUOTED_LINES, Source
from xreview.analysers.syntax import MatchPlace, SyntaxTree
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Lens

MOST_PROBLEMS = 200
"""Problems reported for one file; a file with more counts as truncated."""

EXPRESSION_SECONDS = 3.0
"""Processor time for the regular expressions of one file; most take some milliseconds each."""

WITH_EXPRESSIONS = ("python", "javascript", "typescript", "tsx")
"""The languages whose regular expressions are tried."""

_UNPARSED = "it doesn't parse as Python, so ruff's rules didn't run"


_Key = tuple[Lens, int, str]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The problems in a file, and why it wasn't read completely ("" if it was).

    `silenced` counts the matches that the code silences, by what silences them.
    """

    problems: tuple[RuleMatch, ...]
    lines: int
    gap: str = ""
    silenced: Mapping[Lens, Mapping[str, int]] = field(
        default_factory=dict[Lens, Mapping[str, int]]
    )


def analyse(source: Source, enforced: Enforced, ruff: RuffCheck | None = None) -> Analysis:
    """Run every engine over one file; `ruff` is its run over several files, this one included.

    Raises OutOfDateError.
    """
    gaps: list[str] = []
    if source.is_cut:
        gaps.append(f"only the first {len(source.lines):,} lines were read: the file is too large")
    if not source.added:
        return Analysis((), len(source.lines), "; ".join(gaps))
    rules = _rules_for(source)
    found: Iterable[RuleMatch]
    silenced: Mapping[Lens, Mapping[str, int]] = {}
    if is_linted(source.language):  # which honour the comments that are meant for them
        found = _by_linter(source, rules, gaps)
    else:
        tree = SyntaxTree(source.clean, source.language, source.added)
        every = _by_all(source, tree, rules, enforced, ruff or RuffCheck([source.clean]), gaps)
        found, silenced = _without_silenced(every, Silencing(tree))
    problems = list(_lowered(source, _without_echoes(found)))
    problems.sort(key=lambda one: (one.start_line, one.rule.id))
    if len(problems) > MOST_PROBLEMS:
        gaps.append(f"only the first {MOST_PROBLEMS} of {len(problems):,} problems are reported")
    gap = "; ".join(gaps)
    return Analysis(tuple(problems[:MOST_PROBLEMS]), len(source.lines), gap, silenced)


def _rules_for(source: Source) -> list[AnalyserRule]:
    return [
        rule
        for rule in rules_for(source.language)
        if not (rule.not_in_tests and source.is_test)
        and (not rule.needs or any(word in source.clean for word in rule.needs))
        and not any(word in source.clean for word in rule.unless)
        and (not rule.holds or re.search(rule.holds, source.clean))
    ]


def _by_all(
    source: Source,
    tree: SyntaxTree,
    rules: Sequence[AnalyserRule],
    enforced: Enforced,
    ruff: RuffCheck,
    gaps: list[str],
) -> Iterator[RuleMatch]:
    # Ruff is the fastest, so its problems come first.
    yield from _by_ruff(source, rules, enforced, ruff, gaps)
    yield from _by_syntax(source, tree, rules, enforced)
    yield from _by_backtracking(source, tree, enforced, gaps)
    yield from _by_complexity(source, tree)


def ruff_codes(enforced: Enforced) -> frozenset[str]:
    """The codes of ruff that a file can be checked for."""
    rules = rules_for("python")
    codes = (code for rule in rules if rule.engine is Engine.RUFF for code in rule.codes)
    return frozenset(code for code in codes if not enforced.covers([f"ruff:{code}"])) - {
        SYNTAX_ERROR
    }


def _by_ruff(
    source: Source,
    rules: Iterable[AnalyserRule],
    enforced: Enforced,
    ruff: RuffCheck,
    gaps: list[str],
) -> Iterator[RuleMatch]:
    by_code = {
        code: rule for rule in rules for code in rule.codes if not enforced.covers([f"ruff:{code}"])
    }
    asked = by_code.keys() - {SYNTAX_ERROR}
    if not asked:
        return
    try:
        diagnostics = list(ruff.of(source.clean, asked))
        if broken := [said for said in diagnostics if said.code == SYNTAX_ERROR]:
            gaps.append(_UNPARSED)
            diagnostics = broken[:1]  # the rest mostly follows from the first
        for said in diagnostics:
            rule = by_code.get(said.code)
            if rule is not None and _is_near(source, rule, said.place):
                yield from _problem(source, rule, said.place)
    except RuffError as error:
        gaps.append(f"read without ruff: {error}")


def _by_linter(
    source: Source, rules: Iterable[AnalyserRule], gaps: list[str]
) -> Iterator[RuleMatch]:
    # Imported here, as the search for expressions is: the first file shouldn't wait for it.
    from xreview.analysers.tools import linting
    from xreview.analysers.tools.program import LinterError

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
        for place in tree.find(rule):
            if _is_near(source, rule, place):
                yield from _problem(source, rule, place)


def _is_near(source: Source, rule: AnalyserRule, place: MatchPlace) -> bool:
    return not rule.near or bool(re.search(rule.near, _quote(source, place)))


def _quote(source: Source, place: MatchPlace) -> str:
    return source.quote(place.start_line, _quoted_end(place))


def _quoted_end(place: MatchPlace) -> int:
    return min(place.end_line, place.start_line + QUOTED_LINES - 1)


def _problem(source: Source, rule: AnalyserRule, place: MatchPlace) -> Iterator[RuleMatch]:
    end = _quoted_end(place)
    if not source.touches(place.start_line, end):
        return
    is_whole = end == place.end_line and bool(rule.suggestion) and rule.takes_fix
    replacement = place.replacement if is_whole else None
    yield RuleMatch(rule, place.start_line, end, _quote(source, place), replacement, place.words)


def _by_backtracking(
    source: Source, tree: SyntaxTree, enforced: Enforced, gaps: list[str]
) -> Iterator[RuleMatch]:
    if source.is_test or source.language not in WITH_EXPRESSIONS:
        return
    from xreview.analysers.backtracking import find_backtracking
    from xreview.analysers.expressions import expressions_in
    from xreview.analysers.processor_time import OutOfTimeError

    began = time.process_time()
    for expression in expressions_in(tree, source.language):
        place = expression.place
        if not source.touches(place.start_line, place.end_line):
            continue
        left = EXPRESSION_SECONDS - (time.process_time() - began)
        try:
            found = find_backtracking(expression.text, expression.flags, left)
        except OutOfTimeError:
            gaps.append("not all regular expressions were tried: they take too long")
            return
        if found is None:
            continue
        rule = computed_rule("any/exponential-expression")
        if not enforced.covers(rule.enforced_by):
            words = {"repeated": found.named}
            yield from _problem(source, rule, replace(place, words=words))


def _by_complexity(source: Source, tree: SyntaxTree) -> Iterator[RuleMatch]:
    if source.is_aside:
        return
    rule = computed_rule("any/complexity-raised")
    for growth in complexity.growths(tree, source.body, source.added):
        if growth.start_line in source.inner_tests:
            continue
        start, end = _where_it_grew(source, growth.start_line, growth.end_line)
        before = "is new in this file" if growth.before is None else f"had {growth.before} before"
        words = {"function": growth.name, "after": str(growth.after), "before": before}
        quote = source.quote(start, end)
        yield RuleMatch(rule, start, end, quote, words=words, head=growth.start_line)


def _where_it_grew(source: Source, first: int, last: int) -> tuple[int, int]:
    """The function's first line, or if that isn't added, the first run of added lines."""
    if first in source.added:
        return first, first
    inside = sorted(number for number in source.added if first <= number <= last)
    start = next((at for at in inside if source.lines[at - 1].strip()), inside[0])
    end = start
    while end + 1 in source.added and end + 1 <= last and end - start + 1 < QUOTED_LINES:
        end += 1
    return start, end


def _without_silenced(
    problems: Iterable[RuleMatch], silencing: Silencing
) -> tuple[list[RuleMatch], dict[Lens, dict[str, int]]]:
    """The problems that the code doesn't silence, and what silences how many others.

    A critical problem can't be silenced: it stays, with the lowest severity.
    """
    silent: dict[_Key, str] = {}
    by_key: dict[_Key, list[RuleMatch]] = defaultdict(list)
    for one in problems:
        by_key[_key(one)].append(one)
        head = one.start_line if one.head is None else one.head
        by_what = silencing.of(one.rule, one.start_line, one.end_line)
        if by_what := by_what or silencing.of(one.rule, head, head):
            silent[_key(one)] = by_what
    audible: list[RuleMatch] = []
    silenced: dict[Lens, Counter[str]] = defaultdict(Counter)
    for key, each in by_key.items():
        if key not in silent:
            audible += each
        elif (worst := max(each, key=lambda one: one.rule.severity)).is_critical:
            audible.append(worst.lowered())
        else:
            silenced[worst.rule.lens][silent[key]] += 1
    return audible, {lens: dict(counts) for lens, counts in silenced.items()}


def _without_echoes(problems: Iterable[RuleMatch]) -> Iterator[RuleMatch]:
    """One problem for each lens, line and meaning: the most severe, then the first.

    Of a rule that needs saying only once, the first.
    """
    kept: dict[_Key, RuleMatch] = {}
    said: set[str] = set()
    for problem in problems:
        if problem.rule.id in said:
            continue
        if problem.rule.once:
            said.add(problem.rule.id)
        key = _key(problem)
        if key not in kept or problem.rule.severity > kept[key].rule.severity:
            kept[key] = problem
    yield from kept.values()


def _lowered(source: Source, problems: Iterable[RuleMatch]) -> Iterator[RuleMatch]:
    """The problems, with the lowest severity where code isn't part of the product."""
    for one in problems:
        is_aside = source.is_aside or one.start_line in source.inner_tests
        yield one.lowered() if is_aside else one


def _key(problem: RuleMatch) -> _Key:
    return problem.rule.lens, problem.start_line, problem.rule.meaning
