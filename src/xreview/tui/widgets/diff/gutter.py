"""The gutter of the code pane: line numbers, signs, and the marks of findings."""

from collections.abc import Sequence

from rich.segment import Segment

from xreview.tui.widgets.diff.blocks import CODE, RowKind
from xreview.tui.widgets.diff.cell import Cell
from xreview.tui.widgets.diff.palette import GROUND_OF, Palette

QUOTE_SIGN = "┃"
_SIGN = {RowKind.ADDED: "+", RowKind.REMOVED: "-"}
_SIGN_COLOURS = {RowKind.ADDED: "diff-added-sign", RowKind.REMOVED: "diff-removed-sign"}
_HIDING = frozenset((RowKind.HUNK, RowKind.REST))
_WRAP_SIGN = "↳"
_GAP_SIGN = "⋯"


def paint_gutter(palette: Palette, cell: Cell, numbers: Sequence[int | None]) -> list[Segment]:
    """Paint what stands before the text of a row, with these line numbers (None for none)."""
    row = cell.row
    ground = GROUND_OF[row.kind]
    digits = cell.rows.number_width
    if instead := _sign_for_numbers(cell):
        text = f"{instead:>{len(numbers) * (digits + 1) - 1}}"
    else:
        text = " ".join(f"{'' if number is None else number:>{digits}}" for number in numbers)
    pointed = cell.cursor or cell.chosen
    style = palette.plain("diff-number", ground, reverse=pointed, bold=pointed)
    quoted = cell.quoted and row.kind in CODE
    sign = None if cell.part else _SIGN.get(row.kind)
    if not quoted and (cell.mark is None or cell.part):
        # Few segments, since each has a cost on its way to the terminal.
        if sign is None:
            return [
                Segment(f" {text} ", style),
                Segment(" ", palette.plain("diff-number", ground)),
            ]
        sign_style = palette.plain(_SIGN_COLOURS[row.kind], ground, bold=True)
        return [Segment(f" {text} ", style), Segment(sign, sign_style)]
    mark, mark_style = " ", style
    if cell.mark is not None and not cell.part:
        mark = cell.mark.sign
        severity = f"severity-{cell.mark.severity.word}"
        mark_style = palette.plain(severity, ground, bold=True)
    return [
        Segment(mark, mark_style),
        Segment(text, style),
        Segment(
            QUOTE_SIGN if quoted else " ",
            palette.plain("diff-quote-sign", ground, bold=True),
        ),
        Segment(
            sign or " ",
            palette.plain(_SIGN_COLOURS.get(row.kind, "diff-number"), ground, bold=True),
        ),
    ]


def _sign_for_numbers(cell: Cell) -> str:
    if cell.part:
        return _WRAP_SIGN
    return _GAP_SIGN if cell.row.kind in _HIDING and cell.rows.hides_lines(cell.number) else ""
