"""A question to the author of a change, with a line for the answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from xreview.domain.text import visible
from xreview.tui.dialogs.dialog import Dialog, framed


class AuthorQuestion(Dialog):
    """Asks one question; Enter answers, Escape skips. Push it with `await`."""

    DEFAULT_CSS = """
    AuthorQuestion > Vertical { width: 96; }
    AuthorQuestion Static { height: auto; padding-bottom: 1; }
    AuthorQuestion Input, AuthorQuestion Input:focus {
        border: none; height: 1; padding: 0; background: $panel;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", "answer", priority=True)]

    def __init__(
        self,
        title: str,
        question: str,
        on_answer: Callable[[str | None], Awaitable[object]],
        value: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._question = Static(visible(question), markup=False)
        self._on_answer = on_answer
        self._input = Input(value)

    def compose(self) -> ComposeResult:
        """Create the question and the line."""
        keys = "Enter answers · Esc skips"
        yield framed(self._question, self._input, title=self._title, keys=keys)

    def on_mount(self) -> None:
        """Focus the line."""
        self.set_focus(self._input)

    async def action_take(self) -> None:
        """Pass the answer on."""
        # Letters typed just before Enter may still wait in the input's own queue.
        written = asyncio.Event()
        self._input.call_later(written.set)
        await written.wait()
        self.app.pop_screen()
        await self._on_answer(self._input.value)

    def action_leave(self) -> None:
        """Skip the question."""
        super().action_leave()
        self.app.call_later(self._on_answer, None)
