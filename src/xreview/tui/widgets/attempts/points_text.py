"""Where attempts part, in what is said of them: assumptions and edge cases side by side."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import groupby

from textual.content import Content

from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.record import dataclass
from xreview.review.attempts.veil import Veil
from xreview.tui.widgets.attempts.piece_columns import (
    EVERY_COLUMN_FROM,
    TWO_COLUMNS_FROM,
    labels_from,
)
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.findings.paint import wrapped

NOT_MENTIONED = "not mentioned"
NOTHING_SAID = "Nothing is said of any attempt yet."
NO_POINTS = "No assumption, edge case or question is named."
_GAP = "  "
_LEAST_ROOM = 28


class Parting(StrEnum):
    """How attempts relate at a point, the most telling first."""

    APART = "They part here"
    SOME = "Only some mention it"
    SHARED = "All say so"
    ALONE = "The only attempt that says something so far"


@dataclass(frozen=True, slots=True)
class PointCell:
    """What one attempt says of a point, raw: its kind in words, and the edge case it handles."""

    kind: str
    text: str
    case: EdgeCase | None = None


@dataclass(frozen=True, slots=True)
class PointRow:
    """What attempts say of the same point, by label."""

    parting: Parting
    cells: Mapping[str, PointCell]


def points_content(
    shown: ShownTrial, rows: Sequence[PointRow], first: int, width: int, switch: str = ""
) -> Content:
    """Return the points as a table, a column for each attempt that fits, the others by a key.

    Args:
        first: the index of the attempt in the first column, where there isn't room for all.
        switch: the keys that show the others.
    """
    said = {one.label: one.statement for one in shown.snapshot.attempts if one.statement}
    if not said:
        return Content(NOTHING_SAID)
    labels = labels_from(tuple(said), first, _most_columns(width))
    room = max(12, (width - len(_GAP) * (len(labels) - 1)) // len(labels))
    heads = _line([f" {label}{_whose(said[label])}" for label in labels], room, "bold")
    lines = [heads.stylize("reverse")]
    if switch and len(labels) < len(said):
        lines.insert(0, Content.styled(f"{switch}: {len(said) - len(labels)} more", "$text-muted"))
    lines += _grid([shown.veil.line(said[one].approach) for one in labels], room, "")
    if not rows:
        lines += [Content(""), Content.styled(NO_POINTS, "$text-muted")]
    for parting, group in groupby(rows, lambda one: one.parting):
        lines += [Content(""), Content.styled(parting.value, "bold")]
        for row in group:
            lines += _grid(_cells(shown.veil, row, labels), room, "")
    return Content("\n").join(lines)


def _most_columns(width: int) -> int:
    if width >= EVERY_COLUMN_FROM:
        return width // _LEAST_ROOM
    return 2 if width >= TWO_COLUMNS_FROM else 1


def _whose(said: AttemptStatement) -> str:
    return "" if said.is_writers else " (said by a fresh reader)"


def _cells(veil: Veil, row: PointRow, labels: Sequence[str]) -> list[str]:
    """Return what the shown attempts say; a single one that says nothing, what another does."""
    if len(labels) == 1 and row.cells and labels[0] not in row.cells:
        label, cell = next(iter(row.cells.items()))
        return [f"{NOT_MENTIONED}; {label} {_cell(veil, cell)}"]
    return [_cell(veil, row.cells.get(one)) for one in labels]


def _cell(veil: Veil, cell: PointCell | None) -> str:
    if cell is None:
        return NOT_MENTIONED
    words = f"{cell.kind}: {veil.line(cell.text)}"
    case = cell.case
    if case is None:
        return words
    if not case.is_linked:
        return f"{words} (unproven)"
    end = f"–{case.end_line}" if case.end_line > case.start_line else ""
    return f"{words} ({veil.line(case.path)}:{case.start_line}{end})"


def _grid(cells: Sequence[str], room: int, style: str) -> list[Content]:
    """Return cells side by side, each wrapped to its column."""
    columns = [wrapped(cell, room) for cell in cells]
    height = max(map(len, columns))
    return [
        _line([one[row] if row < len(one) else "" for one in columns], room, style)
        for row in range(height)
    ]


def _line(cells: Sequence[str], room: int, style: str) -> Content:
    drawn = [
        Content.styled(cell, "$text-muted" if cell == NOT_MENTIONED else style).truncate(
            room, ellipsis=True, pad=True
        )
        for cell in cells
    ]
    return Content(_GAP).join(drawn)
