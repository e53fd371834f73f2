"""Finding functions that a change made too complex, by cyclomatic complexity."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from xreview.domain.change import LineKind, parse_hunks

BOUND = 20
"""Independent paths of a function. Lizard warns from 15; in real code, few reviewers complain below
20."""

GROWTH = 5
"""The growth after which a function that was already over the bound is reported."""

_BRANCH = re.compile(
    r"\b(?:if|elif|elsif|for|foreach|while|until|unless|case|when|catch|except|rescue|and|or)\b"
    r"|&&|\|\||\?|=>|#ifn?def"
)
_SUFFIXES = {"python": "py", "javascript": "js", "typescript": "ts", "rust": "rs", "ruby": "rb"}
"""Of the languages that don't have the name of their suffix."""


class LizardError(Exception):
    """Lizard couldn't read a file."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A function over the bound: its 1-based lines and its complexity; `before` is None if new."""

    name: str
    start_line: int
    end_line: int
    before: int | None
    after: int


def branches(code: str) -> int:
    """The number of possible branches, at least as many as lizard counts."""
    return sum(1 for _ in _BRANCH.finditer(code))


def growths(text: str, language: str, body: bytes, touched: Iterable[int]) -> Iterator[Growth]:
    """The functions that the change made too complex. Raises LizardError.

    Args:
        body: the file's hunks as git printed them.
        touched: the 1-based numbers of the added lines.
    """
    lines = frozenset(touched)
    functions = _functions(text, language)
    suspects = [
        one
        for one in functions
        if one.after > BOUND and not lines.isdisjoint(range(one.start_line, one.end_line + 1))
    ]
    if not suspects:
        return
    before: dict[str, int] = {}
    for one in _functions(old_side(text, body), language):
        # Of several functions with the same name the worst counts, to avoid false positives.
        before[one.name] = max(one.after, before.get(one.name, 0))
    for one in suspects:
        was = before.get(one.name)
        if was is None or was <= BOUND or one.after >= was + GROWTH:
            yield replace(one, before=was)


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


def _functions(text: str, language: str) -> list[Growth]:
    import lizard  # pyright: ignore[reportMissingTypeStubs]  # has none

    name = f"reviewed.{_SUFFIXES.get(language, language)}"
    try:
        found: Any = lizard.analyze_file.analyze_source_code(name, text)
    except (RecursionError, IndexError, KeyError, ValueError, AttributeError, TypeError) as error:
        # Lizard fails on unusual code in many ways.
        raise LizardError(f"lizard could not read it ({type(error).__name__})") from error
    return [
        Growth(one.name, one.start_line, one.end_line, None, one.cyclomatic_complexity)
        for one in found.function_list
    ]
