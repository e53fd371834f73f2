"""The code pane's cursor, the view that follows it, and the mouse."""

from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Size

from xreview.domain.change import Side
from xreview.tui.widgets.diff.blocks import CODE, RowKind
from xreview.tui.widgets.diff.code_range import CodeRange
from xreview.tui.widgets.diff.document import DocumentPosition
from xreview.tui.widgets.diff.pane import DiffPane
from xreview.tui.widgets.findings.marks import LinePlace

if TYPE_CHECKING:
    from textual.timer import Timer

_COLUMN_STEP = 8


class DiffCursor(DiffPane):
    """A pane with a cursor line. It binds no keys: the screen's actions call its methods."""

    _growth: "Timer | None" = None

    @property
    def cursor_line(self) -> int:
        """The cursor's 0-based line in the document."""
        return self._canvas.cursor

    @property
    def _position(self) -> DocumentPosition | None:
        if not self.document.height:
            return None
        return self.document.position(self._canvas.cursor)

    def place_under_cursor(self) -> LinePlace | None:
        """Return path, side, and 1-based line under the cursor; on a header, of the code below."""
        position = self._position
        return None if position is None else self.document.place(position)

    def chosen_range(self) -> CodeRange | None:
        """Return the lines that the user points at; None if the cursor is on no line of a file."""
        if (position := self._position) is None:
            return None
        rows = self.document.file_rows(position.file)
        row = rows.row(position.row)
        if row.kind in (RowKind.FILE, RowKind.NOTICE):
            return CodeRange(rows.file.path, Side.NEW, 0, 0, "")
        if row.kind not in CODE or row.place is None:
            return None
        side, line = row.place
        return CodeRange(rows.file.path, side, line, line, rows.text(row))

    def move_cursor(self, rows: int) -> None:
        """Move the cursor by lines. If it's off the screen, start at the edge."""
        if self._scrolls_through_line(rows):
            return
        first, last = self._visible_lines()
        self._go_to(min(max(self._canvas.cursor, first), last) + rows)

    def _scrolls_through_line(self, rows: int) -> bool:
        """Scroll on in the line under the cursor if it's taller than the screen."""
        if not self.document.height:
            return False
        strips, top = self.document.strips_of(self._canvas.cursor), self._top
        if len(strips) < self._height or top >= strips.stop or top + self._height <= strips.start:
            return False
        step = max(1, self._height // 2)
        if rows > 0 and top + self._height < strips.stop:
            self._scroll_to_top(min(top + step, strips.stop - self._height))
        elif rows < 0 and top > self._top_showing(strips.start):
            self._scroll_to_top(max(top - step, self._top_showing(strips.start)))
        else:
            return False
        return True

    def page(self, pages: int) -> None:
        """Move the cursor and the view by screens."""
        step = max(1, self._height - 2) * pages
        self._resize_if_behind()
        if not self.document.height:
            return
        strips = self.document.strips_of(self._canvas.cursor)
        start = self._top if self._top in strips else strips.start
        strip = max(0, min(start + step, self.document.depth - 1))
        self._scroll_to_top(self._top + step)
        self._set_cursor(self.document.at_strip(strip)[0])
        following = self._top + step
        self._prepare(range(following, following + self._height))

    def go_to_hunk(self, step: int) -> None:
        """Go to the next (1) or previous (-1) hunk; a file without hunks counts as one."""
        position = self._position
        target = None if position is None else self.document.hunk_from(position, step)
        if target is not None:
            self._go_near_top(self.document.line_of(target))

    def go_to_file(self, step: int) -> None:
        """Go to the next (1) or previous (-1) file header; back first goes to this file's."""
        if not self.document.height:
            return
        file = self.document.file_at(self._canvas.cursor)
        if step < 0 and self._canvas.cursor > self.document.start_of(file):
            step += 1
        file = max(0, min(len(self.document.files) - 1, file + step))
        self._go_near_top(self.document.start_of(file))

    def go_home(self) -> None:
        """Go to the first line."""
        self._go_to(0)

    def go_to_end(self) -> None:
        """Go to the last line."""
        self._go_to(self.document.height - 1)

    def go_to_path(self, path: str) -> bool:
        """Go to the header of a file; return False if the change doesn't have it (yet)."""
        file = self.document.file_index(path)
        if file is None:
            return False
        self._go_near_top(self.document.start_of(file))
        return True

    def move_sideways(self, columns: int) -> None:
        """Scroll long lines right, or left for a negative number of cells; not if they wrap."""
        if self.document.layout.wrap_width:
            return
        now = self._canvas.painter.column
        widest = self._canvas.widest(self._top, self._height)
        column = max(0, min(now + columns, widest - _COLUMN_STEP))
        if column != now:
            self._paint_with(column=column)
            self.refresh()

    def _go_to(self, line: int) -> None:
        """Move the cursor to a line, and scroll only as far as needed."""
        self._resize_if_behind()
        if not self.document.height:
            return
        line = self._clamped(line)
        strips, top = self.document.strips_of(line), self._top
        start = strips.start
        if start < top or (start == top and line < self._canvas.cursor):
            self._scroll_to_top(self._top_showing(start))
        elif strips.stop > top + self._height:
            showing_all = strips.stop - self._height
            self._scroll_to_top(min(showing_all, max(top, self._top_showing(start))))
        elif start == top and self._canvas.is_covered(start):
            self._scroll_to_top(start - 1)
        self._set_cursor(line)

    def _go_near_top(self, line: int) -> None:
        """Move the cursor to a line, and scroll it to a third from the top."""
        self._resize_if_behind()
        if not self.document.height:
            return
        line = self._clamped(line)
        self._scroll_to_top(self.document.strip_of(line) - self._height // 3)
        self._set_cursor(line)

    def _top_showing(self, strip: int) -> int:
        return strip - 1 if self._canvas.is_covered(strip) else strip

    def _resize_if_behind(self) -> None:
        if self.virtual_size.height != self.document.depth:
            self._resize_document()

    def _clamped(self, line: int) -> int:
        return max(0, min(line, self.document.height - 1))

    def _visible_lines(self) -> tuple[int, int]:
        first = self._top + (1 if self._top and self._canvas.is_covered(self._top) else 0)
        last = max(first, min(self.document.depth, self._top + self._height) - 1)
        if not self.document.layout.wrap_width or not self.document.height:
            return first, last
        first, last = (min(one, self.document.depth - 1) for one in (first, last))
        return self.document.at_strip(first)[0], self.document.at_strip(last)[0]

    def _set_cursor(self, line: int) -> None:
        before, self._canvas.cursor = self._canvas.cursor, line
        if before == line:
            return
        self._left()
        for changed in (before, line):
            self._refresh_line(changed)

    def _scroll_to_top(self, line: int) -> None:
        self.scroll_to(y=max(0, line), animate=False, force=True, immediate=True)

    def _left(self) -> None:
        """Called when the cursor leaves its line."""

    def _resize_document(self) -> None:
        self._growth = None
        self.virtual_size = Size(self.size.width, self.document.depth)

    def leave_free(self, cells: int) -> None:
        """Leave so many cells on the left to what stands over the pane."""
        if self.styles.padding.left != cells:
            self.styles.padding = (0, 0, 0, cells)
            self._fit()  # Textual sends no resize: the outer size stays

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._fit()

    def _fit(self) -> None:
        """Lay the document out for the size of the pane, with the cursor in view."""
        self._resize_document()
        if self.document.height and self.size.height:
            first, last = self._visible_lines()
            is_seen = first <= self._canvas.cursor <= last
            (self._go_to if is_seen else self._go_near_top)(self._canvas.cursor)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked line; on the sticky header, go to the file's top."""
        offset = event.get_content_offset(self)
        line = None if offset is None else self._line_at(offset.y)
        if line is not None:
            self._go_to(line)

    def _line_at(self, y: int) -> int | None:
        """Return the line drawn `y` cells below the top; None below the end of the change."""
        strip = self._top + y
        if not 0 <= strip < self.document.depth:
            return None
        line, _part = self.document.at_strip(strip)
        if y == 0 and self._canvas.is_covered(strip):
            return self.document.start_of(self.document.file_at(line))
        return line

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Scroll long lines right."""
        event.stop()
        self.move_sideways(_COLUMN_STEP)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Scroll long lines left."""
        event.stop()
        self.move_sideways(-_COLUMN_STEP)
