"""What the user points at in the code pane: a range of lines, by key or mouse, or a gutter mark."""

from collections.abc import Iterator

from textual import events
from textual.message import Message

from xreview.domain.change import Side
from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.code_range import CodeRange
from xreview.tui.widgets.diff.gaps import DiffGaps
from xreview.tui.widgets.diff.range_rows import LineSpan, code_of, span_at, span_towards
from xreview.tui.widgets.findings.marks import LinePlace

_LEFT_BUTTON = 1


class DiffPointing(DiffGaps):
    """A pane whose cursor can draw a range of lines. The range ends with `end_range`."""

    @dataclass
    class MarkChosen(Message):
        """The user clicked a gutter mark."""

        place: LinePlace

    _start: LineSpan | None = None
    _pressed: int | None = None
    _dragged = False

    # The range

    @property
    def has_range(self) -> bool:
        """Whether a range of lines is marked."""
        return self._start is not None

    def begin_range(self) -> bool:
        """Start a range at the cursor; return False if it isn't on a line of code."""
        if (position := self._position) is None:
            return False
        rows = self.document.file_rows(position.file)
        self._start = span_at(rows.file.path, rows.row(position.row))
        self._stretch()
        return self.has_range

    def end_range(self) -> bool:
        """Forget the range; return False if there is none."""
        had_range = self.has_range
        self._start = None
        self._stretch()
        return had_range

    def chosen_range(self) -> CodeRange | None:
        """Return the range, else the line under the cursor (`DiffCursor.chosen_range`)."""
        span = self._canvas.chosen
        file = None if span is None else self.document.file_index(span.path)
        if span is None or file is None:
            return super().chosen_range()
        return code_of(self.document.file_rows(file), span)

    def _set_cursor(self, line: int) -> None:
        super()._set_cursor(line)
        if self._start is not None:
            self._stretch()

    def _stretch(self) -> None:
        """Mark the lines from the start of the range to the cursor."""
        span = None if self._start is None else self._span_from(self._start)
        if span != self._canvas.chosen:
            self._canvas.chosen = span
            self._repaint()

    def _span_from(self, start: LineSpan) -> LineSpan:
        position, file = self._position, self.document.file_index(start.path)
        if position is None or file is None:
            return start
        rows = self.document.file_rows(file)
        if position.file == file:
            return span_towards(rows, start, position.row)
        return span_towards(rows, start, 0 if position.file < file else rows.count - 1)

    # Gutter marks

    def marked_place(self) -> LinePlace | None:
        """Return the place of the gutter mark on the line under the cursor."""
        places = self._places_on(self._canvas.cursor) if self.document.height else ()
        return next((place for place in places if place in self._canvas.marks), None)

    def _places_on(self, number: int) -> Iterator[LinePlace]:
        line = self.document.line(number)
        rows = self.document.file_rows(line.file)
        for index in dict.fromkeys((line.right, line.left)):
            row = None if index is None else rows.row(index)
            if row is not None and row.new is not None:
                yield rows.file.path, Side.NEW, row.new
            if row is not None and row.old is not None:
                yield rows.file.path, Side.OLD, row.old

    def _is_in_gutter(self, column: int, number: int) -> bool:
        """Whether a column of the pane shows line numbers and marks."""
        digits = self.document.file_rows(self.document.file_at(number)).number_width
        if not self.document.layout.side_by_side:
            return 0 <= column < 2 * digits + 4
        return 0 <= column % ((self._canvas.painter.width - 1) // 2 + 1) < digits + 3

    # The mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember where a range can start."""
        if event.button == _LEFT_BUTTON:
            self._pressed = self._line_at(event.y - self.gutter.top)
            self._dragged = False

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw a range while the button is down; at an edge, scroll."""
        if self._pressed is None or event.button != _LEFT_BUTTON:
            return
        y = event.y - self.gutter.top
        line = self._line_at(max(0, min(y, self._height - 1)))
        if line is None or (line == self._pressed and not self._dragged):
            return
        if not self._dragged:
            self._dragged = True
            self.capture_mouse()
            self.end_range()
            self._go_to(self._pressed)
            self.begin_range()
        self._go_to(line + (y >= self._height) - (y < 0))

    def on_mouse_up(self) -> None:
        """Keep the range that was drawn."""
        self._pressed = None
        if self._dragged:
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """End the range, or keep the one just drawn; choose the mark under the pointer."""
        if self._dragged:
            self._dragged = False
            event.prevent_default()  # the cursor stays at the end of the range
            return
        self.end_range()
        offset = event.get_content_offset(self)
        line = None if offset is None else self._line_at(offset.y)
        if offset is None or line is None or not self._is_in_gutter(offset.x, line):
            return
        place = next((one for one in self._places_on(line) if one in self._canvas.marks), None)
        if place is not None:
            self.post_message(self.MarkChosen(place))
