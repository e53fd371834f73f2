"""Choosing the findings of an export, by decision and severity, and where it goes."""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from xreview.domain.record import dataclass
from xreview.domain.report import Severity
from xreview.domain.text import count_of
from xreview.tui.dialogs.dialog import Dialog, framed

if TYPE_CHECKING:  # not needed for the first frame
    from xreview.export.document import ExportEntry, Standing
    from xreview.export.format import ExportFormat
    from xreview.tui.app import XReviewApp

_KEYS = {
    "accepted": "a", "escalated": "e", "open": "o", "rejected": "r", "suppressed": "s",
    "critical": "c", "high": "h", "medium": "m", "low": "l",
}  # fmt: skip


class ExportTarget(Enum):
    """Where an export goes."""

    FILE = auto()
    CLIPBOARD = auto()


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """The answer; None means all of them."""

    standings: "frozenset[Standing] | None"
    severities: frozenset[Severity] | None
    target: ExportTarget


class ExportScreen(Dialog):
    """Asks which findings to export (letters toggle), and where; Escape returns to the formats."""

    DEFAULT_CSS = """
    ExportScreen > Vertical { overflow-y: auto; }
    ExportScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", priority=True),
        Binding("enter,w", "take('FILE')", "write a file", priority=True),
        Binding("y", "take('CLIPBOARD')", "copy", priority=True),
        Binding("asterisk,space", "switch_all", "all or none", priority=True),
        *(
            Binding(key, f"switch('{word}')", show=False, priority=True)
            for word, key in _KEYS.items()
        ),
    ]

    def __init__(
        self,
        format: "ExportFormat",
        entries: Sequence["ExportEntry"],
        on_chosen: Callable[[ExportChoice], Awaitable[object]],
        on_back: Callable[[], Awaitable[object]],
    ) -> None:
        from xreview.export.document import Standing

        super().__init__()
        self._format = format
        self._entries = entries
        self._on_chosen = on_chosen
        self._on_back = on_back
        self._standings = [standing for standing in Standing if standing in format.holds]
        self._offered = {*self._standings, *(severity.word for severity in Severity)}
        self._included: set[str] = set(self._offered)
        self._list = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Create the switches."""
        title = f"Export as {self._format.name}: which findings?"
        yield framed(self._list, title=title, keys="Enter file · y clipboard · Esc back")

    def on_mount(self) -> None:
        """Draw the switches."""
        self._draw()

    def action_switch(self, word: str) -> None:
        """Toggle a decision or a severity."""
        self._included ^= {word} & self._offered
        self._draw()

    def action_switch_all(self) -> None:
        """Include everything; if everything is included, exclude everything."""
        self._included = set() if self._included == self._offered else set(self._offered)
        self._draw()

    async def action_take(self, target: str) -> None:
        """Continue with the chosen findings."""
        standings = frozenset(one for one in self._standings if one in self._included)
        severities = frozenset(one for one in Severity if one.word in self._included)
        if not standings or not severities:
            self.app.notify(
                "Nothing is chosen. Press Space to choose everything.", severity="warning"
            )
            return
        self.app.pop_screen()
        chosen = ExportChoice(
            None if len(standings) == len(self._standings) else standings,
            None if len(severities) == len(Severity) else severities,
            ExportTarget[target],
        )
        await self._on_chosen(chosen)

    async def action_back(self) -> None:
        """Ask for the format again."""
        self.app.pop_screen()
        await self._on_back()

    async def on_click(self, event: events.Click) -> None:
        """Toggle the clicked switch; go back on a click outside the box."""
        word: str | None = event.style.meta.get("word")
        if word is not None:
            self.action_switch(word)
        elif event.widget is self:
            await self.action_back()

    def _draw(self) -> None:
        rows = [Content.styled("Decisions", "bold")]
        for standing in self._standings:
            count = sum(entry.standing is standing for entry in self._entries)
            rows.append(_row(standing.value, standing in self._included, count))
        rows.append(Content.styled("Severities", "bold"))
        for severity in reversed(Severity):
            count = sum(entry.finding.severity is severity for entry in self._entries)
            rows.append(_row(severity.word, severity.word in self._included, count))
        chosen = sum(
            {entry.standing, entry.finding.severity.word} <= self._included
            for entry in self._entries
        )
        rows.append(Content(f"{count_of(chosen, 'finding')} of {len(self._entries)} chosen"))
        self._list.update(Content("\n").join(rows))


def _row(word: str, is_on: bool, count: int) -> Content:
    row = Content.assemble(
        f"  [{'x' if is_on else ' '}] ",
        (_KEYS[word], "bold $text-accent"),
        f"  {word:<10} ",
        (f"{count:>4}", "$text-muted"),
    )
    return row.stylize(Style.from_meta({"word": word}))


async def open_export(app: "XReviewApp") -> None:
    """Export the review."""
    from xreview.tui.handoff.exporting import Exporting

    if (session := app.triage.session) is None:
        app.notify("Nothing to export yet.", severity="warning")
        return
    await Exporting(app.triage, session, app.options.journal, app.options.environ).ask()
