"""Wrapping long lines: which lines are long, where they break, and the rows they take. Pure.

A line breaks at the edge of the pane, between characters. Long lines are found by their bytes, so
that a change of many files is not measured line by line.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from xreview.tui.widgets.diff.text import drawn_line

MOST_ROWS = 50
"""A line takes no more rows of the screen than these; the rest of it is cut."""

_BYTES_PER_CELL = 16
"""More bytes than these per cell, as of combining characters, aren't measured."""


def shown_bytes(room: int) -> int:
    """Return how many bytes of a line fill all the rows that it can take."""
    return MOST_ROWS * max(1, room) * _BYTES_PER_CELL


@lru_cache(64)
def row_starts(text: str, tab_size: int, room: int) -> Sequence[int]:
    """Return the columns at which the rows of a wrapped line begin, at most `MOST_ROWS`."""
    return drawn_line(text, tab_size).row_starts(room, MOST_ROWS)


def row_heights(line: bytes, rooms: Iterable[int], tab_size: int) -> int:
    """Return the number of rows of a line of code in the narrowest of `rooms`."""
    room = min(rooms)
    if line.isascii() and b"\t" not in line:
        return min(MOST_ROWS, max(1, -(-len(line) // room)))
    text = line[: shown_bytes(room)].decode("utf-8", "surrogateescape")
    return len(row_starts(text, tab_size, room))


def long_rows(body: bytes, room: int, tab_size: int) -> Iterator[tuple[int, bytes]]:
    """Yield the rows of a body that can be wider than `room` cells, with their marks.

    No character takes more cells than bytes in UTF-8, but for a tab.
    """
    lines = body.split(b"\n") if b"\t" in body else None
    wide = body.replace(b"\t", b" " * tab_size) if lines else body
    row = at = 0
    for match in _long_line(room + 2).finditer(wide):
        row += wide.count(b"\n", at, match.start() + 1)
        at = match.start() + 1
        line = lines[row] if lines else match[0][1:]
        # Hunk headers and git's own notes are cut instead.
        if not line.startswith((b"@@ ", b"\\")):
            yield row, line


@lru_cache(16)
def _long_line(size: int) -> re.Pattern[bytes]:
    # The line feed comes first, so that each line is tried once.
    return re.compile(rb"\n[^\n]{%d,}" % size)


class WrappedLines:
    """The lines of one file that take several rows of the screen, by the number of rows.

    Lines and rows are counted from the header of the file.
    """

    def __init__(self, heights: Mapping[int, int]) -> None:
        self._lines = array("q", sorted(heights))
        self._tops = array("q")
        self.extra = 0
        for line in self._lines:
            self._tops.append(line + self.extra)
            self.extra += heights[line] - 1
        self._heights = array("q", (heights[line] for line in self._lines))

    def top(self, line: int) -> int:
        """Return the first row of a line."""
        index = bisect_left(self._lines, line)
        if not index:
            return line
        before = index - 1
        return line + self._tops[before] - self._lines[before] + self._heights[before] - 1

    def height(self, line: int) -> int:
        """Return the number of rows of a line."""
        index = bisect_left(self._lines, line)
        if index < len(self._lines) and self._lines[index] == line:
            return self._heights[index]
        return 1

    def at(self, row: int) -> tuple[int, int]:
        """Return the line on a row, and which of its rows that is, from 0."""
        index = bisect_right(self._tops, row) - 1
        if index < 0:
            return row, 0
        line, part = self._lines[index], row - self._tops[index]
        if part < self._heights[index]:
            return line, part
        return line + part - self._heights[index] + 1, 0
