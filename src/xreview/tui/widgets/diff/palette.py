"""The colours of the code pane as ready-made Rich styles, from the theme's variables."""

from collections.abc import Mapping
from enum import IntEnum
from functools import cached_property

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color

from xreview.domain.report import Severity
from xreview.tui.themes.files import variable_defaults
from xreview.tui.widgets.diff.blocks import RowKind


class Ground(IntEnum):
    """What a stretch of a line stands on."""

    CONTEXT = 0
    ADDED = 1
    REMOVED = 2
    HUNK = 3
    FILE = 4
    QUOTE = 5
    CURSOR = 6
    EMPTY = 7


GROUND_OF: dict[RowKind, Ground] = {
    RowKind.FILE: Ground.FILE,
    RowKind.NOTICE: Ground.CONTEXT,
    RowKind.HUNK: Ground.HUNK,
    RowKind.CONTEXT: Ground.CONTEXT,
    RowKind.ADDED: Ground.ADDED,
    RowKind.REMOVED: Ground.REMOVED,
    RowKind.NO_NEWLINE: Ground.CONTEXT,
    RowKind.OTHER: Ground.CONTEXT,
}

_GROUND_VARIABLES = {
    Ground.CONTEXT: "diff-context",
    Ground.ADDED: "diff-added",
    Ground.REMOVED: "diff-removed",
    Ground.HUNK: "diff-hunk",
    Ground.FILE: "diff-file",
    Ground.QUOTE: "diff-quote",
    Ground.CURSOR: "diff-cursor",
    Ground.EMPTY: "diff-empty",
}


class Palette:
    """Styles for one theme. Every combination is made once."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = {**variable_defaults(), **variables}
        self._code: dict[tuple[str, Ground, RowKind | None, bool, bool], Style] = {}
        self._plain: dict[tuple[str, Ground, bool, bool], Style] = {}
        self._grounds = {ground: self.colour(name) for ground, name in _GROUND_VARIABLES.items()}
        self._words = {
            RowKind.ADDED: (self.colour("diff-added-word"), "diff-added-word-text"),
            RowKind.REMOVED: (self.colour("diff-removed-word"), "diff-removed-word-text"),
        }

    def colour(self, variable: str) -> RichColor:
        """The colour of a theme variable. Raises KeyError for one that no theme defines."""
        return Color.parse(self._variables[variable]).rich_color

    def plain(
        self, variable: str, ground: Ground, *, bold: bool = False, reverse: bool = False
    ) -> Style:
        """Text in the colour of a variable."""
        key = (variable, ground, bold, reverse)
        style = self._plain.get(key)
        if style is None:
            style = self._plain[key] = Style(
                color=self.colour(variable),
                bgcolor=self._grounds[ground],
                bold=bold or None,
                reverse=reverse or None,
            )
        return style

    def code(
        self,
        group: str,
        ground: Ground,
        changed: RowKind | None = None,
        found: bool = False,
        odd: bool = False,
    ) -> Style:
        """Code of a syntax group ("" for none).

        `changed` is the kind of the line where the word differs from the line it is paired with;
        `found` marks what a search looks for, `odd` what is not what it looks like.
        """
        key = (group, ground, changed, found, odd)
        style = self._code.get(key)
        if style is None:
            made = self._make_code(group, ground, changed, found)
            style = self._code[key] = made + self._odd if odd else made
        return style

    @cached_property
    def _odd(self) -> Style:
        return Style(color=self.colour("severity-critical"), bold=True, reverse=True)

    def _make_code(self, group: str, ground: Ground, changed: RowKind | None, found: bool) -> Style:
        if found:
            return Style(color=self.colour("diff-search-text"), bgcolor=self.colour("diff-search"),
                         bold=True, underline=True)  # fmt: skip
        name = f"syntax-{group or 'text'}"
        if name not in self._variables:
            name = "syntax-text"
        colour, ground_colour = self.colour(name), self._grounds[ground]
        manners = self._variables.get(f"{name}-style", "none").split()
        word = None if changed is None else self._words.get(changed)
        if word is not None:
            ground_colour, text_variable = word
            if self._variables.get(text_variable):
                colour = self.colour(text_variable)
            manners.append("bold")
        return Style(
            color=colour,
            bgcolor=ground_colour,
            bold="bold" in manners or None,
            italic="italic" in manners or None,
            underline="underline" in manners or None,
        )

    @cached_property
    def severity(self) -> dict[Severity, str]:
        """The variable of each severity's colour."""
        return {severity: f"severity-{severity.word}" for severity in Severity}
