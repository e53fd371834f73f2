"""The frames of dialogs: a box at the bottom of the screen, and a page of text that scrolls."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from xreview.domain.text import visible


class Dialog(ModalScreen[None]):
    """A modal box near the keys; Escape closes it."""

    DEFAULT_CSS = """
    Dialog { align: center bottom; background: $background 40%; }
    Dialog > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 90%; margin-bottom: 2;
        border: round $accent; background: $surface; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "cancel", priority=True)]

    def action_leave(self) -> None:
        """Close the dialog without an answer."""
        self.app.pop_screen()


def framed(*content: Widget, title: str, keys: str) -> Vertical:
    """Return the box of a dialog, with `keys` as its bottom line."""
    box = Vertical(*content)
    box.border_title = Content(visible(title))
    box.border_subtitle = keys
    return box


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
