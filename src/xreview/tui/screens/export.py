"""Which findings an export holds, by decision and severity, and where it goes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Static

from xreview.domain.report import Severity
from xreview.domain.text import count_of

if TYPE_CHECKING:  # the formats are not needed for the first frame
    from xreview.export.document import ExportEntry, Standing
    from xreview.export.format import ExportFormat

_KEYS = {
    "accepted": "a", "escalated": "e", "open": "o", "rejected": "r", "suppressed": "s",
    "critical": "c", "high": "h", "medium": "m", "low": "l",
}  # fmt: skip


class Target(Enum):
    """Where an export goes."""

    FILE = auto()
    CLIPBOARD = auto()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen; None where nothing is left out."""

    standings: "frozenset[Standing] | None"
    severities: frozenset[Severity] | None
    target: Target


class ExportScreen(ModalScreen[None]):
    """Asks which findings go into an export, and where it goes.

    Its letters switch decisions and severities on and off. Enter goes on to a file, `y` to the
    clipboard, Escape back to the formats.

    Args:
        format: decisions that it can't hold are not offered.
        entries: all that could go into it.
        on_chosen: gets what was chosen. on_back: is called on Escape.
    """

    DEFAULT_CSS = """
    ExportScreen { align: center bottom; background: $background 40%; }
    ExportScreen > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 90%; margin-bottom: 2;
        border: round $accent; background: $surface; padding: 0 1; overflow-y: auto;
    }
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
        on_chosen: Callable[[Chosen], Awaitable[object]],
        on_back: Callable[[], Awaitable[object]],
    ) -> None:
        from xreview.export.document import Standing

        super().__init__()
        self._format = format
        self._entries = entries
        self._on_chosen = on_chosen
        self._on_back = on_back
        self._offered = [standing for standing in Standing if standing in format.holds]
        self._standings: set[Standing] = set(self._offered)
        self._severities: set[Severity] = set(Severity)
        self._list = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """The switches in a box at the bottom, near the keys."""
        box = Vertical(self._list)
        box.border_title = Content(f"Export as {self._format.name}: which findings?")
        box.border_subtitle = "Enter file · y clipboard · Esc back"
        yield box

    def on_mount(self) -> None:
        """Draw the switches."""
        self._draw()

    def action_switch(self, word: str) -> None:
        """Take a decision or a severity in, or leave it out."""
        for standing in self._offered:
            if standing.value == word:
                self._standings ^= {standing}
        for severity in Severity:
            if severity.word == word:
                self._severities ^= {severity}
        self._draw()

    def action_switch_all(self) -> None:
        """Take everything in; where everything is in, leave everything out."""
        is_all = self._has_every_standing and self._has_every_severity
        self._standings = set() if is_all else set(self._offered)
        self._severities = set() if is_all else set(Severity)
        self._draw()

    async def action_take(self, target: str) -> None:
        """Go on with what is switched on."""
        if not self._standings or not self._severities:
            self.app.notify("Nothing is chosen: Space takes everything in.", severity="warning")
            return
        self.app.pop_screen()
        chosen = Chosen(
            None if self._has_every_standing else frozenset(self._standings),
            None if self._has_every_severity else frozenset(self._severities),
            Target[target],
        )
        await self._on_chosen(chosen)

    async def action_back(self) -> None:
        """Ask for the format again."""
        self.app.pop_screen()
        await self._on_back()

    async def on_click(self, event: events.Click) -> None:
        """A click on a switch switches it; one beside the box goes back."""
        word: str | None = event.style.meta.get("word")
        if word is not None:
            self.action_switch(word)
        elif event.widget is self:
            await self.action_back()

    @property
    def _has_every_standing(self) -> bool:
        return len(self._standings) == len(self._offered)

    @property
    def _has_every_severity(self) -> bool:
        return len(self._severities) == len(Severity)

    def _draw(self) -> None:
        rows = [Content.styled("Decisions", "bold")]
        for standing in self._offered:
            count = sum(entry.standing is standing for entry in self._entries)
            rows.append(_row(standing.value, standing in self._standings, count))
        rows.append(Content.styled("Severities", "bold"))
        for severity in reversed(Severity):
            count = sum(entry.finding.severity is severity for entry in self._entries)
            rows.append(_row(severity.word, severity in self._severities, count))
        chosen = sum(
            entry.standing in self._standings and entry.finding.severity in self._severities
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
