"""The findings list: one virtual widget for any number of findings."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.reactive import Reactive, reactive, var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from xreview.domain.finding import Finding
from xreview.domain.state import Triage
from xreview.domain.text import count_of
from xreview.tui.messages import FilterTermClicked, FindingHighlighted, FindingOpened
from xreview.tui.widgets.diff.search import shown_pattern
from xreview.tui.widgets.findings.chips import CHIP, CORNERS, list_title
from xreview.tui.widgets.findings.filter import FilterTerm
from xreview.tui.widgets.findings.layout import ListLayout
from xreview.tui.widgets.findings.marks import FixMark, FixTone
from xreview.tui.widgets.findings.paint import (
    MARKS,
    PENDING,
    SELECTED,
    RowDrawing,
    group_heading,
)
from xreview.tui.widgets.findings.rows import FindingRow, Heading, Row
from xreview.tui.widgets.findings.told import ToldText
from xreview.tui.widgets.lasting_focus import LastingFocus

if TYPE_CHECKING:
    from re import Pattern

    from xreview.domain.pull.thread_state import ThreadState

_PARTS = (
    "heading", "title", "decided", "place", "cursor", "cursor-blurred",
    "critical", "high", "medium", "low", "empty", "found", *(f"fix-{tone}" for tone in FixTone),
)  # fmt: skip


class FindingList(LastingFocus, ScrollView, can_focus=True, inherit_bindings=False):
    """Shows rows, holds cursor and selection. Posts what is highlighted, opened, and clicked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"finding-list--{part}" for part in _PARTS}

    empty_text: reactive[str] = reactive("")
    filtered_by: var[tuple[FilterTerm, ...]] = var(())

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows = ListLayout()
        self._told_below = ToldText()
        self._told_instead = ToldText()
        self._drawn: dict[int, object] = {}
        self._triage = Triage()
        self._pending: frozenset[str] = frozenset()
        self._cursor = 0
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(500)
        self.selected: set[str] = set()
        self.proposed: Callable[[Finding], str] = lambda _: ""
        self.fix_mark: Callable[[Finding], FixMark | None] = lambda _: None
        self.thread_mark: Callable[[Finding], ThreadState | None] = lambda _: None
        self.is_being_read = False
        self._pattern: Pattern[str] | None = None

    # content

    def show_rows(
        self,
        rows: Sequence[Row],
        triage: Triage,
        pending: frozenset[str] = frozenset(),
        closing: str = "",
    ) -> None:
        """Show these rows; the cursor stays on its finding, and on its line of the screen.

        Until you begin to read, the cursor is on the first finding: what ranks highest should be
        read first. `pending` has the fingerprints of unsaved findings; `closing` is told below.
        """
        before, current = self.current_row, self.current
        line_on_screen = self._rows.top(self._cursor) - self.scroll_offset.y
        width = self.scrollable_content_region.width
        self._rows, self._triage, self._pending = ListLayout(rows, width), triage, pending
        if closing != self._told_below.text:
            self._told_below = ToldText(closing)
        self._strips.clear()
        self._measure(width)
        if before is None or not self.is_being_read:
            self._cursor = self._rows.first_finding()
            self._scroll(0)
        else:
            self._cursor = self._rows.index_of(before, self._cursor)
            height = self.scrollable_content_region.height
            top = self._rows.scroll_to_keep(self._cursor, line_on_screen, height)
            self._scroll(top)
        self._refresh_changed()
        if self.current is not current:
            self.post_message(FindingHighlighted(self.current, is_chosen=False))

    def start_over(self) -> None:
        """Empty the list, and forget that it was read."""
        self.show_rows([], Triage())
        self._cursor = 0
        self.is_being_read = False

    def mark_matches(self, text: str) -> None:
        """Mark a text where titles and places have it; "" for none."""
        self._pattern = shown_pattern(text) if text else None
        self._redraw()

    def go_to(self, finding: Finding) -> bool:
        """Move the cursor to a finding; return False if it isn't listed or is folded."""
        if (index := self._rows.find(finding)) is None:
            return False
        self._move_to(index)
        return True

    def return_to(self, row: Row | None, top: int) -> None:
        """Move the cursor back to a row, with `top` as the first line on the screen."""
        if row is not None:
            self._move_to(self._rows.index_of(row, self._cursor))
            self._scroll(top)

    def toggle_selected(self) -> None:
        """Select or deselect the finding under the cursor."""
        self.selected ^= {finding.fingerprint} if (finding := self.current) else set[str]()
        self._redraw()

    def clear_selection(self) -> None:
        """Deselect all findings."""
        self.selected.clear()
        self._redraw()

    @property
    def current(self) -> Finding | None:
        """The finding under the cursor."""
        row = self.current_row
        return row.finding if isinstance(row, FindingRow) else None

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor."""
        rows = self._rows.rows
        return rows[self._cursor] if self._cursor < len(rows) else None

    @property
    def listed(self) -> list[Finding]:
        """The findings in the list from top to bottom, without folded ones."""
        return [row.finding for row in self._rows.rows if isinstance(row, FindingRow)]

    @property
    def folded(self) -> int:
        """How many findings are in folded groups."""
        return self._rows.count - len(self.listed)

    @property
    def summary(self) -> str:
        """The number of findings, folded ones included, and of selected ones."""
        selected = f" · {len(self.selected)} selected" if self.selected else ""
        return count_of(self._rows.count, "finding") + selected

    # movement

    def move_cursor(self, steps: int) -> None:
        """Move the cursor by findings and folded headings."""
        index = self._rows.step(self._cursor, steps)
        if index == self._cursor and steps > 0:
            self._read_on(steps)
            return
        if index == self._cursor and steps < 0:
            self._scroll(0)
        self._move_to(index)

    def _read_on(self, lines: int) -> None:
        """Scroll through what is told below the last finding."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        self.is_being_read |= bool(self._rows.rows)
        end = max(0, self.virtual_size.height - height)
        self._scroll(max(0, min(top + lines, max(top, end))))

    def go_to_finding(self, steps: int) -> bool:
        """Move the cursor to the next (1) or previous (-1) finding; return False at the end."""
        if (index := self._rows.next_finding(self._cursor, steps)) is None:
            return False
        self._move_to(index)
        return True

    def page(self, pages: int) -> None:
        """Move the cursor by screens."""
        lines = pages * max(1, self.scrollable_content_region.height - 2)
        if not self._rows.rows:
            self._read_on(lines)
            return
        index = self._rows.near(self._rows.top(self._cursor) + lines, pages)
        if index == self._cursor:
            index = self._rows.step(index, pages)
        if index == self._cursor and pages > 0:
            self._read_on(lines)
        else:
            self._move_to(index)

    def go_home(self) -> None:
        """Move the cursor to the first row."""
        self.move_cursor(-len(self._rows.rows))

    def go_to_end(self) -> None:
        """Move the cursor to the last row."""
        self.move_cursor(len(self._rows.rows))

    def _move_to(self, index: int) -> None:
        if not self._rows.rows:
            return
        self.is_being_read = True
        changed = index != self._cursor
        self._cursor = index
        self._reveal_cursor()
        self.refresh()
        if changed:
            self.post_message(FindingHighlighted(self.current))

    def _scroll(self, top: int) -> None:
        # Forced, since the scroll bar appears only with the next frame.
        self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def _reveal_cursor(self) -> None:
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if self._cursor == len(self._rows.rows) - 1:  # what is told below belongs to it
            top = max(top, min(self._rows.top(self._cursor), self.virtual_size.height - height))
        self._scroll(self._rows.scroll_to_show(self._cursor, top, height))

    # events

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        if (index := event.style.meta.get(CHIP)) is not None:
            self.post_message(FilterTermClicked(index))
            return
        if (place := event.get_content_offset(self)) is None:
            return
        index = self._rows.row_at(place.y + self.scroll_offset.y)
        if not 0 <= index < len(self._rows.rows):
            return
        self._move_to(index)
        if event.chain == 2 and (finding := self.current) is not None:
            self.post_message(FindingOpened(finding))

    def watch_has_focus(self, has_focus: bool) -> None:
        """Redraw the cursor, which looks different without focus."""
        super().watch_has_focus(has_focus)
        self._strips.clear()

    def on_resize(self) -> None:
        """Lay out for the new width, and keep the cursor on the screen."""
        self._strips.clear()
        self.watch_filtered_by()
        self.call_after_refresh(self._fit)

    def watch_show_vertical_scrollbar(self) -> None:
        """Lay out for what the scroll bar leaves."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        if (width := self.scrollable_content_region.width) != self._rows.width:
            self._rows = ListLayout(self._rows.rows, width)
            self._measure(width)
            self._redraw()
        self._reveal_cursor()

    def _measure(self, width: int) -> None:
        told = self._told_below if self._rows.rows else self._told_in_place_of_rows()
        size = Size(0, self._rows.height + told.height(width))
        room = self.container_size.height
        if (size.height > room) != (self.virtual_size.height > room):
            self.virtual_size = size  # a scroll bar comes or goes
        elif size != self.virtual_size:
            # Without a layout, which redraws everything: findings come in batches.
            self.set_reactive(cast("Reactive[Size]", Widget.virtual_size), size)
            self._scroll_update(size)

    def _told_in_place_of_rows(self) -> ToldText:
        if self._told_instead.text != self.empty_text:
            self._told_instead = ToldText(self.empty_text)
        return self._told_instead

    def notify_style_update(self) -> None:
        """Redraw in the colours of a new theme."""
        super().notify_style_update()
        self._strips.clear()

    def watch_filtered_by(self) -> None:
        """Show the filter in the title."""
        self.border_title = list_title("1 Findings", self.filtered_by, self.size.width - CORNERS)

    # drawing

    def _redraw(self) -> None:
        self._strips.clear()
        self.refresh()

    def _refresh_changed(self) -> None:
        """Redraw the lines of the screen that would look different: most rows stay as they are."""
        for y in range(self.scrollable_content_region.height):
            if self._drawn.get(y) != self._look(y):
                self.refresh(Region(0, y, self.size.width, 1))

    def _look(self, y: int) -> object:
        """Return what a line of the screen depends on, besides width, focus, and theme."""
        line, rows = y + self.scroll_offset.y, self._rows
        if not rows.rows:
            return self.empty_text, line
        if line >= rows.height:
            return self._told_below.text, line - rows.height
        index = rows.row_at(line)
        row, place = rows.rows[index], (line - rows.top(index), index == self._cursor)
        if isinstance(row, Heading):
            return row, place
        finding = row.finding
        told = self.proposed(finding), self.fix_mark(finding), self.thread_mark(finding)
        return row, place, self._triage.verdict(finding), self._mark(finding), told

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        self._drawn[y] = self._look(y)
        width, line = self.scrollable_content_region.width, y + self.scroll_offset.y
        if not self._rows.rows:
            return self._told_line(self._told_in_place_of_rows(), line, width)
        index = self._rows.row_at(line)
        part = line - self._rows.top(index)
        if line >= self._rows.height:
            return self._told_line(self._told_below, line - self._rows.height, width)
        key = (index, part, index == self._cursor, self.has_focus, width)
        if (strip := self._strips.get(key)) is None:
            row = self._rows.rows[index]
            segments = self._segments(row, part, width, is_current=index == self._cursor)
            style = self.rich_style
            if index == self._cursor:
                style += self._style("cursor" if self.has_focus else "cursor-blurred")
            strip = Strip(segments).adjust_cell_length(width).apply_style(style)
            self._strips[key] = strip
        return strip

    def _segments(self, row: Row, part: int, width: int, *, is_current: bool) -> list[Segment]:
        if isinstance(row, Heading):
            return group_heading(row, width, self._style)
        drawn = RowDrawing(row, width, self._style, self._pattern)
        if part >= drawn.title_height:
            finding = row.finding
            told = self.proposed(finding), self.fix_mark(finding), self.thread_mark(finding)
            return drawn.place_line(self._triage, *told)
        is_open = self._triage.verdict(row.finding) is None
        mark = self._mark(row.finding)
        return drawn.title_line(part, mark, is_open=is_open, is_current=is_current)

    def _mark(self, finding: Finding) -> str:
        if finding.fingerprint in self.selected:
            return SELECTED
        if not self._pending.isdisjoint(finding.fingerprints):
            return PENDING
        return MARKS[self._triage.verdict(finding)]

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"finding-list--{part}", partial=True)

    def _told_line(self, told: ToldText, y: int, width: int) -> Strip:
        key = (told.line(y, width), width, self.has_focus)
        if (strip := self._strips.get(key)) is None:  # most are empty: a style takes 30 µs
            style = self.rich_style
            strip = Strip([Segment(key[0], self._style("empty"))])
            strip = strip.adjust_cell_length(width, style).apply_style(style)
            self._strips[key] = strip
        return strip
