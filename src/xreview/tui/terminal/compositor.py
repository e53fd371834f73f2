"""Drawing only what changed, line by line."""

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class SparingCompositor(Compositor):
    """Asks widgets only for the lines that an update writes.

    Textual's own asks every widget between the first and the last changed line for all its lines:
    a counter in the header and a row in the list redraw all panes.
    """

    _changed: tuple[Region, ...] = ()

    def render_partial_update(self) -> ChopsUpdate | None:
        """Draw the changed regions."""
        self._changed = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = ()

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        return self._changed_lines() if self._changed else super()._get_renders(crop)

    def _changed_lines(self) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Yield the lines of each widget that an update shows, from the front to the back."""
        changed = self._changed
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if touched := [part for one in changed if (part := seen.intersection(one))]:
                top = min(part.y for part in touched)
                bottom = max(part.bottom for part in touched)
                lines = Region(seen.x, top, seen.width, bottom - top)
                yield region, lines, widget.render_lines(lines.translate(-region.offset))
                # What a widget covers shows nothing of those behind it.
                changed = tuple(one for one in changed if not seen.contains_region(one))
