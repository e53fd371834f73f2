"""A dialog that takes one line of text: notes, searches, file names."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from xreview.tui.dialogs.dialog import Dialog, framed


class PromptScreen(Dialog):
    """Asks for a line of text. Push it with `await`, so that the next key already goes to it.

    Args:
        is_old: whether `value` is an earlier answer that the first typed letter replaces.
        on_cancel: called when the user cancels.
    """

    DEFAULT_CSS = """
    PromptScreen { background: $background 20%; }
    PromptScreen > Vertical { width: 90; }
    PromptScreen Input, PromptScreen Input:focus {
        border: none; height: 1; padding: 0; background: $surface;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", "confirm", priority=True)]

    def __init__(
        self,
        title: str,
        on_answer: Callable[[str], Awaitable[object]],
        value: str = "",
        *,
        is_old: bool = False,
        on_cancel: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        super().__init__()
        self._on_cancel = on_cancel
        self._title = title
        self._on_answer = on_answer
        self._input = Input(value, select_on_focus=is_old)

    def compose(self) -> ComposeResult:
        """Create the input line."""
        yield framed(self._input, title=self._title, keys="Enter confirms · Esc cancels")

    def on_mount(self) -> None:
        """Focus the input."""
        self.set_focus(self._input)

    async def action_take(self) -> None:
        """Pass the text on."""
        # Letters typed just before Enter may still wait in the input's own queue.
        written = asyncio.Event()
        self._input.call_later(written.set)
        await written.wait()
        self.app.pop_screen()
        await self._on_answer(self._input.value)

    def action_leave(self) -> None:
        """Close the dialog without an answer."""
        super().action_leave()
        if self._on_cancel is not None:
            self.app.call_later(self._on_cancel)
