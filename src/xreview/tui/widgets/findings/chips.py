"""The title of the findings list, with a chip for each part of the filter."""

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


def _name(term: FilterTerm) -> str:
    """Return a part of a filter in few cells: of a file, the end of its path."""
    if term.kind is FilterKind.TEXT:
        return f"“{fit_end(drawn_line(term.value), _LONGEST - 2).text}”"
    name = term.value.rpartition("/")[2] if term.kind is FilterKind.FILE else term.value
    return fit_end(drawn_line(visible(name)), _LONGEST).text
