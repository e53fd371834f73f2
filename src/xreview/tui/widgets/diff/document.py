"""The whole change as one document of lines: pure, no Textual.

A document line is one line of the screen: one row of a file, or two in the side-by-side layout. A
`DocumentPosition` (file and row) is valid in both layouts.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from xreview.domain.change import FileDiff, Side
from xreview.tui.widgets.diff.blocks import CODE, DiffRow
from xreview.tui.widgets.diff.rows import FileRows, rows_before_body
from xreview.tui.widgets.diff.split import SideBySide, count_side_by_side

_OPEN_FILES = 128


class DocumentPosition(NamedTuple):
    """A row of the change: the index of the file, and the row in it (`FileRows`)."""

    file: int
    row: int


class DocumentLine(NamedTuple):
    """The rows on one line. `left` and `right` are equal except side by side; one can be None."""

    file: int
    left: int | None
    right: int | None

    @property
    def row(self) -> int:
        """The row that a cursor on this line refers to: of two, the new one."""
        if self.right is not None:
            return self.right
        return self.left or 0


class DiffDocument:
    """The files of a change and their lines, in the unified or the side-by-side layout."""

    def __init__(self, side_by_side: bool = False) -> None:
        self.files: list[FileDiff] = []
        self.side_by_side = side_by_side
        self.height = 0
        self._starts = array("q")
        self._by_path: dict[str, int] = {}
        self.file_rows = lru_cache(_OPEN_FILES)(self._file_rows)
        self._pairs_of = lru_cache(_OPEN_FILES)(self._side_by_side)

    def _file_rows(self, index: int) -> FileRows:
        return FileRows(self.files[index])

    def _side_by_side(self, index: int) -> SideBySide:
        return SideBySide(self.files[index].body)

    def line_count(self, file: FileDiff) -> int:
        """Return the number of lines of a file in this layout; side by side this is slow."""
        body = count_side_by_side(file.body) if self.side_by_side else file.row_count
        return rows_before_body(file) + body

    def append(self, files: Sequence[FileDiff], counts: Sequence[int]) -> None:
        """Add files at the end; `counts` is the number of lines of each in this layout."""
        for file, count in zip(files, counts, strict=True):
            self._by_path.setdefault(file.path, len(self.files))
            self.files.append(file)
            self._starts.append(self.height)
            self.height += count

    def file_at(self, line: int) -> int:
        """Return the index of the file on a line."""
        return bisect_right(self._starts, line) - 1

    def start_of(self, file: int) -> int:
        """Return the line of a file's header."""
        return self._starts[file]

    def file_index(self, path: str) -> int | None:
        """Return the index of the file with this path."""
        return self._by_path.get(path)

    def line(self, number: int) -> DocumentLine:
        """Return the rows on a line. Raises IndexError outside of the document."""
        if not 0 <= number < self.height:
            raise IndexError(number)
        file = self.file_at(number)
        offset = number - self._starts[file]
        before = rows_before_body(self.files[file])
        if not self.side_by_side or offset < before:
            return DocumentLine(file, offset, offset)
        left, right = self._pairs_of(file).rows(offset - before)
        left, right = (None if row is None else row + before for row in (left, right))
        return DocumentLine(file, left, right)

    def position(self, number: int) -> DocumentPosition:
        """Return the row that a cursor on a line refers to."""
        line = self.line(number)
        return DocumentPosition(line.file, line.row)

    def line_of(self, position: DocumentPosition) -> int:
        """Return the line of a row."""
        start, before = self._starts[position.file], rows_before_body(self.files[position.file])
        if not self.side_by_side or position.row < before:
            return start + position.row
        return start + before + self._pairs_of(position.file).line(position.row - before)

    def row(self, position: DocumentPosition) -> DiffRow:
        """Return the row at a position."""
        return self.file_rows(position.file).row(position.row)

    def place(self, position: DocumentPosition) -> tuple[str, Side, int] | None:
        """Return the path, side, and 1-based line number of a row.

        For a header, return those of the first line of code below it in the file, or None.
        """
        rows = self.file_rows(position.file)
        for number in range(position.row, min(position.row + 4, rows.count)):
            row = rows.row(number)
            if row.kind in CODE and row.place is not None:
                return (self.files[position.file].path, *row.place)
        return None

    def hunk_from(self, position: DocumentPosition, step: int) -> DocumentPosition | None:
        """Return the header of the next (1) or previous (-1) hunk or file without hunks."""
        if step > 0:
            row = self.file_rows(position.file).hunk_after(position.row)
            if row is not None:
                return DocumentPosition(position.file, row)
            return next(self._first_hunks(position.file + 1), None)
        row = self.file_rows(position.file).hunk_before(position.row)
        if row is not None:
            return DocumentPosition(position.file, row)
        if position.file == 0:
            return None
        rows = self.file_rows(position.file - 1)
        return DocumentPosition(position.file - 1, rows.hunk_before(rows.count) or 0)

    def _first_hunks(self, file: int) -> Iterator[DocumentPosition]:
        for index in range(file, len(self.files)):
            yield DocumentPosition(index, self.file_rows(index).hunk_after(0) or 0)
