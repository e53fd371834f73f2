"""Cutting a title and a place to one line."""

from rich.cells import cell_len

from xreview.tui.widgets.diff.text import drawn_line, fit_end, fit_start

_GAP = 2
_SMALLEST_ROOM = 24
"""In less room, a place isn't worth its columns."""


def named_and_placed(title: str, place: str, room: int) -> tuple[str, str]:
    """Cut a title at its end and a place at its beginning, so that both fit into `room` columns."""
    if not place or room < _SMALLEST_ROOM:
        return cut_to(title, room), ""
    most = max(room * 2 // 5, room - _GAP - cell_len(title))
    place = fit_end(drawn_line(place), most).text
    return cut_to(title, room - _GAP - cell_len(place)), place


def cut_to(text: str, room: int) -> str:
    """Cut a text at its end, so that it fits into `room` columns."""
    return fit_start(drawn_line(text), max(0, room)).text
