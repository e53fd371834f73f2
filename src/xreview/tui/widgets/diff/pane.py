"""The code pane's drawing: canvas, decorations, focus, and theme."""

from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from textual.color import Color
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.theme import Theme

from xreview.domain.record import dataclass, replace
from xreview.tui.widgets.diff.canvas import Canvas
from xreview.tui.widgets.diff.decorate import Decorations, Decorator
from xreview.tui.widgets.diff.document import DiffDocument
from xreview.tui.widgets.diff.palette import Palette
from xreview.tui.widgets.diff.true_colours import TextSource
from xreview.tui.widgets.lasting_focus import LastingFocus
from xreview.tui.widgets.scroll_bar import SparingScrollBar

if TYPE_CHECKING:
    from textual.timer import Timer

_PAUSE = 0.01
"""Seconds after a page until the next one is prepared: first, the thread writes to the terminal."""


@dataclass(frozen=True)
class LineFrame:
    """What surrounds every line of the pane, and the filters for its colours."""

    filters: tuple[LineFilter, ...]
    background: Color
    left: tuple[Segment, ...]
    right: tuple[Segment, ...]

    def around(self, strip: Strip) -> Strip:
        """Return a line with its frame.

        Skips the filter for terminal colours: the palette has none, unless the theme needs them.
        """
        for line_filter in self.filters:
            if not isinstance(line_filter, ANSIToTruecolor):
                strip = strip.apply_filter(line_filter, self.background)
        return Strip([*self.left, *strip, *self.right])


class DiffPane(LastingFocus, ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a diff document with Textual's Line API."""

    ALLOW_SELECT = False
    empty_text = "The change is empty."
    """What it says once there is nothing more to come and nothing to show."""
    DEFAULT_CSS = """
    DiffPane {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        background: $diff-context;
    }
    """

    @dataclass
    class Decorated(Message, namespace="diff_pane"):
        """The thread finished a block (`Passage.key`)."""

        key: tuple[int, int]
        decorations: Decorations

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.auto_links = False
        self._decorator = Decorator(self._deliver)
        self._canvas = Canvas(self._decorator.ask)
        self._finished = False
        self._frame: LineFrame | None = None
        self._ahead = range(0)
        self._pausing: Timer | None = None

    def on_mount(self) -> None:
        """Follow the theme; start to decorate after the first frame."""
        self.app.theme_changed_signal.subscribe(self, self._use_theme)
        self._use_theme()
        self.call_after_refresh(self._start_decorating)

    def on_unmount(self) -> None:
        """End the thread, and follow the theme no longer: a signal keeps alive what it tells."""
        self._decorator.stop()
        self.app.theme_changed_signal.unsubscribe(self)

    def read_texts(self, source: TextSource) -> None:
        """Read whole files from here, in a thread, to colour code from its true state."""
        self._decorator.read_texts(source)

    def _start_decorating(self) -> None:
        self._canvas.may_decorate = True
        self._repaint()

    def _use_theme(self, theme: Theme | None = None) -> None:
        self._paint_with(palette=Palette(self.app.theme_variables))
        self.refresh()

    def _paint_with(self, **changed: Any) -> None:
        """Change fields of the painter."""
        self._canvas.painter = replace(self._canvas.painter, **changed)

    @property
    def document(self) -> DiffDocument:
        """The document in its current layout."""
        return self._canvas.document

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar, made when it's first asked for, as Textual's."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = SparingScrollBar(name="vertical")
            bar.display = False
            self.app._start_widget(self, bar)  # pyright: ignore[reportPrivateUsage]
        return self._vertical_scrollbar

    @property
    def _line_width(self) -> int:
        return self.size.width - self.scrollbar_size_vertical

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _height(self) -> int:
        return max(1, self.size.height)

    def _refresh_line(self, line: int) -> None:
        if self.document.height:
            strips = self.document.strips_of(line)
            self._refresh_strips(strips.start, len(strips))

    def _refresh_strips(self, first: int, count: int) -> None:
        start = max(first, self._top)
        end = min(first + count, self._top + self._height)
        if start < end:
            self.refresh(Region(0, start - self._top, self.size.width, end - start))

    def _repaint(self) -> None:
        """Redraw everything."""
        self._canvas.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the content, `y` cells below its top, without the scrollbar."""
        width = self._line_width
        if width != self._canvas.painter.width:
            self._paint_with(width=width)
        if y == 1 and not self.document.height:
            text = self.empty_text if self._finished else "Reading the change …"
            return self._canvas.painter.sentence(text)
        return self._canvas.strip(self._top + y, is_first=y == 0)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw part of the pane, with borders.

        Textual applies its styles to each line, which is most of the cost of a page. Here only the
        border rows go that way, and one sample line that shows what surrounds each line.
        """
        outer, edges = self.outer_size, self.styles.gutter
        whole = crop.x == 0 and crop.width == outer.width
        if not whole or not self.document.height or self.opacity != 1:
            return super().render_lines(crop)
        sample = super().render_lines(Region(0, edges.top, outer.width, 1))[0]
        frame = LineFrame(
            tuple(self.get_line_filters()),
            self.background_colors[1],
            tuple(sample.crop(0, edges.left)),
            tuple(sample.crop(outer.width - edges.right - self.scrollbar_size_vertical)),
        )
        if frame != self._frame:
            self._frame = frame
            self._canvas.use_finish(frame.around)
        strips: list[Strip] = []
        top = self._top
        for y in crop.line_range:
            inner = y - edges.top
            if 0 <= inner < self.size.height:
                strips.append(self._canvas.finished(top + inner, is_first=inner == 0))
            else:
                strips += super().render_lines(Region(0, y, outer.width, 1))
        return strips

    def _deliver(self, key: tuple[int, int], decorations: Decorations) -> None:
        self.post_message(self.Decorated(key, decorations))

    def on_diff_pane_decorated(self, message: Decorated) -> None:
        """Redraw the block with its decorations."""
        message.stop()
        self._refresh_strips(*self._canvas.decorated(message.key, message.decorations))
        if self._ahead and self._pausing is None:
            self._draw_ahead()

    def _prepare(self, strips: range) -> None:
        """Draw these strips soon: they are likely to be shown next."""
        self._ahead = strips
        if self._pausing is not None:
            self._pausing.stop()
        self._pausing = self.set_timer(_PAUSE, self._draw_ahead)

    def _draw_ahead(self) -> None:
        self._pausing = None
        # What is on the screen comes first.
        if self._canvas.is_decorated and self._canvas.draw_ahead(self._ahead):
            self._ahead = range(0)

    def on_focus(self) -> None:
        """Highlight the cursor line."""
        self._canvas.is_lit = True
        self._refresh_line(self._canvas.cursor)

    def on_blur(self) -> None:
        """Remove the highlight of the cursor line."""
        self._canvas.is_lit = False
        self._refresh_line(self._canvas.cursor)
