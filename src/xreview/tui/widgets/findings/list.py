"""The findings list: one virtual widget for any number of findings."""

import textwrap
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xreview.domain.finding import Finding
from xreview.domain.state import Triage
from xreview.domain.text import count_of, visible
from xreview.tui.messages import FindingHighlighted, FindingOpened
from xreview.tui.widgets.findings.layout import FINDING_LINES, ListLayout
from xreview.tui.widgets.findings.paint import (
    MARKS,
    PENDING,
    SELECTED,
    group_heading,
    place_line,
    title_line,
)
from xreview.tui.widgets.findings.rows import FindingRow, Heading, Row

_PARTS = (
    "heading", "title", "decided", "place", "cursor", "cursor-blurred",
    "critical", "high", "medium", "low", "empty",
)  # fmt: skip


class FindingList(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows rows, holds the cursor and the selection. Posts FindingHighlighted, FindingOpened."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"finding-list--{part}" for part in _PARTS}

    empty_text: var[str] = var("")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows = ListLayout()
        self._triage = Triage()
        self._pending: frozenset[str] = frozenset()
        self._cursor = 0
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(500)
        self.selected: set[str] = set()
        self.proposed: Callable[[Finding], str] = lambda _: ""
        self.has_moved = False

    # content

    def show_rows(
        self, rows: Sequence[Row], triage: Triage, pending: frozenset[str] = frozenset()
    ) -> None:
        """Show these rows; the cursor stays on its finding, and on its line of the screen.

        Until the cursor is moved, the list stays at its top as long as the cursor fits on the
        screen: what arrives above it should be read first. `pending` has the fingerprints of
        unsaved findings.
        """
        before, current = self.current_row, self.current
        line_on_screen = self._rows.top(self._cursor) - self.scroll_offset.y
        self._rows, self._triage, self._pending = ListLayout(rows), triage, pending
        self._strips.clear()
        self.virtual_size = Size(self.scrollable_content_region.width, self._rows.height)
        if before is None:
            self._cursor = self._rows.first_finding()
        else:
            self._cursor = self._rows.index_of(before, self._cursor)
            self.scroll_to(y=self._scroll_for(line_on_screen), animate=False)
        self.refresh()
        if self.current is not current:
            self.post_message(FindingHighlighted(self.current))

    def start_over(self) -> None:
        """Empty the list, and forget that the cursor was moved."""
        self.show_rows([], Triage())
        self._cursor = 0
        self.has_moved = False

    def _scroll_for(self, line_on_screen: int) -> int:
        top = self._rows.top(self._cursor)
        height = self.scrollable_content_region.height
        if not self.has_moved and top + FINDING_LINES <= height:
            return 0
        return max(0, top - min(max(0, line_on_screen), max(0, height - FINDING_LINES)))

    def go_to(self, finding: Finding) -> bool:
        """Move the cursor to a finding; return False if it isn't listed or is folded."""
        if (index := self._rows.find(finding)) is None:
            return False
        self._move_to(index)
        return True

    def toggle_selected(self) -> None:
        """Select or deselect the finding under the cursor."""
        if (finding := self.current) is not None:
            self.selected ^= {finding.fingerprint}
            self._strips.clear()
            self.refresh()

    def clear_selection(self) -> None:
        """Deselect all findings."""
        self.selected.clear()
        self._strips.clear()
        self.refresh()

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
    def summary(self) -> str:
        """The number of findings, folded ones included, and of selected ones."""
        selected = f" · {len(self.selected)} selected" if self.selected else ""
        count = sum(row.count for row in self._rows.rows if isinstance(row, Heading))
        return count_of(count, "finding") + selected

    # movement

    def move_cursor(self, steps: int) -> None:
        """Move the cursor by findings and folded headings."""
        index = self._rows.step(self._cursor, steps)
        if index == self._cursor and steps < 0:
            self.scroll_to(y=0, animate=False)
        self._move_to(index)

    def page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.move_cursor(pages * max(1, self.size.height // FINDING_LINES - 1))

    def go_home(self) -> None:
        """Move the cursor to the first row."""
        self.move_cursor(-len(self._rows.rows))

    def go_to_end(self) -> None:
        """Move the cursor to the last row."""
        self.move_cursor(len(self._rows.rows))

    def _move_to(self, index: int) -> None:
        if not self._rows.rows:
            return
        self.has_moved = True
        changed = index != self._cursor
        self._cursor = index
        self._reveal_cursor()
        self.refresh()
        if changed:
            self.post_message(FindingHighlighted(self.current))

    def _reveal_cursor(self) -> None:
        top, height = self._rows.top(self._cursor), self.scrollable_content_region.height
        if top < self.scroll_offset.y:
            # Also show the heading above a group's first finding.
            self.scroll_to(y=max(0, top - 1), animate=False)
        elif top + FINDING_LINES > self.scroll_offset.y + height:
            self.scroll_to(y=top + FINDING_LINES - height, animate=False)

    # events

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
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
        """Redraw for the new width, and keep the cursor on the screen."""
        self._strips.clear()
        self.call_after_refresh(self._reveal_cursor)

    def notify_style_update(self) -> None:
        """Redraw in the colours of a new theme."""
        super().notify_style_update()
        self._strips.clear()

    def watch_empty_text(self) -> None:
        """Show another text in place of findings."""
        self.refresh()

    # drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        if not self._rows.rows:
            return self._empty_line(y, width)
        line = y + self.scroll_offset.y
        index = self._rows.row_at(line)
        part = line - self._rows.top(index)
        if line >= self._rows.height or part >= FINDING_LINES:
            return Strip.blank(width, self.rich_style)
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
        finding = row.finding
        if part:
            return place_line(row, self._triage, width, self._style, self.proposed(finding))
        verdict = self._triage.verdict(finding)
        mark = MARKS[verdict]
        if not self._pending.isdisjoint(finding.fingerprints):
            mark = PENDING
        if finding.fingerprint in self.selected:
            mark = SELECTED
        return title_line(
            finding, mark, width, self._style, is_open=verdict is None, is_current=is_current
        )

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"finding-list--{part}", partial=True)

    def _empty_line(self, y: int, width: int) -> Strip:
        rows = _wrapped(self.empty_text, max(10, width - 2))
        text = f" {rows[y - 1]}" if 1 <= y <= len(rows) else ""
        strip = Strip([Segment(text, self._style("empty"))])
        return strip.adjust_cell_length(width, self.rich_style).apply_style(self.rich_style)


def _wrapped(text: str, width: int) -> list[str]:
    rows: list[str] = []
    for paragraph in text.split("\n"):
        rows += textwrap.wrap(visible(paragraph), width) or [""]
    return rows
