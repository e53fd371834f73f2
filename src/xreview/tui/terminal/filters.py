"""The last choke point: no control character of anybody's reaches the terminal.

Widgets already get neutral text (`domain.text`); this filter is for what they do not draw
themselves: toasts, titles, the palette, and whatever a later change forgets. It maps character by
character, so widths stay as computed.
"""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from xreview.domain.text import visible


class NeutralFilter(LineFilter):
    """Replaces every unsafe character of a line by a visible glyph."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments where nothing is unsafe, else new ones. Control segments stay."""
        if all(segment.control or visible(segment.text) == segment.text for segment in segments):
            return segments
        return [
            segment if segment.control else Segment(visible(segment.text), segment.style)
            for segment in segments
        ]
