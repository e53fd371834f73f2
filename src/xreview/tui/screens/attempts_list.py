"""The list of trials: the running one first, then those of this repository, then the others."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from xreview.domain.errors import XReviewError
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible
from xreview.review.session.contained import contained
from xreview.tui.dialogs.dialog import framed
from xreview.tui.handoff.attempts import AttemptDesk
from xreview.tui.widgets.row_list import ListedRow, RowHeading, RowList

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from xreview.review.attempts.listed import ListedTrial

READING = "Looking for attempts …"
NONE_KEPT = "No attempts are kept. Press n to give a task to several writers."
_ID = 8
"""Characters of an id, as on the command line."""
ELSEWHERE = "It is of another repository. Open it there."


@dataclass(frozen=True)
class TrialRow(ListedRow):
    """A trial in the list."""

    id: str = ""
    is_here: bool = True


def trial_rows(entries: Sequence["ListedTrial"], running: str) -> list[RowHeading | TrialRow]:
    """Return trials under headings, the latest first."""
    latest = sorted(entries, key=lambda one: one.started, reverse=True)
    groups = {
        "Running": [one for one in latest if one.id == running],
        "This repository": [one for one in latest if one.id != running and one.is_here],
        "Other repositories": [one for one in latest if one.id != running and not one.is_here],
    }
    rows: list[RowHeading | TrialRow] = []
    for title, found in groups.items():
        if found:
            rows.append(RowHeading(title, "", "bold"))
            rows += [_row(one, title == "Running") for one in found]
    return rows


def _row(one: "ListedTrial", is_running: bool) -> TrialRow:
    when = visible(one.started)[:16].replace("T", " ")
    count = count_of(len(one.labels), "attempt")
    where = "" if one.is_here else f" · {visible(one.repository)}"
    return TrialRow(
        key=one.id,
        sign="●" if is_running else "·",
        style="bold $text-accent" if is_running else "$text-muted",
        title=visible(one.title) or "no task",
        place=when,
        evidence=f"{visible(one.state)} · {count} · {visible(one.id[:_ID])}{where}",
        id=one.id,
        is_here=one.is_here,
    )


class AttemptsListScreen(ModalScreen[None]):
    """Lists trials; Enter opens one, n starts a new one."""

    DEFAULT_CSS = """
    AttemptsListScreen { align: center middle; background: $background 40%; }
    AttemptsListScreen > Vertical {
        width: 110; max-width: 96%; height: 80%;
        border: round $accent; background: $surface; padding: 0 1;
    }
    AttemptsListScreen RowList { height: 1fr; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,G", "leave", "close", priority=True),
        Binding("enter", "take", "open", priority=True),
        Binding("n", "begin", "new task", priority=True),
        Binding("j,down,tab", "move(1)", "next", show=False, priority=True),
        Binding("k,up,shift+tab", "move(-1)", "previous", show=False, priority=True),
        Binding("pagedown,space", "page(1)", "page down", show=False, priority=True),
        Binding("pageup", "page(-1)", "page up", show=False, priority=True),
        Binding("home,g", "move(-100000)", "first", show=False, priority=True),
        Binding("end", "move(100000)", "last", show=False, priority=True),
    ]
    KEYS: ClassVar[str] = "Enter opens · n new task · Esc closes"

    def __init__(
        self,
        desk: AttemptDesk,
        on_open: "Callable[[str], Awaitable[object]]",
        on_new: "Callable[[], Awaitable[object]]",
        *,
        begins_if_none: bool = False,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._on_open = on_open
        self._on_new = on_new
        self._begins_if_none = begins_if_none
        self.list: RowList[TrialRow] = RowList(id="trials")
        self.list.empty_text = READING

    def compose(self) -> ComposeResult:
        """Create the list."""
        yield framed(self.list, title="Attempts", keys=self.KEYS)

    def on_mount(self) -> None:
        """Read what is kept."""
        self.set_focus(self.list)
        self.run_worker(self._read(), group="listing", exclusive=True)

    async def _read(self) -> None:
        try:
            with contained("Listing attempts"):
                entries = await self._desk.trials().listed()
        except XReviewError as error:
            self.list.empty_text = "\n\n".join(filter(None, (error.message, error.advice)))
            self.list.show_rows([])
            return
        if not entries and self._begins_if_none and self.app.screen is self:
            # Not from here: a worker ends with its screen.
            self.app.call_later(self.action_begin)
            return
        running = self._desk.running
        self.list.empty_text = NONE_KEPT
        is_running = self._desk.is_running and running is not None
        self.list.show_rows(trial_rows(entries, running.id if is_running and running else ""))

    def action_move(self, steps: int) -> None:
        """Move by rows."""
        self.list.move_cursor(steps)

    def action_page(self, pages: int) -> None:
        """Move by screens."""
        self.list.page(pages)

    async def action_take(self) -> None:
        """Open the trial under the cursor."""
        row = self.list.current
        if row is None:
            return
        if not row.is_here:
            self._desk.say(ELSEWHERE)
            return
        self.app.pop_screen()
        await self._on_open(row.id)

    async def action_begin(self) -> None:
        """Ask for a new task."""
        self.app.pop_screen()
        await self._on_new()

    def action_leave(self) -> None:
        """Close the list."""
        self.app.pop_screen()
