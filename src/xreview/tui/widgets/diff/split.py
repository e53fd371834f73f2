"""Pairing the rows of a file for the side-by-side layout: pure, no Textual.

A run of removed lines is paired with the run of added lines after it, line by line; everything
else is on both sides.
"""

import re
from bisect import bisect_right

_RUN = re.compile(rb"[-<]+[+>]*|[+>]+")


def line_marks(body: bytes) -> bytes:
    """Return the first character of each line of a diff body.

    For git's note about a missing newline it's `<` after a removed and `>` after an added line, so
    that the note stays on its side.
    """
    rows = body.split(b"\n")
    if rows and not rows[-1]:
        rows.pop()
    marks = b"".join([row[:1] or b" " for row in rows])
    return marks.replace(b"-\\", b"-<").replace(b"+\\", b"+>")


def count_side_by_side(body: bytes) -> int:
    """Return the number of lines of a body side by side."""
    marks = line_marks(body)
    saved = 0
    for run in _RUN.finditer(marks):
        removed = _removed_in(run[0])
        saved += min(removed, len(run[0]) - removed)
    return len(marks) - saved


def _removed_in(run: bytes) -> int:
    return run.count(b"-") + run.count(b"<")


class SideBySide:
    """The pairing of one body's rows, counted from 0 at the body's first row."""

    def __init__(self, body: bytes) -> None:
        marks = line_marks(body)
        self._lines: list[int] = []  # first line of each stretch
        self._rows: list[int] = []  # first row of the body of each stretch
        self._runs: list[tuple[int, int]] = []  # (removed, added); (0, 0) for both sides
        line = at = 0
        for run in _RUN.finditer(marks):
            if run.start() > at:
                self._append(line, at, (0, 0))
                line += run.start() - at
            removed = _removed_in(run[0])
            added = len(run[0]) - removed
            self._append(line, run.start(), (removed, added))
            line += max(removed, added)
            at = run.end()
        if at < len(marks):
            self._append(line, at, (0, 0))
            line += len(marks) - at
        self.count = line

    def _append(self, line: int, row: int, run: tuple[int, int]) -> None:
        self._lines.append(line)
        self._rows.append(row)
        self._runs.append(run)

    def rows(self, line: int) -> tuple[int | None, int | None]:
        """Return the left and right row of the body on a line; for context, the same twice."""
        index = bisect_right(self._lines, line) - 1
        offset, row = line - self._lines[index], self._rows[index]
        removed, added = self._runs[index]
        if removed == added == 0:
            return row + offset, row + offset
        left = row + offset if offset < removed else None
        right = row + removed + offset if offset < added else None
        return left, right

    def line(self, row: int) -> int:
        """Return the line of a row of the body."""
        index = bisect_right(self._rows, row) - 1
        offset = row - self._rows[index]
        removed, _added = self._runs[index]
        if removed and offset >= removed:
            offset -= removed
        return self._lines[index] + offset
