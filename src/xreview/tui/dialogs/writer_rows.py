"""The part of the dialog for attempts that says who writes, which checks run, and at what cost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from xreview.config.schema import Settings
from xreview.domain.attempt.seat import Preset
from xreview.domain.text import count_of, visible
from xreview.tui.dialogs.trial_terms import TrialTerm, TrialTerms
from xreview.tui.widgets.fixing.cutting import cut_to

if TYPE_CHECKING:
    from xreview.domain.stakes.tier import Tier
    from xreview.review.attempts.seating import WriterChoice
    from xreview.tui.widgets.text_pane import TextPart

LOOKING = "Looking for writers …"
NOBODY = (
    "Nobody here can write. Install and log in to a coding agent, or set the key of a model; "
    "`xreview-tui models` shows what is missing."
)
NO_CHECKS = "none: nothing shows that an attempt works (fix.check)"
PRESETS: dict[Preset | None, str] = {
    None: "none: the writers below",
    Preset.SWAP: "swap: two writers, each reviews the other",
    Preset.THREE: "three: three families",
    Preset.FAST_DEEP: "fast-deep: fast models write, deep ones review",
}
FILES = "your files as they are"
WriterKey = tuple[str, "Tier"]
"""The name of a writer, and its tier."""


class WriterRows(Static, can_focus=True, inherit_bindings=False):
    """The writers to choose from, and what else is set."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "mark(1)", "next", show=False),
        Binding("k,up", "mark(-1)", "previous", show=False),
        Binding("space,x", "choose", "choose", show=False),
        Binding("p", "preset", "preset", show=False),
        Binding("v", "read", "read what is sent", show=False),
        Binding("enter", "start", "start", show=False),
        Binding("c", "set('CHECK')", "check", show=False),
        Binding("b", "set('BUDGET')", "budget", show=False),
        Binding("f", "set('START')", "start from", show=False),
    ]

    class PresetWanted(Message):
        """Another preset."""

    class WritersChosen(Message):
        """Other writers."""

    class PreviewWanted(Message):
        """What would be sent."""

    class StartWanted(Message):
        """Begin."""

    class TermWanted(Message):
        """Another value of a term."""

        def __init__(self, term: TrialTerm) -> None:
            super().__init__()
            self.term = term

    def __init__(self, settings: Settings) -> None:
        super().__init__("", markup=False)
        self._settings = settings
        self.preset: Preset | None = None
        self.terms = TrialTerms()
        self.why = ""
        self.choices: Sequence[WriterChoice] | None = None
        self.chosen: tuple[WriterKey, ...] = ()
        self._marked = 0

    def on_resize(self) -> None:
        """Draw for the new width."""
        self.draw()

    def on_focus(self) -> None:
        """Show the mark."""
        self.draw()

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self.draw()

    def show_choices(self, choices: Sequence["WriterChoice"]) -> None:
        """Show who can write; those that do by default are chosen."""
        self.choices = sorted(choices, key=lambda one: not one.is_usable)
        self.chosen = tuple(_key(one) for one in self.choices if one.is_default and one.is_usable)
        self._marked = min(self._marked, max(0, len(self.choices) - 1))
        self.draw()

    @property
    def names(self) -> tuple[str, ...]:
        """The chosen writers, as a wish names them; () for the default."""
        choices = self.choices or ()
        if self.chosen == tuple(_key(one) for one in choices if one.is_default and one.is_usable):
            return ()
        return tuple(f"{name}:{tier.value}" for name, tier in self.chosen)

    def action_mark(self, steps: int) -> None:
        """Move the mark."""
        if self.choices:
            self._marked = (self._marked + steps) % len(self.choices)
            self.draw()

    def action_choose(self) -> None:
        """Choose the marked writer, or don't."""
        if not self.choices:
            return
        one = self.choices[self._marked]
        if not one.is_usable:
            self.app.notify(visible(one.why_not), severity="warning", markup=False)
            return
        without = tuple(key for key in self.chosen if key != _key(one))
        chosen = without if len(without) < len(self.chosen) else (*self.chosen, _key(one))
        self.chosen = chosen
        self.draw()
        self.post_message(self.WritersChosen())

    def action_preset(self) -> None:
        """Take the next preset."""
        order = list(PRESETS)
        self.preset = order[(order.index(self.preset) + 1) % len(order)]
        self.choices, self.why = None, ""
        self.draw()
        self.post_message(self.PresetWanted())

    def action_read(self) -> None:
        """Ask for what would be sent."""
        self.post_message(self.PreviewWanted())

    def action_start(self) -> None:
        """Ask to begin."""
        self.post_message(self.StartWanted())

    def action_set(self, term: str) -> None:
        """Ask for another value of a term."""
        self.post_message(self.TermWanted(TrialTerm[term]))

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked writer, or don't."""
        index: int | None = event.style.meta.get("writer")
        if index is not None and self.choices:
            self._marked = index
            self.action_choose()

    def draw(self) -> None:
        """Draw it all."""
        attempts, checks = self._settings.attempts, self.terms.checks(self._settings)
        told = "\n         ".join(map(visible, checks)) or NO_CHECKS
        budget = attempts.budget if self.terms.budget is None else self.terms.budget
        most = f"${budget:.2f} for all, {count_of(attempts.minutes, 'minute')} each"
        blind = "hidden until you pick (attempts.blind)" if attempts.blind else "shown"
        lines: list[TextPart | Content] = [
            ("Preset   ", "bold"), f"{PRESETS[self.preset]}\n",
            ("Checks   ", "bold"), (f"{told}\n", "" if checks else "$text-warning"),
            ("At most  ", "bold"), f"{most}\n",
            ("From     ", "bold"), f"{visible(self.terms.revision) or FILES}\n",
            ("Names    ", "bold"), f"{blind}\n",
            ("\nWriters\n", "bold"),
            *self._rows(),
            (f"\n{visible(self.why)}" if self.why else "", "$text-muted"),
            ("\nYour files stay unchanged until you take an attempt.", "$text-muted"),
        ]  # fmt: skip
        self.update(Content.assemble(*lines))

    def _rows(self) -> list[Content]:
        if self.choices is None:
            return [Content.styled(f"  {LOOKING}\n", "$text-muted")]
        rows: list[Content] = []
        if not any(one.is_usable for one in self.choices):
            rows.append(Content.styled(f"  {NOBODY}\n", "$text-warning"))
        room = max(20, self.size.width - 1)
        for index, one in enumerate(self.choices):
            is_marked = index == self._marked and self.has_focus
            sign = "[x]" if _key(one) in self.chosen else "[ ]" if one.is_usable else " · "
            name = f"{one.identity.name}:{one.tier.value}"
            model = f" {one.identity.model}" if one.identity.model else ""
            default = "  default" if one.is_default else ""
            label = cut_to(visible(f"{name}{model}"), room - len(default) - 8)
            about = cut_to(visible(one.why_not or one.about), room - len(label + default) - 9)
            row = Content.assemble(
                "▸ " if is_marked else "  ",
                (sign, "bold $text-accent"),
                (f" {label}", "bold" if is_marked else ""),
                (default, "$text-accent"),
                (f"  {about}" if about else "", "$text-warning" if one.why_not else "$text-muted"),
                "\n",
            )
            dimmed = row if one.is_usable else row.stylize("$text-muted")
            rows.append(dimmed.stylize(Style.from_meta({"writer": index})))
        return rows


def _key(choice: "WriterChoice") -> WriterKey:
    return (choice.identity.name, choice.tier)
