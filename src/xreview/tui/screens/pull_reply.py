"""The editor of a reply to a thread: several lines, kept until it is sent."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from xreview.domain.text import visible, visible_block
from xreview.tui.dialogs.dialog import Dialog, framed


class ReplyEditor(Dialog):
    """Edits a text; closing it keeps what was typed.

    Args:
        on_keep: called with the text; it isn't sent by that.
    """

    DEFAULT_CSS = """
    ReplyEditor > Vertical { width: 100; }
    ReplyEditor TextArea, ReplyEditor TextArea:focus {
        border: none; padding: 0; height: 10; background: $surface;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+d,f2", "keep", "keep the text", priority=True),
    ]

    def __init__(self, title: str, text: str, on_keep: Callable[[str], object]) -> None:
        super().__init__()
        self._title = title
        self._on_keep = on_keep
        # The offered text quotes what others wrote.
        self._text = TextArea(visible_block(text), show_line_numbers=False)

    def compose(self) -> ComposeResult:
        """Create the field."""
        keys = "Esc keeps the text · Enter on the thread sends it"
        yield framed(self._text, title=f"Reply: {visible(self._title)}", keys=keys)

    def on_mount(self) -> None:
        """Start at the end of the text."""
        self.set_focus(self._text)
        self._text.move_cursor(self._text.document.end)

    async def action_keep(self) -> None:
        """Close the editor, and keep what was typed."""
        # Letters typed just before the key may still wait in the field's own queue.
        written = asyncio.Event()
        self._text.call_later(written.set)
        await written.wait()
        self.app.pop_screen()
        self._on_keep(self._text.text)
