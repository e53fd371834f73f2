"""Widgets that begin when their parent ends."""

from textual.containers import Vertical
from textual.widgets import Static

from xreview.tui.terminal.app import TerminalApp


async def test_a_widget_that_begins_when_its_parent_ended_ends_too():
    app = TerminalApp()
    async with app.run_test() as pilot:
        parent = Vertical()
        await app.mount(parent)
        await parent.remove()
        late = Static()
        app._start_widget(parent, late)
        await pilot.pause()
        assert late._task is None
        assert late not in app._registry
