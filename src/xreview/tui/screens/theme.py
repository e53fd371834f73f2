"""Choosing a theme for this run."""

from string import ascii_lowercase, digits
from typing import TYPE_CHECKING

from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.themes.register import register_available

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

_KEYS = digits[1:] + ascii_lowercase


async def open_theme(app: "XReviewApp") -> None:
    """Offer the shipped themes and the user's."""

    async def use(name: str) -> None:
        app.theme = name

    themes = register_available(app, app.options.folders.themes).themes
    names = sorted(themes)[: len(_KEYS)]
    marked = names.index(app.theme) if app.theme in names else 0
    choices = [
        MenuChoice(key, name, "set `theme` to keep it" if index == marked else "", name)
        for index, (key, name) in enumerate(zip(_KEYS, names, strict=False))
    ]
    await app.push_screen(ChoiceScreen("Theme", choices, use, marked))
