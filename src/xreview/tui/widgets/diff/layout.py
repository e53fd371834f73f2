"""How the lines of a file are laid out in a pane: unified or side by side, wrapped or not. Pure."""

from collections.abc import Sequence

from xreview.domain.change import FileDiff
from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.rows import number_width, rows_before_body
from xreview.tui.widgets.diff.split import SideBySide, count_side_by_side
from xreview.tui.widgets.diff.text import TAB_SIZE
from xreview.tui.widgets.diff.wrap import WrappedLines, long_rows, row_heights

_NARROWEST = 8
"""Cells; with less room for the code, lines don't wrap."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a document; lines wrap in a pane of `wrap_width` cells, and not if it's 0."""

    side_by_side: bool = False
    wrap_width: int = 0
    tab_size: int = TAB_SIZE

    @property
    def is_slow(self) -> bool:
        """Whether measuring a file reads all of it."""
        return self.side_by_side or bool(self.wrap_width)

    def rooms(self, digits: int) -> tuple[int, int]:
        """The cells for code on the old and the new side, beside numbers of so many digits."""
        return code_rooms(self.wrap_width, digits, self.side_by_side)


def code_rooms(width: int, digits: int, side_by_side: bool) -> tuple[int, int]:
    """Return the cells for code on the left and the right of a pane of `width` cells."""
    if not side_by_side:
        room = width - 2 * digits - 4
        return room, room
    half, gutter = (width - 1) // 2, digits + 3
    return half - gutter, width - 1 - half - gutter


@dataclass(frozen=True)
class FileExtent:
    """How much room a file takes.

    Args:
        lines: document lines, its header included.
        wrapped: those that take several rows of the screen, counted from the header.
        has_rest: whether the last line stands for the unchanged rest of the file.
    """

    lines: int
    wrapped: WrappedLines | None = None
    has_rest: bool = False

    @property
    def height(self) -> int:
        """The number of rows of the screen."""
        return self.lines + (self.wrapped.extra if self.wrapped else 0)


FOLDED = FileExtent(1)
"""The extent of a file that is folded to its header."""


def measure(file: FileDiff, layout: Layout, has_rest: bool) -> FileExtent:
    """Return the extent of a file. Safe in any thread; slow if the layout says so."""
    body = count_side_by_side(file.body) if layout.side_by_side else file.row_count
    lines = rows_before_body(file) + body + has_rest
    return FileExtent(lines, _wrapped(file, layout), has_rest)


def measure_all(files: Sequence[tuple[FileDiff, bool]], layout: Layout) -> list[FileExtent]:
    """Return the extents of files, each with whether it has a rest (`measure`)."""
    return [measure(file, layout, has_rest) for file, has_rest in files]


def _wrapped(file: FileDiff, layout: Layout) -> WrappedLines | None:
    if not layout.wrap_width or not file.body:
        return None
    left, right = layout.rooms(number_width(file.body))
    if min(left, right) < _NARROWEST:
        return None
    found = list(long_rows(file.body, min(left, right), layout.tab_size))
    if not found:
        return None
    before = rows_before_body(file)
    pairs = SideBySide(file.body) if layout.side_by_side else None
    heights: dict[int, int] = {}
    for row, text in found:
        rooms = {b"-": (left,), b"+": (right,)}.get(text[:1], (left, right))
        height = row_heights(text[1:], rooms, layout.tab_size)
        line = before + (pairs.line(row) if pairs else row)
        if height > heights.get(line, 1):
            heights[line] = height
    return WrappedLines(heights) if heights else None
