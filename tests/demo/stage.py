"""The demonstration in the real app, with replies that come at once."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.repo.builder import isolate
from tests.tui.harness import reviewed, until
from xreview.config.remembered import Remembered
from xreview.config.schema import Settings
from xreview.demo.panel import ScriptedPanel, scripted_models
from xreview.demo.place import DemoPlace, demonstration
from xreview.demo.scene import TASK, own_python, scene_settings
from xreview.models.replay import AT_ONCE
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.run_options import RunOptions
from xreview.tui.app import XReviewApp
from xreview.tui.collector import Collector


class DemoStage:
    """Makes the demonstration's app, away from the machine's own folders."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.first_screen = ""
        self.home = isolate(monkeypatch, folder / "home")
        for name in ("NO_COLOR", "TEXTUAL_THEME", "VISUAL", "EDITOR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("xreview.demo.panel.scripted_models", partial(scripted_models, AT_ONCE))

    def app(self, place: DemoPlace) -> XReviewApp:
        wanted = ChangeRequest(place.repository)
        collector = Collector(wanted)
        collector.start()
        settings = scene_settings(Settings(read_sessions=False))
        folders = place.folders(self.home)
        options = RunOptions(
            settings, folders, own_python(os.environ), task=TASK, new_panel=ScriptedPanel
        )
        app = XReviewApp(wanted, options, collector, Remembered(folders.state))
        app.first_screen = self.first_screen
        return app

    @asynccontextmanager
    async def run(
        self, size: tuple[int, int] = (160, 48)
    ) -> AsyncGenerator[tuple[XReviewApp, Pilot[int], DemoPlace], None]:
        with demonstration() as place:
            app = self.app(place)
            async with app.run_test(size=size, notifications=True) as pilot:
                await over(app, pilot)
                yield app, pilot, place


async def over(app: XReviewApp, pilot: Pilot[int]) -> None:
    """Wait until all have read, and the authors' models have answered."""
    await reviewed(app, pilot)
    await until(pilot, lambda: all(one.group != "flow" for one in app.workers))
    await pilot.pause()
