"""Drawing only what changed."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import Static

from xreview.tui.terminal.compositor import SparingCompositor

_SIZE = (60, 20)
_CELLS = st.builds(
    Region,
    st.integers(0, _SIZE[0] - 1),
    st.integers(0, _SIZE[1] - 1),
    st.integers(1, _SIZE[0]),
    st.integers(1, _SIZE[1]),
).map(Region(0, 0, *_SIZE).intersection)


class Counted(Static):
    """Counts the lines that it is asked for."""

    asked = 0

    def render_lines(self, crop: Region) -> list:
        self.asked += crop.height
        return super().render_lines(crop)


class SparingScreen(Screen[None]):
    """Two panes between two bars, with a window over them."""

    DEFAULT_CSS = """
    SparingScreen { layers: below above; }
    #top, #bottom { height: 1; }
    #left, #right { width: 1fr; height: 1fr; border: solid red; overflow-y: scroll; }
    #over { layer: above; offset: 20 5; width: 20; height: 6; border: solid green; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = SparingCompositor()

    def compose(self) -> ComposeResult:
        yield Counted("at the top", id="top")
        with Horizontal():
            yield Counted("\n".join(f"left {n}" for n in range(30)), id="left")
            yield Counted("\n".join(f"right {n}" for n in range(30)), id="right")
        yield Counted("at the bottom", id="bottom")
        yield Counted("over the panes", id="over")


class SparingApp(App[None]):
    def get_default_screen(self) -> SparingScreen:
        return SparingScreen()


# Where a change ends at a widget's edge, Textual goes to the next widget and writes nothing there.
_IDLE_MOVE = re.compile(r"\x1b\[\d+;\d+H(?=\n|\x1b\[\d+;\d+H|\Z)")


def _written(app: App[None], update: ChopsUpdate | None) -> str:
    """What an update writes, without the moves of the cursor after which nothing is written."""
    return "" if update is None else _IDLE_MOVE.sub("", update.render_segments(app.console))


async def test_it_writes_what_textual_writes():
    app = SparingApp()
    async with app.run_test(size=_SIZE) as pilot:
        await pilot.pause()
        ours = app.screen._compositor
        plain = Compositor.render_partial_update

        @settings(max_examples=60, deadline=None)
        @example({Region(0, 1, 30, 1)})
        @given(st.sets(_CELLS, min_size=1, max_size=6))
        def check(regions: set[Region]) -> None:
            ours._dirty_regions = set(regions)
            expected = _written(app, plain(ours))
            ours._dirty_regions = set(regions)
            assert _written(app, ours.render_partial_update()) == expected

        check()


async def test_it_asks_only_for_changed_lines():
    app = SparingApp()
    async with app.run_test(size=_SIZE) as pilot:
        await pilot.pause()
        panes = {pane.id: pane for pane in app.screen.query(Counted)}
        for pane in panes.values():
            pane.asked = 0
        app.screen._compositor._dirty_regions = {
            Region(0, 0, 60, 1),
            Region(1, 3, 28, 1),
            Region(0, 19, 60, 1),
        }
        app.screen._compositor.render_partial_update()
        asked = {id: pane.asked for id, pane in panes.items()}
        assert asked == {"top": 1, "left": 1, "right": 0, "bottom": 1, "over": 0}
