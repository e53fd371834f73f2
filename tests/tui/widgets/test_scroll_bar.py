"""Tests for xreview.tui.widgets.scroll_bar."""

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xreview.tui.widgets.scroll_bar import SparingScrollBar


class _Tall(ScrollView):
    def __init__(self, height: int) -> None:
        super().__init__()
        self.virtual_size = Size(10, height)

    @property
    def vertical_scrollbar(self) -> SparingScrollBar:
        if not isinstance(self._vertical_scrollbar, SparingScrollBar):
            self._vertical_scrollbar = bar = SparingScrollBar(name="vertical")
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def render_line(self, y: int) -> Strip:
        return Strip.blank(10)


class _Screen(App[None]):
    def __init__(self, height: int) -> None:
        super().__init__()
        self.pane = _Tall(height)

    def compose(self) -> ComposeResult:
        yield self.pane


def _lines(bar: SparingScrollBar) -> list[Strip]:
    return bar.render_lines(Region(0, 0, *bar.outer_size))


@pytest.mark.parametrize("height", [25, 60, 200, 3000, 100_000])
async def test_a_moved_bar_looks_like_one_drawn_anew(height: int) -> None:
    app = _Screen(height)
    async with app.run_test(size=(20, 24)) as pilot:
        bar = app.pane.vertical_scrollbar
        for position in (0, 1, 2, 7, 22, 23, 24, 44, 90, 1000, 50_000, 99_976, 40, 3, 0):
            app.pane.scroll_to(y=position, animate=False, force=True, immediate=True)
            await pilot.pause()
            moved = _lines(bar)
            bar.refresh()
            assert moved == _lines(bar)


async def test_a_thumb_that_stays_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = _Screen(100_000)
    async with app.run_test(size=(20, 24)) as pilot:
        bar = app.pane.vertical_scrollbar
        await pilot.pause()
        drawn: list[Region] = []
        monkeypatch.setattr(bar, "refresh", lambda *regions, **_: drawn.extend(regions))
        app.pane.scroll_to(y=22, animate=False, force=True, immediate=True)
        assert not drawn
        app.pane.scroll_to(y=50_000, animate=False, force=True, immediate=True)
        assert len(drawn) == 2  # where it began and begins, and where it ended and ends
