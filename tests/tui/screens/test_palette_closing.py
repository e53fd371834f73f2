"""The palette, closed before it has listed anything: its worker starts without its widgets."""

from textual.css.query import NoMatches

from tests.tui.harness import Stage, until
from xreview.tui.screens.palette import open_palette


async def without_widgets() -> None:
    raise NoMatches("No nodes match 'CommandList'")


async def test_a_palette_that_lists_too_late_does_not_end_the_app(monkeypatch, tmp_path):
    async with Stage(monkeypatch, tmp_path).run() as (app, pilot):
        await open_palette(app)
        listing = app.screen.run_worker(without_widgets())
        app.pop_screen()
        await until(pilot, lambda: listing.is_finished)
        await pilot.pause()
        assert app.is_running
        assert app.fault is None
