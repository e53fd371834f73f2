"""Reading the code with keys: wrapped lines, unchanged lines, viewed files."""

import signal
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.harness import Stage, until
from xreview.tui.app import XReviewApp
from xreview.tui.widgets.diff.gaps import MISFIT

LINES = [f"line {number}" for number in range(1, 81)]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    made = Stage(monkeypatch, tmp_path)
    made.repository.write("long.txt", text_of(LINES))
    made.repository.add("long.txt")
    made.repository.commit("second", add=False)
    made.repository.write("long.txt", text_of([*LINES[:39], "changed " + "x" * 200, *LINES[40:]]))
    return made


def text_of(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def shown(app: XReviewApp) -> list[str]:
    code = app.triage.code
    return [code.render_line(y).text.rstrip() for y in range(code.size.height)]


async def at_gap(app: XReviewApp, pilot: Pilot[int]) -> None:
    """Go to the first hunk of the long file."""
    await pilot.press("2")
    assert app.triage.code.go_to_path("long.txt")
    await pilot.press("right_square_bracket")


async def settled(app: XReviewApp, pilot: Pilot[int]) -> None:
    await until(pilot, lambda: not app.triage.code._wanted_lines and app.triage.code.is_settled)
    await pilot.pause()


def told(app: XReviewApp) -> list[str]:
    return [notice.message for notice in app._notifications]


async def test_enter_shows_ten_lines_and_plus_the_whole_gap(stage: Stage) -> None:
    async with stage.run(size=(100, 30)) as (app, pilot):
        await at_gap(app, pilot)
        await pilot.press("enter")
        await settled(app, pilot)
        assert any(line.endswith(" line 27") for line in shown(app))
        assert not any(line.endswith(" line 26") for line in shown(app))
        await pilot.press("plus")
        await settled(app, pilot)
        assert any(line.endswith("   1   1  line 1") for line in shown(app))
        assert app.triage.pane is app.triage.code
        await pilot.press("enter")  # nothing is hidden here any more
        assert app.triage.pane is app.triage.findings


async def test_plus_elsewhere_says_where_to_go(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        await at_gap(app, pilot)
        await pilot.press("down", "plus")
        assert "No unchanged lines" in told(app)[-1]


async def test_a_file_that_changed_meanwhile_is_refused(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        stage.repository.write("long.txt", text_of(LINES[3:]))
        await at_gap(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: MISFIT in told(app))
        assert not app.triage.code._wanted_lines


async def test_a_missing_file_is_told(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        (stage.repository.top / "long.txt").unlink()
        await at_gap(app, pilot)
        await pilot.press("plus")
        await until(pilot, lambda: any("isn't available" in one for one in told(app)))


async def test_a_commit_is_expanded_from_its_blobs(stage: Stage) -> None:
    stage.repository.add("long.txt")
    stage.repository.commit("third", add=False)
    stage.repository.write("long.txt", "something else\n")
    async with stage.run(size=(100, 30), commit="HEAD") as (app, pilot):
        await at_gap(app, pilot)
        await pilot.press("enter")
        await settled(app, pilot)
        assert any(line.endswith(" line 27") for line in shown(app))


async def test_wrapping_is_remembered(stage: Stage) -> None:
    async with stage.run(size=(160, 48)) as (app, pilot):
        was = app.triage.code.wraps
        await pilot.press("w")
        assert app.triage.code.wraps is not was
    async with stage.run(size=(160, 48)) as (app, pilot):
        assert app.triage.code.wraps is not was
        await pilot.press("F")
        await until(pilot, lambda: app.triage.session is not None and app.triage.code.is_settled)
        assert app.triage.code.wraps is not was


async def test_the_change_before_is_not_kept(stage: Stage) -> None:
    async with stage.run(size=(160, 48)) as (app, pilot):
        old = app.triage.query_one("#code")
        assert old is app.triage.code
        await pilot.press("F")
        await until(pilot, lambda: app.triage.code is not old and app.triage.code.is_settled)
        cache = app.triage._query_one_cache
        assert not any(cache[key] is old for key in tuple(cache.keys()))


async def test_after_a_hang_up_no_key_that_waits_acts(stage: Stage) -> None:
    async with stage.run(size=(160, 48)) as (app, _):
        assert await app.run_action("focus('findings')")
        app._terminated(signal.SIGHUP)
        assert not await app.run_action("focus('findings')")


async def test_viewed_files_fold_and_stay_viewed(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        await at_gap(app, pilot)
        await pilot.press("m")
        code = app.triage.code
        index = code.document.file_index("long.txt")
        assert index is not None
        assert code.document.is_folded(index)
        assert code.path_under_cursor == "new file.txt"
        assert app.triage.snapshot is not None
        assert app.triage.snapshot.viewed == {"long.txt"}
        await pilot.press("left_curly_bracket", "enter")
        assert not code.document.is_folded(index)
        await pilot.press("enter")
        assert code.document.is_folded(index)
    async with stage.run() as (app, pilot):
        code = app.triage.code
        index = code.document.file_index("long.txt")
        assert index is not None
        assert code.document.is_folded(index)
        await pilot.press("2")
        code.go_to_path("long.txt")
        await pilot.press("m")
        assert not code.document.is_folded(index)
    async with stage.run() as (app, pilot):
        assert app.triage.snapshot is not None
        assert not app.triage.snapshot.viewed


async def test_a_file_that_changes_is_unviewed(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        await at_gap(app, pilot)
        await pilot.press("m", "m")
        assert app.triage.snapshot is not None
        assert app.triage.snapshot.viewed == {"long.txt", "new file.txt"}
    stage.repository.write("new file.txt", "hello again\n")
    async with stage.run() as (app, _pilot):
        assert app.triage.snapshot is not None
        assert app.triage.snapshot.viewed == {"long.txt"}


async def test_a_finding_opens_the_folded_file(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        await pilot.press("2")
        app.triage.code.go_to_path("app.py")
        await pilot.press("m", "1", "down", "down", "up")
        assert not app.triage.code.document.is_folded(0)
        assert any("┃" in line for line in shown(app))


async def test_when_all_are_viewed_it_says_so(stage: Stage) -> None:
    async with stage.run() as (app, pilot):
        await pilot.press("2")
        await pilot.press(*["m"] * len(app.triage.code.document.files))
        assert "All files are viewed." in told(app)
