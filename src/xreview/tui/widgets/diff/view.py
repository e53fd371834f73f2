"""The code pane: shows files as they arrive, in either layout, and goes to findings and matches."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from textual.message import Message

from xreview.domain.change import FileDiff
from xreview.domain.identity.anchor import Anchor
from xreview.tui.widgets.diff.document import DiffDocument, DocumentPosition
from xreview.tui.widgets.diff.pointing import DiffPointing
from xreview.tui.widgets.diff.search import find, shown_pattern
from xreview.tui.widgets.findings.marks import LinePlace, Mark

_INLINE_BYTES = 262_144
"""A larger change is laid out and searched in a thread."""

_GROWTH_INTERVAL = 0.1


class Showing(Enum):
    """How the pane answers a request for a place in the code."""

    NOTHING = "no place requested"
    LINES = "these lines"
    NEAREST = "nearest hunk: the change doesn't show these lines"
    FILE = "file header: no lines to show"
    WAITING = "waiting for the file"
    ABSENT = "this file isn't part of the change"


class DiffView(DiffPointing):
    """The code pane."""

    @dataclass
    class AnchorSettled(Message):
        """A place requested before its file arrived is shown now, or known to be absent."""

        view: "DiffView"
        showing: Showing

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._files: list[FileDiff] = []
        self._laying_out = False
        self._showing = Showing.NOTHING
        self._search = ""
        self._search_start: DocumentPosition | None = None
        self._search_turn = 0

    def use_tab_size(self, cells: int) -> None:
        """Expand tabs to the next multiple of `cells`; call this before anything is drawn."""
        self._paint_with(tab_size=cells)

    # The change

    @property
    def side_by_side(self) -> bool:
        """Whether the layout is side by side."""
        return self.document.side_by_side

    @property
    def is_settled(self) -> bool:
        """Whether all files are laid out and everything drawn is decorated."""
        laid_out = len(self.document.files) == len(self._files) and not self._laying_out
        return laid_out and self._canvas.is_decorated and self._decorator.is_idle

    def append_files(self, files: tuple[FileDiff, ...]) -> None:
        """Add files at the end of the change, in git's order."""
        was_short = self.document.height < self.size.height
        self._files += files
        if self._laying_out:
            return
        if self.side_by_side and not _is_small(files):
            self._lay_out_later(True)
            return
        self.document.append(files, [*map(self.document.line_count, files)])
        self._grew(was_short)

    def finish(self) -> None:
        """Note that all files arrived."""
        self._finished = True
        if not self._files:
            self._repaint()
        if self._showing is Showing.WAITING:
            self._settle_anchor()

    def set_side_by_side(self, on: bool) -> None:
        """Choose the layout. The cursor stays on its line; a large change takes a moment."""
        if on == self.side_by_side and not self._laying_out:
            return
        if not on or _is_small(self._files):
            document = DiffDocument(on)
            document.append(self._files, [*map(document.line_count, self._files)])
            self._adopt(document)
        else:
            self._lay_out_later(on)

    def _lay_out_later(self, on: bool) -> None:
        self._laying_out = True
        self.run_worker(self._lay_out(on), group="diff layout", exclusive=True)

    async def _lay_out(self, on: bool) -> None:
        document = self.document if on == self.side_by_side else DiffDocument(on)
        while len(document.files) < len(self._files):
            files = self._files[len(document.files) :][:200]
            counts = await asyncio.to_thread(list, map(document.line_count, files))
            document.append(files, counts)
        self._adopt(document)

    def _adopt(self, document: DiffDocument) -> None:
        """Show another layout, with the cursor at the same height of the screen."""
        position = self._position
        above = self._canvas.cursor - self._top
        self._laying_out = False
        self._canvas.document = document
        if position is not None:
            self._canvas.cursor = document.line_of(position)
        self._resize_document()
        self._scroll_to_top(self._canvas.cursor - above)
        self._repaint()
        if self._showing is Showing.WAITING:
            self._settle_anchor()

    def _grew(self, was_short: bool) -> None:
        """Make room for new lines: immediately until the screen is full, then in intervals."""
        if was_short:
            self._resize_document()
            self._repaint()
        elif self._growth is None:
            self._growth = self.set_timer(_GROWTH_INTERVAL, self._resize_document)
        if self._showing is Showing.WAITING:
            self._settle_anchor()

    # Findings

    def show(self, anchor: Anchor | None) -> Showing:
        """Mark the quoted lines and scroll to them, or to the nearest hunk.

        If the file hasn't arrived yet, it's shown when it does (`AnchorSettled`).
        """
        self.end_range()
        self._canvas.anchor = anchor
        self._showing = Showing.NOTHING if anchor is None else Showing.WAITING
        self._repaint()
        return self._settle_anchor() if anchor is not None else self._showing

    def _settle_anchor(self) -> Showing:
        anchor = self._canvas.anchor
        was_asked_before = self._showing is Showing.WAITING
        if anchor is None:
            return self._showing
        file = self.document.file_index(anchor.path)
        if file is None:
            complete = self._finished and len(self.document.files) == len(self._files)
            self._showing = Showing.ABSENT if complete else Showing.WAITING
        else:
            self._showing = self._show_in(file, anchor)
        if was_asked_before and self._showing is not Showing.WAITING:
            self.post_message(self.AnchorSettled(self, self._showing))
        return self._showing

    def _show_in(self, file: int, anchor: Anchor) -> Showing:
        rows = self.document.file_rows(file)
        row = None
        for line in range(anchor.start_line, min(anchor.end_line, anchor.start_line + 500) + 1):
            row = rows.find(anchor.side, line)
            if row is not None:
                break
        showing = Showing.LINES
        if row is None:
            row = rows.nearest(anchor.side, anchor.start_line)
            showing = Showing.NEAREST if row else Showing.FILE
        self._paint_with(column=0)
        self._go_near_top(self.document.line_of(DocumentPosition(file, row)))
        self.refresh()
        return showing

    def set_marks(self, marks: Mapping[LinePlace, Mark]) -> None:
        """Set the gutter marks."""
        if marks != self._canvas.marks:
            self._canvas.marks = marks
            self._repaint()

    # Search

    def _left(self) -> None:
        self._search_start = None

    async def search(self, text: str, step: int = 1, *, again: bool = False) -> bool:
        """Go to the next (`step` 1) or previous (-1) row with the text, wrapping around.

        Upper case makes the search case-sensitive; "" ends it. Continues from the cursor if
        `again`, else from where it was at first, as while typing. Returns False if nothing is found
        or a newer search started.
        """
        self._search_turn += 1
        turn = self._search_turn
        if text != self._search:
            self._search = text
            self._paint_with(pattern=shown_pattern(text) if text else None)
            self.refresh()
        start = self._position if again or self._search_start is None else self._search_start
        if not text or start is None:
            self._search_start = None
            return False
        self._search_start = start
        files = tuple(self.document.files)
        if _is_small(files):
            found = find(files, text, start, step, here=not again)
        else:
            found = await asyncio.to_thread(find, files, text, start, step, here=not again)
        if found is None or turn != self._search_turn:
            return False
        self._go_into_view(self.document.line_of(found))
        self._search_start = self._position if again else start
        return True

    def _go_into_view(self, line: int) -> None:
        first, last = self._visible_lines()
        if first <= line <= last:
            self._set_cursor(line)
        else:
            self._go_near_top(line)


def _is_small(files: Sequence[FileDiff]) -> bool:
    return sum(len(file.body) for file in files) <= _INLINE_BYTES
