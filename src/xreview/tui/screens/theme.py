"""Choosing a theme: each is previewed while you move, and the chosen one is kept."""

from collections.abc import Sequence
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING

from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.themes.register import register_available

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

_KEYS = [key for key in digits[1:] + ascii_lowercase if key not in "jk"]


class ThemeScreen(ChoiceScreen[str]):
    """Shows the whole screen in the marked theme; Escape restores the one before."""

    DEFAULT_CSS = "ThemeScreen { background: transparent; }"  # a veil would change the colours

    def __init__(self, app: "XReviewApp", names: Sequence[str]) -> None:
        configured = app.options.settings.theme
        choices = [
            MenuChoice(key, name, "the one in your settings" if name == configured else "", name)
            for key, name in zip(_KEYS, names, strict=False)
        ]
        marked = names.index(app.theme) if app.theme in names else 0
        super().__init__("Theme", choices, app.keep_theme, marked)
        self._before = app.theme
        self._names = names

    def action_mark(self, steps: int) -> None:
        """Move the mark, and show its theme."""
        super().action_mark(steps)
        self.app.theme = self._names[self.marked]

    def action_leave(self) -> None:
        """Go back to the theme before."""
        super().action_leave()
        self.app.theme = self._before


async def open_theme(app: "XReviewApp") -> None:
    """Offer the shipped themes and the user's."""
    themes = register_available(app, app.options.folders.themes).themes
    await app.push_screen(ThemeScreen(app, sorted(themes)[: len(_KEYS)]))
