"""What stays of a widget that is gone."""

import gc
import weakref

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style
from textual.widgets import Static

from xreview.tui.terminal.app import TerminalApp
from xreview.tui.terminal.drawn_lines import forget_drawn_lines


class Bordered(TerminalApp):
    CSS = "Static { border: round red; background: blue; }"


async def test_the_lines_of_a_removed_widget_are_forgotten():
    app = Bordered()
    kept: list[weakref.ref[StylesCache]] = []
    async with app.run_test() as pilot:
        for _ in range(4):
            widget = Static("text")
            await app.mount(widget)
            await pilot.pause()
            kept.append(weakref.ref(widget._styles_cache))
            assert widget._styles_cache._cache
            await widget.remove()
        del widget
        gc.collect()
        # Textual itself still knows the last one.
        assert sum(one() is not None for one in kept) <= 1


def test_a_border_has_the_colours_that_textual_gives_it():
    forget_drawn_lines()
    base, over = Color(0, 0, 100), Color(200, 0, 0, 0.5)
    assert StylesCache().get_inner_outer(base, over) == (
        Style(background=base + over),
        Style(background=base),
    )
