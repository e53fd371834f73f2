"""Matching by syntax with ast-grep, whose places count lines and characters from 0."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any, cast

from ast_grep_py import Config, SgNode, SgRoot

from xreview.analysers.rules import AnalyserRule
from xreview.analysers.screening import kinds_screened, screen_of
from xreview.domain.record import dataclass, field

_VARIABLE = re.compile(r"\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)")

_READABLE = re.compile(r"[^`\n]{1,40}")
"""Code that can stand in a sentence."""


_LINES_AND_BLOCKS = ("line_comment", "block_comment")
_COMMENTS: Mapping[str, tuple[str, ...]] = {"java": _LINES_AND_BLOCKS, "rust": _LINES_AND_BLOCKS}

_CHARACTERS_PER_SEARCH = 6000
"""ast-grep searches about as many characters in the time in which it compiles a rule."""

_CHARACTERS_PER_EXPRESSION = 40_000
"""The same for a rule with regular expressions."""

_FEW = 40
"""Nodes of a kind from which on they aren't searched one by one."""


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
        self._blocks = [self._root] if self._lines is None else self._blocks_with(self._lines)
        self._parts = self._fewest([self._root], self._blocks)

    def _blocks_with(self, lines: Sequence[int]) -> list[SgNode]:
        """The top-level blocks with these lines."""
        return [node for node in self._root.children() if _has_one_of(node, lines)]

    def _fewest(
        self, parts: list[SgNode], within: list[SgNode], each: int = _CHARACTERS_PER_SEARCH
    ) -> list[SgNode]:
        """The nodes to search: those `within` the parts, or the parts if that is quicker."""
        saved = _characters(parts) - _characters(within)
        return within if (len(within) - len(parts)) * each < saved else parts

    def find(self, rule: AnalyserRule) -> Iterator[MatchPlace]:
        """The matches of a rule, in order."""
        config = {"rule": rule.match}
        if rule.where:
            config["constraints"] = rule.where
        for node in self._find_all(config, self._parts_for(rule)):
            span = node.range()
            replacement, words = self._replacement(node, rule), _words(node, rule)
            yield MatchPlace(span.start.line + 1, last_line(node), replacement, words)

    def nodes(self, rule: Mapping[str, Any]) -> Iterator[SgNode]:
        """The nodes that a rule of ast-grep matches, those without lines that matter included."""
        yield from self._root.find_all(cast("Config", {"rule": rule}))

    def nodes_that_matter(self, rule: Mapping[str, Any]) -> Iterator[SgNode]:
        """The nodes that a rule of ast-grep matches, perhaps only those with lines that matter."""
        yield from self._find_all({"rule": dict(rule)}, self._parts)

    def comments(self) -> Iterator[SgNode]:
        """The comments, in order."""
        kinds = _COMMENTS.get(self.language, ("comment",))
        return self.nodes({"any": [{"kind": kind} for kind in kinds]})

    def _parts_for(self, rule: AnalyserRule) -> list[SgNode]:
        """The nodes to search for a rule, which costs more than to find out that there are none."""
        if (lines := self._lines) is None:
            return self._parts
        screen = screen_of(rule, self.language)
        if not screen.lets_text_pass(self._text_that_matters):
            return []
        parts = self._parts
        if screen.kinds is not None:
            parts = self._parts_of(screen.kinds)
        if screen.weaker is None or not parts:
            return parts
        found = self._find_all(screen.weaker, parts)
        nodes = [one for one in found if _has_one_of(one, lines) and screen.lets_node_pass(one)]
        return self._fewest(parts, _outermost(nodes), _CHARACTERS_PER_EXPRESSION) if nodes else []

    def _parts_of(self, kinds: Iterable[str]) -> list[SgNode]:
        """The nodes to search for some of these kinds."""
        found = [self._nodes_by_kind[kind] for kind in kinds if kind in self._nodes_by_kind]
        if not found or any(len(nodes) > _FEW for nodes in found):
            return self._parts if found else []
        in_order = sorted((numbered for nodes in found for numbered in nodes), key=itemgetter(0))
        return self._fewest(self._parts, _outermost(node for _, node in in_order))

    @cached_property
    def _text_that_matters(self) -> str:
        """The text of the top-level blocks that have lines that matter."""
        return "\n".join(block.text() for block in self._blocks)

    @cached_property
    def _nodes_by_kind(self) -> Mapping[str, list[tuple[int, SgNode]]]:
        """The nodes that have lines that matter of the kinds that rules are about, numbered; of
        each kind a few, and one more if there are more."""
        lines, found = self._lines or (), defaultdict[str, list[tuple[int, SgNode]]](list)
        kinds = [{"kind": kind} for kind in sorted(kinds_screened(self.language))]
        for number, node in enumerate(self._find_all({"rule": {"any": kinds}}, self._parts)):
            nodes = found.get(kind := node.kind(), ())
            if len(nodes) <= _FEW and _has_one_of(node, lines):
                found[kind].append((number, node))
        return found

    def _find_all(self, config: Mapping[str, Any], parts: Iterable[SgNode]) -> Iterator[SgNode]:
        for part in parts:
            yield from part.find_all(cast("Config", config))

    def _replacement(self, node: SgNode, rule: AnalyserRule) -> str | None:
        if rule.fix is None:
            return None
        span = node.range()
        lines = self.text.split("\n")
        before = lines[span.start.line][: span.start.column]
        after = lines[span.end.line][span.end.column :]
        return before + _VARIABLE.sub(lambda name: _matched(node, name), rule.fix) + after


def _characters(nodes: Iterable[SgNode]) -> int:
    spans = (node.range() for node in nodes)
    return sum(span.end.index - span.start.index for span in spans)


def _outermost(nodes: Iterable[SgNode]) -> list[SgNode]:
    """The nodes that are in none of the others, of nodes in the order in which they begin."""
    found: list[SgNode] = []
    end = -1
    for node in nodes:
        span = node.range()
        if span.end.index > end:
            found.append(node)
            end = span.end.index
    return found


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
