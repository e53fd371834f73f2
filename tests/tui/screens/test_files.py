"""The column of files beside the code, by its keys."""

from dataclasses import replace

import pytest
from textual.widgets import Static

from tests.tui.harness import Stage, until
from xreview.domain.related import CoChange, RelatedCode
from xreview.tui.app import XReviewApp
from xreview.tui.handoff import editor
from xreview.tui.screens.file_tree import FileTreeScreen


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Stage:
    return Stage(monkeypatch, tmp_path)


def shown(app: XReviewApp) -> list[str]:
    files = app.triage.files
    lines = [files.render_line(y).text.strip() for y in range(files.size.height)]
    return [line for line in lines if line]


async def test_the_column_stays_beside_the_code(stage):
    async with stage.run() as (app, pilot):
        code, files = app.triage.code, app.triage.files
        width = code.size.width
        await pilot.press("T")
        await until(pilot, lambda: code.size.width < width and files.size.height > 3)
        assert app.focused is files
        assert files.region.x == code.region.x + 1
        assert files.region.right <= code.content_region.x
        assert files.region.height == code.region.height - 2
        assert shown(app) == ["M app.py  3", "docs/", "M notes.md", "A new file.txt"]
        await pilot.press("escape")
        await until(pilot, lambda: code.size.width == width)
        assert app.focused is code
        assert not files.display


async def test_enter_goes_to_the_file_and_the_column_stays(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("T", "end", "k", "enter")
        assert app.focused is app.triage.code
        assert app.triage.code.place_under_cursor()[0] == "docs/notes.md"
        assert app.triage.files.display
        await pilot.press("T", "j", "enter")
        assert app.triage.code.place_under_cursor()[0] == "new file.txt"
        await pilot.press("T", "T")
        assert not app.triage.files.display


async def test_files_are_filtered_while_typing(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("T", "slash", "N", "o", "t")
        await until(pilot, lambda: shown(app) == ["docs/", "M notes.md"])
        assert str(app.triage.files.border_title) == "Files /Not"
        assert str(app.screen.query_one("#count", Static).content) == "1"
        await pilot.press("enter", "enter")
        assert app.triage.code.place_under_cursor()[0] == "docs/notes.md"
        await pilot.press("T", "slash", "enter")
        assert shown(app) == ["docs/", "M notes.md"]
        await pilot.press("slash", "escape")
        await until(pilot, lambda: len(shown(app)) == 4)
        await pilot.press("slash", "x", "x", "enter", "j", "enter")
        assert shown(app) == []


async def test_the_counts_follow_the_decisions(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("T", "1", "a")
        await until(pilot, lambda: "M app.py  2" in shown(app))


async def test_zoom_and_the_next_pane_are_those_of_the_code(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("T", "z")
        await until(pilot, lambda: app.triage.code.region.width == 160)
        assert app.triage.files.region.x == 1
        await pilot.press("z", "tab")
        await pilot.pause()
        assert app.focused.id == "review"


async def test_a_narrow_screen_shows_the_files_in_a_box(stage):
    async with stage.run(size=(100, 30)) as (app, pilot):
        await pilot.press("T")
        assert isinstance(app.screen, FileTreeScreen)
        assert not app.triage.files.display


async def test_a_screen_that_becomes_narrow_hides_the_column(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("T")
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: not app.triage.files.display)


@pytest.mark.parametrize("size", [(160, 48), (120, 34)])
async def test_the_code_wraps_in_the_room_beside_the_column(stage, size):
    stage.repository.write("new file.txt", "~" * 200 + "\n")
    async with stage.run(size) as (app, pilot):
        code = app.triage.code
        await pilot.press("2", "end", "T")
        await until(pilot, lambda: "".join(code_lines(app)).count("~") == 200)
        await pilot.press("escape")
        await until(pilot, lambda: code.document.layout.wrap_width in (0, code._line_width))


def code_lines(app: XReviewApp) -> list[str]:
    code = app.triage.code
    return [code.render_line(y).text for y in range(code.size.height)]


@pytest.mark.parametrize("size", [(140, 40), (100, 40)])
async def test_a_related_file_opens_in_the_editor(stage, monkeypatch, size):
    opened: list[tuple[str, int]] = []

    def record(_screen: object, _snapshot: object, _editor: str, path: str, line: int) -> None:
        opened.append((path, line))

    monkeypatch.setattr(editor, "open_in_editor", record)
    related = RelatedCode((CoChange("schema.sql", "app.py", 9, 10),))
    async with stage.run(size=size) as (app, pilot):
        assert app.triage.snapshot is not None
        known = replace(app.triage.snapshot, related=related)
        app.triage.show_snapshot(known)
        await pilot.press("T", "end", "enter")
        await until(pilot, lambda: opened == [("schema.sql", 1)])
        if size[0] >= 120:
            await pilot.press("o")
            assert opened == [("schema.sql", 1)] * 2
