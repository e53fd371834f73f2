"""The code pane's gaps: unchanged lines that are shown on demand."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from textual.message import Message

from xreview.domain.change import FileDiff
from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.document import DocumentPosition
from xreview.tui.widgets.diff.expand import (
    Expansion,
    NewSide,
    expand_above,
    expand_below,
    new_side_of,
)
from xreview.tui.widgets.diff.folding import DiffFolding
from xreview.tui.widgets.diff.layout import FileExtent, Layout, measure
from xreview.tui.widgets.diff.layouts import is_small

Gap = int | None
"""The index of the hunk below it; None for the one below the last hunk."""

FEW_LINES = 10
MISFIT = "The file no longer matches this change. Press F to review it again."


class DiffGaps(DiffFolding):
    """A pane that shows more of a file than its diff does.

    It asks for the file's new side (`ContentWanted`) and shows that it's being read. Keys that are
    pressed meanwhile add up.
    """

    @dataclass
    class ContentWanted(Message):
        """The pane needs the new side of a file: answer with `take_content` or `give_up`."""

        view: "DiffGaps"
        index: int
        file: FileDiff

    @dataclass
    class LinesNotShown(Message):
        """Unchanged lines can't be shown; `why` is a sentence."""

        why: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._wanted_lines: dict[int, dict[Gap, int | None]] = {}
        self._new_sides: dict[int, NewSide] = {}
        self._expanding: set[int] = set()

    def show_hidden(self, most: int | None = FEW_LINES) -> bool:
        """Show `most` of the lines that the row under the cursor hides; with None all, up to the
        function around the hunk. Return False if it hides none."""
        position = self._position
        if position is None or self.document.is_folded(position.file):
            return False
        index = position.file
        if not self.document.file_rows(index).hides_lines(position.row):
            return False
        if index in self._expanding:
            return True
        gap, asked = self._gap_at(position), self._wanted_lines.setdefault(index, {})
        before = asked.get(gap, 0)
        asked[gap] = None if most is None or before is None else before + most
        if index in self._new_sides:
            self._expand_file(index)
        elif len(asked) == 1 and not before:
            self._show_reading()
            self.post_message(self.ContentWanted(self, index, self._files[index]))
        return True

    def _gap_at(self, position: DocumentPosition) -> Gap:
        rows = self.document.file_rows(position.file)
        if position.row == rows.rest_row:
            return None
        return rows.block(rows.block_index(position.row)).hunk

    async def take_content(self, index: int, content: bytes) -> None:
        """Take the new side of a file that was wanted."""
        new_side = await asyncio.to_thread(new_side_of, self._files[index], content)
        if new_side is None:
            self.give_up(index, MISFIT)
        elif index in self._wanted_lines:
            self._new_sides[index] = new_side
            self._expand_file(index)

    def give_up(self, index: int, why: str) -> None:
        """Show no more of a file, for a reason (a sentence)."""
        self._wanted_lines.pop(index, None)
        self._show_reading()
        self.post_message(self.LinesNotShown(why))

    def _show_reading(self) -> None:
        self._canvas.reading = {*self._wanted_lines}
        self._repaint()

    def _expand_file(self, index: int) -> None:
        """Show what was asked for of a file; work on a large one in a thread."""
        asked = self._wanted_lines.pop(index)
        self._canvas.reading = {*self._wanted_lines}
        given, layout = self._given(index, index + 1)[0], self.document.layout
        if is_small((given[0],)):
            expanded = expand_file(given, self._new_sides[index], asked, layout)
            self._show_expanded(index, layout, *expanded)
        else:
            self._expanding.add(index)
            self.run_worker(self._expand_later(index, given, asked, layout), group="diff gaps")

    async def _expand_later(
        self,
        index: int,
        given: tuple[FileDiff, bool],
        asked: Mapping[Gap, int | None],
        layout: Layout,
    ) -> None:
        try:
            expanded = await asyncio.to_thread(
                expand_file, given, self._new_sides[index], asked, layout
            )
        finally:
            self._expanding.discard(index)
        self._show_expanded(index, layout, *expanded)

    def _show_expanded(
        self, index: int, layout: Layout, done: Sequence[Expansion], extent: FileExtent
    ) -> None:
        file = done[-1].file
        self._shown[index] = (file, extent.has_rest)
        if layout != self.document.layout:
            extent = measure(file, self.document.layout, extent.has_rest)
        position, above = self._position, self._strip_of_cursor - self._top
        if position is not None and position.file == index:
            moved = self._row_after(position, done)
            if moved != position.row:
                # Lines came above the cursor, which goes down; the code stays where it is.
                position, above = DocumentPosition(index, moved), None
        self.document.replace(index, file, extent)
        self._show_changed(position, above)
        if self._laying_out:
            self._lay_out_later()

    def _row_after(self, position: DocumentPosition, done: Sequence[Expansion]) -> int:
        """Return where a row of a file is now."""
        rows, row = self.document.file_rows(position.file), position.row
        for one in done:
            at = rows.rest_row if one.hunk is None else rows.hunk_row(one.hunk)
            is_pushed = row == at and one.hunk is None and not one.is_closed
            if at < position.row or is_pushed:
                row += one.rows
        return row


def expand_file(
    given: tuple[FileDiff, bool], new_side: NewSide, asked: Mapping[Gap, int | None], layout: Layout
) -> tuple[list[Expansion], FileExtent]:
    """Return a file's expansions, the last with the file as it then is, and its extent.

    `given` is the file and whether it has a rest. Safe in any thread.
    """
    file, has_rest = given
    done: list[Expansion] = []
    # From below, so that the indices of the hunks above stay the same.
    below_first = sorted(asked, key=lambda gap: (gap is None, gap), reverse=True)
    for gap in below_first:
        expand = expand_below if gap is None else partial(expand_above, index=gap)
        done.append(expand(file, new_side, most=asked[gap]))
        file = done[-1].file
        has_rest = has_rest and not (gap is None and done[-1].is_closed)
    return done, measure(file, layout, has_rest)
