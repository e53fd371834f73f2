"""A page of text over the app that scrolls: help, details, scorecard, lists to confirm."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from xreview.domain.text import visible


class PageScreen(ModalScreen[None]):
    """Shows text that scrolls."""

    DEFAULT_CSS = """
    PageScreen { align: center middle; background: $background 40%; }
    PageScreen > VerticalScroll {
        width: 104; max-width: 96%; height: auto; max-height: 92%;
        border: round $accent; background: $surface; padding: 1 2;
    }
    PageScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark,d", "leave", "close", priority=True),
        Binding("j,down", "scroll(1)", "down", show=False, priority=True),
        Binding("k,up", "scroll(-1)", "up", show=False, priority=True),
        Binding("pagedown,space", "scroll(20)", "page down", show=False, priority=True),
        Binding("pageup", "scroll(-20)", "page up", show=False, priority=True),
        Binding("home,g", "scroll(-100000)", "top", show=False, priority=True),
        Binding("end,G", "scroll(100000)", "end", show=False, priority=True),
    ]
    KEYS: ClassVar[str] = "j/k scroll · Esc closes"

    def __init__(self, title: str, content: Content) -> None:
        super().__init__()
        self._title = title
        self.body = Static(content, markup=False)

    def compose(self) -> ComposeResult:
        """Create the text in a scrolling box."""
        box = VerticalScroll(self.body, can_focus=False)
        box.border_title = Content(visible(self._title))
        box.border_subtitle = self.KEYS
        yield box

    def action_scroll(self, lines: int) -> None:
        """Scroll by `lines`."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Close the page."""
        self.app.pop_screen()
