"""The dialog before attempts: the task, who writes, which checks, at what cost."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from xreview.config.schema import Settings
from xreview.domain.errors import UsageError
from xreview.domain.text import visible
from xreview.review.attempts.wish import LONGEST_TASK, TrialWish
from xreview.tui.dialogs.dialog import Dialog, framed
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.dialogs.writer_rows import NOBODY, WriterRows

if TYPE_CHECKING:
    from xreview.review.attempts.seating import WriterChoice

NO_TASK = "Write the task first."
NO_WRITER = "Choose a writer first: press Tab, then Space."
TOO_LONG = f"The task is longer than {LONGEST_TASK:,} characters. Shorten it."
_NARROW = 92
"""Columns below which not all keys fit."""
_TASK, _LOW_TASK, _LOW = 6, 3, 30
"""Rows of the task, those on a low screen, and below how many rows a screen is low."""


class AttemptDialog(Dialog):
    """Asks for a task and its writers. The writers arrive after it is shown (`show_choices`).

    Args:
        on_start: gets what the user wants. on_wish: called when preset or writers change.
        on_preview: shows what would be sent. on_edit: edits the task in the user's editor.
        on_leave: gets the task when the dialog is left without a start.
    """

    DEFAULT_CSS = """
    AttemptDialog > Vertical { width: 100; overflow-y: auto; scrollbar-size-vertical: 1; }
    AttemptDialog Static { height: auto; }
    AttemptDialog TextArea, AttemptDialog TextArea:focus {
        border: none; padding: 0; height: 6; background: $panel; margin-bottom: 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel", priority=True),
        Binding("ctrl+d,f2", "start", "start", priority=True),
        Binding("ctrl+e", "edit", "in your editor", priority=True),
        Binding("tab,shift+tab", "switch", "task or writers", priority=True),
    ]
    KEYS: ClassVar[str] = "Ctrl+D starts · Tab writers · Ctrl+E editor · Esc cancels"
    ROW_KEYS: ClassVar[str] = (
        "Enter starts · Space chooses · p preset · c check · b budget · f from · v what is sent"
    )
    FEW_ROW_KEYS: ClassVar[str] = "Enter starts · p preset · c check · b budget · f from · v read"

    def __init__(
        self,
        settings: Settings,
        draft: str,
        *,
        on_start: Callable[[TrialWish], Awaitable[object]],
        on_wish: Callable[["AttemptDialog", bool], object],
        on_preview: Callable[[TrialWish], object],
        on_edit: Callable[[str], str | None],
        on_leave: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._begin = on_start
        self._renew = on_wish
        self._preview = on_preview
        self._edit = on_edit
        self._keep = on_leave
        self._field = TextArea(draft, id="task", show_line_numbers=False)
        self.rows = WriterRows(settings)
        self._box = framed(
            Static("Task: what is to be done, in your words", classes="label"),
            self._field,
            self.rows,
            title="New attempts",
            keys=self.KEYS,
        )

    def compose(self) -> ComposeResult:
        """Create the fields."""
        yield self._box

    def on_mount(self) -> None:
        """Start at the end of the task; look for writers."""
        self.set_focus(self._field)
        self._field.move_cursor(self._field.document.end)
        self._renew(self, True)

    def on_resize(self) -> None:
        """Leave room for the writers on a low screen."""
        self._field.styles.height = _LOW_TASK if self.app.size.height < _LOW else _TASK

    @property
    def wish(self) -> TrialWish:
        """What is asked for so far."""
        wish = TrialWish(self._field.text.strip(), self.rows.names, preset=self.rows.preset)
        return self.rows.terms.wish(wish)

    def show_choices(self, choices: Sequence["WriterChoice"]) -> None:
        """Show who can write."""
        self.rows.show_choices(choices)

    def show_why(self, why: str) -> None:
        """Show why the writers have these tiers, or what is wrong with them; raw."""
        self.rows.why = why
        self.rows.draw()

    def on_writer_rows_preset_wanted(self) -> None:
        """Look for the writers of a preset."""
        self._renew(self, True)

    def on_writer_rows_writers_chosen(self) -> None:
        """Say what these writers mean."""
        self._renew(self, False)

    async def on_writer_rows_start_wanted(self) -> None:
        """Begin."""
        await self.action_start()

    def on_writer_rows_preview_wanted(self) -> None:
        """Show what would be sent."""
        if self.wish.task:
            self._preview(self.wish)
        else:
            self.app.notify(NO_TASK, severity="warning")

    async def on_writer_rows_term_wanted(self, message: WriterRows.TermWanted) -> None:
        """Ask for the value of a term."""
        term, rows = message.term, self.rows

        async def take(text: str) -> None:
            try:
                rows.terms = rows.terms.having(term, text)
            except UsageError as error:
                self.app.notify(visible(str(error)), severity="warning", markup=False)
            rows.draw()

        prompt = PromptScreen(term.value, take, rows.terms.value(term), is_old=True)
        await self.app.push_screen(prompt)

    def action_switch(self) -> None:
        """Go to the other field."""
        is_in_task = self.focused is self._field
        self.set_focus(self.rows if is_in_task else self._field)
        is_narrow = self.app.size.width < _NARROW
        row_keys = self.FEW_ROW_KEYS if is_narrow else self.ROW_KEYS
        self._box.border_subtitle = row_keys if is_in_task else self.KEYS

    async def action_edit(self) -> None:
        """Edit the task in the user's editor."""
        await self._typed()
        edited = self._edit(self._field.text)
        if edited is not None:
            self._field.text = edited
            self._field.move_cursor(self._field.document.end)

    async def action_start(self) -> None:
        """Start, unless something is missing."""
        await self._typed()
        choices = self.rows.choices
        if not self.wish.task:
            self.app.notify(NO_TASK, severity="warning")
        elif len(self.wish.task) > LONGEST_TASK:
            self.app.notify(TOO_LONG, severity="warning")
        elif choices is None:
            self.app.notify("Still looking for writers. Try again in a moment.")
        elif not self.rows.chosen:
            is_any = any(one.is_usable for one in choices)
            self.app.notify(NO_WRITER if is_any else NOBODY, severity="warning", markup=False)
        else:
            self.app.pop_screen()
            await self._begin(self.wish)

    def action_leave(self) -> None:
        """Close it, and keep the task for later."""
        self._keep(self._field.text)
        self.app.pop_screen()

    async def _typed(self) -> None:
        # Letters typed just before the key may still wait in the field's own queue.
        written = asyncio.Event()
        self._field.call_later(written.set)
        await written.wait()
