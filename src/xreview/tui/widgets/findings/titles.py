"""The titles of the findings list: up to two lines each, and safe to show. Pure, no Textual."""

from rich.cells import cell_len

from xreview.domain.text import visible
from xreview.tui.widgets.diff.text import drawn_line, fit_start
from xreview.tui.widgets.findings.rows import FindingRow

INDENT = 5
"""Cells before a title: cursor, mark, and severity."""


def title_height(row: FindingRow, width: int) -> int:
    """Return how many lines the title takes in a list of this width: one or two."""
    return 1 if cell_len(_whole(row)) <= width - INDENT else 2


def title_lines(row: FindingRow, width: int) -> list[str]:
    """Return the lines of the title. What tells it apart is shown even if the title is cut."""
    whole, room = _whole(row), max(0, width - INDENT)
    if cell_len(whole) <= room:
        return [whole]
    first = _line_of_words(whole, room)
    rest = whole[len(first) :].lstrip(" ")
    return [first.rstrip(" "), _cut(rest, _addition(row), room)]


def _whole(row: FindingRow) -> str:
    return visible(row.finding.lead.title) + _addition(row)


def _addition(row: FindingRow) -> str:
    return f" · {row.apart}" if row.apart else ""


def _line_of_words(text: str, room: int) -> str:
    """Return the start of a text, up to the last space that fits, else as much as fits."""
    fitting = drawn_line(text).window(0, room).text
    at = len(fitting) if text[len(fitting) : len(fitting) + 1] == " " else fitting.rfind(" ")
    return fitting[:at] if at > 0 else fitting


def _cut(text: str, ending: str, room: int) -> str:
    left = room - cell_len(ending)
    if cell_len(text) <= room or left <= 1 or not text.endswith(ending):
        return fit_start(drawn_line(text), room).text
    return fit_start(drawn_line(text.removesuffix(ending)), left).text + ending
