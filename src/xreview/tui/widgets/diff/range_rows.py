"""The rows of a range of lines: one side of one file, without a gap. Pure, no Textual."""

from collections.abc import Iterator

from xreview.domain.change import Side
from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.blocks import CODE, DiffRow, RowKind
from xreview.tui.widgets.diff.code_range import CodeRange
from xreview.tui.widgets.diff.rows import FileRows

MOST_LINES = 2000
"""The most lines of a range."""


@dataclass(frozen=True, slots=True)
class LineSpan:
    """Lines `first` to `last` of one side of a file, 1-based and inclusive."""

    path: str
    side: Side
    first: int
    last: int

    def has(self, path: str, row: DiffRow) -> bool:
        """Whether a row is one of the lines."""
        number = number_on(self.side, row)
        return path == self.path and number is not None and self.first <= number <= self.last


def number_on(side: Side, row: DiffRow) -> int | None:
    """Return the line number of a row of code on a side; None if it isn't on that side."""
    if row.kind not in CODE:
        return None
    return row.old if side is Side.OLD else row.new


def span_at(path: str, row: DiffRow) -> LineSpan | None:
    """Return the one line of a row, on the old side only if it was removed."""
    side = Side.OLD if row.kind is RowKind.REMOVED else Side.NEW
    number = number_on(side, row)
    return None if number is None else LineSpan(path, side, number, number)


def span_towards(rows: FileRows, start: LineSpan, target: int) -> LineSpan:
    """Return the span from the line of `start` to a row, or as far as no line is missing."""
    line = start.first
    begin = rows.find(start.side, line)
    if begin is None:
        return start
    step = 1 if target >= begin else -1
    end = line
    for number in range(begin + step, target + step, step):
        found = number_on(start.side, rows.row(number))
        if found is None:
            continue
        if found != end + step or abs(found - line) >= MOST_LINES:
            break
        end = found
    return LineSpan(start.path, start.side, min(line, end), max(line, end))


def code_of(rows: FileRows, span: LineSpan) -> CodeRange:
    """Return the lines of a span with their text."""
    texts = [rows.text(row) for row in _rows_in(rows, span)]
    return CodeRange(span.path, span.side, span.first, span.last, "\n".join(texts))


def _rows_in(rows: FileRows, span: LineSpan) -> Iterator[DiffRow]:
    begin = rows.find(span.side, span.first)
    for number in range(rows.count if begin is None else begin, rows.count):
        row = rows.row(number)
        found = number_on(span.side, row)
        if found is not None and found > span.last:
            return
        if found is not None:
            yield row
