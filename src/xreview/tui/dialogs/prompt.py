"""A one-line question: notes, searches, file names."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from xreview.domain.text import visible


class PromptScreen(ModalScreen[None]):
    """Asks for a line of text. Push it with `await`, so that the next key is already the answer's.

    Args:
        title: what is asked.
        on_answer: gets the text; nothing is called on Escape.
        value: what stands there at first.
        is_old: whether that is an earlier answer, which the first letter replaces.
    """

    DEFAULT_CSS = """
    PromptScreen { align: center bottom; background: $background 20%; }
    PromptScreen > Vertical {
        width: 90; max-width: 96%; height: auto; margin-bottom: 2;
        border: round $accent; background: $surface; padding: 0 1;
    }
    PromptScreen Input, PromptScreen Input:focus {
        border: none; height: 1; padding: 0; background: $surface;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel", priority=True),
        Binding("enter", "take", "take", priority=True),
    ]

    def __init__(
        self,
        title: str,
        on_answer: Callable[[str], Awaitable[object]],
        value: str = "",
        *,
        is_old: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._on_answer = on_answer
        self._input = Input(value, select_on_focus=is_old)

    def compose(self) -> ComposeResult:
        """The question in a box at the bottom."""
        box = Vertical(self._input)
        box.border_title = Content(visible(self._title))
        box.border_subtitle = "Enter takes it · Esc cancels"
        yield box

    def on_mount(self) -> None:
        """Be ready for the first letter."""
        self.set_focus(self._input)

    async def action_take(self) -> None:
        """Answer with what was typed."""
        # Letters typed just before Enter may still wait in the input's own queue.
        written = asyncio.Event()
        self._input.call_later(written.set)
        await written.wait()
        self.app.pop_screen()
        await self._on_answer(self._input.value)

    def action_leave(self) -> None:
        """Answer nothing."""
        self.app.pop_screen()
