"""A dialog that takes one key for one choice: reasons, targets, filters, formats.

Its keys are priority bindings, which Textual runs in order, so that `r i a` typed fast rejects one
finding as intended and then accepts the next.
"""

from collections.abc import Awaitable, Callable, Sequence
from string import ascii_lowercase, digits
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from xreview.domain.record import dataclass
from xreview.domain.text import visible
from xreview.tui.dialogs.dialog import Dialog, framed
from xreview.tui.keys import key_label

ChoiceValue = TypeVar("ChoiceValue")

_STEPS = {"j": 1, "k": -1}


@dataclass(frozen=True, slots=True)
class MenuChoice(Generic[ChoiceValue]):
    """One choice. Its `key` is a lower-case letter, but j and k move the mark, or a digit."""

    key: str
    label: str
    meaning: str
    value: ChoiceValue


class ChoiceScreen(Dialog, Generic[ChoiceValue]):
    """Asks for one of several choices with distinct keys. Enter selects the marked one."""

    DEFAULT_CSS = """
    ChoiceScreen #about { height: auto; padding-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "select", priority=True),
        Binding("down,tab", "mark(1)", "next", show=False, priority=True),
        Binding("up,shift+tab", "mark(-1)", "previous", show=False, priority=True),
        *(
            Binding(key, f"choose('{key}')", show=False, priority=True)
            for key in ascii_lowercase + digits
        ),
    ]
    KEYS: ClassVar[str] = "Enter selects · Esc cancels"

    def __init__(
        self,
        title: str,
        choices: Sequence[MenuChoice[ChoiceValue]],
        on_choice: Callable[[ChoiceValue], Awaitable[object]],
        marked: int = 0,
        about: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._on_choice = on_choice
        self._title = title
        self._choices = choices
        self.marked = marked
        self._about = "\n".join(map(visible, about))
        self._list = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Create the text and the choices."""
        about = [Static(self._about, markup=False, id="about")] if self._about else []
        yield framed(*about, self._list, title=self._title, keys=self.KEYS)

    def on_mount(self) -> None:
        """Draw the choices."""
        self._draw()

    async def action_choose(self, key: str) -> None:
        """Select the choice that has this key; j and k move the mark unless a choice has them."""
        for choice in self._choices:
            if choice.key == key:
                await self._take(choice)
                return
        if key in _STEPS:
            self.action_mark(_STEPS[key])

    async def on_click(self, event: events.Click) -> None:
        """Select the clicked choice; cancel on a click outside the box."""
        index: int | None = event.style.meta.get("choice")
        if index is not None:
            await self._take(self._choices[index])
        elif event.widget is self:
            self.action_leave()

    async def action_take(self) -> None:
        """Select the marked choice."""
        await self._take(self._choices[self.marked])

    def action_mark(self, steps: int) -> None:
        """Move the mark."""
        self.marked = (self.marked + steps) % len(self._choices)
        self._draw()

    async def _take(self, choice: MenuChoice[ChoiceValue]) -> None:
        self.app.pop_screen()
        await self._on_choice(choice.value)

    def _draw(self) -> None:
        widest = max(len(choice.label) for choice in self._choices)
        rows: list[Content] = []
        for index, choice in enumerate(self._choices):
            row = Content.assemble(
                "▸ " if index == self.marked else "  ",
                (f"{key_label(choice.key)}", "bold $text-accent"),
                f"  {visible(choice.label):<{widest}}  ",
                (visible(choice.meaning), "$text-muted"),
            )
            rows.append(row.stylize(Style.from_meta({"choice": index})))
        self._list.update(Content("\n").join(rows))
