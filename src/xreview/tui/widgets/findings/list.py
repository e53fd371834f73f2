"""The findings list: one virtual widget, whatever the number of findings."""

import textwrap
from bisect import bisect_right
from typing import TYPE_CHECKING, ClassVar

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
from xreview.tui.widgets.findings.paint import (
    MARKS,
    PENDING,
    SELECTED,
    group_heading,
    place_line,
    title_line,
)
from xreview.tui.widgets.findings.rows import FindingRow, Heading, Row

if TYPE_CHECKING:
    from collections.abc import Callable

_FINDING_LINES = 2


class FindingList(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows rows, holds the cursor and the selection. Posts FindingHighlighted, FindingOpened."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "finding-list--heading",
        "finding-list--title",
        "finding-list--decided",
        "finding-list--place",
        "finding-list--cursor",
        "finding-list--cursor-blurred",
        "finding-list--critical",
        "finding-list--high",
        "finding-list--medium",
        "finding-list--low",
        "finding-list--empty",
    }

    empty_text: var[str] = var("")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._tops: list[int] = []
        self._triage = Triage()
        self._pending: frozenset[str] = frozenset()
        self._cursor = 0
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(500)
        self.selected: set[str] = set()
        self.proposed: Callable[[Finding], str] = lambda _: ""
        self.has_moved = False

    # what the screen gives

    def show_rows(
        self, rows: list[Row], triage: Triage, pending: frozenset[str] = frozenset()
    ) -> None:
        """Show these rows; the cursor stays on its finding, and on its line of the screen.

        But until it was moved the list stays at its top, if the cursor can be seen from there: what
        comes in above it is what should be read first.

        Args:
            pending: fingerprints of the findings that have something which is not on disk.
        """
        before, current = self.current_row, self.current
        line_on_screen = self._top(self._cursor) - self.scroll_offset.y
        self._rows, self._triage, self._pending = rows, triage, pending
        self._tops = []
        top = 0
        for row in rows:
            self._tops.append(top)
            top += _FINDING_LINES if isinstance(row, FindingRow) else 1
        self._strips.clear()
        self.virtual_size = Size(self.scrollable_content_region.width, top)
        self._cursor = self._first_finding() if before is None else self._index_of(before)
        if before is not None:
            self.scroll_to(y=self._scroll_for(line_on_screen), animate=False)
        self.refresh()
        if self.current is not current:
            self.post_message(FindingHighlighted(self.current))

    def start_over(self) -> None:
        """Show nothing, the cursor where it is put first."""
        self.show_rows([], Triage())
        self._cursor = 0
        self.has_moved = False

    def _scroll_for(self, line_on_screen: int) -> int:
        top = self._top(self._cursor)
        height = self.scrollable_content_region.height
        if not self.has_moved and top + _FINDING_LINES <= height:
            return 0
        return max(0, top - min(max(0, line_on_screen), max(0, height - _FINDING_LINES)))

    def go_to(self, finding: Finding) -> bool:
        """Put the cursor on a finding; False where it is not in the list (or folded away)."""
        if (index := self._find(finding)) is None:
            return False
        self._move_to(index)
        return True

    def toggle_selected(self) -> None:
        """Select the finding under the cursor, or take it out of the selection."""
        if (finding := self.current) is not None:
            self.selected ^= {finding.fingerprint}
            self._strips.clear()
            self.refresh()

    def clear_selection(self) -> None:
        """Select nothing."""
        self.selected.clear()
        self._strips.clear()
        self.refresh()

    # what the screen asks

    @property
    def current(self) -> Finding | None:
        """The finding under the cursor."""
        row = self.current_row
        return row.finding if isinstance(row, FindingRow) else None

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    @property
    def listed(self) -> list[Finding]:
        """The findings in the list, from top to bottom, without the folded ones."""
        return [row.finding for row in self._rows if isinstance(row, FindingRow)]

    # movement

    def move_cursor(self, steps: int) -> None:
        """Move the cursor by findings; folded headings can be reached too."""
        index, direction = self._cursor, 1 if steps > 0 else -1
        for _ in range(abs(steps)):
            found = index + direction
            while 0 <= found < len(self._rows) and not self._can_hold_cursor(found):
                found += direction
            if not 0 <= found < len(self._rows):
                break
            index = found
        if index == self._cursor and steps < 0:
            self.scroll_to(y=0, animate=False)
        self._move_to(index)

    def page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.move_cursor(pages * max(1, self.size.height // _FINDING_LINES - 1))

    def go_home(self) -> None:
        """Move the cursor to the first row."""
        self.move_cursor(-len(self._rows))

    def go_to_end(self) -> None:
        """Move the cursor to the last row."""
        self.move_cursor(len(self._rows))

    def _can_hold_cursor(self, index: int) -> bool:
        row = self._rows[index]
        return isinstance(row, FindingRow) or row.is_folded

    def _move_to(self, index: int) -> None:
        if not self._rows:
            return
        self.has_moved = True
        changed = index != self._cursor
        self._cursor = index
        self._reveal_cursor()
        self.refresh()
        if changed:
            self.post_message(FindingHighlighted(self.current))

    def _reveal_cursor(self) -> None:
        top, height = self._top(self._cursor), self.scrollable_content_region.height
        if top < self.scroll_offset.y:
            # The heading over a group's first finding should be seen with it.
            self.scroll_to(y=max(0, top - 1), animate=False)
        elif top + _FINDING_LINES > self.scroll_offset.y + height:
            self.scroll_to(y=top + _FINDING_LINES - height, animate=False)

    def _top(self, index: int) -> int:
        return self._tops[index] if index < len(self._tops) else 0

    def _first_finding(self) -> int:
        return next((i for i, row in enumerate(self._rows) if isinstance(row, FindingRow)), 0)

    def _index_of(self, row: Row) -> int:
        """Where a row stands now: of a heading that was unfolded, the first finding below it."""
        index = self._find(row.finding) if isinstance(row, FindingRow) else self._under(row)
        if index is None:
            index = min(self._cursor, max(0, len(self._rows) - 1))
            while index + 1 < len(self._rows) and not self._can_hold_cursor(index):
                index += 1
        return index

    def _under(self, row: Heading) -> int | None:
        for index, other in enumerate(self._rows):
            if isinstance(other, Heading) and other.group == row.group:
                return index if other.is_folded else index + 1
        return None

    def _find(self, finding: Finding) -> int | None:
        for index, row in enumerate(self._rows):
            if isinstance(row, FindingRow) and _is_same(row.finding, finding):
                return index
        return None

    # mouse

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        if (place := event.get_content_offset(self)) is None:
            return
        index = bisect_right(self._tops, place.y + self.scroll_offset.y) - 1
        if not 0 <= index < len(self._rows):
            return
        self._move_to(index)
        if event.chain == 2 and (finding := self.current) is not None:
            self.post_message(FindingOpened(finding))

    def watch_has_focus(self, has_focus: bool) -> None:
        """The cursor is drawn another way in a pane that has no focus."""
        super().watch_has_focus(has_focus)
        self._strips.clear()

    def on_resize(self) -> None:
        """Rows are drawn to the pane's width, and the cursor stays on the screen."""
        self._strips.clear()
        self.call_after_refresh(self._reveal_cursor)

    def notify_style_update(self) -> None:
        """A new theme means new colours."""
        super().notify_style_update()
        self._strips.clear()

    # drawing

    def render_line(self, y: int) -> Strip:
        """One line of the list as it stands on the screen."""
        width = self.scrollable_content_region.width
        if not self._rows:
            return self._empty_line(y, width)
        line = y + self.scroll_offset.y
        index = bisect_right(self._tops, line) - 1
        part = line - self._top(index)
        row = self._rows[index]
        if line >= self.virtual_size.height or part >= _FINDING_LINES:
            return Strip.blank(width, self.rich_style)
        key = (index, part, index == self._cursor, self.has_focus, width)
        if (strip := self._strips.get(key)) is None:
            segments = self._segments(row, part, width, is_current=index == self._cursor)
            style = self.rich_style
            if index == self._cursor:
                style += self._cursor_style()
            strip = Strip(segments).adjust_cell_length(width).apply_style(style)
            self._strips[key] = strip
        return strip

    def _segments(self, row: Row, part: int, width: int, *, is_current: bool) -> list[Segment]:
        if isinstance(row, Heading):
            return group_heading(row, width, self._style)
        if part:
            proposed = self.proposed(row.finding)
            return place_line(row, self._triage, width, self._style, proposed)
        finding = row.finding
        verdict = self._triage.verdict(finding)
        mark = MARKS[verdict]
        if not self._pending.isdisjoint(finding.fingerprints):
            mark = PENDING
        if finding.fingerprint in self.selected:
            mark = SELECTED
        return title_line(
            finding, mark, width, self._style, is_open=verdict is None, is_current=is_current
        )

    def _cursor_style(self) -> Style:
        return self.get_component_rich_style(
            "finding-list--cursor" if self.has_focus else "finding-list--cursor-blurred",
            partial=True,
        )

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"finding-list--{part}", partial=True)

    def _empty_line(self, y: int, width: int) -> Strip:
        rows = _wrapped(self.empty_text, max(10, width - 2))
        text = f" {rows[y - 1]}" if 1 <= y <= len(rows) else ""
        strip = Strip([Segment(text, self._style("empty"))])
        return strip.adjust_cell_length(width, self.rich_style).apply_style(self.rich_style)

    def watch_empty_text(self) -> None:
        """Another sentence to show where there is no finding."""
        self.refresh()

    @property
    def summary(self) -> str:
        """How many findings there are, folded ones too, and how many are selected."""
        selected = f" · {len(self.selected)} selected" if self.selected else ""
        count = sum(row.count for row in self._rows if isinstance(row, Heading))
        return count_of(count, "finding") + selected


def _is_same(left: Finding, right: Finding) -> bool:
    return not set(left.fingerprints).isdisjoint(right.fingerprints)


def _wrapped(text: str, width: int) -> list[str]:
    rows: list[str] = []
    for paragraph in text.split("\n"):
        rows += textwrap.wrap(visible(paragraph), width) or [""]
    return rows
