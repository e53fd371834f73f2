"""The brief in the app: questions first, then the text and where it goes."""

from pathlib import Path

import pytest

from tests.tui.harness import Stage, until
from xreview.domain.events.event import BriefWritten
from xreview.journal.store import Journal
from xreview.tui.dialogs.brief_question import AuthorQuestion
from xreview.tui.screens.brief import BriefScreen


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    return Stage(monkeypatch, tmp_path)


def text_of(app) -> str:
    assert isinstance(app.screen, BriefScreen)
    return str(app.screen.body.content)


def written(stage: Stage) -> list[BriefWritten]:
    with Journal.open(stage.journal) as journal:
        events = journal.events(types=(BriefWritten,))
        return [one.payload for one in events if isinstance(one.payload, BriefWritten)]


def is_shown(app, kind: type):
    return lambda: isinstance(app.screen, kind)


async def skip_all(app, pilot) -> None:
    await pilot.press("D")
    await until(pilot, lambda: app.screen is not app.triage)
    while isinstance(app.screen, AuthorQuestion):
        before = app.screen
        await pilot.press("escape")
        await until(pilot, lambda before=before: app.screen not in (before, app.triage))
    await until(pilot, lambda: isinstance(app.screen, BriefScreen) and text_of(app))


async def test_questions_come_first_and_an_answer_is_in_the_text_and_kept(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("r", "i")
        await until(pilot, lambda: app.triage.snapshot.triage.history)
        await pilot.press("D")
        await until(pilot, is_shown(app, AuthorQuestion))
        await pilot.press(*"D is fine", "enter")
        while not isinstance(app.screen, BriefScreen):
            before = app.screen
            await pilot.press("escape")
            await until(pilot, lambda before=before: app.screen is not before)
        await until(pilot, lambda: "D is fine" in text_of(app))
        await pilot.press("escape")
        assert app.screen is app.triage
    assert any("D is fine" in one.answer for told in written(stage) for one in told.answers)


async def test_the_text_goes_to_a_file_by_a_key(stage, tmp_path):
    target = tmp_path / "out.md"
    async with stage.run() as (app, pilot):
        await skip_all(app, pilot)
        await pilot.press("w")
        await pilot.press("ctrl+u", *str(target), "enter")
        await until(pilot, target.exists)
        await until(pilot, lambda: written(stage))
    assert target.read_text().startswith("## What changes\n")
    assert [one.target for one in written(stage)] == [str(target)]


async def test_the_notes_for_reviewers_are_another_text(stage):
    async with stage.run() as (app, pilot):
        await skip_all(app, pilot)
        await pilot.press("tab")
        await until(pilot, lambda: "flag again" in text_of(app))
        await pilot.press("P")
        await pilot.pause()
        assert isinstance(app.screen, BriefScreen)


async def test_without_a_pull_request_p_says_what_to_do(stage):
    async with stage.run() as (app, pilot):
        await skip_all(app, pilot)
        await pilot.press("P")
        await until(pilot, lambda: list(app._notifications))
        assert any("remote" in one.message for one in app._notifications)


async def test_the_text_can_be_edited_before_it_is_used(stage, monkeypatch, tmp_path):
    editor = tmp_path / "ed"
    editor.write_text('#!/bin/sh\nfor last; do :; done\nprintf "## Mine\\n" > "$last"\n')
    editor.chmod(0o755)
    monkeypatch.setattr(
        "textual.app.App.suspend", lambda self: __import__("contextlib").nullcontext()
    )
    async with stage.run() as (app, pilot):
        app.triage.editor = str(editor)
        await skip_all(app, pilot)
        await pilot.press("o")
        await until(pilot, lambda: "## Mine" in text_of(app))


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (70, 24)])
async def test_it_fits(stage, size):
    async with stage.run(size) as (app, pilot):
        await skip_all(app, pilot)
        box = app.screen.body.parent
        assert box is not None
        assert box.region.right <= size[0]
        assert "What changes" in text_of(app)
        await pilot.press("enter", "d", "j")
        assert isinstance(app.screen, BriefScreen)
