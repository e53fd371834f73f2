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


_LINES_AND_BLOCKS = ("line_comment", "block_comment")
_COMMENTS: Mapping[str, tuple[str, ...]] = {"java": _LINES_AND_BLOCKS, "rust": _LINES_AND_BLOCKS}


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
        self.text = text
        self.language = language
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

    def nodes(self, rule: Mapping[str, Any]) -> list[SgNode]:
        """The nodes that a rule of ast-grep matches, outer ones first."""
        return self._root.find_all(cast("Config", {"rule": rule}))

    def comments(self) -> list[SgNode]:
        """The comments, in order."""
        kinds = _COMMENTS.get(self.language, ("comment",))
        return self.nodes({"any": [{"kind": kind} for kind in kinds]})

    def _replacement(self, node: SgNode, rule: AnalyserRule) -> str | None:
        if rule.fix is None:
            return None
        span = node.range()
        lines = self.text.split("\n")
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
