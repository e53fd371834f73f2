"""Matching by syntax with ast-grep, whose places count lines and characters from 0."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ast_grep_py import Config, SgNode, SgRoot

from xreview.analysers.relaxing import relax
from xreview.analysers.rules import AnalyserRule

_VARIABLE = re.compile(r"\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)")

_READABLE = re.compile(r"[^`\n]{1,40}")
"""Code that can stand in a sentence."""


_LINES_AND_BLOCKS = ("line_comment", "block_comment")
_COMMENTS: Mapping[str, tuple[str, ...]] = {"java": _LINES_AND_BLOCKS, "rust": _LINES_AND_BLOCKS}

_CHARACTERS_PER_SEARCH = 6000
"""ast-grep searches about as many characters in the time in which it compiles a rule."""


@dataclass(frozen=True, slots=True)
class MatchPlace:
    """A match: its 1-based lines, the whole lines that should replace them, and the values of the
    placeholders in the rule's texts."""

    start_line: int
    end_line: int
    replacement: str | None = None
    words: Mapping[str, str] = field(default_factory=dict[str, str])


class SyntaxTree:
    """A parsed file.

    Args:
        text: the file, without lone surrogates.
        lines: the 1-based numbers of the lines that matter; None for all. What has none of them
            needn't be found.
    """

    def __init__(self, text: str, language: str, lines: Collection[int] | None = None) -> None:
        self.text = text
        self.language = language
        self._root = SgRoot(text, language).root()
        self._lines = None if lines is None else sorted(lines)
        self._parts = [self._root] if self._lines is None else self._parts_with(self._lines)

    def _parts_with(self, lines: Sequence[int]) -> list[SgNode]:
        """The nodes to search: the top-level blocks with these lines, or all if that is quicker."""
        parts = [node for node in self._root.children() if _has_one_of(node, lines)]
        spans = [node.range() for node in parts]
        rest = len(self.text) - sum(span.end.index - span.start.index for span in spans)
        return parts if (len(parts) - 1) * _CHARACTERS_PER_SEARCH < rest else [self._root]

    def find(self, rule: AnalyserRule) -> Iterator[MatchPlace]:
        """The matches of a rule, in order."""
        config = {"rule": rule.match}
        if rule.where:
            config["constraints"] = rule.where
        if not self._could_match(rule):
            return
        for node in self._find_all(config):
            span = node.range()
            replacement, words = self._replacement(node, rule), _words(node, rule)
            yield MatchPlace(span.start.line + 1, last_line(node), replacement, words)

    def nodes(self, rule: Mapping[str, Any]) -> Iterator[SgNode]:
        """The nodes that a rule of ast-grep matches, those without lines that matter included."""
        yield from self._root.find_all(cast("Config", {"rule": rule}))

    def nodes_that_matter(self, rule: Mapping[str, Any]) -> Iterator[SgNode]:
        """The nodes that a rule of ast-grep matches, perhaps only those with lines that matter."""
        yield from self._find_all({"rule": dict(rule)})

    def comments(self) -> Iterator[SgNode]:
        """The comments, in order."""
        kinds = _COMMENTS.get(self.language, ("comment",))
        return self.nodes({"any": [{"kind": kind} for kind in kinds]})

    def _could_match(self, rule: AnalyserRule) -> bool:
        """Whether it is worth searching for a rule, which costs more than to find that out."""
        lines, weaker = self._lines, relax(rule.match, rule.where)
        if lines is None or weaker is None:
            return True
        return any(_has_one_of(node, lines) for node in self._find_all(weaker))

    def _find_all(self, config: dict[str, Any]) -> Iterator[SgNode]:
        for part in self._parts:
            yield from part.find_all(cast("Config", config))

    def _replacement(self, node: SgNode, rule: AnalyserRule) -> str | None:
        if rule.fix is None:
            return None
        span = node.range()
        lines = self.text.split("\n")
        before = lines[span.start.line][: span.start.column]
        after = lines[span.end.line][span.end.column :]
        return before + _VARIABLE.sub(lambda name: _matched(node, name), rule.fix) + after


def _has_one_of(node: SgNode, lines: Sequence[int]) -> bool:
    at = bisect_left(lines, node.range().start.line + 1)
    return at < len(lines) and lines[at] <= last_line(node)


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
