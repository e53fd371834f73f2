"""What stands around every line of the code pane, so that each goes to the screen in one piece."""

from dataclasses import dataclass

from rich.segment import Segment
from textual.color import Color
from textual.filter import ANSIToTruecolor, LineFilter
from textual.strip import Strip


@dataclass(frozen=True)
class LineFrame:
    """What stands around every line of the pane, and what is done to its colours."""

    filters: tuple[LineFilter, ...]
    background: Color
    left: tuple[Segment, ...]
    right: tuple[Segment, ...]

    def around(self, strip: Strip) -> Strip:
        """The line as it goes to the screen.

        The filter for the terminal's own colours is left out: the palette has none, unless the
        theme wants them to stay.
        """
        for line_filter in self.filters:
            if not isinstance(line_filter, ANSIToTruecolor):
                strip = strip.apply_filter(line_filter, self.background)
        return Strip([*self.left, *strip, *self.right])
