"""What in the code of a file silences a match.

A directive that names rules of its tool covers our rules that list one of them in `enforced_by`,
and one without names covers every rule on its lines. To the end of a file it counts only with
names: a single word must not hide everything. A rule with `excused_by_comment` is silent where a
comment says why.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain

from ast_grep_py import SgNode

from xreview.analysers.directives import Directive, Scope, directives
from xreview.analysers.linters import Enforced
from xreview.analysers.rules import AnalyserRule
from xreview.analysers.syntax import SyntaxTree, last_line
from xreview.domain.record import dataclass, replace

REASON = "a comment that says why"
"""What silences a match if it isn't a directive."""

_LAST = 1 << 62
_RUST = re.compile(r"^#!?\[\s*(?:allow|expect)\s*\((?P<names>[^)]*)\)")
_JAVA = re.compile(r"^@(?:java\.lang\.)?SuppressWarnings\b(?P<names>.*)", re.DOTALL)
_ATTRIBUTES = ("attribute_item", "inner_attribute_item")

_NO_REASON = re.compile(
    r"^\W*(todo|fixme|xxx|hack|noqa|nosec|nolint|type:|pylint|pragma|eslint|oxlint|biome|rubocop"
    r"|prettier|istanbul|c8|v8|ts-)|[;{}]\W*$|^\W*[\w.]+\(.*\)\W*$|\w\s[+:|]?=\s\w",
    re.IGNORECASE,
)
"""A task, a directive, or code."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 3
_LEAST_LETTERS = 10
_LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class SilencedLines:
    """A directive and the 1-based lines that it covers."""

    directive: Directive
    start_line: int
    end_line: int

    def covers(self, rule: AnalyserRule, start_line: int, end_line: int) -> bool:
        """Whether this silences a rule on one of these lines."""
        if self.end_line < start_line or end_line < self.start_line:
            return False
        names = self.directive.names
        known = (*rule.enforced_by, f"category:{rule.category}")
        return not names or Enforced(names).covers(known)


@dataclass(frozen=True, slots=True)
class _Comment:
    start_line: int
    end_line: int
    text: str
    is_alone: bool
    """Whether no code is before it on its line."""

    @property
    def words(self) -> str:
        """The text without its markers; "" if it can't be a reason."""
        text = self.text[:_LONGEST_REASON]
        rows = (row.strip().lstrip("/*#!-").rstrip("*/").strip() for row in text.split("\n"))
        words = " ".join(rows).strip()
        return "" if _NO_REASON.search(words) else words


class Silencing:
    """What silences matches in a file; its comments are looked for when first needed."""

    def __init__(self, tree: SyntaxTree) -> None:
        self._tree = tree

    def of(self, rule: AnalyserRule, start_line: int, end_line: int) -> str:
        """What silences a rule on these lines, as authors call it; "" if nothing does."""
        at_lines = (self._by_line.get(line, ()) for line in range(start_line, end_line + 1))
        for silenced in chain(*at_lines, self._blocks):
            if silenced.covers(rule, start_line, end_line):
                return silenced.directive.what
        if rule.excused_by_comment and self._says_why(start_line, end_line):
            return REASON
        return ""

    @cached_property
    def _comments(self) -> list[_Comment]:
        lines = self._tree.text.split("\n")
        found: list[_Comment] = []
        for node in self._tree.comments():
            start = node.range().start
            is_alone = not lines[start.line][: start.column].strip(" \t{")
            found.append(_Comment(start.line + 1, last_line(node), node.text(), is_alone))
        return found

    @cached_property
    def _silenced(self) -> list[SilencedLines]:
        found = [*_in_comments(self._comments)]
        if self._tree.language == "rust":
            found += self._attributes()
        if self._tree.language == "java":
            found += self._annotations()
        return found

    @cached_property
    def _blocks(self) -> list[SilencedLines]:
        return [one for one in self._silenced if one.start_line != one.end_line]

    @cached_property
    def _by_line(self) -> Mapping[int, list[SilencedLines]]:
        """Those of one line, of which a file can have very many."""
        by_line: dict[int, list[SilencedLines]] = defaultdict(list)
        for one in self._silenced:
            if one.start_line == one.end_line:
                by_line[one.start_line].append(one)
        return by_line

    def _attributes(self) -> Iterator[SilencedLines]:
        for node in self._tree.nodes({"any": [{"kind": kind} for kind in _ATTRIBUTES]}):
            if (found := _RUST.match(node.text())) is None:
                continue
            covered = node.parent() if node.kind() == "inner_attribute_item" else _item(node)
            if covered is not None:
                names = [name.replace("::", ":") for name in re.findall(r"[\w:]+", found["names"])]
                yield _covering(covered, "allow", names)

    def _annotations(self) -> Iterator[SilencedLines]:
        for node in self._tree.nodes({"kind": "annotation"}):
            if (found := _JAVA.match(node.text())) is None:
                continue
            covered = next((one for one in node.ancestors() if one.kind() != "modifiers"), None)
            names = [f"java:{name}" for name in re.findall(r'"([^"]*)"', found["names"])]
            if covered is not None and names:
                yield _covering(covered, "SuppressWarnings", names)

    def _says_why(self, start_line: int, end_line: int) -> bool:
        lines = range(start_line, end_line + 1)
        inside = chain(*(self._comments_from.get(line, ()) for line in lines))
        text = " ".join(one.words for one in (*self._above(start_line), *inside))
        words = _WORD.findall(text)
        # Some scripts don't part words.
        enough = len(words) >= _LEAST_WORDS or not text.isascii()
        return enough and sum(map(len, words)) >= _LEAST_LETTERS

    def _above(self, line: int) -> list[_Comment]:
        """The comments that end on the line before, as far as they follow each other."""
        above: list[_Comment] = []
        while (one := self._comment_to.get(line - 1)) is not None:
            above.insert(0, one)
            line = one.start_line
        return above

    @cached_property
    def _comments_from(self) -> Mapping[int, list[_Comment]]:
        """The comments by their first line."""
        by_line: dict[int, list[_Comment]] = defaultdict(list)
        for one in self._comments:
            by_line[one.start_line].append(one)
        return by_line

    @cached_property
    def _comment_to(self) -> Mapping[int, _Comment]:
        """The comments that are alone on their lines, by their last line."""
        return {one.end_line: one for one in self._comments if one.is_alone}


def _in_comments(comments: Iterable[_Comment]) -> Iterator[SilencedLines]:
    blocks: list[SilencedLines] = []
    for one in comments:
        for said in directives(one.text, is_alone=one.is_alone):
            match said.scope:
                case Scope.LINE:
                    yield SilencedLines(said, one.start_line, one.start_line)
                case Scope.NEXT_LINE:
                    yield SilencedLines(said, one.end_line + 1, one.end_line + 1)
                case Scope.FILE if said.names:
                    yield SilencedLines(said, 1, _LAST)
                case Scope.BLOCK:
                    blocks.append(SilencedLines(said, one.start_line, _LAST))
                case Scope.END:
                    ended = [block for block in blocks if _ends(said, block.directive)]
                    blocks = [block for block in blocks if block not in ended]
                    yield from (replace(block, end_line=one.start_line) for block in ended)
                case _:
                    pass
    yield from (block for block in blocks if block.directive.names)


def _ends(end: Directive, begin: Directive) -> bool:
    return end.what == begin.what and end.names in ((), begin.names)


def _item(attribute: SgNode) -> SgNode | None:
    """What an attribute is about: the next node that isn't an attribute or a comment."""
    item = attribute.next()
    while item is not None and item.kind() in (*_ATTRIBUTES, "line_comment", "block_comment"):
        item = item.next()
    return item


def _covering(node: SgNode, what: str, names: Iterable[str]) -> SilencedLines:
    directive = Directive(what, Scope.BLOCK, tuple(names))
    return SilencedLines(directive, node.range().start.line + 1, last_line(node))
