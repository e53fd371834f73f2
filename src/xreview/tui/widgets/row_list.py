"""A list of rows under headings, with a cursor on one of them: what a fix did, what a review of a
pull request posts."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from xreview.domain.record import dataclass
from xreview.tui.widgets.findings.paint import wrapped
from xreview.tui.widgets.fixing.cutting import named_and_placed
from xreview.tui.widgets.lasting_focus import LastingFocus

_MARGIN = 4


@dataclass(frozen=True, slots=True)
class RowHeading:
    """The title of a group, and what it means."""

    title: str
    meaning: str
    style: str


@dataclass(frozen=True)
class ListedRow:
    """A row that the cursor can be on. All texts are safe to show.

    Args:
        key: identifies it while the rows change.
        evidence: one line about it. label: its state, at the end of its first line.
    """

    key: str
    sign: str
    style: str
    title: str
    place: str = ""
    evidence: str = ""
    label: str = ""


RowT = TypeVar("RowT", bound=ListedRow)


def over_headings(rows: Sequence[object], heading: type, cursor: int, steps: int) -> int:
    """Where a cursor is after so many rows that aren't headings, or after the last there are."""
    step = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        at = cursor + step
        while 0 <= at < len(rows) and isinstance(rows[at], heading):
            at += step
        if not 0 <= at < len(rows):
            break
        cursor = at
    return cursor


class RowList(LastingFocus, VerticalScroll, Generic[RowT], can_focus=True, inherit_bindings=False):
    """Shows rows. It binds no keys: the screen's actions call its methods."""

    DEFAULT_CSS = """
    RowList { overflow-x: hidden; scrollbar-size-vertical: 1; }
    RowList > Static { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    @dataclass
    class RowHighlighted(Message):
        """The cursor moved to a row; None for an empty list."""

        row: ListedRow | None

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._rows: Sequence[RowHeading | RowT] = ()
        self._cursor = 0
        self._first_lines: list[int] = []
        self._drawn_width = 0
        self._body = Static("", markup=False)
        self.empty_text = ""

    def compose(self) -> ComposeResult:
        """Create the text."""
        yield self._body

    @property
    def current(self) -> RowT | None:
        """The row under the cursor."""
        row = self._rows[self._cursor] if self._cursor < len(self._rows) else None
        return None if isinstance(row, RowHeading) else row

    def show_rows(self, rows: Sequence[RowHeading | RowT]) -> None:
        """Show other rows; the cursor stays on its row, or goes to the first one."""
        before = self.current
        self._rows = rows
        places = [(i, row) for i, row in enumerate(rows) if not isinstance(row, RowHeading)]
        same = [place for place in places if before and place[1].key == before.key]
        self._cursor = next((i for i, _ in [*same, *places]), 0)
        self._draw()
        if self.current != before:
            self.post_message(self.RowHighlighted(self.current))

    def move_cursor(self, steps: int) -> None:
        """Move by rows, over headings."""
        self._cursor = over_headings(self._rows, RowHeading, self._cursor, steps)
        self._moved()

    def page(self, pages: int) -> None:
        """Move by screens."""
        self.move_cursor(pages * max(1, self.size.height // 2 - 1))

    def go_home(self) -> None:
        """Go to the first row."""
        self.move_cursor(-len(self._rows))

    def go_to_end(self) -> None:
        """Go to the last row."""
        self.move_cursor(len(self._rows))

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._draw()

    def on_focus(self) -> None:
        """Highlight the cursor."""
        self._draw()

    def on_blur(self) -> None:
        """Highlight the cursor less."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row."""
        index: int | None = event.style.meta.get("row")
        if index is not None and not isinstance(self._rows[index], RowHeading):
            self._cursor = index
            self._moved()

    def _moved(self) -> None:
        self._draw()
        self.post_message(self.RowHighlighted(self.current))

    def _draw(self) -> None:
        width = self._drawn_width = self.scrollable_content_region.width
        lines: list[Content] = []
        self._first_lines = []
        for index, row in enumerate(self._rows):
            if isinstance(row, RowHeading) and lines:
                lines.append(Content(""))
            self._first_lines.append(len(lines))
            drawn = (
                self._heading(row, width)
                if isinstance(row, RowHeading)
                else self._row(index, row, width)
            )
            meta = Style.from_meta({"row": index})
            lines += [line.stylize(meta) for line in drawn]
        self._body.update(Content("\n").join(lines) if lines else self._empty(width))
        self.call_after_refresh(self._keep_in_view)

    def _empty(self, width: int) -> Content:
        """Return what is said instead of rows, in whole lines."""
        return Content("\n".join(wrapped(self.empty_text, max(10, width))))

    def _heading(self, row: RowHeading, width: int) -> list[Content]:
        meaning = f"  {row.meaning}" if row.meaning else ""
        return [Content.assemble((row.title, row.style), (meaning, "$text-muted"))]

    def _row(self, index: int, row: RowT, width: int) -> list[Content]:
        is_here = index == self._cursor
        label = f" {row.label} " if row.label else ""
        room = max(0, width - len(label))
        title, place = named_and_placed(row.title, row.place, room - 4)
        head = Content.assemble(
            "▸ " if is_here else "  ",
            (row.sign, row.style),
            (f" {title}", "bold" if is_here else ""),
            (f"  {place}" if place else "", "$text-muted"),
        )
        head = head.truncate(room, ellipsis=True, pad=True) + Content.styled(
            label, "bold $text-success"
        )
        lines = [head]
        if row.evidence:
            evidence = Content.styled(f"    {row.evidence}", "$text-muted")
            lines.append(evidence.truncate(width, ellipsis=True, pad=True))
        if is_here:
            colour = "on $diff-cursor" if self.has_focus else "on $block-cursor-blurred-background"
            lines = [line.stylize_before(colour) for line in lines]
        return lines

    def _keep_in_view(self) -> None:
        if self._drawn_width != self.scrollable_content_region.width:
            self._draw()  # the scroll bar came or went
            return
        if self._cursor >= len(self._first_lines):
            return
        line, height = self._first_lines[self._cursor], self.size.height
        if self._cursor and isinstance(self._rows[self._cursor - 1], RowHeading):
            line = self._first_lines[self._cursor - 1]
        top = round(self.scroll_y)
        if line < top or line + _MARGIN > top + height:
            self.scroll_to(y=max(0, line - height // 3), animate=False)
