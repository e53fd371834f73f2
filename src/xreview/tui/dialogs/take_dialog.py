"""The dialog before an attempt or a graft comes into your files: what is written, and why."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible
from xreview.tui.dialogs.dialog import Dialog, framed

if TYPE_CHECKING:
    from xreview.tui.widgets.text_pane import TextPart

_MOST_PATHS = 8
_LEFT_OUT = "left out and named"
_MARKED = "written with conflict markers"


@dataclass(frozen=True, slots=True)
class TakePlan:
    """What would be written.

    Args:
        paths: the files that change, raw. worries: why to look twice, in safe sentences.
    """

    title: str
    paths: tuple[str, ...]
    worries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeAnswer:
    """What the user said: why, and whether conflicts are written with markers."""

    reason: str
    with_conflicts: bool


class TakeDialog(Dialog):
    """Shows what would be written, and asks for a reason, which can be empty."""

    DEFAULT_CSS = """
    TakeDialog > Vertical { width: 92; }
    TakeDialog Static { height: auto; }
    TakeDialog Input, TakeDialog Input:focus {
        border: none; height: 1; padding: 0; background: $panel;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "take", priority=True),
        Binding("tab", "switch", "conflicts", priority=True),
    ]
    KEYS: ClassVar[str] = "Enter takes · Tab conflicts · Esc cancels"

    def __init__(
        self, plan: TakePlan, on_answer: Callable[[TakeAnswer], Awaitable[object]]
    ) -> None:
        super().__init__()
        self._plan = plan
        self._on_answer = on_answer
        self._with_conflicts = False
        self._about = Static("", markup=False)
        self._reason = Input(placeholder="why this one? Optional; kept in the journal.")

    def compose(self) -> ComposeResult:
        """Create the text and the line for the reason."""
        yield framed(self._about, self._reason, title=self._plan.title, keys=self.KEYS)

    def on_mount(self) -> None:
        """Start in the reason."""
        self.app.clear_notifications()  # they would cover it
        self.set_focus(self._reason)
        self._draw()

    def action_switch(self) -> None:
        """Leave conflicting files out, or write them with markers."""
        self._with_conflicts = not self._with_conflicts
        self._draw()

    async def action_take(self) -> None:
        """Take it."""
        # Letters typed just before Enter may still wait in the input's own queue.
        written = asyncio.Event()
        self._reason.call_later(written.set)
        await written.wait()
        self.app.pop_screen()
        await self._on_answer(TakeAnswer(self._reason.value.strip(), self._with_conflicts))

    def _draw(self) -> None:
        plan = self._plan
        parts: list[TextPart] = [(f"{one}\n", "$text-warning") for one in plan.worries]
        parts.append((f"Written into {count_of(len(plan.paths), 'file')} of yours\n", "bold"))
        parts += [f"  {visible(path)}\n" for path in plan.paths[:_MOST_PATHS]]
        if (rest := len(plan.paths) - _MOST_PATHS) > 0:
            parts.append((f"  and {rest} more\n", "$text-muted"))
        conflicts = _MARKED if self._with_conflicts else _LEFT_OUT
        parts += [
            ("Where you changed the same lines: ", "bold"),
            f"{conflicts}\n",
            ("Nothing is committed; you can undo it while nothing else changes.\n", "$text-muted"),
            ("\nReason", "bold"),
        ]
        self._about.update(Content.assemble(*parts))
