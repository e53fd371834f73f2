"""The code pane: goes to findings and matches."""

import asyncio
from collections.abc import Mapping
from enum import Enum

from textual.message import Message

from xreview.domain.finding import Finding
from xreview.domain.identity.anchor import Anchor
from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.document import DocumentPosition
from xreview.tui.widgets.diff.layouts import is_small
from xreview.tui.widgets.diff.pointing import DiffPointing
from xreview.tui.widgets.diff.search import MatchCount, Matches, find, find_all, shown_pattern
from xreview.tui.widgets.findings.marks import LinePlace, Mark


class Showing(Enum):
    """How the pane answers a request for a place in the code."""

    NOTHING = "no place requested"
    LINES = "these lines"
    NEAREST = "nearest hunk: the change doesn't show these lines"
    FILE = "file header: no lines to show"
    WAITING = "waiting for the file"
    ABSENT = "this file isn't part of the change"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A row of the change, and how many strips it is below the top of the pane."""

    position: DocumentPosition | None
    above: int


class DiffView(DiffPointing):
    """The code pane."""

    @dataclass
    class AnchorSettled(Message):
        """A place requested before its file arrived is shown now, or known to be absent."""

        view: "DiffView"
        showing: Showing

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._showing = Showing.NOTHING
        self._search = ""
        self._search_start: DocumentPosition | None = None
        self._search_turn = 0
        self._matches = Matches("", (), ())
        self._found: DocumentPosition | None = None
        self._opened: int | None = None

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

    @property
    def marked_anchor(self) -> Anchor | None:
        """The place whose quoted lines are marked."""
        return self._canvas.anchor

    def place_in(self, finding: Finding | None) -> Anchor | None:
        """Return the finding's place that is marked, else its first."""
        places = finding.places if finding else ()
        return self.marked_anchor if self.marked_anchor in places else next(iter(places), None)

    def mark(self, anchor: Anchor | None) -> None:
        """Mark the quoted lines, and scroll nowhere."""
        self._canvas.anchor = anchor
        self._showing = Showing.NOTHING
        self._repaint()

    def _arrived(self) -> None:
        super()._arrived()
        if self._showing is Showing.WAITING:
            self._settle_anchor()

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
        self.unfold(file)
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
        """Set the gutter marks, and redraw the files where they change."""
        changed = {path for (path, _, _), _ in marks.items() ^ self._canvas.marks.items()}
        self._canvas.marks = marks
        if changed:
            self._canvas.forget_files(changed)
            if not changed.isdisjoint(self._paths_in_view()):
                self.refresh()

    def _paths_in_view(self) -> set[str]:
        if not self.document.height:
            return set()
        first, last = self._visible_lines()
        files = range(self.document.file_at(first), self.document.file_at(last) + 1)
        return {self.document.files[file].path for file in files}

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
        start = self._searched_from if again or self._search_start is None else self._search_start
        if not text or start is None:
            self._search_start = None
            return False
        self._search_start = start
        files = tuple(self.document.files)
        if is_small(files):
            found = find(files, text, start, step, here=not again)
        else:
            found = await asyncio.to_thread(find, files, text, start, step, here=not again)
        if found is None or turn != self._search_turn:
            return False
        self._found = found
        self._open(found.file, for_good=again)
        self._go_into_view(self.document.line_of(found))
        self._search_start = found if again else start
        return True

    async def count_matches(self) -> MatchCount:
        """Count the rows with the text that is searched for."""
        text, files, turn = self._search, tuple(self.document.files), self._search_turn
        if (self._matches.text, self._matches.files) != (text, files):
            if is_small(files):
                matches = find_all(files, text, lambda: True)
            else:
                matches = await asyncio.to_thread(
                    find_all, files, text, lambda: turn == self._search_turn
                )
            if turn == self._search_turn:
                self._matches = matches
        return self._matches.count(self._searched_from)

    @property
    def _searched_from(self) -> DocumentPosition | None:
        """The match that the cursor is on, else its row: side by side, a line has two rows."""
        found = self._found
        if found is not None and self.document.line_of(found) == self._canvas.cursor:
            return found
        return self._position

    def _open(self, file: int, *, for_good: bool) -> None:
        """Unfold the file of a match; without `for_good`, until another one is opened."""
        if for_good:
            self._opened = None
        if file != self._opened:
            self._fold_again()
        if self.document.is_folded(file):
            self.unfold(file)
            self._opened = None if for_good else file

    def _fold_again(self) -> None:
        if self._opened is not None:
            self.fold(self._files[self._opened].path)
            self._opened = None

    def bookmark(self) -> Bookmark:
        """Return the cursor's place, to return to; files that a search unfolded stay so."""
        self._opened = None
        return Bookmark(self._position, self._strip_of_cursor - self._top)

    def return_to(self, mark: Bookmark) -> None:
        """Move the cursor back to where it was in the code and on the screen."""
        self._fold_again()
        if mark.position is not None:
            self._resize_if_behind()
            line = self.document.line_of(mark.position)
            self._scroll_to_top(self.document.strip_of(line) - mark.above)
            self._set_cursor(line)

    def _go_into_view(self, line: int) -> None:
        first, last = self._visible_lines()
        if first <= line <= last:
            self._set_cursor(line)
        else:
            self._go_near_top(line)
