"""Syntax groups of code from Pygments, some lines at a time, in any thread.

Pygments is imported on first use. The file name alone chooses the lexer: guessing from the content
is slow, and would let hostile content choose. Lines are coloured as if they started in code: give
the whole file (`true_colours`) where they may not.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Protocol, cast

SyntaxSpan = tuple[int, int, str]
"""A half-open range of character indices, and its syntax group (`themes.files.SYNTAX`)."""

LONGEST_LEXED_LINE = 1000
"""Longer lines, like minified code, stay plain."""

_GROUPS = {
    "Keyword": "keyword",
    "Keyword.Constant": "constant",
    "Keyword.Type": "type",
    "Name.Attribute": "attribute",
    "Name.Builtin": "builtin",
    "Name.Class": "class",
    "Name.Constant": "constant",
    "Name.Decorator": "decorator",
    "Name.Entity": "escape",
    "Name.Exception": "class",
    "Name.Function": "function",
    "Name.Property": "attribute",
    "Name.Tag": "tag",
    "Name.Variable": "variable",
    "Literal.String": "string",
    "Literal.String.Affix": "keyword",
    "Literal.String.Doc": "documentation",
    "Literal.String.Escape": "escape",
    "Literal.String.Interpol": "escape",
    "Literal.String.Regex": "escape",
    "Literal.String.Symbol": "constant",
    "Literal.Number": "number",
    "Literal.Date": "number",
    "Operator": "operator",
    "Operator.Word": "keyword",
    "Punctuation": "punctuation",
    "Comment": "comment",
    "Comment.Preproc": "keyword",
    "Comment.PreprocFile": "string",
    "Generic.Heading": "heading",
    "Generic.Subheading": "heading",
    "Generic.Strong": "heading",
}


class Lexer(Protocol):
    """The part of a Pygments lexer that we use."""

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, object, str]]:
        """Yield the start, type, and text of each token."""
        ...


def lexer_for(path: str) -> Lexer | None:
    """Return the lexer for a file name, None for plain text. Cached by extension."""
    name = path.rpartition("/")[2]
    extension = name.rpartition(".")[2]
    if name in _whole_names() or not extension or extension == name:
        return _lexer(name)
    return _lexer(f"file.{extension}")


@lru_cache(1)
def _whole_names() -> frozenset[str]:
    """Return the full file names that Pygments knows, like CMakeLists.txt."""
    from pygments.lexers import get_all_lexers

    return frozenset(
        pattern
        for _name, _aliases, patterns, _types in get_all_lexers(plugins=False)
        for pattern in patterns
        if not any(sign in pattern for sign in "*?[")
    )


@lru_cache(256)
def _lexer(name: str) -> Lexer | None:
    from pygments.lexers import find_lexer_class_for_filename

    found = find_lexer_class_for_filename(name)
    if found is None or found.name == "Text only":
        return None
    return cast("Lexer", found(stripnl=False, ensurenl=False))


@lru_cache(1024)
def _group(token: object) -> str:
    """Return the syntax group of a token type or its nearest ancestor; "" for none."""
    name = str(token).removeprefix("Token.")
    while name:
        if name in _GROUPS:
            return _GROUPS[name]
        name = name.rpartition(".")[0]
    return ""


def spans_of(lexer: Lexer, lines: Sequence[str]) -> list[tuple[SyntaxSpan, ...]]:
    """Return the syntax groups of consecutive lines. Raises whatever the lexer raises."""
    return list(each_line(lexer, lines))


def each_line(lexer: Lexer, lines: Sequence[str]) -> Iterator[tuple[SyntaxSpan, ...]]:
    """Yield the syntax groups of consecutive lines, lexed only as far as they are taken.

    Raises whatever the lexer raises.
    """
    if not lines:
        return
    clean = [_one_line(line) for line in lines]
    text = "\n".join(clean) + "\n"
    ends = [*accumulate(len(line) + 1 for line in clean)]
    row = row_start = reached = 0
    spans: list[SyntaxSpan] = []
    for index, token, value in lexer.get_tokens_unprocessed(text):
        start, end = max(index, reached), min(index + len(value), len(text))
        reached = max(reached, end)
        group = _group(token)
        while start < end:
            while ends[row] <= start:
                yield tuple(spans)
                spans, row_start, row = [], ends[row], row + 1
            stop = min(end, ends[row] - 1)
            if group and stop > start:
                spans.append((start - row_start, stop - row_start, group))
            start = max(stop, start) + 1 if stop < end else end
    for _rest in clean[row:]:
        yield tuple(spans)
        spans = []


def _one_line(line: str) -> str:
    """Return the line for the lexer: without line breaks, same length, or "" if too long."""
    if len(line) > LONGEST_LEXED_LINE:
        return ""
    return line.replace("\r", " ").replace("\n", " ")
