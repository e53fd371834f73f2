"""Matching by syntax with ast-grep, whose places count lines and characters from 0."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ast_grep_py import Config, SgNode, SgRoot

from xreview.analysers.rules import AnalyserRule

_VARIABLE = re.compile(r"\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)")

_READABLE = re.compile(r"[^`\n]{1,40}")
"""Code that can stand in a sentence."""

_FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "python": ("function_definition",),
    "javascript": (
        "function_declaration",
        "function_expression",
        "method_definition",
        "arrow_function",
        "generator_function_declaration",
    ),
    "go": ("function_declaration", "method_declaration", "func_literal"),
    "java": ("method_declaration", "constructor_declaration", "lambda_expression"),
    "rust": ("function_item",),
    "ruby": ("method", "singleton_method"),
    "c": ("function_definition",),
}
_FUNCTIONS_LIKE = {"typescript": "javascript", "tsx": "javascript", "cpp": "c"}


@dataclass(frozen=True, slots=True)
class MatchPlace:
    """A match: its 1-based lines, the whole lines that should replace them, and the values of the
    placeholders in the rule's texts."""

    start_line: int
    end_line: int
    replacement: str | None = None
    words: Mapping[str, str] = field(default_factory=dict[str, str])


class SyntaxTree:
    """A parsed file; `text` must have no lone surrogates."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._language = language
        self._root = SgRoot(text, language).root()

    def find(self, rule: AnalyserRule) -> Iterator[MatchPlace]:
        """The matches of a rule, in order."""
        config = {"rule": rule.match}
        if rule.where:
            config["constraints"] = rule.where
        for node in self._root.find_all(cast("Config", config)):
            span = node.range()
            replacement, words = self._replacement(node, rule), _words(node, rule)
            yield MatchPlace(span.start.line + 1, last_line(node), replacement, words)

    def nodes(self, rule: Mapping[str, Any]) -> Iterator[SgNode]:
        """The nodes that an ast-grep rule matches, in order."""
        yield from self._root.find_all(cast("Config", {"rule": rule}))

    def functions(self) -> Iterator[tuple[int, int, str]]:
        """First line, last line (1-based) and text of every function, outer ones first."""
        kinds = _FUNCTIONS[_FUNCTIONS_LIKE.get(self._language, self._language)]
        for node in self.nodes({"any": [{"kind": kind} for kind in kinds]}):
            yield node.range().start.line + 1, last_line(node), node.text()

    def _replacement(self, node: SgNode, rule: AnalyserRule) -> str | None:
        if rule.fix is None:
            return None
        span = node.range()
        lines = self._text.split("\n")
        before = lines[span.start.line][: span.start.column]
        after = lines[span.end.line][span.end.column :]
        return before + _VARIABLE.sub(lambda name: _matched(node, name), rule.fix) + after


def last_line(node: SgNode) -> int:
    """The 1-based number of a node's last line."""
    span = node.range()
    # A node that includes its line feed ends at the start of the next line.
    ends_before = span.end.column == 0 and span.end.line > span.start.line
    return span.end.line + (0 if ends_before else 1)


def _words(node: SgNode, rule: AnalyserRule) -> Mapping[str, str]:
    matches = {name: node.get_match(name) for name in rule.names}
    texts = {name: one.text() for name, one in matches.items() if one is not None}
    return {name: f"`{text}`" for name, text in texts.items() if _READABLE.fullmatch(text)}


def _matched(node: SgNode, name: re.Match[str]) -> str:
    if name[1]:
        several = node.get_multiple_matches(name[1])
        return "".join(part.text() for part in several)
    one = node.get_match(name[2])
    return one.text() if one is not None else ""
