"""Line filters: what every line passes on its way to the terminal."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from xreview.domain.text import visible


class NeutralFilter(LineFilter):
    """Replaces unsafe characters with visible glyphs, one for one, so that widths don't change.

    Widgets already draw safe text (`domain.text`). This catches everything else: toasts, titles,
    the palette, and whatever a later change forgets.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the same segments if they are safe, else new ones. Control segments stay."""
        if all(segment.control or visible(segment.text) == segment.text for segment in segments):
            return segments
        return [
            segment if segment.control else Segment(visible(segment.text), segment.style)
            for segment in segments
        ]


@lru_cache(4096)
def _without_colour(style: Style) -> Style:
    return style.without_color


class WithoutColour(LineFilter):
    """Removes all colours (https://no-color.org). Bold, underline, and reverse stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without colours."""
        return [
            Segment(text, None if style is None else _without_colour(style), control)
            for text, style, control in segments
        ]
