"""A small dialog: one key for one choice. Reasons, targets, filters, sortings, formats.

Its keys are priority bindings: Textual runs those in the order of the keys, one after the other, so
that `r i a`, typed fast, is a rejection as intended and then an acceptance of the next finding.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from string import ascii_lowercase, digits
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Static

from xreview.domain.text import visible
from xreview.tui.actions import key_label

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class MenuChoice(Generic[Value]):
    """One choice: its key (one character), what it is called, what it means, what it stands for."""

    key: str
    label: str
    meaning: str
    value: Value


class ChoiceScreen(ModalScreen[None], Generic[Value]):
    """Asks for one of several choices. Enter takes the marked one, Escape none.

    Args:
        title: what is asked.
        choices: at least one, with different keys, each a lower-case letter or a digit.
        on_choice: gets the value of the choice that was taken; nothing is called on Escape.
        marked: the index of the one that Enter takes at first.
    """

    DEFAULT_CSS = """
    ChoiceScreen { align: center bottom; background: $background 40%; }
    ChoiceScreen > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 90%; margin-bottom: 2;
        border: round $accent; background: $surface; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel", priority=True),
        Binding("enter", "take", "take", priority=True),
        Binding("down,tab", "mark(1)", "next", show=False, priority=True),
        Binding("up,shift+tab", "mark(-1)", "previous", show=False, priority=True),
        *(
            Binding(key, f"choose('{key}')", show=False, priority=True)
            for key in ascii_lowercase + digits
        ),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[MenuChoice[Value]],
        on_choice: Callable[[Value], Awaitable[object]],
        marked: int = 0,
    ) -> None:
        super().__init__()
        self._on_choice = on_choice
        self._title = title
        self._choices = choices
        self._marked = marked
        self._list = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """The choices in a box at the bottom, near the keys."""
        box = Vertical(self._list)
        box.border_title = Content(visible(self._title))
        box.border_subtitle = "Enter takes the marked one · Esc cancels"
        yield box

    def on_mount(self) -> None:
        """Draw the choices."""
        self._draw()

    async def action_choose(self, key: str) -> None:
        """A choice's own key takes it at once."""
        for choice in self._choices:
            if choice.key == key:
                await self._take(choice)

    async def on_click(self, event: events.Click) -> None:
        """A click takes a choice; one beside the box cancels."""
        index: int | None = event.style.meta.get("choice")
        if index is not None:
            await self._take(self._choices[index])
        elif event.widget is self:
            self.action_leave()

    def action_leave(self) -> None:
        """Take nothing."""
        self.app.pop_screen()

    async def action_take(self) -> None:
        """Take the marked choice."""
        await self._take(self._choices[self._marked])

    def action_mark(self, steps: int) -> None:
        """Mark another choice."""
        self._marked = (self._marked + steps) % len(self._choices)
        self._draw()

    async def _take(self, choice: MenuChoice[Value]) -> None:
        self.app.pop_screen()
        await self._on_choice(choice.value)

    def _draw(self) -> None:
        widest = max(len(choice.label) for choice in self._choices)
        rows: list[Content] = []
        for index, choice in enumerate(self._choices):
            row = Content.assemble(
                "▸ " if index == self._marked else "  ",
                (f"{key_label(choice.key)}", "bold $text-accent"),
                f"  {visible(choice.label):<{widest}}  ",
                (visible(choice.meaning), "$text-muted"),
            )
            rows.append(row.stylize(Style.from_meta({"choice": index})))
        self._list.update(Content("\n").join(rows))
