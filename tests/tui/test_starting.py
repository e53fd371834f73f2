"""The start of the app: what it leaves undone until the first key is answered."""

from pathlib import Path

import pytest
from textual.css.stylesheet import Stylesheet

from tests.tui.harness import Stage, until


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    return Stage(monkeypatch, tmp_path)


async def test_nothing_is_rendered_while_the_first_frame_stays(stage, monkeypatch):
    async with stage.run() as (app, pilot):
        rendered: list[object] = []
        compositor = app.triage._compositor
        render = compositor.render_update
        monkeypatch.setattr(
            compositor, "render_update", lambda *of, **how: rendered.append(1) or render(*of, **how)
        )
        app.hold_painting()
        app.triage.refresh()
        await pilot.pause(0.1)
        assert not rendered
        app.paint()
        await until(pilot, lambda: rendered)


async def test_the_styles_are_parsed_once(stage, monkeypatch):
    reparsed: list[object] = []
    monkeypatch.setattr(Stylesheet, "reparse", lambda sheet: reparsed.append(sheet))
    async with stage.run() as (app, _):
        assert not reparsed
        assert app.stylesheet._variables == app.theme_variables
        assert app.theme_variables["diff-added"]
