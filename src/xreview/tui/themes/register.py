"""Turning theme files into Textual themes."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from textual.app import App
from textual.color import Color, ColorParseError
from textual.theme import Theme

from xreview.domain.errors import ConfigError
from xreview.tui.themes.files import (
    DEFAULT_THEME,
    AvailableThemes,
    ThemeFile,
    available_themes,
    find_theme,
)


def as_textual_theme(theme: ThemeFile) -> Theme:
    """Return the theme for `App.register_theme`.

    Raises ConfigError if Textual rejects a colour, which would otherwise crash the app later.
    """
    given = {name: value for name, value in theme.variables.items() if value}
    made = Theme(
        name=theme.name,
        dark=theme.dark,
        ansi=theme.ansi,
        variables={**_left_out(theme), **given},
        **dict(theme.colors),  # pyright: ignore[reportArgumentType]  # checked by themes.files
    )
    try:
        for name, value in made.to_color_system().generate().items():
            if name.startswith(("diff-", "severity-", "disagreement-")):
                Color.parse(value)
    except ColorParseError as error:
        raise ConfigError(
            f"Textual can't use this theme: {error}.", path=str(theme.path)
        ) from error
    return made


def _left_out(theme: ThemeFile) -> dict[str, str]:
    """Return variables that Textual's styles use but that it doesn't define for `ansi` themes."""
    if not theme.ansi:
        return {}
    return {
        "ansi-background": "ansi_black" if theme.dark else "ansi_white",
        "ansi-foreground": "ansi_white" if theme.dark else "ansi_black",
        "foreground-disabled": "ansi_default",
        "surface-active": "ansi_default",
    }


def register_themes(app: App[Any], themes: Iterable[ThemeFile]) -> tuple[ConfigError, ...]:
    """Register themes with the app, and return the errors."""
    broken: list[ConfigError] = []
    for theme in themes:
        try:
            app.register_theme(as_textual_theme(theme))
        except ConfigError as error:
            broken.append(error)
    return tuple(broken)


def use_theme(app: App[Any], name: str, user_folder: Path | None) -> tuple[ConfigError, ...]:
    """Use a theme, or the default one if it can't be read; return the errors.

    Reads only this theme: the others are read when the list of themes is opened.
    """
    broken: tuple[ConfigError, ...] = ()
    try:
        theme = find_theme(name, user_folder)
    except ConfigError as error:
        broken, theme = (error,), find_theme(DEFAULT_THEME)
    broken += register_themes(app, [theme])
    app.theme = theme.name
    return broken


def register_available(app: App[Any], user_folder: Path | None) -> AvailableThemes:
    """Register the shipped themes and the user's; return the usable ones and the errors."""
    shelf = available_themes(user_folder)
    broken = register_themes(app, shelf.themes.values())
    paths = {error.path for error in broken}
    usable = {name: theme for name, theme in shelf.themes.items() if str(theme.path) not in paths}
    return AvailableThemes(usable, (*shelf.broken, *broken))
