"""The whole change as one document of lines: pure, no Textual.

A document line is one row of a file, or two in the side-by-side layout; a `DocumentPosition` (file
and row) is valid in every layout. A line takes one row of the screen, called a *strip*, or several
if it wraps.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from xreview.domain.change import FileDiff, Side
from xreview.tui.widgets.diff.blocks import CODE, DiffRow
from xreview.tui.widgets.diff.layout import FOLDED, FileExtent, Layout
from xreview.tui.widgets.diff.rows import FileRows, rows_before_body
from xreview.tui.widgets.diff.split import SideBySide

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
    """The files of a change and their lines, in one layout. `height` counts lines, `depth`
    strips."""

    def __init__(self, layout: Layout | None = None) -> None:
        self.layout = layout or Layout()
        self.files: list[FileDiff] = []
        self.height = self.depth = 0
        self._extents: list[FileExtent] = []
        self._folded: set[int] = set()
        self._starts = array("q")
        self._tops = array("q")
        self._by_path: dict[str, int] = {}
        self._keys: list[int] = []
        self._by_key: dict[int, int] = {}
        self.file_rows = lru_cache(_OPEN_FILES)(self._file_rows)
        self._pairs_of = lru_cache(_OPEN_FILES)(self._side_by_side)

    def _file_rows(self, index: int) -> FileRows:
        return FileRows(self.files[index], self._extents[index].has_rest)

    def _side_by_side(self, index: int) -> SideBySide:
        return SideBySide(self.files[index].body)

    # Files

    def append(self, files: Sequence[FileDiff], extents: Sequence[FileExtent]) -> None:
        """Add files at the end, with their extents in this layout."""
        for file, extent in zip(files, extents, strict=True):
            self._by_path.setdefault(file.path, len(self.files))
            self._give_key(len(self.files), is_new=True)
            self.files.append(file)
            self._extents.append(extent)
            self._place(extent)

    def replace(self, index: int, file: FileDiff, extent: FileExtent) -> None:
        """Show another diff of a file, as with more context."""
        self.files[index], self._extents[index] = file, extent
        self._give_key(index, is_new=False)
        self.file_rows.cache_clear()
        self._pairs_of.cache_clear()
        self._place_from(index)

    def fold(self, index: int, folded: bool) -> None:
        """Fold a file to its header, or unfold it."""
        if folded != self.is_folded(index):
            (self._folded.add if folded else self._folded.discard)(index)
            self._place_from(index)

    def is_folded(self, index: int) -> bool:
        """Whether only the header of a file is shown."""
        return index in self._folded

    def _place(self, extent: FileExtent) -> None:
        self._starts.append(self.height)
        self._tops.append(self.depth)
        self.height += extent.lines
        self.depth += extent.height

    def _place_from(self, index: int) -> None:
        self.height, self.depth = self._starts[index], self._tops[index]
        del self._starts[index:], self._tops[index:]
        for file in range(index, len(self.files)):
            self._place(self._extent(file))

    def _extent(self, file: int) -> FileExtent:
        return FOLDED if file in self._folded else self._extents[file]

    def _give_key(self, index: int, *, is_new: bool) -> None:
        key = len(self._by_key)
        if is_new:
            self._keys.append(key)
        else:
            self._keys[index] = key
        self._by_key[key] = index

    def key_of(self, file: int) -> int:
        """Return a number for a file that changes with its diff."""
        return self._keys[file]

    def file_of(self, key: int) -> int | None:
        """Return the file with a key; None if its diff was replaced."""
        file = self._by_key[key]
        return file if self._keys[file] == key else None

    def file_at(self, line: int) -> int:
        """Return the index of the file on a line."""
        return bisect_right(self._starts, line) - 1

    def start_of(self, file: int) -> int:
        """Return the line of a file's header."""
        return self._starts[file]

    def file_index(self, path: str) -> int | None:
        """Return the index of the file with this path."""
        return self._by_path.get(path)

    # Strips

    def strip_of(self, line: int) -> int:
        """Return the first strip of a line."""
        if not self.layout.wrap_width:
            return line
        file = self.file_at(line)
        offset, wrapped = line - self._starts[file], self._extent(file).wrapped
        return self._tops[file] + (wrapped.top(offset) if wrapped else offset)

    def strips_of(self, line: int) -> range:
        """Return the strips of a line."""
        if not self.layout.wrap_width:
            return range(line, line + 1)
        file = self.file_at(line)
        wrapped = self._extent(file).wrapped
        first = self.strip_of(line)
        return range(first, first + (wrapped.height(line - self._starts[file]) if wrapped else 1))

    def at_strip(self, strip: int) -> tuple[int, int]:
        """Return the line on a strip, and which of its strips that is, from 0."""
        if not self.layout.wrap_width:
            return strip, 0
        file = bisect_right(self._tops, strip) - 1
        offset, wrapped = strip - self._tops[file], self._extent(file).wrapped
        line, part = wrapped.at(offset) if wrapped else (offset, 0)
        return self._starts[file] + line, part

    # Lines

    def line(self, number: int) -> DocumentLine:
        """Return the rows on a line. Raises IndexError outside of the document."""
        if not 0 <= number < self.height:
            raise IndexError(number)
        file = self.file_at(number)
        offset = number - self._starts[file]
        before = rows_before_body(self.files[file])
        if not self.layout.side_by_side or offset < before:
            return DocumentLine(file, offset, offset)
        pairs = self._pairs_of(file)
        if offset - before >= pairs.count:
            rest = before + self.files[file].row_count
            return DocumentLine(file, rest, rest)
        left, right = pairs.rows(offset - before)
        left, right = (None if row is None else row + before for row in (left, right))
        return DocumentLine(file, left, right)

    def position(self, number: int) -> DocumentPosition:
        """Return the row that a cursor on a line refers to."""
        line = self.line(number)
        return DocumentPosition(line.file, line.row)

    def line_of(self, position: DocumentPosition) -> int:
        """Return the line of a row; in a folded file, of its header."""
        file, row = position
        start, before = self._starts[file], rows_before_body(self.files[file])
        if file in self._folded:
            return start
        if not self.layout.side_by_side or row < before:
            return start + row
        pairs = self._pairs_of(file)
        if row >= before + self.files[file].row_count:
            return start + before + pairs.count
        return start + before + pairs.line(row - before)

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

    # Hunks

    def hunk_from(self, position: DocumentPosition, step: int) -> DocumentPosition | None:
        """Return the header of the next (1) or previous (-1) hunk or file without hunks; a folded
        file shows none."""
        file = position.file
        if step > 0:
            row = self._hunk_after(file, position.row)
            if row is not None:
                return DocumentPosition(file, row)
            return next(self._first_hunks(file + 1), None)
        row = None if self.is_folded(file) else self.file_rows(file).hunk_before(position.row)
        if row is not None:
            return DocumentPosition(file, row)
        if file == 0:
            return None
        rows = self.file_rows(file - 1)
        last = None if self.is_folded(file - 1) else rows.hunk_before(rows.count)
        return DocumentPosition(file - 1, last or 0)

    def _hunk_after(self, file: int, row: int) -> int | None:
        return None if self.is_folded(file) else self.file_rows(file).hunk_after(row)

    def _first_hunks(self, file: int) -> Iterator[DocumentPosition]:
        for index in range(file, len(self.files)):
            yield DocumentPosition(index, self._hunk_after(index, 0) or 0)
