"""Choosing a theme: previewed while moving, kept for the next run, restored by Escape."""

from dataclasses import replace

import pytest

from tests.tui.harness import Stage, until
from xreview.config.remembered import Remembered
from xreview.config.schema import Settings
from xreview.tui.screens.theme import ThemeScreen


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


async def test_moving_previews_and_escape_restores(stage):
    async with stage.run() as (app, pilot):
        before = app.theme
        await pilot.press("t", "j")
        assert isinstance(app.screen, ThemeScreen)
        assert app.theme != before
        seen = app.theme
        await pilot.press("j", "k")
        assert app.theme == seen
        await pilot.press("escape")
        assert app.theme == before
    assert Remembered(stage.options().folders.state).arranged.theme == ""


async def test_the_choice_is_kept_until_the_settings_name_another(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("t", "j", "enter")
        chosen = app.theme
        assert chosen != Settings().theme
    async with stage.run() as (app, _):
        assert app.theme == chosen
    async with stage.run(settings=replace(Settings(), theme="light")) as (app, _):
        assert app.theme == "light"


async def test_no_theme_has_a_key_that_moves(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, ThemeScreen))
        assert not {choice.key for choice in app.screen._choices} & {"j", "k"}
