"""One line of code as terminal cells: tabs, wide and hostile characters, huge lines.

Raw text is the text in the file; shown text has its tabs expanded and unsafe characters made
visible (`domain.text.visible`). Columns are terminal cells, counted from 0.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from xreview.domain.text import visible

TAB_SIZE = 4
LONG_LINE = 4096
"""A line with more characters is measured only as far as it's shown, and its tabs are one space."""

_STRIDE = 1024
_JOINING = "\ufe0f"


def cell_len(text: str) -> int:
    """Return the width of a text that is safe to show, in cells."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len as width  # the first frame of most changes needs none

    return width(text)


class TextWindow(NamedTuple):
    """The part of a shown text in a range of columns.

    Args:
        text: the characters that fit. start: index of the first one in the shown text.
        lead: blank cells before it, if a wide character is cut in two.
        cells: width in cells, including `lead`.
    """

    text: str
    start: int
    lead: int
    cells: int


def drawn_line(raw: str, tab_size: int = TAB_SIZE) -> "ShownText":
    """Return the shown text of a line, with tabs to the next multiple of `tab_size` cells."""
    if len(raw) > LONG_LINE:
        return _LongText(raw)
    return _ShortText(raw, tab_size)


class _ShortText:
    """A line that is measured as a whole."""

    def __init__(self, raw: str, tab_size: int) -> None:
        self._tab_size = tab_size
        self._tabs: list[int] = []
        self._shifts: list[int] = [0]
        self._text = self._expanded(raw) if "\t" in raw else visible(raw)
        self.columns = cell_len(self._text)
        # Each character takes one cell: columns are indices.
        self._simple = self._text.isascii() or set(map(cell_len, set(self._text))) == {1}

    def _expanded(self, raw: str) -> str:
        parts = raw.split("\t")
        out: list[str] = []
        column = index = shift = 0
        for part in parts[:-1]:
            text = visible(part)
            column += cell_len(text)
            index += len(part)
            size = self._tab_size - column % self._tab_size
            out += (text, " " * size)
            self._tabs.append(index)
            shift += size - 1
            self._shifts.append(shift)
            column += size
            index += 1
        out.append(visible(parts[-1]))
        return "".join(out)

    def shown_index(self, raw_index: int) -> int:
        if not self._tabs:
            return raw_index
        # A tab maps to its first blank: only the tabs before it shift it.
        before = bisect_right(self._tabs, raw_index - 1)
        return raw_index + self._shifts[before]

    def window(self, column: int, width: int) -> TextWindow:
        text = self._text
        if self._simple:
            part = text[column : column + width]
            return TextWindow(part, column, 0, len(part))
        return _window_of(text, 0, column, width)

    def piece(self, start: int, end: int) -> str:
        return self._text[start:end]

    def row_starts(self, room: int, most: int) -> Sequence[int]:
        if self._simple:
            return range(0, max(1, self.columns), room)[:most]
        return _row_starts_of(self._text, room, most)


class _LongText:
    """A line of any length, measured only as far as needed."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._simple = raw.isascii()
        self._columns = [0]  # the column at which each stride of characters begins
        self.columns = len(raw) if self._simple else 2 * len(raw)

    def shown_index(self, raw_index: int) -> int:
        return raw_index

    def window(self, column: int, width: int) -> TextWindow:
        if self._simple:
            part = self._shown(column, column + width)
            return TextWindow(part, column, 0, len(part))
        stride = self._stride_at(column)
        start = stride * _STRIDE
        # A character takes at most two cells, but any number of them can take none.
        part = self._shown(start, start + 3 * _STRIDE + 4 * width)
        return _window_of(part, start, column - self._columns[stride], width)

    def piece(self, start: int, end: int) -> str:
        return self._shown(start, end)

    def row_starts(self, room: int, most: int) -> Sequence[int]:
        if self._simple:
            return range(0, max(1, self.columns), room)[:most]
        return _row_starts_of(self._shown(0, 4 * most * room), room, most)

    def _stride_at(self, column: int) -> int:
        while self._columns[-1] <= column:
            start = (len(self._columns) - 1) * _STRIDE
            if start >= len(self._raw):
                break
            part = self._shown(start, start + _STRIDE)
            self._columns.append(self._columns[-1] + cell_len(part))
        return max(0, bisect_right(self._columns, column) - 1)

    def _shown(self, start: int, end: int) -> str:
        return visible(self._raw[start:end].replace("\t", " "))


ShownText = _ShortText | _LongText
"""A line that can be drawn in parts.

`window` returns the part in some columns, `piece` the one between two indices, `shown_index` the
shown index for a raw one; `columns` is the width in cells, of a long line an upper bound.
`row_starts` returns the columns at which the first rows begin if the line wraps in a room of at
least two cells.
"""


def _window_of(text: str, offset: int, column: int, width: int) -> TextWindow:
    from rich.cells import split_graphemes

    spans, total = split_graphemes(text)
    if width <= 0 or (column and column >= total):
        return TextWindow("", offset + len(text), 0, 0)
    ends = list(accumulate(cells for _start, _end, cells in spans))
    # Zero-width characters at the very start have nothing to combine with.
    first = bisect_right(ends, column) if column else 0
    lead = 0
    begins = ends[first] - spans[first][2]
    if begins < column:
        lead = min(ends[first] - column, width)
        first += 1
    last = bisect_right(ends, column + width) - 1
    if last < first:
        start = spans[first][0] if first < len(spans) else len(text)
        return TextWindow("", offset + start, lead, lead)
    start, end = spans[first][0], spans[last][1]
    before = ends[first] - spans[first][2]
    return TextWindow(text[start:end], offset + start, lead, lead + ends[last] - before)


def _row_starts_of(text: str, room: int, most: int) -> list[int]:
    from rich.cells import split_graphemes

    spans, _total = split_graphemes(text)
    starts = [0]
    column = 0
    for _start, _end, cells in spans:
        if column + cells > starts[-1] + room:
            if len(starts) == most:
                break
            starts.append(column)
        column += cells
    return starts


def whole_graphemes(window: TextWindow, cuts: Iterable[int]) -> list[int]:
    """Return indices where `window.text` can be cut without changing its width.

    A cut between a character and its combining characters moves behind them.
    """
    text = window.text
    if text.isascii():
        return list(cuts)
    moved: list[int] = []
    for cut in cuts:
        while 0 < cut < len(text) and (text[cut] == _JOINING or not cell_len(text[cut])):
            cut += 1
        moved.append(cut)
    return moved


def fit_start(text: ShownText, room: int) -> TextWindow:
    """Return the start of a text, with an ellipsis if it doesn't fit."""
    if text.columns <= room:
        return text.window(0, room)
    if room < 1:
        return TextWindow("", 0, 0, 0)
    window = text.window(0, room - 1)
    return TextWindow(f"{window.text}…", 0, 0, window.cells + 1)


def fit_end(text: ShownText, room: int) -> TextWindow:
    """Return the end of a text, with an ellipsis if it doesn't fit; paths differ at the end."""
    if text.columns <= room:
        return text.window(0, room)
    if room < 1:
        return TextWindow("", 0, 0, 0)
    window = text.window(text.columns - room + 1, room - 1)
    return TextWindow(f"…{' ' * window.lead}{window.text}", 0, 0, window.cells + 1)
