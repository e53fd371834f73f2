"""The blocks around a line of code, by indentation, in any language.

Only headers that name a place count: classes, functions, calls that take a block. Control flow
(`if`, `try`, `} else {`) doesn't, so that wrapping code in it doesn't change its place.
"""

import re
from collections.abc import Sequence

_CONTROL = re.compile(
    r"(?:async\s+)?(?:if|elif|elsif|else|for|foreach|while|do|try|except|catch|finally|with|switch"
    r"|case|default|match|loop|begin|rescue|ensure|unless|until|when|select|return|unsafe|defer)\b"
)
_DEFINITION = re.compile(
    r"\b(class|def|func|function|fn|interface|struct|impl|module|namespace|enum|trait|object"
    r"|record)\b\s*(?:\([^()]{0,200}\)\s*)?([\w.:$]+)"
)
_MOST_BLOCKS = 32  # around one line; hostile code can be nested thousands deep
_LONGEST_HEADER = 200  # characters
_OPENERS = ("{", "[", "(")
_END_OF_HEADER = "{}()[];,: "


class Outline:
    """The blocks of one file, found in one pass over its lines."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._depths: list[int | None] = []
        self._parents: list[int | None] = []
        self._read()

    def headers(self, line: int) -> tuple[str, ...]:
        """The names of the blocks around a 1-based line, the outermost first."""
        found: list[str] = []
        parent = self._parents[line - 1] if 1 <= line <= len(self._lines) else None
        for _ in range(_MOST_BLOCKS):
            if parent is None:
                break
            text = self._lines[parent].strip()
            if not _CONTROL.match(text) and (name := _name(text)):
                found.append(name)
            parent = self._parents[parent]
        return tuple(reversed(found))

    def block(self, start_line: int, end_line: int) -> range:
        """The 1-based lines of the block that the lines open, else of the block they are in, else
        the lines themselves."""
        if not 1 <= start_line <= end_line <= len(self._lines):
            return range(start_line, start_line)
        after = next((row for row in self._rows_from(end_line)), None)
        depth = self._depths[start_line - 1]
        if depth is not None and after is not None and (self._depths[after] or 0) > depth:
            return self._extent(start_line - 1)
        header = self._parents[start_line - 1]
        while header is not None and _CONTROL.match(self._lines[header].strip()):
            header = self._parents[header]
        return range(start_line, end_line + 1) if header is None else self._extent(header)

    def _extent(self, header: int) -> range:
        depth = self._depths[header] or 0
        last = header
        for row in self._rows_from(header + 1):
            beside = (self._depths[row] or 0) - depth
            if beside < 0 or (beside == 0 and not _closes(self._lines[row].strip())):
                break
            last = row
        return range(header + 1, last + 2)

    def _rows_from(self, index: int) -> "filter[int]":
        """The indexes of non-blank lines from `index` on."""
        return filter(lambda row: self._depths[row] is not None, range(index, len(self._lines)))

    def _read(self) -> None:
        around: list[int] = []
        for index, row in enumerate(self._lines):
            text = row.strip()
            if not text:
                self._depths.append(None)
                self._parents.append(around[-1] if around else None)
                continue
            depth = _indentation(row)
            self._depths.append(depth)
            # A row that starts by closing what an earlier one opened, or only opens a block,
            # belongs to that one: `):` to `def f(`, `} else {` to `if (…) {`, `{` to `class Cart`.
            closes = _closes(text)
            least = depth + closes
            while around and (self._depths[around[-1]] or 0) >= least:
                around.pop()
            self._parents.append(around[-1] if around else None)
            if not closes:
                around.append(index)


def _closes(text: str) -> bool:
    return text[0] in ")]}" or text in _OPENERS


def _name(header: str) -> str:
    """A header without its parameters, which change more often than the name."""
    if found := _DEFINITION.search(header[:_LONGEST_HEADER]):
        return f"{found[1]} {found[2]}"
    return " ".join(header[:_LONGEST_HEADER].split()).rstrip(_END_OF_HEADER)


def _indentation(row: str) -> int:
    expanded = row.expandtabs(8) if "\t" in row else row
    return len(expanded) - len(expanded.lstrip())
