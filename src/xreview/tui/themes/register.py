"""Theme files as Textual themes, and the line filter for terminals without colour."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color, ColorParseError
from textual.filter import LineFilter
from textual.theme import Theme

from xreview.domain.errors import ConfigError
from xreview.tui.themes.files import ThemeFile, ThemeShelf, available_themes


def as_textual_theme(theme: ThemeFile) -> Theme:
    """The theme for `App.register_theme`.

    Raises ConfigError where Textual can't make its colours: a bad one would end the app later,
    at the moment the theme is chosen.
    """
    made = Theme(
        name=theme.name,
        dark=theme.dark,
        ansi=theme.ansi,
        variables={**_left_out(theme), **_set(theme.variables)},
        **dict(theme.colors),  # pyright: ignore[reportArgumentType]  # checked by theme_files
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


def _set(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if value}


def _left_out(theme: ThemeFile) -> dict[str, str]:
    """Variables that Textual's own styles use, but that it does not make for `ansi` themes."""
    if not theme.ansi:
        return {}
    return {
        "ansi-background": "ansi_black" if theme.dark else "ansi_white",
        "ansi-foreground": "ansi_white" if theme.dark else "ansi_black",
        "foreground-disabled": "ansi_default",
        "surface-active": "ansi_default",
    }


def register_themes(app: App[Any], themes: Iterable[ThemeFile]) -> tuple[ConfigError, ...]:
    """Register themes with the app; gives back why some could not be."""
    broken: list[ConfigError] = []
    for theme in themes:
        try:
            app.register_theme(as_textual_theme(theme))
        except ConfigError as error:
            broken.append(error)
    return tuple(broken)


def register_available(app: App[Any], user_folder: Path | None) -> ThemeShelf:
    """Register all shipped themes and the user's, and say which can't be used and why."""
    shelf = available_themes(user_folder)
    broken = register_themes(app, shelf.themes.values())
    paths = {error.path for error in broken}
    usable = {name: theme for name, theme in shelf.themes.items() if str(theme.path) not in paths}
    return ThemeShelf(usable, (*shelf.broken, *broken))


@lru_cache(4096)
def _without_colour(style: Style) -> Style:
    return style.without_color


class WithoutColour(LineFilter):
    """Takes every colour off, so that no colour code is written (https://no-color.org).

    Bold, underline and reverse stay: they and the signs tell everything apart.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without colours. Same texts, same order."""
        return [
            Segment(text, None if style is None else _without_colour(style), control)
            for text, style, control in segments
        ]
