"""The code pane of the attempts screen: one piece, a column per attempt, drawn line by line."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xreview.tui.widgets.attempts.piece_columns import PieceColumn, PieceLine
from xreview.tui.widgets.diff.blocks import RowKind
from xreview.tui.widgets.diff.highlight import SyntaxSpan, lexer_for, spans_of
from xreview.tui.widgets.diff.palette import GROUND_OF, Ground, Palette
from xreview.tui.widgets.diff.spans import clip_spans
from xreview.tui.widgets.diff.text import TAB_SIZE, drawn_line, fit_start, whole_graphemes
from xreview.tui.widgets.lasting_focus import LastingFocus

_BLOCK = 64
"""Lines that are coloured at a time."""

_SIGNS = {RowKind.ADDED: "+", RowKind.REMOVED: "-"}
_CHOSEN = "✓"

BlockOfColumn = tuple[str, int]
"""The label of a column, and the number of a block in it."""


class PieceView(LastingFocus, ScrollView, can_focus=True, inherit_bindings=False):
    """Shows columns of code side by side. It binds no keys: the screen's actions call its methods.

    The first line, with the titles of the columns, stays in view.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    PieceView { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
        background: $diff-context; }
    """

    def __init__(self, *, id: str, tab_size: int = TAB_SIZE) -> None:
        super().__init__(id=id)
        self.auto_links = False
        self.empty_text = ""
        self._tab_size = tab_size
        self._path = ""
        self._columns: tuple[PieceColumn, ...] = ()
        self._subject: object = None
        self._column = 0
        self._palette = Palette({})
        self._spans: dict[BlockOfColumn, Sequence[tuple[SyntaxSpan, ...]]] = {}
        self._wanted: set[BlockOfColumn] = set()
        self._refused: set[str] = set()

    def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._use_theme())
        self._use_theme()

    def on_unmount(self) -> None:
        """Follow the theme no longer: a signal keeps alive what it tells."""
        self.app.theme_changed_signal.unsubscribe(self)

    def _use_theme(self) -> None:
        self._palette = Palette(self.app.theme_variables)
        self.refresh()

    def show(self, subject: object, path: str, columns: tuple[PieceColumn, ...]) -> None:
        """Show the columns of a piece, from the top if it is another one."""
        if subject != self._subject:
            self._subject = subject
            self._column = 0
            self.scroll_to(y=0, animate=False)
        old = {one.label: one.lines for one in self._columns} if path == self._path else {}
        if any(one.lines != old.get(one.label) for one in columns):
            self._spans.clear()
            self._wanted.clear()
        self._path, self._columns = path, columns
        height = max((len(one.lines) for one in columns), default=0)
        self.virtual_size = Size(self.size.width, height + 1 if columns else 0)
        self.refresh()

    @property
    def line_under_cursor(self) -> int | None:
        """The 1-based line of an attempt's file at the top of the view, to open it there."""
        own = next((one for one in self._columns if one.label), None)
        if own is None:
            return None
        numbers = (one.number for one in own.lines[self.scroll_offset.y :] if one is not None)
        return next((number for number in numbers if number is not None), None)

    # moving

    def move_cursor(self, steps: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=steps, animate=False)

    def page(self, pages: int) -> None:
        """Scroll by screens."""
        self.scroll_relative(y=pages * max(1, self.size.height - 2), animate=False)

    def go_home(self) -> None:
        """Go to the first line."""
        self.scroll_to(y=0, animate=False)

    def go_to_end(self) -> None:
        """Go to the last line."""
        self.scroll_to(y=self.virtual_size.height, animate=False)

    def move_sideways(self, columns: int) -> None:
        """Scroll the code of all columns sideways."""
        self._column = max(0, self._column + columns)
        self.refresh()

    # drawing

    def render_line(self, y: int) -> Strip:
        """Draw a line of the content, without the scroll bar."""
        width = self.size.width - self.scrollbar_size_vertical
        if not self._columns:
            return self._sentence(self.empty_text if y == 1 else "", width)
        index = self.scroll_offset.y + y - 1
        rule = Segment("│", self._palette.plain("diff-number", Ground.CONTEXT))
        segments: list[Segment] = []
        for number, (column, room) in enumerate(
            zip(self._columns, self._rooms(width), strict=True)
        ):
            if number:
                segments.append(rule)
            segments += self._titled(column, room) if y == 0 else self._drawn(column, index, room)
        return Strip(segments, width)

    def _rooms(self, width: int) -> list[int]:
        count = len(self._columns)
        room, rest = divmod(max(count, width - (count - 1)), count)
        return [room + (number < rest) for number in range(count)]

    def _sentence(self, text: str, width: int) -> Strip:
        style = self._palette.plain("syntax-text", Ground.CONTEXT)
        window = fit_start(drawn_line(text), max(0, width - 2))
        return Strip([Segment(f"  {window.text}", style)]).adjust_cell_length(width, style)

    def _titled(self, column: PieceColumn, room: int) -> list[Segment]:
        sign = f"{_CHOSEN} " if column.is_chosen else ""
        window = fit_start(drawn_line(f" {sign}{column.title}"), room)
        style = self._palette.plain("diff-file-text", Ground.FILE, bold=True)
        return [Segment(window.text + " " * (room - window.cells), style)]

    def _drawn(self, column: PieceColumn, index: int, room: int) -> list[Segment]:
        line = column.lines[index] if index < len(column.lines) else None
        if line is None:
            ground = Ground.EMPTY if index < len(column.lines) else Ground.CONTEXT
            return [Segment(" " * room, self._palette.plain("diff-number", ground))]
        ground = GROUND_OF[line.kind]
        digits = max(3, len(str(_last_number(column))))
        number = "" if line.number is None else str(line.number)
        gutter = f"{number:>{digits}} {_SIGNS.get(line.kind, ' ')}"[:room]
        segments = [Segment(gutter, self._palette.plain("diff-number", ground))]
        left = room - len(gutter)
        if left > 0:
            segments += self._code(column, index, line, left)
        return segments

    def _code(self, column: PieceColumn, index: int, line: PieceLine, room: int) -> list[Segment]:
        ground = GROUND_OF[line.kind]
        text = drawn_line(line.text.removesuffix("\r"), self._tab_size)
        window = text.window(self._column, room)
        size = len(window.text)
        spans = clip_spans(self._spans_at(column, index), text, window.start, size)
        cuts = {0, size, *(end for one in spans for end in one[:2])}
        groups = {one[0]: one for one in spans}
        segments = [Segment(" " * window.lead, self._palette.code("", ground))]
        current: SyntaxSpan = (0, 0, "")
        for start, end in pairwise(sorted(set(whole_graphemes(window, sorted(cuts))))):
            current = groups.get(start, current)
            group = current[2] if current[0] <= start < current[1] else ""
            segments.append(Segment(window.text[start:end], self._palette.code(group, ground)))
        rest = room - window.cells
        segments.append(Segment(" " * rest, self._palette.code("", ground)))
        return [one for one in segments if one.text]

    # colours

    def _spans_at(self, column: PieceColumn, index: int) -> tuple[SyntaxSpan, ...]:
        key = (column.label, index // _BLOCK)
        spans = self._spans.get(key)
        if spans is not None:
            return spans[index % _BLOCK]
        if key not in self._wanted and self._path not in self._refused:
            self._wanted.add(key)
            lines = column.lines[key[1] * _BLOCK : (key[1] + 1) * _BLOCK]
            self.run_worker(self._colour(key, self._path, lines), group="colours")
        return ()

    async def _colour(
        self, key: BlockOfColumn, path: str, lines: Sequence[PieceLine | None]
    ) -> None:
        texts = ["" if one is None else one.text for one in lines]
        spans = await asyncio.to_thread(_lexed, path, texts)
        if spans is None:
            self._refused.add(path)
        elif key in self._wanted and path == self._path:
            self._spans[key] = spans
            self.refresh()

    @property
    def is_settled(self) -> bool:
        """Whether all that was asked to be coloured is."""
        return self._path in self._refused or self._wanted <= self._spans.keys()


def _lexed(path: str, texts: Sequence[str]) -> Sequence[tuple[SyntaxSpan, ...]] | None:
    try:
        lexer = lexer_for(path)
        return None if lexer is None else spans_of(lexer, texts)
    except Exception:  # noqa: BLE001  # third-party lexers can raise anything on hostile text
        return None


def _last_number(column: PieceColumn) -> int:
    numbers = (one.number for one in reversed(column.lines) if one is not None)
    return next((number for number in numbers if number is not None), 0)
