"""The drawing half of the code pane: canvas, colours that follow, focus and theme."""

from dataclasses import dataclass

from textual.geometry import Region
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.theme import Theme

from xreview.tui.widgets.diff.canvas import Canvas
from xreview.tui.widgets.diff.decorate import Decorations, Decorator
from xreview.tui.widgets.diff.document import DiffDocument
from xreview.tui.widgets.diff.frame import LineFrame
from xreview.tui.widgets.diff.palette import Palette


class DiffPane(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a document of diff rows by Textual's Line API.

    Args:
        empty_text: what is shown instead of a change without files, once that is known.
        waiting_text: what is shown before.
    """

    ALLOW_SELECT = False
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
        """The thread has the colours of a block (`Passage.key`)."""

        key: tuple[int, int]
        decorations: Decorations

    def __init__(
        self,
        *,
        empty_text: str = "The change is empty.",
        waiting_text: str = "Reading the change …",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.auto_links = False
        self._empty_text, self._waiting_text = empty_text, waiting_text
        self._decorator = Decorator(self._deliver)
        self._canvas = Canvas(self._decorator.ask)
        self._finished = False
        self._frame: LineFrame | None = None

    def on_mount(self) -> None:
        """Follow the theme, and decorate only after the first frame is out."""
        self._canvas.use_palette(Palette(self.app.theme_variables))
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)
        self.call_after_refresh(self._start_decorating)

    def on_unmount(self) -> None:
        """End the thread with the pane."""
        self._decorator.stop()

    def _start_decorating(self) -> None:
        self._canvas.may_decorate = True
        self._repaint()

    def _theme_changed(self, theme: Theme) -> None:
        self._canvas.use_palette(Palette(self.app.theme_variables))
        self.refresh()

    @property
    def document(self) -> DiffDocument:
        """The rows as they are laid out now."""
        return self._canvas.document

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _height(self) -> int:
        return max(1, self.size.height)

    def _refresh_lines(self, first: int, count: int) -> None:
        start = max(first, self._top)
        end = min(first + count, self._top + self._height)
        if start < end:
            self.refresh(Region(0, start - self._top, self.size.width, end - start))

    def _repaint(self) -> None:
        """Draw everything again."""
        self._canvas.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the content, `y` cells below its top, without the scrollbar."""
        self._canvas.use_width(self.size.width - self.scrollbar_size_vertical)
        if y == 1 and not self.document.height:
            text = self._empty_text if self._finished else self._waiting_text
            return self._canvas.painter.sentence(text)
        return self._canvas.strip(self._top + y, is_first=y == 0)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the pane as they go to the screen, borders included.

        Textual's own way puts each line through its styles, which is most of what a page costs.
        Here only the border's rows go that way, and one line, to see what stands beside it.
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
        """Draw what has got its colours."""
        message.stop()
        self._refresh_lines(*self._canvas.decorated(message.key, message.decorations))

    def on_focus(self) -> None:
        """Light the cursor line."""
        self._canvas.is_lit = True
        self._refresh_lines(self._canvas.cursor, 1)

    def on_blur(self) -> None:
        """Dim the cursor line."""
        self._canvas.is_lit = False
        self._refresh_lines(self._canvas.cursor, 1)
