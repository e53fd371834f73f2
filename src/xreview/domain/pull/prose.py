"""A comment as its forge shows it to readers: prose, without the marks of Markdown and HTML.

Badges, pictures and comments in HTML are left out, links are their text, and of a foldable part
its summary is left: the forge shows no more of it either until somebody clicks. Nothing is made
safe here: that is the work of `domain.text`.
"""

import re
from collections.abc import Iterator, Sequence

from xreview.domain.pull.markup import Fence, Part, comment_parts, lines_of, without_code

_FOLDED = "▸ "
_SUGGESTED = "Suggested edit:"
_DELETION = "Suggested edit: delete these lines."
_INDENT = "    "

_HEADING = re.compile(r" {0,3}#{1,6}\s+(\S.*)$")
_RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*$")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>|~-])")
_LOOSE_BOLD = re.compile(r"^(\s*\*\*)\s+")  # a badge stood there
# Each keeps its group. Names such as `__init__`, `_private_` and `**kwargs` stay.
_MARKS = (
    re.compile(r"\[([^\[\]]+)\]\([^()\s]*(?:\s\"[^\"()]*\")?\)"),
    re.compile(r"<(https?://[^<>\s]+)>"),
    re.compile(r"\*\*\*?(?=\S)([^*]+)(?<=\S)\*\*\*?"),
    re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+)(?<=[^\s*])\*(?![\w*])"),
    re.compile(r"(?<!\w)_(?=[^\s_])(?=[^\W_]*\W)([^_]+)(?<=[^\s_])_(?!\w)"),
)


def prose_of(body: str) -> str:
    """A comment's Markdown as prose; code keeps its lines, indented where it was fenced."""
    lines = lines_of(body)
    parts = comment_parts(lines, lambda _: True, fold_mark=_FOLDED)
    shown = _joined(parts)
    if all(row.startswith(_FOLDED) for row in shown.split("\n") if row):
        return _joined(comment_parts(lines, lambda _: False))  # it has nothing else
    return shown


def _joined(parts: Sequence[Part]) -> str:
    """The parts as text, with at most one empty line in a row."""
    rows: list[str] = []
    for part in parts:
        for row in _rows(part):
            if row or (rows and rows[-1]):
                rows.append(row)
    return "\n".join(rows).strip("\n")


def _rows(part: Part) -> Iterator[str]:
    if isinstance(part, Fence):
        yield from _code_rows(part)
    elif not part.raw.strip():
        yield ""
    elif not _RULE.match(part.text) and (row := _plain(part.text)).strip():
        yield row


def _code_rows(fence: Fence) -> Iterator[str]:
    if fence.info.startswith("suggestion"):
        yield _SUGGESTED if fence.code else _DELETION
    yield from (f"{_INDENT}{row}".rstrip() for row in fence.code.split("\n"))


def _plain(line: str) -> str:
    if heading := _HEADING.match(line):
        line = _without_closing(heading[1].rstrip())
    line = _LOOSE_BOLD.sub(r"\1", line)
    for mark in _MARKS:
        line = _unwrapped(line, mark)
    return _unescaped(line).rstrip()


def _without_closing(heading: str) -> str:
    """A heading without the marks that may close it; `C#` has none."""
    bare = heading.rstrip("#")
    return bare.rstrip() if bare[-1:].isspace() else heading


def _unwrapped(line: str, mark: re.Pattern[str]) -> str:
    """A line with only the group of each match; what is in code spans matches nothing."""
    kept: list[str] = []
    at = 0
    for found in mark.finditer(without_code(line)):
        kept += (line[at : found.start()], line[found.start(1) : found.end(1)])
        at = found.end()
    return "".join(kept) + line[at:]


def _unescaped(line: str) -> str:
    """A line without the backslashes that keep its marks from being any, except in code spans."""
    kept: list[str] = []
    at = 0
    for found in _ESCAPED.finditer(without_code(line)):
        kept += (line[at : found.start()], found[1])
        at = found.end()
    return "".join(kept) + line[at:]
