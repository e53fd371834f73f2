"""The code pane: the whole change as one virtual document, drawn by Textual's Line API.

Nothing here costs by the size of the change but the list of files and their row counts. A line is
drawn plain at first; syntax colours and changed words follow from a thread (`diff_decorate`), and
only the lines they change are drawn again. Lines are neutralised in `diff_text`, before they
become segments.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from textual import events
from textual.cache import LRUCache
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.theme import Theme

from xreview.domain.anchor import Anchor
from xreview.domain.change import FileDiff, Side
from xreview.tui.widgets.diff_decorate import Decorations, Decorator, Passage
from xreview.tui.widgets.diff_document import (
    Document,
    Line,
    Position,
    side_by_side_count,
    unified_count,
)
from xreview.tui.widgets.diff_marks import LinePlace, Mark
from xreview.tui.widgets.diff_paint import PLAIN, Cell, Painter
from xreview.tui.widgets.diff_palette import Palette
from xreview.tui.widgets.diff_rows import CODE, Row
from xreview.tui.widgets.diff_search import find, shown_pattern
from xreview.tui.widgets.diff_text import shown

if TYPE_CHECKING:
    from textual.timer import Timer

_INLINE_BYTES = 262_144
"""Work on a change up to this size is done at once; beyond it, in a thread."""

_GROWTH_INTERVAL = 0.1
_DECORATED_BLOCKS = 96
_STRIPS = 400
_COLUMN_STEP = 8


class Showing(Enum):
    """What the pane shows of the place it was asked for."""

    NOTHING = "nothing was asked for"
    LINES = "the lines themselves"
    NEAREST = "the nearest hunk: the change does not show these lines"
    FILE = "the file's header: it has no lines to show"
    WAITING = "nothing yet: the file may still come"
    ABSENT = "nothing: the file is not part of the change"


class DiffView(ScrollView, can_focus=True, inherit_bindings=False):
    """The change, line by line, with a cursor.

    It binds no keys: the screen's actions call its methods.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    DiffView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        background: $diff-context;
    }
    """

    @dataclass
    class CursorMoved(Message):
        """The cursor is on another line; `line` is 1-based. Older ones in the queue are dropped."""

        view: "DiffView"
        path: str
        side: Side
        line: int

        @property
        def control(self) -> "DiffView":
            """The pane it comes from."""
            return self.view

        def can_replace(self, message: Message) -> bool:
            """Whether this takes the place of a message that waits."""
            return isinstance(message, DiffView.CursorMoved)

    @dataclass
    class AnchorSettled(Message):
        """A place asked for before its file had come is shown now, or known to be absent."""

        view: "DiffView"
        showing: Showing

    @dataclass
    class _Decorated(Message):
        key: tuple[int, int]
        decorations: Decorations

    def __init__(
        self,
        *,
        empty_text: str = "The change is empty.",
        waiting_text: str = "Reading the change …",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.auto_links = False
        self._empty_text, self._waiting_text = empty_text, waiting_text
        self._files: list[FileDiff] = []
        self._document = Document()
        self._laying_out = False
        self._finished = False
        self._growth: Timer | None = None
        self._cursor = 0
        self._column = 0
        self._anchor: Anchor | None = None
        self._showing = Showing.NOTHING
        self._marks: Mapping[LinePlace, Mark] = {}
        self._search = ""
        self._search_start: Position | None = None
        self._search_turn = 0
        self._painter: Painter | None = None
        self._strips: LRUCache[int, Strip] = LRUCache(_STRIPS)
        self._decorations: LRUCache[tuple[int, int], Decorations] = LRUCache(_DECORATED_BLOCKS)
        self._asked: set[tuple[int, int]] = set()
        self._decorator = Decorator(self._deliver)
        self._may_decorate = False

    # Life

    def on_mount(self) -> None:
        """Follow the theme, and decorate only after the first frame is out."""
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)
        self.call_after_refresh(self._start_decorating)

    def on_unmount(self) -> None:
        """End the thread with the pane."""
        self._decorator.stop()

    def _start_decorating(self) -> None:
        self._may_decorate = True
        self._repaint()

    def _theme_changed(self, theme: Theme) -> None:
        self._painter = None
        self._repaint()

    # The change

    @property
    def side_by_side(self) -> bool:
        """Whether old and new stand next to each other."""
        return self._document.side_by_side

    @property
    def document(self) -> Document:
        """The rows as they are laid out now."""
        return self._document

    @property
    def is_settled(self) -> bool:
        """Whether all files are laid out and all that was drawn has its colours."""
        laid_out = len(self._document.files) == len(self._files) and not self._laying_out
        return laid_out and not self._asked and self._decorator.is_idle

    def append_files(self, files: tuple[FileDiff, ...]) -> None:
        """Add files at the end of the change, in git's order."""
        was_short = self._document.height < self.size.height
        self._files += files
        if self._laying_out:
            return
        if self.side_by_side and not _is_small(files):
            self._lay_out_later(True)
            return
        count = side_by_side_count if self.side_by_side else unified_count
        self._document.append(files, [count(file) for file in files])
        self._grew(was_short)

    def finish(self) -> None:
        """Say that no more files come."""
        self._finished = True
        if not self._files:
            self._repaint()
        if self._showing is Showing.WAITING:
            self._settle_anchor()

    def set_side_by_side(self, on: bool) -> None:
        """Choose the layout. The cursor stays on its line; a large change follows in a moment."""
        if on == self.side_by_side and not self._laying_out:
            return
        if not on or _is_small(self._files):
            document = Document(on)
            count = side_by_side_count if on else unified_count
            document.append(self._files, [count(file) for file in self._files])
            self._adopt(document)
        else:
            self._lay_out_later(on)

    def _lay_out_later(self, on: bool) -> None:
        self._laying_out = True
        self.run_worker(self._lay_out(on), group="diff layout", exclusive=True)

    async def _lay_out(self, on: bool) -> None:
        document = Document(on)
        if on == self.side_by_side:
            document = self._document
        while len(document.files) < len(self._files):
            files = self._files[len(document.files) :][:200]
            counts = await asyncio.to_thread(_side_by_side_counts, files)
            document.append(files, counts)
        self._adopt(document)

    def _adopt(self, document: Document) -> None:
        """Show another layout, with the cursor where it was on the screen."""
        position = self._position
        above = self._cursor - self._top
        self._laying_out = False
        self._document = document
        self._strips.clear()
        if position is not None:
            self._cursor = document.line_of(position)
        self._resize_document()
        self._scroll_to_top(self._cursor - above)
        self._repaint()
        if self._showing is Showing.WAITING:
            self._settle_anchor()

    def _grew(self, was_short: bool) -> None:
        """Make room for new lines: at once while the screen is not full, else now and then."""
        if was_short:
            self._resize_document()
            self._repaint()
        elif self._growth is None:
            self._growth = self.set_timer(_GROWTH_INTERVAL, self._resize_document)
        if self._showing is Showing.WAITING:
            self._settle_anchor()

    def _resize_document(self) -> None:
        self._growth = None
        self.virtual_size = Size(self.size.width, self._document.height)

    # The cursor

    @property
    def cursor_line(self) -> int:
        """The cursor's line in the document, from 0."""
        return self._cursor

    @property
    def _position(self) -> Position | None:
        if not self._document.height:
            return None
        return self._document.position(self._cursor)

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _height(self) -> int:
        return max(1, self.size.height)

    def place_under_cursor(self) -> LinePlace | None:
        """Path, side and 1-based line under the cursor; for a header, those of the code below."""
        position = self._position
        return None if position is None else self._document.place(position)

    def move_cursor(self, rows: int) -> None:
        """Move the cursor by lines. If it was scrolled out of sight, it starts at the edge."""
        first, last = self._visible_lines()
        self._go_to(min(max(self._cursor, first), last) + rows)

    def page(self, pages: int) -> None:
        """Move the cursor and the view by screens."""
        step = max(1, self._height - 2) * pages
        self._resize_if_behind()
        line = self._clamped(self._cursor + step)
        self._scroll_to_top(self._top + step)
        self._set_cursor(line)

    def go_to_hunk(self, step: int) -> None:
        """Go to the next (1) or previous (-1) hunk; a file without hunks counts as one."""
        position = self._position
        target = None if position is None else self._document.hunk_from(position, step)
        if target is not None:
            self._go_near_top(self._document.line_of(target))

    def go_to_file(self, step: int) -> None:
        """Go to the header of the next (1) or previous (-1) file, or of this one first."""
        if not self._document.height:
            return
        file = self._document.file_at(self._cursor)
        if step < 0 and self._cursor > self._document.start_of(file):
            step += 1
        file = max(0, min(len(self._document.files) - 1, file + step))
        self._go_near_top(self._document.start_of(file))

    def go_home(self) -> None:
        """Go to the first line."""
        self._go_to(0)

    def go_to_end(self) -> None:
        """Go to the last line."""
        self._go_to(self._document.height - 1)

    def go_to_path(self, path: str) -> bool:
        """Go to the header of a file; False where the change has no such file (yet)."""
        file = self._document.file_index(path)
        if file is None:
            return False
        self._go_near_top(self._document.start_of(file))
        return True

    def move_sideways(self, columns: int) -> None:
        """Scroll long lines by cells, to the right or (negative) to the left."""
        column = max(0, min(self._column + columns, self._widest() - _COLUMN_STEP))
        if column != self._column:
            self._column = column
            self._painter = None
            self._repaint()

    def move_sideways_to(self, column: int) -> None:
        """Scroll so that `column` (cells, from 0) is the first that is shown."""
        self.move_sideways(column - self._column)

    def _go_to(self, line: int) -> None:
        """Put the cursor on a line and scroll as little as shows it."""
        self._resize_if_behind()
        line = self._clamped(line)
        top = self._top
        if line < top or (line == top and line < self._cursor):
            self._scroll_to_top(self._top_showing(line))
        elif line >= top + self._height:
            self._scroll_to_top(line - self._height + 1)
        elif line == top and self._is_covered(line):
            self._scroll_to_top(line - 1)
        self._set_cursor(line)

    def _go_near_top(self, line: int) -> None:
        """Put the cursor on a line, and the line a third from the top."""
        self._resize_if_behind()
        line = self._clamped(line)
        self._scroll_to_top(line - self._height // 3)
        self._set_cursor(line)

    def _top_showing(self, line: int) -> int:
        return line - 1 if self._is_covered(line) else line

    def _is_covered(self, line: int) -> bool:
        """Whether the file's header would be drawn over this line if it were the first."""
        return line > 0 and line > self._document.start_of(self._document.file_at(line))

    def _resize_if_behind(self) -> None:
        if self.virtual_size.height != self._document.height:
            self._resize_document()

    def _clamped(self, line: int) -> int:
        return max(0, min(line, self._document.height - 1))

    def _visible_lines(self) -> tuple[int, int]:
        first = self._top + (1 if self._top and self._is_covered(self._top) else 0)
        return first, max(first, min(self._document.height, self._top + self._height) - 1)

    def _set_cursor(self, line: int) -> None:
        before, self._cursor = self._cursor, line
        if before == line:
            return
        self._search_start = None
        for changed in (before, line):
            self._refresh_lines(changed, 1)
        place = self.place_under_cursor()
        if place is not None:
            self.post_message(self.CursorMoved(self, *place))

    def _scroll_to_top(self, line: int) -> None:
        self.scroll_to(y=max(0, line), animate=False, force=True, immediate=True)

    def _refresh_lines(self, first: int, count: int) -> None:
        start = max(first, self._top)
        end = min(first + count, self._top + self._height)
        if start < end:
            self.refresh(Region(0, start - self._top, self.size.width, end - start))

    def _widest(self) -> int:
        """How many cells the longest of the lines on the screen takes."""
        widest = 0
        for number in range(self._top, min(self._top + self._height, self._document.height)):
            line = self._document.line(number)
            rows = self._document.file_rows(line.file)
            for row in {line.left, line.right} - {None}:
                found = rows.row(row or 0)
                if found.kind in CODE:
                    widest = max(widest, shown(rows.text(found)).columns)
        return widest

    # Findings

    @property
    def showing(self) -> Showing:
        """What is shown of the place last asked for."""
        return self._showing

    def show(self, anchor: Anchor | None) -> Showing:
        """Mark the quoted lines and bring them into view, a third from the top.

        Lines that the change does not show are answered by the nearest hunk. Where the file has
        not come yet, it is shown when it comes (`AnchorSettled`).
        """
        self._anchor = anchor
        self._showing = Showing.NOTHING if anchor is None else Showing.WAITING
        self._strips.clear()
        self.refresh()
        return self._settle_anchor() if anchor is not None else self._showing

    def _settle_anchor(self) -> Showing:
        anchor = self._anchor
        was_asked_before = self._showing is Showing.WAITING
        if anchor is None:
            return self._showing
        file = self._document.file_index(anchor.path)
        if file is None:
            complete = self._finished and len(self._document.files) == len(self._files)
            self._showing = Showing.ABSENT if complete else Showing.WAITING
        else:
            self._showing = self._show_in(file, anchor)
        if was_asked_before and self._showing is not Showing.WAITING:
            self.post_message(self.AnchorSettled(self, self._showing))
        return self._showing

    def _show_in(self, file: int, anchor: Anchor) -> Showing:
        rows = self._document.file_rows(file)
        row = None
        for line in range(anchor.start_line, min(anchor.end_line, anchor.start_line + 500) + 1):
            row = rows.find(anchor.side, line)
            if row is not None:
                break
        showing = Showing.LINES
        if row is None:
            row = rows.nearest(anchor.side, anchor.start_line)
            showing = Showing.NEAREST if row else Showing.FILE
        self._column = 0
        self._painter = None
        self._strips.clear()
        self._go_near_top(self._document.line_of(Position(file, row)))
        self.refresh()
        return showing

    def set_marks(self, marks: Mapping[LinePlace, Mark]) -> None:
        """Say which lines carry findings."""
        if marks != self._marks:
            self._marks = marks
            self._repaint()

    def _quoted(self, path: str, row: Row) -> bool:
        anchor = self._anchor
        if anchor is None or anchor.path != path:
            return False
        number = row.old if anchor.side is Side.OLD else row.new
        return number is not None and anchor.start_line <= number <= anchor.end_line

    # Search

    async def search(self, text: str, step: int = 1, *, again: bool = False) -> bool:
        """Go to the next (`step` 1) or previous (-1) row that holds the text, all around.

        Called at each keystroke it searches from where the cursor was at the first; `again` goes
        on from the cursor. An empty text ends the search. Upper case in the text makes case
        count. False where nothing is found, or another search has begun since.
        """
        self._search_turn += 1
        turn = self._search_turn
        if text != self._search:
            self._search = text
            self._painter = None
            self._repaint()
        start = self._position if again or self._search_start is None else self._search_start
        if not text or start is None:
            self._search_start = None
            return False
        self._search_start = start
        files = tuple(self._document.files)
        if _is_small(files):
            found = find(files, text, start, step, here=not again)
        else:
            found = await asyncio.to_thread(find, files, text, start, step, here=not again)
        if found is None or turn != self._search_turn:
            return False
        self._go_into_view(self._document.line_of(found))
        self._search_start = self._position if again else start
        return True

    def _go_into_view(self, line: int) -> None:
        first, last = self._visible_lines()
        if first <= line <= last:
            self._set_cursor(line)
        else:
            self._go_near_top(line)

    # Drawing

    def _repaint(self) -> None:
        """Draw everything again."""
        self._strips.clear()
        self.refresh()

    def _painter_now(self) -> Painter:
        painter = self._painter
        width = self.size.width - self.scrollbar_size_vertical
        if painter is None or painter.width != width:
            palette = painter.palette if painter is not None else self._palette()
            pattern = shown_pattern(self._search) if self._search else None
            painter = Painter(palette, width, self._column, pattern)
            self._painter = painter
            self._strips.clear()
        return painter

    def _palette(self) -> Palette:
        return Palette(self.app.theme_variables)

    def render_line(self, y: int) -> Strip:
        """One line of the screen, `y` cells below the pane's top, without the scrollbar."""
        return self._drawn(self._painter_now(), y, self._top + y)

    def _drawn(self, painter: Painter, y: int, number: int) -> Strip:
        # The cursor's line is kept under keys of its own: lit or not.
        key = number if number != self._cursor else -1 - 2 * number - self.has_focus
        strip = self._strips.get(key)
        if y == 0 or strip is None:
            if number >= self._document.height:
                return self._beyond_end(painter, y)
            if y == 0 and number and self._is_covered(number):
                file = self._document.file_at(number)
                return painter.header(self._cell(Line(file, 0, 0), 0, on_cursor=False))
            strip = self._paint(painter, self._document.line(number), on_cursor=key < 0)
            self._strips[key] = strip
        return strip

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the pane, `crop`, as they go to the screen.

        Textual's own way wraps each line in borders and paddings and keeps a second cache; without
        these (and the pane has none by itself) it costs most of a page. Filters are applied; that
        for colours of the terminal's own is left out, since the palette has none unless the theme
        wants them as they are.
        """
        if self.styles.gutter.totals != (0, 0):
            return super().render_lines(crop)
        filters = [
            line_filter
            for line_filter in self.get_line_filters()
            if not isinstance(line_filter, ANSIToTruecolor)
        ]
        background = self.background_colors[1]
        painter, top = self._painter_now(), self._top
        strips = [self._drawn(painter, y, top + y) for y in crop.line_range]
        for line_filter in filters:
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.x > 0 or crop.right < painter.width:
            return [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _beyond_end(self, painter: Painter, y: int) -> Strip:
        if y == 1 and not self._document.height:
            return painter.sentence(self._empty_text if self._finished else self._waiting_text)
        return painter.blank()

    def _paint(self, painter: Painter, line: Line, *, on_cursor: bool) -> Strip:
        left = None if line.left is None else self._cell(line, line.left, on_cursor=on_cursor)
        if not self.side_by_side:
            assert left is not None
            return painter.unified(left)
        right = None if line.right is None else self._cell(line, line.right, on_cursor=on_cursor)
        return painter.side_by_side(left, right)

    def _cell(self, line: Line, number: int, *, on_cursor: bool) -> Cell:
        rows = self._document.file_rows(line.file)
        row = rows.row(number)
        decoration, mark, quoted = PLAIN, None, False
        if row.kind in CODE:
            path = rows.file.path
            decoration = self._decorations_of(line.file, number).get(number, PLAIN)
            if self._marks and row.place is not None:
                mark = self._marks.get((path, *row.place))
                if mark is None and row.old is not None:
                    mark = self._marks.get((path, Side.OLD, row.old))
            quoted = self._quoted(path, row)
        return Cell(rows, number, row, decoration, mark, quoted, on_cursor, self.has_focus)

    def _decorations_of(self, file: int, number: int) -> Decorations:
        """The decorations of the block that holds a row; asks for them if there are none yet."""
        rows = self._document.file_rows(file)
        index = rows.block_index(number)
        key = (file, index)
        found = self._decorations.get(key)
        if found is not None:
            return found
        if self._may_decorate and key not in self._asked:
            self._asked.add(key)
            diff = rows.file
            old_path = diff.old_path or diff.path
            dropped = self._decorator.ask(
                Passage(key, diff.path, old_path, diff.body, rows.block(index))
            )
            if dropped is not None:
                self._asked.discard(dropped)
        return {}

    def _deliver(self, key: tuple[int, int], decorations: Decorations) -> None:
        self.post_message(self._Decorated(key, decorations))

    def on_diff_view__decorated(self, message: _Decorated) -> None:
        """Draw what has got its colours."""
        message.stop()
        self._asked.discard(message.key)
        self._decorations[message.key] = message.decorations
        file = message.key[0]
        for number in message.decorations:
            line = self._document.line_of(Position(file, number))
            for key in (line, -1 - 2 * line, -2 - 2 * line):
                self._strips.discard(key)
        if message.decorations:
            lines = [
                self._document.line_of(Position(file, number))
                for number in (min(message.decorations), max(message.decorations))
            ]
            self._refresh_lines(lines[0], lines[1] - lines[0] + 1)

    # Events

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in view when the pane changes its size."""
        self._resize_document()
        if self._document.height and event.size.height:
            first, last = self._visible_lines()
            if not first <= self._cursor <= last:
                self._go_near_top(self._cursor)

    def on_focus(self) -> None:
        """Light the cursor line."""
        self._refresh_lines(self._cursor, 1)

    def on_blur(self) -> None:
        """Dim the cursor line."""
        self._refresh_lines(self._cursor, 1)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; on the sticky header, go to the file's top."""
        number = self._top + event.y
        if not 0 <= number < self._document.height:
            return
        if event.y == 0 and number and self._is_covered(number):
            number = self._document.start_of(self._document.file_at(number))
        self._go_to(number)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Scroll long lines to the right."""
        event.stop()
        self.move_sideways(_COLUMN_STEP)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Scroll long lines to the left."""
        event.stop()
        self.move_sideways(-_COLUMN_STEP)


def _is_small(files: Sequence[FileDiff]) -> bool:
    return sum(len(file.body) for file in files) <= _INLINE_BYTES


def _side_by_side_counts(files: Sequence[FileDiff]) -> list[int]:
    return [side_by_side_count(file) for file in files]
