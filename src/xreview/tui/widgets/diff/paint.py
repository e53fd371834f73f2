"""Painting the rows of a diff as strips of cells."""

from collections.abc import Sequence
from itertools import pairwise
from re import Pattern
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.blocks import CODE, RowKind
from xreview.tui.widgets.diff.cell import Cell
from xreview.tui.widgets.diff.gutter import QUOTE_SIGN, paint_gutter
from xreview.tui.widgets.diff.highlight import SyntaxSpan
from xreview.tui.widgets.diff.palette import Ground, Palette
from xreview.tui.widgets.diff.rows import file_facts, file_title, notice_of
from xreview.tui.widgets.diff.spans import clip_spans, matches_in, span_after, span_covers
from xreview.tui.widgets.diff.text import (
    TAB_SIZE,
    ShownText,
    TextWindow,
    drawn_line,
    fit_end,
    fit_start,
    whole_graphemes,
)
from xreview.tui.widgets.diff.wrap import MOST_ROWS, row_starts, shown_bytes

if TYPE_CHECKING:
    from rich.style import Style

_NO_NEWLINE = "⊘ no newline at end of file"
_LINE_END = "␍"
_NOTE_SIGN = "◂"
CODE_MARKS = {
    QUOTE_SIGN: "the code that the finding under the cursor quotes",
    _NOTE_SIGN: "what is deceptive about the line",
    _LINE_END: "the line ends otherwise than its neighbours (CRLF)",
    _NO_NEWLINE[0]: "no newline at the end of the file",
}
"""For the help page."""
_CUT = " ⋯"
_REST = "unchanged lines to the end of the file"
REINDENTED_SIGN = "⇥"
"""Ends an added line that only its indentation tells from a removed one."""


@dataclass(frozen=True)
class Painter:
    """Paints lines of `width` cells, wrapped, or scrolled right by `column` cells."""

    palette: Palette
    width: int
    column: int = 0
    pattern: Pattern[str] | None = None
    tab_size: int = TAB_SIZE
    wraps: bool = False

    def unified(self, cell: Cell) -> Strip:
        """Paint a line of the unified layout."""
        if cell.row.kind is RowKind.FILE:
            return self.header(cell)
        segments = paint_gutter(self.palette, cell, (cell.row.old, cell.row.new))
        return self._strip(segments, cell, self.width)

    def side_by_side(self, left: Cell | None, right: Cell | None) -> Strip:
        """Paint a line of the side-by-side layout; a side without a row stays empty."""
        # Headers and other non-code rows that are on both sides take the whole line.
        if left is not None and left.row.kind not in CODE and right == left:
            return self.unified(left)
        half = (self.width - 1) // 2
        halves = self._half(left, half, old=True), self._half(right, self.width - 1 - half)
        rule = Segment("│", self.palette.plain("diff-number", Ground.CONTEXT))
        return Strip([*halves[0], rule, *halves[1]], self.width)

    def header(self, cell: Cell) -> Strip:
        """Paint the header of a file: path, status, and number of changed lines."""
        ground = Ground.CURSOR if cell.cursor and cell.lit else Ground.FILE
        file = cell.rows.file
        room = max(0, self.width - 2)
        facts = " · ".join(filter(None, (file_facts(cell.rows), cell.note)))
        tail = fit_start(drawn_line(facts), room // 2)
        path = fit_end(drawn_line(file_title(file)), max(0, room - tail.cells - 1))
        gap = self.width - 2 - path.cells - tail.cells
        bold = self.palette.plain("diff-file-text", ground, bold=True)
        usual = self.palette.plain("diff-file-text", ground)
        sign = self.palette.plain("diff-file-text", ground, bold=True, reverse=cell.cursor)
        segments = [
            Segment(" ", sign),
            Segment(" " * path.lead + path.text, bold),
            Segment(" " * max(0, gap), usual),
            Segment(tail.text, usual),
            Segment(" ", usual),
        ]
        return Strip([part for part in segments if part.text]).adjust_cell_length(self.width, usual)

    def blank(self) -> Strip:
        """Paint a line below the end of the change."""
        return Strip.blank(self.width, self.palette.plain("diff-number", Ground.CONTEXT))

    def sentence(self, text: str) -> Strip:
        """Paint a message in place of a change."""
        style = self.palette.plain("syntax-text", Ground.CONTEXT)
        window = drawn_line(text).window(0, max(0, self.width - 2))
        return Strip([Segment(f"  {window.text}", style)]).adjust_cell_length(self.width, style)

    def _half(self, cell: Cell | None, width: int, old: bool = False) -> list[Segment]:
        if cell is not None:
            gutter = paint_gutter(self.palette, cell, (cell.row.old if old else cell.row.new,))
            room = width - sum(segment.cell_length for segment in gutter)
            if not cell.part or cell.part < len(self._row_starts(cell, room)):
                return list(self._strip(gutter, cell, width))
        return [Segment(" " * width, self.palette.plain("diff-number", Ground.EMPTY))]

    def _row_starts(self, cell: Cell, room: int) -> Sequence[int]:
        return row_starts(cell.rows.text(cell.row, shown_bytes(room)), self.tab_size, room)

    def _strip(self, gutter: list[Segment], cell: Cell, width: int) -> Strip:
        room = width - sum(segment.cell_length for segment in gutter)
        if room <= 0:
            return Strip(gutter).adjust_cell_length(width)
        segments, used = self._text(cell, room)
        if used < room:
            segments.append(Segment(" " * (room - used), self.palette.code("", cell.ground)))
        return Strip([*gutter, *segments], width)

    def _text(self, cell: Cell, room: int) -> tuple[list[Segment], int]:
        kind, palette = cell.row.kind, self.palette
        if kind in CODE:
            return self._code(cell, room)
        raw = {
            RowKind.NOTICE: f" {notice_of(cell.rows.file)}",
            RowKind.NO_NEWLINE: _NO_NEWLINE,
            RowKind.REST: _REST,
        }.get(kind) or cell.rows.text(cell.row)
        window = fit_start(drawn_line(f"{raw}  {cell.note}" if cell.note else raw), room)
        variable = "diff-hunk-text" if kind is RowKind.HUNK else "diff-note"
        return [Segment(window.text, palette.plain(variable, cell.ground))], window.cells

    def _code(self, cell: Cell, room: int) -> tuple[list[Segment], int]:
        rows, row = cell.rows, cell.row
        raw, suffix = rows.text(row, shown_bytes(room) if self.wraps else None), ""
        starts = row_starts(raw, self.tab_size, room) if self.wraps else ()
        spans = cell.decoration.spans
        if raw.endswith("\r"):
            raw = raw[:-1]
            hunk = rows.block(rows.block_index(cell.number)).hunk
            suffix = _LINE_END if rows.has_mixed_endings(hunk) else ""
        if cell.decoration.is_reindented and row.kind is RowKind.ADDED:
            start = len(raw) + len(suffix)
            suffix += f" {REINDENTED_SIGN}"
            spans = (*spans, (start, start + 2, "comment"))
        if note := cell.decoration.note:
            suffix += f"  {_NOTE_SIGN} {note}"
        text = drawn_line(raw + suffix, self.tab_size)
        if self.wraps:
            return self._wrapped(cell, spans, text, starts, room)
        window = text.window(self.column, room)
        segments = self._pieces(cell, spans, text, window)
        if window.lead:
            segments.insert(0, Segment(" " * window.lead, self.palette.code("", cell.ground)))
        return segments, window.cells

    def _wrapped(
        self,
        cell: Cell,
        groups: Sequence[SyntaxSpan],
        text: ShownText,
        starts: Sequence[int],
        room: int,
    ) -> tuple[list[Segment], int]:
        """Return one of the rows of a wrapped line."""
        if cell.part >= len(starts):
            return [], 0
        start, is_last = starts[cell.part], cell.part == len(starts) - 1
        is_cut = len(starts) == MOST_ROWS and is_last and text.columns > start + room
        end = start + room - is_cut * len(_CUT) if is_last else starts[cell.part + 1]
        window = text.window(start, end - start)
        segments = self._pieces(cell, groups, text, window)
        if is_cut:
            segments.append(Segment(_CUT, self.palette.plain("diff-note", cell.ground)))
        return segments, window.cells + is_cut * len(_CUT)

    def _pieces(
        self, cell: Cell, groups: Sequence[SyntaxSpan], text: ShownText, window: TextWindow
    ) -> list[Segment]:
        size, start = len(window.text), window.start
        if not size:
            return []
        spans = clip_spans(groups, text, start, size)
        changed = clip_spans(((a, b, "") for a, b in cell.decoration.changed), text, start, size)
        odd = clip_spans(((a, b, "") for a, b in cell.decoration.odd), text, start, size)
        found = matches_in(self.pattern, text, window)
        if not (spans or changed or odd or found):
            return [Segment(window.text, self.palette.code("", cell.ground))]
        cuts = {0, size}
        for a, b, _group in (*spans, *changed, *odd, *found):
            cuts |= {a, b}
        segments: list[Segment] = []
        previous: Style | None = None
        begin = 0
        span = change = oddity = match = 0
        edges = sorted(set(whole_graphemes(window, sorted(cuts))))
        for a, b in pairwise(edges):
            span, change = span_after(spans, span, a), span_after(changed, change, a)
            oddity, match = span_after(odd, oddity, a), span_after(found, match, a)
            group = spans[span][2] if span_covers(spans, span, a) else ""
            style = self.palette.code(
                group,
                cell.ground,
                cell.row.kind if span_covers(changed, change, a) else None,
                span_covers(found, match, a),
                span_covers(odd, oddity, a),
            )
            if previous is not None and style is not previous:
                segments.append(Segment(window.text[begin:a], previous))
                begin = a
            previous = style
            if b == size:
                segments.append(Segment(window.text[begin:b], style))
        return segments
