"""A list that is read before one key acts on all of it."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from xreview.domain.text import visible


class ConfirmScreen(ModalScreen[None]):
    """Shows a list that scrolls. Enter acts, Escape does nothing.

    Args:
        title: what is asked.
        content: what Enter would act on.
        on_yes: called on Enter.
    """

    DEFAULT_CSS = """
    ConfirmScreen { align: center bottom; background: $background 40%; }
    ConfirmScreen > VerticalScroll {
        width: 90; max-width: 96%; height: auto; max-height: 90%; margin-bottom: 2;
        border: round $accent; background: $surface; padding: 0 1;
    }
    ConfirmScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "nothing", priority=True),
        Binding("enter", "take", "accept all", priority=True),
        Binding("j,down", "scroll(1)", "down", show=False, priority=True),
        Binding("k,up", "scroll(-1)", "up", show=False, priority=True),
        Binding("pagedown,space", "scroll(20)", "page down", show=False, priority=True),
        Binding("pageup", "scroll(-20)", "page up", show=False, priority=True),
    ]

    def __init__(
        self, title: str, content: Content, on_yes: Callable[[], Awaitable[object]]
    ) -> None:
        super().__init__()
        self._title = title
        self._content = content
        self._on_yes = on_yes

    def compose(self) -> ComposeResult:
        """The list in a box at the bottom, near the keys."""
        box = VerticalScroll(Static(self._content, markup=False), can_focus=False)
        box.border_title = Content(visible(self._title))
        box.border_subtitle = "Enter accepts all · Esc: nothing · j/k scroll"
        yield box

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    async def action_take(self) -> None:
        """Do it to all of the list."""
        self.app.pop_screen()
        await self._on_yes()

    def action_leave(self) -> None:
        """Do nothing."""
        self.app.pop_screen()
