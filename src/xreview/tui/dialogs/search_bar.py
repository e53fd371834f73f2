"""The search line: takes the place of the footer, and searches while you type."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from xreview.tui.widgets.diff.search import MatchCount


class Sought(Protocol):
    """What shows matches while you type."""

    @property
    def name(self) -> str:
        """What it is, as in "search the code"."""
        ...

    async def seek(self, text: str) -> MatchCount:
        """Show the matches."""
        ...


class Searchable(Sought, Protocol):
    """What is searched match by match; it knows where the cursor was when the search began.

    `seek` marks the matches, and goes to the first one from there.
    """

    async def step(self, text: str, steps: int) -> MatchCount:
        """Mark the matches, and go to the next (1) or previous (-1) one from the cursor."""
        ...

    def go_back(self) -> None:
        """Return the cursor to where it was."""
        ...


class SearchBar(ModalScreen[None]):
    """One line at the bottom; the screen below stays in full view. Push it with `await`, so that
    the next key already goes to it.

    Args:
        previous: the text searched for before, which Enter repeats.
        on_end: gets the text to keep the search going, "" to end it.
    """

    DEFAULT_CSS = """
    SearchBar { align: left bottom; background: transparent; }
    SearchBar > Horizontal { height: 1; background: $surface; }
    SearchBar Static { width: auto; padding: 0 1; color: $text-accent; }
    SearchBar #count { color: $text-muted; }
    SearchBar Input, SearchBar Input:focus {
        width: 1fr; border: none; height: 1; padding: 0; background: $surface;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", "keep", priority=True),
        Binding("escape", "leave", "leave", priority=True),
    ]

    def __init__(
        self, sought: Sought, previous: str, on_end: Callable[[str], Awaitable[object]]
    ) -> None:
        super().__init__()
        self._sought = sought
        self._on_end = on_end
        self._previous = previous
        self._input = Input(placeholder=previous)
        self._count = Static("", id="count", markup=False)

    def compose(self) -> ComposeResult:
        """Create the line."""
        title = f"Search the {self._sought.name}"
        yield Horizontal(Static(title, markup=False), self._input, self._count)

    def on_mount(self) -> None:
        """Focus the input."""
        self.set_focus(self._input)

    @on(Input.Changed)
    def search(self, message: Input.Changed) -> None:
        """Search for what is typed so far."""
        message.stop()
        self.run_worker(self._search(message.value), group="search", exclusive=True)

    async def _search(self, text: str) -> None:
        count = await self._sought.seek(text)
        shown = "no matches" if text and not count.total else count.label if text else ""
        self._count.update(Content(shown))

    async def action_keep(self) -> None:
        """Keep the search, and close the line."""
        # Letters typed just before Enter may still wait in the input's own queue.
        written = asyncio.Event()
        self._input.call_later(written.set)
        await written.wait()
        await self._close(self._input.value or self._previous)

    async def action_leave(self) -> None:
        """Give up the search, and close the line."""
        await self._close("")

    async def _close(self, text: str) -> None:
        self.workers.cancel_group(self, "search")
        self.app.pop_screen()
        await self._on_end(text)
