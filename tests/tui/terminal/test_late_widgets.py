"""Widgets that begin when their parent ends, and what is left of those that ended."""

import gc
import weakref

from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static, TextArea
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


async def test_a_closed_text_field_is_forgotten():
    app = TerminalApp()
    async with app.run_test() as pilot:
        fields = []
        for _ in range(3):
            field = TextArea()
            fields.append(weakref.ref(field))
            screen = Screen()
            await app.push_screen(screen)
            await screen.mount(field)
            await app.pop_screen()
            await pilot.pause()
        del field, screen
        await app.push_screen(Screen())
        await app.pop_screen()
        gc.collect()
        assert [one() for one in fields] == [None] * 3
