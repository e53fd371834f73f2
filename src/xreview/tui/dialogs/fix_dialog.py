"""The dialog before a fix: which findings, which fixer, which checks, at what cost."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from xreview.config.tables import FixSettings
from xreview.domain.finding import Finding
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible, visible_block
from xreview.tui.dialogs.dialog import Dialog, PageScreen, framed
from xreview.tui.widgets.fixing.cutting import cut_to, named_and_placed
from xreview.tui.widgets.text_pane import TextPart

if TYPE_CHECKING:
    from xreview.review.fixing.choosing import FixerChoice

LOOKING = "Looking for fixers …"
NOBODY = (
    "Nobody here can fix these findings. Install and log in to a coding agent, or set the key of a "
    "model. Press Esc, then Y to copy the findings as a prompt."
)
NO_CHECKS = "none: nothing shows that the rest works (fix.check)"
NOTHING_SENT = "Nothing is sent: the suggested replacements are applied as they are."
_MOST_FINDINGS = 6
_FEWEST_FINDINGS = 3
_LOW = 36
"""Rows of a screen in which fewer findings are named, so that the fixers are seen."""
_WIDTH = 92
_FRAME = 4


@dataclass(frozen=True)
class FixPlan:
    """What can be handed over: all accepted findings, and those of them that are selected."""

    accepted: tuple[Finding, ...]
    selected: tuple[Finding, ...]
    settings: FixSettings


def replaceable(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings with a replacement to apply."""
    return tuple(one for one in findings if any(map(_has_replacement, one.reports)))


def _has_replacement(report: object) -> bool:
    suggestion = getattr(report, "suggestion", None)
    return suggestion is not None and suggestion.replacement is not None


class FixDialog(Dialog):
    """Asks for a fixer. The fixers arrive after it is shown (`show_fixers`)."""

    DEFAULT_CSS = """
    FixDialog > Vertical { width: 92; overflow-y: auto; scrollbar-size-vertical: 1; }
    FixDialog Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "start", priority=True),
        Binding("j,down,tab", "mark(1)", "next", show=False, priority=True),
        Binding("k,up,shift+tab", "mark(-1)", "previous", show=False, priority=True),
        Binding("s", "switch", "all or selected", priority=True),
        Binding("v", "read", "read what is sent", priority=True),
    ]
    KEYS: ClassVar[str] = "Enter starts · j/k fixer · v read what is sent · Esc cancels"

    def __init__(
        self,
        plan: FixPlan,
        on_start: Callable[[Sequence[Finding], FixerIdentity], None],
        text_of: Callable[[Sequence[Finding]], str],
    ) -> None:
        super().__init__()
        self._plan = plan
        self._on_start = on_start
        self._text_of = text_of
        self._fixers: Sequence[FixerChoice] | None = None
        self._marked = 0
        self._takes_selected = bool(plan.selected)
        self._body = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Create the text."""
        yield framed(self._body, title="Fix accepted findings", keys=self.KEYS)

    def on_mount(self) -> None:
        """Draw it."""
        self._draw()

    def on_resize(self) -> None:
        """Draw it for the new size."""
        self._draw()

    def show_fixers(self, fixers: Sequence["FixerChoice"]) -> None:
        """Show who can fix; the default one is marked."""
        fixers = self._fixers = sorted(fixers, key=lambda one: bool(one.why_not))
        usable = [index for index, one in enumerate(fixers) if not one.why_not]
        default = [index for index in usable if fixers[index].is_default]
        self._marked = next(iter([*default, *usable]), 0)
        self._draw()

    @property
    def _chosen(self) -> "FixerChoice | None":
        return self._fixers[self._marked] if self._fixers else None

    @property
    def _findings(self) -> tuple[Finding, ...]:
        """What the marked fixer gets."""
        findings = self._plan.selected if self._takes_selected else self._plan.accepted
        return replaceable(findings) if _is_mechanical(self._chosen) else findings

    def action_mark(self, steps: int) -> None:
        """Mark another fixer that can be used."""
        fixers = self._fixers or ()
        usable = [index for index, one in enumerate(fixers) if not one.why_not]
        if usable:
            at = usable.index(self._marked) if self._marked in usable else -1
            self._marked = usable[(at + steps) % len(usable)]
            self._draw()

    def action_switch(self) -> None:
        """Take all accepted findings, or the selected ones."""
        if self._plan.selected:
            self._takes_selected = not self._takes_selected
            self._draw()

    async def action_read(self) -> None:
        """Show what is said to the fixer, as it will be sent."""
        text = NOTHING_SENT
        if not _is_mechanical(self._chosen):
            text = visible_block(self._text_of(self._findings))
        await self.app.push_screen(PageScreen("What is sent to the fixer", Content(text)))

    def action_take(self) -> None:
        """Start the fix."""
        chosen = self._chosen
        if self._fixers is None:
            self.app.notify("Still looking for fixers. Try again in a moment.")
        elif chosen is None or chosen.why_not:
            self.app.notify(NOBODY, severity="warning", markup=False)
        elif not self._findings:
            self.app.notify(
                "None of these findings has a replacement. Choose another fixer.",
                severity="warning",
            )
        else:
            self.app.pop_screen()
            self._on_start(self._findings, chosen.identity)

    def on_click(self, event: events.Click) -> None:
        """Mark the clicked fixer; cancel on a click outside the box."""
        index: int | None = event.style.meta.get("fixer")
        if index is not None and self._fixers and not self._fixers[index].why_not:
            self._marked = index
            self._draw()
        elif event.widget is self:
            self.action_leave()

    def _draw(self) -> None:
        settings = self._plan.settings
        checks = "\n           ".join(map(visible, settings.check)) or NO_CHECKS
        parts: list[TextPart | Content] = [
            *_which_parts(self._plan, self._findings, takes_selected=self._takes_selected),
            *self._finding_rows(),
            ("Checks     ", "bold"),
            (f"{checks}\n", "" if settings.check else "$text-warning"),
            ("At most    ", "bold"),
            f"{self._most}\n",
            ("\nFixer\n", "bold"),
            *self._fixer_rows(),
            ("\nYour files stay unchanged until you apply the patch.", "$text-muted"),
        ]
        self._body.update(Content.assemble(*parts))

    @property
    def _room(self) -> int:
        """The columns of a line: what `max-width` leaves, without frame and scroll bar."""
        return min(_WIDTH, self.app.size.width * 96 // 100) - _FRAME - 1

    @property
    def _most(self) -> str:
        settings = self._plan.settings
        if _is_mechanical(self._chosen):
            return "no cost"
        return f"${settings.budget:.2f} and {count_of(settings.minutes, 'minute')}"

    def _finding_rows(self) -> list[TextPart]:
        findings = self._findings
        most = _MOST_FINDINGS if self.app.size.height >= _LOW else _FEWEST_FINDINGS
        parts: list[TextPart] = []
        for one in findings[:most]:
            severity = one.severity.word
            place = visible(f"{one.anchor.path}:{one.anchor.start_line}")
            head = f"  {severity:<8} "
            title, place = named_and_placed(visible(one.lead.title), place, self._room - len(head))
            parts += [(head, f"bold $severity-{severity}"), title]
            parts.append((f"  {place}\n", "$text-muted"))
        if (rest := len(findings) - most) > 0:
            parts.append((f"  and {rest} more\n", "$text-muted"))
        return parts

    def _fixer_rows(self) -> list[Content]:
        if self._fixers is None:
            return [Content.styled(f"  {LOOKING}\n", "$text-muted")]
        if not self._fixers or all(one.why_not for one in self._fixers):
            rows = [Content.styled(f"  {NOBODY}\n", "$text-warning")]
        else:
            rows = []
        for index, one in enumerate(self._fixers):
            is_marked = index == self._marked and not one.why_not
            default = "  default" if one.is_default else ""
            label = cut_to(visible(one.identity.label), self._room - len(default) - 2)
            left = self._room - len(default) - cell_len(label) - 4
            about = cut_to(visible(one.why_not or one.about), left)
            row = Content.assemble(
                "▸ " if is_marked else "  ",
                (label, "bold" if is_marked else ""),
                (default, "$text-accent"),
                (f"  {about}" if about else "", "$text-warning" if one.why_not else "$text-muted"),
                "\n",
            )
            dimmed = row.stylize("$text-muted") if one.why_not else row
            rows.append(dimmed.stylize(Style.from_meta({"fixer": index})))
        return rows


def _is_mechanical(choice: "FixerChoice | None") -> bool:
    return choice is not None and choice.identity.kind is FixerKind.MECHANICAL


def _which_parts(
    plan: FixPlan, findings: Sequence[Finding], *, takes_selected: bool
) -> list[TextPart]:
    chosen = plan.selected if takes_selected else plan.accepted
    which = f"{count_of(len(chosen), 'finding')} selected" if takes_selected else (
        f"all {count_of(len(chosen), 'accepted finding')}"
        if len(chosen) > 1
        else "the accepted finding"
    )  # fmt: skip
    other = "the selected" if not takes_selected else "all accepted"
    switch = f" (s: {other})" if plan.selected else ""
    parts: list[TextPart] = [("Findings   ", "bold"), f"{which}", (f"{switch}\n", "$text-muted")]
    if len(findings) < len(chosen):
        had = f"{len(findings)} of {len(chosen)} have a replacement; the others stay as they are\n"
        parts.append((f"  {had}", "$text-warning"))
    return parts
