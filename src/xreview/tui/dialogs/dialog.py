"""The frame that all dialogs share: a box at the bottom of the screen, closed with Escape."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

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
