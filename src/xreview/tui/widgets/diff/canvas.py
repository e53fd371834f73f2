"""The canvas of the code pane: draws lines as strips, at first without decorations."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from textual.cache import LRUCache
from textual.strip import Strip

from xreview.domain.change import Side
from xreview.tui.widgets.diff.blocks import CODE, DiffRow
from xreview.tui.widgets.diff.cell import UNDECORATED, Cell
from xreview.tui.widgets.diff.decorate import Decorations
from xreview.tui.widgets.diff.document import DiffDocument, DocumentLine, DocumentPosition
from xreview.tui.widgets.diff.paint import Painter
from xreview.tui.widgets.diff.palette import Palette
from xreview.tui.widgets.diff.passage import Passage
from xreview.tui.widgets.diff.rows import FileRows
from xreview.tui.widgets.diff.text import drawn_line
from xreview.tui.widgets.findings.marks import LinePlace, Mark

if TYPE_CHECKING:
    from xreview.domain.identity.anchor import Anchor
    from xreview.tui.widgets.diff.range_rows import LineSpan

_DECORATED_BLOCKS = 128
_STRIPS = 300

BlockKey = tuple[int, int]
"""The key of a file (`DiffDocument.key_of`) and the index of a block in it."""

_READING = "reading …"
_VIEWED = "viewed ✓"
_FOLDED_SIGN = "▸ "


class Canvas:
    """Draws a document strip by strip.

    `ask` requests the decorations of a passage; it returns the key of a request dropped for it.
    """

    def __init__(self, ask: Callable[[Passage], BlockKey | None]) -> None:
        self._document = DiffDocument()
        self._cursor = 0
        self._cursor_strips = range(1)
        self.is_lit = False
        self.may_decorate = False
        self.anchor: Anchor | None = None
        self.marks: Mapping[LinePlace, Mark] = {}
        self.viewed: Collection[str] = ()
        self.reading: Collection[int] = ()
        """Files of which unchanged lines are being read."""
        self.chosen: LineSpan | None = None
        self._ask = ask
        self._painter = Painter(Palette({}), 1)
        self._strips: LRUCache[int, Strip] = LRUCache(_STRIPS)
        self._finished: LRUCache[int, Strip] = LRUCache(_STRIPS)
        self._finish: Callable[[Strip], Strip] = lambda strip: strip
        self._decorations: LRUCache[BlockKey, Decorations] = LRUCache(_DECORATED_BLOCKS)
        self._asked: set[BlockKey] = set()

    @property
    def document(self) -> DiffDocument:
        """The document."""
        return self._document

    @property
    def cursor(self) -> int:
        """The line under the cursor."""
        return self._cursor

    @cursor.setter
    def cursor(self, line: int) -> None:
        self._cursor = line
        self._cursor_strips = self._document.strips_of(line) if self._document.height else range(1)

    def show(self, document: DiffDocument, cursor: int) -> None:
        """Draw another document, or the same with other lines."""
        self._document = document
        self.cursor = cursor
        self.clear()

    @property
    def is_decorated(self) -> bool:
        """Whether all requested decorations arrived."""
        return not self._asked

    @property
    def painter(self) -> Painter:
        """The painter; setting another one redraws everything."""
        return self._painter

    @painter.setter
    def painter(self, painter: Painter) -> None:
        if painter != self._painter:
            self._painter = painter
            self.clear()

    def clear(self) -> None:
        """Clear the cached strips."""
        self._strips.clear()
        self._finished.clear()

    def forget_files(self, paths: Collection[str]) -> None:
        """Clear the cached strips of these files."""
        for cache in (self._strips, self._finished):
            for key in [*cache.keys()]:
                strip = key if key >= 0 else (-1 - key) // 2
                if self._path_on(strip) in paths:
                    cache.discard(key)

    def _path_on(self, strip: int) -> str:
        line, _part = self.document.at_strip(strip)
        return self.document.files[self.document.file_at(line)].path

    def use_finish(self, finish: Callable[[Strip], Strip]) -> None:
        """Apply this to every strip that `finished` returns."""
        self._finish = finish
        self._finished.clear()

    def is_covered(self, strip: int) -> bool:
        """Whether the file's header covers a strip that is the first on the screen."""
        if not 0 < strip < self.document.depth:
            return False
        line, part = self.document.at_strip(strip)
        return part > 0 or line > self.document.start_of(self.document.file_at(line))

    def strip(self, number: int, *, is_first: bool) -> Strip:
        """Return a strip of the document; `is_first` on the screen."""
        if number >= self.document.depth:
            return self._painter.blank()
        if is_first and self.is_covered(number):
            return self._sticky_header(number)
        key = self._key(number)
        strip = self._strips.get(key)
        if strip is None:
            line, part = self.document.at_strip(number)
            painted = self._paint(self.document.line(line), line == self.cursor, part)
            strip = self._strips[key] = painted
        return strip

    def finished(self, number: int, *, is_first: bool) -> Strip:
        """Return the strip as it goes to the screen."""
        key = self._key(number)
        strip = self._finished.get(key)
        if strip is None or (is_first and self.is_covered(number)):
            strip = self._finish(self.strip(number, is_first=is_first))
            if not is_first and number < self.document.depth:
                self._finished[key] = strip
        return strip

    def draw_ahead(self, strips: range) -> bool:
        """Draw strips before they are shown; return False if their decorations aren't here yet."""
        document = self.document
        strips = range(max(0, strips.start), min(strips.stop, document.depth))
        for strip in strips:
            line = document.line(document.at_strip(strip)[0])
            rows = document.file_rows(line.file)
            for number in (line.left, line.right):
                if number is not None and rows.row(number).kind in CODE:
                    self._decorations_of(line.file, number)
        if not self.is_decorated:
            return False
        for strip in strips:
            self.finished(strip, is_first=False)
        return True

    def decorated(self, key: BlockKey, decorations: Decorations) -> tuple[int, int]:
        """Store decorations; return the first strip that changes and the number of strips."""
        self._asked.discard(key)
        file = self.document.file_of(key[0])
        if file is None:
            return 0, 0
        self._decorations.discard(key)  # setting a key again changes nothing
        self._decorations[key] = decorations
        return self._forget(file, decorations)

    def widest(self, first: int, count: int) -> int:
        """Return the width in cells of the longest code line among `count` lines."""
        widest = 0
        for number in range(first, min(first + count, self.document.height)):
            line = self.document.line(number)
            rows = self.document.file_rows(line.file)
            for side in (line.left, line.right):
                row = None if side is None else rows.row(side)
                if row is not None and row.kind in CODE:
                    widest = max(widest, drawn_line(rows.text(row), self._painter.tab_size).columns)
        return widest

    def _key(self, strip: int) -> int:
        # The cursor line has keys of its own, with and without focus.
        return strip if strip not in self._cursor_strips else -1 - 2 * strip - self.is_lit

    def _forget(self, file: int, rows: Iterable[int]) -> tuple[int, int]:
        document = self.document
        lines = {document.line_of(DocumentPosition(file, row)) for row in rows}
        if not lines:
            return 0, 0
        first, last = document.strip_of(min(lines)), document.strips_of(max(lines))[-1]
        for strip in range(first, last + 1):
            for key in (strip, -1 - 2 * strip, -2 - 2 * strip):
                self._strips.discard(key)
                self._finished.discard(key)
        return first, last - first + 1

    def _sticky_header(self, strip: int) -> Strip:
        line, _part = self.document.at_strip(strip)
        file = self.document.file_at(line)
        return self._painter.header(self._cell(file, 0, on_cursor=False))

    def _paint(self, line: DocumentLine, on_cursor: bool, part: int) -> Strip:
        left, right = (
            None if row is None else self._cell(line.file, row, on_cursor=on_cursor, part=part)
            for row in (line.left, line.right)
        )
        if self.document.layout.side_by_side or left is None:
            return self._painter.side_by_side(left, right)
        return self._painter.unified(left)

    def _cell(self, file: int, number: int, *, on_cursor: bool, part: int = 0) -> Cell:
        rows = self.document.file_rows(file)
        row = rows.row(number)
        if row.kind not in CODE:
            note = self._note(file, rows, number)
            return Cell(rows, number, row, cursor=on_cursor, lit=self.is_lit, part=part, note=note)
        path = rows.file.path
        return Cell(
            rows,
            number,
            row,
            self._decorations_of(file, number).get(number, UNDECORATED),
            self._mark(path, row) if self.marks else None,
            self._is_quoted(path, row),
            on_cursor,
            self.is_lit,
            part,
            chosen=self.chosen is not None and self.chosen.has(path, row),
        )

    def _note(self, file: int, rows: FileRows, number: int) -> str:
        """What to say beside the header of a file, or where lines are hidden."""
        if number == 0:
            sign = _FOLDED_SIGN if self.document.is_folded(file) else ""
            return sign + (_VIEWED if rows.file.path in self.viewed else "")
        return _READING if file in self.reading and number >= rows.body_row else ""

    def _mark(self, path: str, row: DiffRow) -> Mark | None:
        """Return the mark of the line, by its new or old number."""
        mark = None if row.new is None else self.marks.get((path, Side.NEW, row.new))
        if mark is None and row.old is not None:
            return self.marks.get((path, Side.OLD, row.old))
        return mark

    def _is_quoted(self, path: str, row: DiffRow) -> bool:
        anchor = self.anchor
        if anchor is None or anchor.path != path:
            return False
        number = row.old if anchor.side is Side.OLD else row.new
        return number is not None and anchor.start_line <= number <= anchor.end_line

    def _decorations_of(self, file: int, number: int) -> Decorations:
        """Return the decorations of the block with this row, and request them if missing."""
        rows = self.document.file_rows(file)
        index = rows.block_index(number)
        key = (self.document.key_of(file), index)
        found = self._decorations.get(key)
        if found is not None:
            return found
        if self.may_decorate and key not in self._asked:
            self._asked.add(key)
            given_up = self._ask(Passage(key, rows.file, rows.block(index)))
            if given_up is not None:
                self._give_up(given_up)
        return {}

    def _give_up(self, key: BlockKey) -> None:
        """Forget a request, so that the next draw repeats it."""
        self._asked.discard(key)
        if (file := self.document.file_of(key[0])) is None:
            return
        block = self.document.file_rows(file).block_if_cut(key[1])
        if block is not None:
            self._forget(file, range(block.row, block.row + block.size))
