"""The lines that Textual keeps of drawn widgets, and for how long."""

from functools import lru_cache

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style


def forget_drawn_lines() -> None:
    """Have the lines of a widget forgotten with the widget.

    Textual remembers two styles per pair of colours and per widget's cache, which keeps the drawn
    lines of a thousand closed widgets: 30 MB, after some hundred dialogs.
    """
    StylesCache.get_inner_outer = staticmethod(_inner_outer)  # pyright: ignore[reportAttributeAccessIssue]


@lru_cache(1024)
def _inner_outer(base_background: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base_background + background), Style(background=base_background)
