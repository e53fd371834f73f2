"""The regular expressions written in a file of Python or JavaScript, in Python's syntax."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from xreview.analysers.syntax import MatchPlace, SyntaxTree, last_line
from xreview.domain.record import dataclass

_JAVASCRIPT = ("javascript", "typescript", "tsx")

_CALLS: Mapping[str, Any] = {
    "any": [{"pattern": "re.$F($P)"}, {"pattern": "re.$F($P, $$$REST)"}],
    "kind": "call",
}
_FUNCTIONS = frozenset(
    {"match", "fullmatch", "compile", "search", "sub", "subn", "split", "findall", "finditer"}
)

_FLAG = re.compile(r"\bre\.(I|IGNORECASE|M|MULTILINE|S|DOTALL|X|VERBOSE|A|ASCII)\b")

_LETTERS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}

_NAMED = re.compile(r"\(\?<(?![=!])")
_NAME_AGAIN = re.compile(r"\\k<(\w+)>")
_NOTHING_EXCLUDED = re.compile(r"(?<!\\)\[\^\]")


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression, its flags of `re`, and its place."""

    text: str
    flags: int
    place: MatchPlace


def expressions_in(tree: SyntaxTree, language: str) -> Iterator[Expression]:
    """The regular expressions in a file; those put together from values are left out."""
    if language in _JAVASCRIPT:
        yield from _in_javascript(tree)
    elif language == "python":
        yield from _in_python(tree)


def _in_javascript(tree: SyntaxTree) -> Iterator[Expression]:
    for node in tree.nodes_that_matter({"kind": "regex"}):
        pattern, letters = node.field("pattern"), node.field("flags")
        if pattern is None:
            continue
        flags = letters.text() if letters is not None else ""
        text = _NAMED.sub("(?P<", pattern.text())
        text = _NAME_AGAIN.sub(r"(?P=\1)", text)
        text = _NOTHING_EXCLUDED.sub(r"[\\s\\S]", text)
        value = sum(_LETTERS.get(letter, 0) for letter in flags)
        place = MatchPlace(node.range().start.line + 1, last_line(node))
        yield Expression(text, value, place)


def _in_python(tree: SyntaxTree) -> Iterator[Expression]:
    for node in tree.nodes_that_matter(_CALLS):
        called, literal = node.get_match("F"), node.get_match("P")
        if called is None or literal is None or called.text() not in _FUNCTIONS:
            continue
        if literal.kind() not in ("string", "concatenated_string"):
            continue
        text = _value(literal.text())
        if text is None:
            continue
        rest = " ".join(each.text() for each in node.get_multiple_matches("REST"))
        flags = 0
        for name in _FLAG.findall(rest):
            flags |= re.RegexFlag[name]
        place = MatchPlace(node.range().start.line + 1, last_line(literal))
        yield Expression(text, flags, place)


def _value(literal: str) -> str | None:
    """The value of a string literal; None if it has parts that are only known at run time."""
    try:
        value = ast.literal_eval(f"({literal})")
    except (SyntaxError, ValueError):
        return None
    return value.decode("latin-1") if isinstance(value, bytes) else value
