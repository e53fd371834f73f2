"""Finding functions that a change made too complex, by their cyclomatic complexity.

A path begins at each condition, loop, handler and logical operator. A `switch`, `match` or `case`
counts once, whatever its number of arms: one more arm doesn't make it harder to read.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ast_grep_py import SgNode

from xreview.analysers.naming import full_name, name_in_words
from xreview.analysers.syntax import SyntaxTree, last_line
from xreview.domain.change import LineKind, parse_hunks
from xreview.domain.record import dataclass

BOUND = 20
"""Independent paths of a function that was there. In real code, few reviewers complain below."""

NEW_BOUND = 25
"""Independent paths of a new function."""

GROWTH = 5
GROWTH_PART = 0.2
"""The least growth of a function that was there, and the least part of what it had."""

_LOGICAL = {"has": {"field": "operator", "regex": r"^(&&|\|\||\?\?|and|or)$"}}
_PREPROCESSED = [
    {"inside": {"kind": kind, "field": "condition", "stopBy": "end"}}
    for kind in ("preproc_if", "preproc_elif")
]
"""Operators in a condition of the preprocessor, which are no paths."""

_FUNCTIONS: Mapping[str, str] = {
    "python": "function_definition",
    "javascript": "function_declaration function_expression method_definition arrow_function "
    "generator_function_declaration generator_function",
    "go": "function_declaration method_declaration func_literal",
    "java": "method_declaration constructor_declaration lambda_expression",
    "rust": "function_item",
    "ruby": "method singleton_method",
    "c": "function_definition",
    "cpp": "function_definition",
}
_BRANCHES: Mapping[str, str] = {
    "python": "if_statement elif_clause for_statement while_statement except_clause if_clause "
    "conditional_expression boolean_operator match_statement for_in_clause",
    "javascript": "if_statement for_statement for_in_statement while_statement do_statement "
    "catch_clause ternary_expression switch_statement binary_expression",
    "go": "if_statement for_statement expression_switch_statement type_switch_statement "
    "select_statement binary_expression",
    "java": "if_statement for_statement enhanced_for_statement while_statement do_statement "
    "catch_clause ternary_expression switch_expression binary_expression",
    "rust": "if_expression for_expression while_expression loop_expression match_expression "
    "binary_expression",
    "ruby": "if elsif unless while until for rescue conditional if_modifier unless_modifier "
    "while_modifier until_modifier rescue_modifier case case_match binary",
    "c": "if_statement for_statement while_statement do_statement switch_statement "
    "conditional_expression binary_expression",
    "cpp": "if_statement for_statement for_range_loop while_statement do_statement "
    "switch_statement conditional_expression catch_clause binary_expression",
}
_LIKE = {"typescript": "javascript", "tsx": "javascript"}

_KEYWORD = re.compile(
    r"\b(?:if|elif|elsif|for|while|until|unless|loop|do|case|switch|match|select|catch|except"
    r"|rescue|and|or)\b|&&|\|\||\?"
)


@dataclass(frozen=True, slots=True)
class Growth:
    """A function that is too complex: its 1-based lines and its number of paths.

    `before` is None if the function is new.
    """

    name: str
    start_line: int
    end_line: int
    before: int | None
    after: int


_Search = Callable[[Mapping[str, Any]], Iterator[SgNode]]


@dataclass(slots=True)
class _Function:
    node: SgNode
    paths: int = 1


def growths(tree: SyntaxTree, body: bytes, touched: frozenset[int]) -> Iterator[Growth]:
    """The functions that the change made too complex.

    Args:
        body: the file's hunks as git printed them.
        touched: the 1-based numbers of the added lines.
    """
    if sum(1 for _ in _KEYWORD.finditer(tree.text)) < BOUND:
        return
    touching = _functions(tree.nodes_that_matter, tree.language)
    suspects = [one for one in touching if one.paths > BOUND and _is_touched(one.node, touched)]
    if not suspects:
        return
    old = SyntaxTree(old_side(tree.text, body), tree.language)
    before = _by_name(_functions(old.nodes, tree.language))
    now = _by_name(_functions(tree.nodes, tree.language))
    # A new function may be one that the change renamed, or split off from another.
    moved = max((paths - now.get(name, 0) for name, paths in before.items()), default=0)
    for one in suspects:
        was = before.get(full_name(one.node))
        least = _grown(was) if was is not None else max(NEW_BOUND + 1, _grown(moved))
        if one.paths >= least:
            start, end = one.node.range().start.line + 1, last_line(one.node)
            yield Growth(name_in_words(one.node), start, end, was, one.paths)


def total_paths(text: str, language: str) -> int | None:
    """The paths of all functions in a file together; None if functions of that language can't be
    read. `text` has no lone surrogates."""
    if _LIKE.get(language, language) not in _FUNCTIONS:
        return None
    tree = SyntaxTree(text, language)
    return sum(one.paths for one in _functions(tree.nodes, language))


def old_side(text: str, body: bytes) -> str:
    """The old side of a file: the new side with the hunks undone."""
    rows = text.split("\n")
    old: list[str] = []
    at = 0
    for hunk in parse_hunks(body):
        start = hunk.new_start - 1 if hunk.new_count else hunk.new_start
        old += rows[at:start]
        old += [line.text for line in hunk.lines if line.kind is not LineKind.ADDED]
        at = start + hunk.new_count
    return "\n".join(old + rows[at:])


def _grown(before: int) -> float:
    return before + max(GROWTH, before * GROWTH_PART)


def _is_touched(node: SgNode, touched: frozenset[int]) -> bool:
    return not touched.isdisjoint(range(node.range().start.line + 1, last_line(node) + 1))


def _functions(nodes: _Search, language: str) -> list[_Function]:
    """The functions, with the paths that aren't those of a function inside them."""
    language = _LIKE.get(language, language)
    found = [_Function(node) for node in nodes(_any_of(_FUNCTIONS[language]))]
    around: list[_Function] = []
    waiting = iter([*found, None])
    after = next(waiting)
    for branch in nodes(_branching(language)):
        at = branch.range().start.index
        while after is not None and after.node.range().start.index <= at:
            around.append(after)
            after = next(waiting)
        while around and around[-1].node.range().end.index <= at:
            around.pop()
        if around:
            around[-1].paths += 1
    return found


def _any_of(kinds: str) -> dict[str, Any]:
    return {"any": [{"kind": kind} for kind in kinds.split()]}


def _branching(language: str) -> dict[str, Any]:
    operators = ("binary_expression", "binary")
    plain = [kind for kind in _BRANCHES[language].split() if kind not in operators]
    logical = [kind for kind in _BRANCHES[language].split() if kind in operators]
    rule: dict[str, Any] = dict(_LOGICAL)
    if language in ("c", "cpp"):
        rule["not"] = {"any": _PREPROCESSED}
    return {
        "any": [{"kind": kind} for kind in plain] + [{"kind": kind, **rule} for kind in logical]
    }


def _by_name(functions: Iterable[_Function]) -> dict[str, int]:
    """The paths by full name; of several with one name, the most, to avoid false positives."""
    paths: dict[str, int] = {}
    for one in functions:
        name = full_name(one.node)
        paths[name] = max(one.paths, paths.get(name, 0))
    return paths
