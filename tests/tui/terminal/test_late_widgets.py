"""Widgets that begin when their parent ends."""

from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static
from textual.widgets._toast import ToastHolder

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


async def test_no_toast_leaves_its_holder_behind():
    app = TerminalApp()
    async with app.run_test(notifications=True) as pilot:
        below = app.screen
        app.notify("once", timeout=60)
        await pilot.pause()
        assert len(below.query(ToastHolder)) == 1
        await app.push_screen(Screen())
        app.notify("twice", timeout=60)
        await pilot.pause()
        app._unnotify(next(iter(app._notifications)), refresh=False)
        await app.pop_screen()
        app.notify("again", timeout=60)
        await pilot.pause()
        await pilot.pause()
        assert len(below.query(ToastHolder)) == len(app._notifications)
