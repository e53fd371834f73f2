"""The borders of the findings list: chips for the filter, what waits, and what is shown."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from xreview.domain.text import visible
from xreview.tui.widgets.diff.text import drawn_line, fit_end
from xreview.tui.widgets.findings.filter import FilterKind, FilterTerm

CHIP = "chip"
"""The key of a click on a chip; its value is the index of the filter's part."""
_LONGEST = 20
CORNERS = 4
"""Cells of the border that its texts leave free within the width of the list."""
_MORE = 4
"""Cells for the number of chips that don't fit."""


def list_title(title: str, terms: Sequence[FilterTerm], width: int) -> Content:
    """Return the title and as many chips as fit into `width` cells, then how many don't."""
    parts: list[Content | str] = [title]
    room = width - cell_len(title)
    for index, term in enumerate(terms):
        name = _name(term)
        room -= cell_len(name) + 4
        left = len(terms) - index
        if room < (_MORE if left > 1 else 0):
            return Content.assemble(*parts, (f"  +{left}", "$text-accent"))
        chip = Content.assemble("  ", (f"{name} ", "$text-accent"), ("✕", "bold $text-accent"))
        parts.append(chip.stylize(Style.from_meta({CHIP: index}), 2))
    return Content.assemble(*parts)


def list_subtitle(summary: str, sorting: str, waiting: str, key: str, width: int) -> Content:
    """Return what is shown and how it is sorted; if findings wait, their number and the `key` that
    takes them in, and then the summary if it fits into `width` cells."""
    if not waiting:
        return Content(f"{summary} · by {sorting}")
    told = Content(f"{waiting} · {key}").stylize("bold $text-accent")
    whole = Content.assemble(told, f" · {summary}")
    return whole if len(whole) <= width else told  # the header counts them, too


def _name(term: FilterTerm) -> str:
    """Return a part of a filter in few cells: of a file, the end of its path."""
    if term.kind is FilterKind.TEXT:
        return f"“{fit_end(drawn_line(term.value), _LONGEST - 2).text}”"
    name = term.value.rpartition("/")[2] if term.kind is FilterKind.FILE else term.value
    return fit_end(drawn_line(visible(name)), _LONGEST).text
