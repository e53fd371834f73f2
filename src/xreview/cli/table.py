"""Tables for a terminal, with one column that shrinks so that rows fit."""

import shutil
import unicodedata
from collections.abc import Sequence

from xreview.domain.record import dataclass
from xreview.domain.text import visible

_GAP = "  "
_NARROWEST = 12
"""Columns that the flexible one keeps at least."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and the alignment of its cells; at most one column of a table is flexible."""

    heading: str
    is_number: bool = False
    is_flexible: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int = 0) -> str:
    """The rows, of a raw text for each column, under their headings, neutralised.

    `width` is the terminal's in columns; 0 to detect it (80 without a terminal).
    """
    grid = [
        [column.heading for column in columns],
        *([visible(cell) for cell in row] for row in rows),
    ]
    widths = [max(map(columns_of, cells)) for cells in zip(*grid, strict=True)]
    room = (width or shutil.get_terminal_size().columns) - len(_GAP) * (len(columns) - 1)
    for place, column in enumerate(columns):
        if column.is_flexible:
            others = sum(widths) - widths[place]
            widths[place] = min(widths[place], max(room - others, _NARROWEST))
    return "\n".join(
        _GAP.join(
            _cell(text, size, column)
            for text, size, column in zip(row, widths, columns, strict=True)
        ).rstrip()
        for row in grid
    )


def _cell(text: str, width: int, column: Column) -> str:
    text = cut(text, width)
    padding = " " * (width - columns_of(text))
    return padding + text if column.is_number else text + padding


def columns_of(text: str) -> int:
    """The width of a text in columns (Unicode's UAX #11; combining marks take none)."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def cut(text: str, width: int) -> str:
    """The text in at most `width` columns, with an ellipsis where it was cut."""
    if columns_of(text) <= width:
        return text
    kept, used = "", 0
    for character in text:
        used += _width(character)
        if used >= width:
            break
        kept += character
    return f"{kept}…" if width else ""


def _width(character: str) -> int:
    if unicodedata.combining(character) or character in "\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
