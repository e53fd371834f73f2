"""A pane of text that scrolls: review and disagreement."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class TextPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Shows one piece of content; keeps its place while the same thing is shown again."""

    def __init__(self, *, id: str, title: str) -> None:
        super().__init__(id=id)
        self.border_title = title
        self._subject: object = None
        self._body = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """One static text in a scrolling box."""
        yield self._body

    def show(self, content: Content, subject: object) -> None:
        """Show a content about `subject`; another subject is read from its beginning."""
        self._body.update(content)
        if subject != self._subject:
            self._subject = subject
            self.scroll_home(animate=False)

    def move_cursor(self, steps: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=steps, animate=False)

    def page(self, pages: int) -> None:
        """Scroll by screens."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

    def go_home(self) -> None:
        """Scroll to the beginning."""
        self.scroll_home(animate=False)

    def go_to_end(self) -> None:
        """Scroll to the end."""
        self.scroll_end(animate=False)
