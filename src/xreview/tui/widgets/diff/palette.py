"""The colours of the code pane as Rich styles, from the theme's variables."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color

from xreview.tui.themes.files import variable_defaults
from xreview.tui.widgets.diff.blocks import RowKind


class Ground(StrEnum):
    """The background of a part of a line: its value is the theme variable."""

    CONTEXT = "diff-context"
    ADDED = "diff-added"
    REMOVED = "diff-removed"
    HUNK = "diff-hunk"
    FILE = "diff-file"
    QUOTE = "diff-quote"
    CURSOR = "diff-cursor"
    EMPTY = "diff-empty"


GROUND_OF: dict[RowKind, Ground] = dict.fromkeys(RowKind, Ground.CONTEXT) | {
    RowKind.FILE: Ground.FILE,
    RowKind.HUNK: Ground.HUNK,
    RowKind.ADDED: Ground.ADDED,
    RowKind.REMOVED: Ground.REMOVED,
}


class Palette:
    """The styles of one theme, each combination made once."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = {**variable_defaults(), **variables}
        self._code: dict[tuple[str, Ground, RowKind | None, bool, bool], Style] = {}
        self._plain: dict[tuple[str, Ground, bool, bool], Style] = {}
        self._grounds = {ground: self.colour(ground) for ground in Ground}
        self._words = {
            RowKind.ADDED: (self.colour("diff-added-word"), "diff-added-word-text"),
            RowKind.REMOVED: (self.colour("diff-removed-word"), "diff-removed-word-text"),
        }

    def colour(self, variable: str) -> RichColor:
        """Return the colour of a theme variable. Raises KeyError for an undefined one."""
        return Color.parse(self._variables[variable]).rich_color

    def plain(
        self, variable: str, ground: Ground, *, bold: bool = False, reverse: bool = False
    ) -> Style:
        """Return the style for text in the colour of a variable."""
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
        """Return the style for code of a syntax group ("" for none).

        Args:
            changed: the kind of line, for a word that differs from the paired line.
            found: for a search match. odd: for deceptive characters.
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
