"""A scroll bar that draws only what changed of it."""

from math import ceil

from textual.geometry import Region
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar

_EIGHTHS = 8
"""The steps of a cell in which a thumb moves (`ScrollBarRender`)."""


class SparingScrollBar(ScrollBar):
    """A vertical bar of which only the ends of the thumb are drawn when it moves.

    Textual's own is drawn as a whole with every scroll, though a page of a large change moves its
    thumb by nothing: a sixth of the cost of the page.
    """

    position = Reactive[float](0, repaint=False)

    def watch_position(self, before: float, now: float) -> None:
        """Draw the lines where the thumb began, begins, ended, and ends."""
        for old, new in zip(self._thumb(before), self._thumb(now), strict=True):
            if old != new:
                first, last = (end // _EIGHTHS for end in sorted((old, new)))
                self.refresh(Region(0, first, self.size.width, last - first + 1))

    def _thumb(self, position: float) -> tuple[int, int]:
        """Return the start and the end of the thumb in eighths of a line, as Textual draws it."""
        size, whole, window = self.size.height, self.window_virtual_size, self.window_size
        if not size or not 0 < window < whole or size == whole:
            return 0, 0
        thumb = max(1, ceil(window) / (ceil(whole) / size))
        start = int((size - thumb) * (position / (ceil(whole) - ceil(window))) * _EIGHTHS)
        return max(0, start), max(0, start + ceil(thumb * _EIGHTHS))
