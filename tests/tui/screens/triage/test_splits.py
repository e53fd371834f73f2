"""Where the panes are, at every size and after every move of a border."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.harness import Stage
from xreview.config.remembered import Remembered, Split
from xreview.tui.screens.triage.splits import (
    CASE,
    TITLES,
    PaneSplits,
    PaneView,
    ScreenSize,
    size_of,
)

COLUMNS, ROWS = st.integers(40, 300), st.integers(20, 100)
VIEWS = st.builds(PaneView, st.sampled_from(tuple(TITLES)), st.booleans())
MOVES = st.lists(st.tuples(st.integers(40, 300), VIEWS, st.sampled_from((-5, 5))), max_size=30)


def moved(moves: list[tuple[int, PaneView, int]]) -> PaneSplits:
    splits = PaneSplits()
    for width, view, percent in moves:
        splits = splits.after(width, view, percent)
    return splits


@given(COLUMNS, ROWS, VIEWS, MOVES)
def test_the_panes_fill_the_screen_without_overlap(columns, rows, view, moves):
    cells = [
        (x, y)
        for box in moved(moves).boxes(columns, rows, view)
        for x in range(box.x, box.x + box.width)
        for y in range(box.y, box.y + box.height)
    ]
    assert len(cells) == len(set(cells)) == columns * rows
    assert set(cells) == {(x, y) for x in range(columns) for y in range(rows)}


@given(COLUMNS, ROWS, VIEWS, MOVES)
def test_the_focused_pane_is_shown_and_no_pane_is_too_small_to_read(columns, rows, view, moves):
    boxes = moved(moves).boxes(columns, rows, view)
    assert view.pane in {box.pane for box in boxes}
    assert all(box.width >= 20 and box.height >= 5 for box in boxes)


@given(COLUMNS, ROWS, VIEWS)
def test_more_room_makes_the_focused_pane_larger_and_less_takes_it_back(columns, rows, view):
    def area(splits: PaneSplits) -> int:
        (box,) = [one for one in splits.boxes(columns, rows, view) if one.pane == view.pane]
        return box.width * box.height

    before = PaneSplits()
    after = before.after(columns, view, 5)
    assert area(after) >= area(before)
    back = after.after(columns, view, -5)
    assert back.boxes(columns, rows, view) == before.boxes(columns, rows, view)


@given(MOVES, COLUMNS, ROWS, VIEWS)
def test_what_is_remembered_gives_the_same_panes(moves, columns, rows, view):
    splits = moved(moves)
    again = PaneSplits(splits.moved)
    assert again.boxes(columns, rows, view) == splits.boxes(columns, rows, view)


@given(st.lists(st.builds(Split, st.sampled_from(ScreenSize), st.text(), st.integers())))
def test_a_damaged_memory_does_no_harm(remembered):
    boxes = PaneSplits(remembered).boxes(160, 45, PaneView())
    assert [box.pane for box in boxes] == list(TITLES)


@pytest.mark.parametrize(
    ("columns", "rows", "lines"), [(160, 48, 8), (120, 34, 5), (100, 30, 4), (70, 24, 4)]
)
def test_an_argument_has_its_lines_below_who_says_it(columns, rows, lines):
    boxes = {
        box.pane: box for box in PaneSplits().boxes(columns, rows - 3, PaneView("disagreement"))
    }
    border, heading = 2, 1
    assert boxes["disagreement"].height - border - heading >= lines
    assert set(CASE) <= set(boxes)


@pytest.mark.parametrize("columns", [120, 160, 200, 300])
def test_the_list_takes_about_a_quarter(columns):
    (width,) = [
        b.width for b in PaneSplits().boxes(columns, 45, PaneView()) if b.pane == "findings"
    ]
    assert 34 <= width <= 48


def test_the_classes_of_screens():
    sizes = [size_of(columns) for columns in (79, 80, 119, 120)]
    assert sizes == ["single", "narrow", "narrow", "wide"]


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


async def test_the_borders_move_by_keys_and_are_remembered_for_this_size(stage):
    async with stage.run() as (app, pilot):
        pane = app.triage.findings
        before = pane.region.width
        await pilot.press(">", ">", ">", "<")
        await pilot.pause()
        wider = pane.region.width
        assert wider > before
        await pilot.press("4")
        lower = app.triage.query_one("#disagreement").region
        await pilot.press(">")
        await pilot.pause()
        grown = app.triage.query_one("#disagreement").region
        assert grown.width > lower.width
        assert grown.height > lower.height
    async with stage.run() as (app, _):
        assert app.triage.findings.region.width == wider
        assert app.triage.query_one("#disagreement").region == grown
    async with stage.run((100, 30)) as (app, _):
        assert app.triage.findings.region.width == 38


async def test_a_pane_with_the_whole_screen_has_no_border_to_move(stage):
    async with stage.run((70, 24)) as (app, pilot):
        await pilot.press(">")
        assert "already has the whole screen" in "".join(n.message for n in app._notifications)
        assert Remembered(stage.options().folders.state).arranged.splits == ()
        await pilot.press("3", ">")
        await pilot.pause()
        review, other = (app.triage.query_one(f"#{id}").region for id in CASE)
        assert review.height > other.height
