"""One line of code as cells of a terminal: tabs, wide characters, hostile ones, huge lines.

Raw text is what the file holds; shown text is what is drawn: tabs expanded, everything unsafe
made visible (`domain.text.visible`). Columns are terminal cells, counted from 0.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple, Protocol

from rich.cells import cell_len, split_graphemes

from xreview.domain.text import visible

TAB_SIZE = 4
LONG_LINE = 4096
"""From this many characters on, a line is measured only as far as it is looked at, and a tab is
one space."""

_STRIDE = 1024
_JOINING = "\ufe0f"


class TextWindow(NamedTuple):
    """What of a shown text falls into some columns.

    Args:
        text: the characters that fit. start: the index of its first in the shown text.
        lead: blank cells before it, where a wide character is cut in two.
        cells: how many cells are taken, `lead` included.
    """

    text: str
    start: int
    lead: int
    cells: int


class ShownText(Protocol):
    """A line that can be drawn in part."""

    def window(self, column: int, width: int) -> TextWindow:
        """What falls into `width` columns from `column` on."""
        ...

    def shown_index(self, raw_index: int) -> int:
        """The index in the shown text of a character of the raw text."""
        ...

    @property
    def columns(self) -> int:
        """How many cells the whole line takes (at most, for a long line)."""
        ...


def drawn_line(raw: str, tab_size: int = TAB_SIZE) -> ShownText:
    """The line as it can be drawn, with tabs up to the next multiple of `tab_size` cells."""
    if len(raw) > LONG_LINE:
        return _LongText(raw)
    return _ShortText(raw, tab_size)


class _ShortText:
    def __init__(self, raw: str, tab_size: int) -> None:
        self._tab_size = tab_size
        self._tabs: list[int] = []
        self._shifts: list[int] = [0]
        self._text = self._expanded(raw) if "\t" in raw else visible(raw)
        self.columns = cell_len(self._text)
        # Each character takes one cell, so that columns are indices.
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
        # A tab's own index is where its blanks begin: only the tabs before it shift it.
        before = bisect_right(self._tabs, raw_index - 1)
        return raw_index + self._shifts[before]

    def window(self, column: int, width: int) -> TextWindow:
        text = self._text
        if self._simple:
            part = text[column : column + width]
            return TextWindow(part, column, 0, len(part))
        return _window_of(text, 0, column, width)


class _LongText:
    """A line of any length; columns are known up to where somebody looked."""

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
        # No character is wider than two cells, but any number of them may take none.
        part = self._shown(start, start + 3 * _STRIDE + 4 * width)
        return _window_of(part, start, column - self._columns[stride], width)

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


def _window_of(text: str, offset: int, column: int, width: int) -> TextWindow:
    spans, total = split_graphemes(text)
    if width <= 0 or (column and column >= total):
        return TextWindow("", offset + len(text), 0, 0)
    ends = list(accumulate(cells for _start, _end, cells in spans))
    # What takes no cell at the very beginning has nothing before it to belong to.
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


def whole_graphemes(window: TextWindow, cuts: Iterable[int]) -> list[int]:
    """Indices into `window.text` at which it may be cut without changing how wide it is.

    A cut that falls between a character and what combines with it moves behind both.
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
