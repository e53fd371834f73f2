"""A pane of text that scrolls: review and disagreement."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

TextPart = str | tuple[str, str]
"""A piece of text, with or without a style, for `Content.assemble`."""


class TextPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Shows text laid out for its width; keeps its scroll position for the same subject."""

    def __init__(self, *, id: str, title: str) -> None:
        super().__init__(id=id)
        self.border_title = title
        self._subject: object = None
        self._draw: Callable[[int], Content] = lambda _: Content("")
        self._body = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Create the text."""
        yield self._body

    def show(self, draw: Callable[[int], Content], subject: object) -> None:
        """Show text about `subject`, from the top if it is new; `draw` gets the width, 0 if
        unknown."""
        self._draw = draw
        self.on_resize()
        if subject != self._subject:
            self._subject = subject
            self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Lay the text out again."""
        self._body.update(self._draw(self.scrollable_content_region.width))

    def move_cursor(self, steps: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=steps, animate=False)

    def page(self, pages: int) -> None:
        """Scroll by screens."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

    def go_home(self) -> None:
        """Scroll to the top."""
        self.scroll_home(animate=False)

    def go_to_end(self) -> None:
        """Scroll to the end."""
        self.scroll_end(animate=False)
