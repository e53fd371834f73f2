"""Wrapping, folding, and unchanged lines in the pane."""

import pytest
from textual.pilot import Pilot

from tests.tui.widgets.diff.diffs import HOSTILE, file_of
from tests.tui.widgets.diff.test_expand import NUMBERED, diff_of, edited
from tests.tui.widgets.diff.test_view import ONE, THREE, TWO, line_with, screen, settled, showing
from xreview.domain.change import Side
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Severity
from xreview.tui.widgets.diff import layouts
from xreview.tui.widgets.diff.gaps import MISFIT
from xreview.tui.widgets.diff.view import DiffView, Showing
from xreview.tui.widgets.diff.wrap import MOST_ROWS
from xreview.tui.widgets.findings.marks import Mark

LONG = file_of(
    (1, 1, [("+", "start " + "x" * 150 + " end"), (" ", "short"), ("-", "界" * 60), ("+", "last")]),
    path="long.py",
)
GAPS = diff_of(NUMBERED, edited(20, 50))


def row_of(view: DiffView) -> str:
    return screen(view)[view.document.strip_of(view.cursor_line) - view.scroll_offset.y]


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (70, 24), (20, 5), (8, 3)])
@pytest.mark.parametrize("side_by_side", [False, True])
async def test_every_size_is_filled_exactly_when_wrapped(
    size: tuple[int, int], side_by_side: bool
) -> None:
    hostile = file_of((1, 1, [("-", HOSTILE), ("+", "界" * 200), ("+", "\tx\t界" * 9)]), path="h")
    async with showing(ONE, hostile, THREE, LONG, TWO, size=size) as (view, pilot, _app):
        view.set_wraps(True)
        view.set_side_by_side(side_by_side)
        await settled(pilot, view)
        assert view.virtual_size.height == view.document.depth
        for y in range(view.document.depth):
            view.scroll_to(y=y, animate=False, force=True, immediate=True)
            screen(view)


async def test_a_wrapped_line_is_shown_whole() -> None:
    async with showing(LONG) as (view, _pilot, _app):
        lines = screen(view)
        assert lines[2] == "       1 +start " + "x" * 63
        assert lines[3] == "       ↳  " + "x" * 69
        assert lines[4] == "       ↳  " + "x" * 18 + " end"
        assert lines[5] == "   1   2  short"
        assert lines[6] == "   2     -" + "界" * 34
        assert lines[7] == "       ↳  " + "界" * 26
        view.set_wraps(False)
        assert "end" not in "".join(screen(view))
        view.move_sideways(100)
        assert "end" in "".join(screen(view))
        view.set_wraps(True)
        assert screen(view) == lines
        view.move_sideways(100)
        assert screen(view) == lines


async def test_lines_wrap_in_a_narrow_pane_until_the_user_chooses() -> None:
    async with showing(LONG, size=(120, 24)) as (view, pilot, _app):
        assert not view.wraps
        await pilot.resize_terminal(100, 24)
        await settled(pilot, view)
        assert view.wraps
        assert view.document.layout.wrap_width == 99
        view.set_wraps(False)
        await pilot.resize_terminal(90, 24)
        await settled(pilot, view)
        assert not view.wraps
        assert view.document.layout.wrap_width == 0


async def test_the_cursor_moves_by_lines_of_the_file() -> None:
    async with showing(LONG, TWO) as (view, pilot, _app):
        places = []
        for _ in range(5):
            view.move_cursor(1)
            places.append(view.place_under_cursor())
        assert [place[1:] for place in places if place] == [
            (Side.NEW, 1), (Side.NEW, 1), (Side.NEW, 2), (Side.OLD, 2), (Side.NEW, 3),
        ]  # fmt: skip
        await pilot.click(DiffView, offset=(20, 4))
        assert view.place_under_cursor() == ("long.py", Side.NEW, 1)
        view.go_to_end()
        assert view.place_under_cursor() == ("src/two.py", Side.NEW, 109)
        assert "line 99" in row_of(view)
        view.page(-1)
        view.go_to_file(-1)
        assert row_of(view).startswith(" src/two.py")


async def test_marks_and_quotes_of_wrapped_lines() -> None:
    async with showing(LONG) as (view, _pilot, _app):
        view.set_marks({("long.py", Side.NEW, 1): Mark(Severity.HIGH, True)})
        view.show(Anchor("long.py", Side.NEW, 1, 1, "start"))
        rows = screen(view)[2:5]
        assert [row[0] for row in rows] == ["▲", " ", " "]
        assert all("┃" in row for row in rows)


async def test_a_match_over_the_edge_is_highlighted_on_both_rows() -> None:
    edge = file_of((1, 1, [("+", "." * 66 + "needle" + "." * 9)]), path="a.py")
    async with showing(edge) as (view, _pilot, _app):
        assert await view.search("needle")
        found = view._canvas.painter.palette.colour("diff-search")
        marked = [
            "".join(part.text for part in view.render_line(y) if part.style.bgcolor == found)
            for y in (2, 3)
        ]
        assert marked == ["nee", "dle"]


async def test_a_line_taller_than_the_screen_can_be_read() -> None:
    tall = file_of((1, 1, [("+", "".join(f"{n:04d}" for n in range(400))), ("+", "after")]))
    async with showing(tall, size=(50, 10)) as (view, _pilot, _app):
        seen = "".join(screen(view))
        downs = 0
        while view.place_under_cursor() != ("src/app.py", Side.NEW, 2):
            view.move_cursor(1)
            seen += "".join(screen(view))
            downs += 1
        assert downs > 4
        assert all(f"{n:04d}" in seen.replace("↳", "") for n in range(0, 400, 13))
        for _ in range(downs):
            view.move_cursor(-1)
        assert view.cursor_line == 0


async def test_a_huge_line_is_cut_and_says_so() -> None:
    huge = file_of((1, 1, [("+", "0123456789" * 200_000), ("+", "after")]), path="a.min.js")
    async with showing(huge) as (view, _pilot, _app):
        assert view.document.depth == 2 + MOST_ROWS + 1
        view.go_to_end()
        assert screen(view)[-2].endswith(" ⋯")
        assert "after" in screen(view)[-1]


async def test_a_large_change_wraps_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "INLINE_BYTES", 10)
    monkeypatch.setattr(layouts, "_STEP_BYTES", 10)
    async with showing(LONG, finished=False) as (view, pilot, _app):
        view.append_files((THREE, TWO))
        view.append_files((ONE,))
        await settled(pilot, view)
        assert view.document.files == [LONG, THREE, TWO, ONE]
        assert view.document.depth == view.document.height + 3
        view.show(Anchor("src/two.py", Side.NEW, 60, 60, "line 50"))
        await pilot.resize_terminal(60, 24)
        await settled(pilot, view)
        assert view.document.layout.wrap_width == 59
        assert view.place_under_cursor() == ("src/two.py", Side.NEW, 60)
        assert view.virtual_size.height == view.document.depth


# Viewed files


async def test_viewed_files_fold() -> None:
    async with showing(ONE, THREE, TWO) as (view, _pilot, _app):
        view.set_viewed({"src/one.py"})
        lines = screen(view)
        assert lines[0].startswith(" src/one.py")
        assert lines[0].endswith(" · ▸ viewed ✓")
        assert lines[1].startswith(" logo.png")
        assert view.toggle_fold()
        assert "viewed ✓" in screen(view)[0]
        assert "import a" in screen(view)[2]
        assert view.toggle_fold()
        assert screen(view)[1].startswith(" logo.png")
        view.set_viewed(set())
        assert "import a" in screen(view)[2]
        assert not view.toggle_fold()


async def test_a_folded_file_opens_for_a_finding_and_for_a_match() -> None:
    async with showing(ONE, THREE, TWO) as (view, _pilot, _app):
        view.set_viewed({"src/one.py", "src/two.py"})
        assert view.show(Anchor("src/two.py", Side.NEW, 60, 60, "line 50")) is Showing.LINES
        assert "line 50" in row_of(view)
        assert "viewed ✓" in screen(view)[0]
        assert await view.search("tail")
        assert "tail" in row_of(view)


async def test_what_a_finding_shows_is_not_folded_under_it() -> None:
    async with showing(ONE, TWO) as (view, _pilot, _app):
        view.show(Anchor("src/two.py", Side.NEW, 60, 60, "line 50"))
        view.set_viewed({"src/one.py", "src/two.py"})
        assert "line 50" in row_of(view)
        view.fold("src/two.py")
        assert row_of(view).startswith(" src/two.py")


async def test_the_next_file_that_is_not_viewed() -> None:
    async with showing(ONE, THREE, TWO) as (view, pilot, _app):
        view.set_viewed({"logo.png"})
        assert view.go_to_next_unviewed()
        assert view.path_under_cursor == "src/two.py"
        assert view.go_to_next_unviewed()
        assert view.path_under_cursor == "src/one.py"
        view.set_viewed({"logo.png", "src/one.py", "src/two.py"})
        assert not view.go_to_next_unviewed()
        view.set_side_by_side(True)
        await settled(pilot, view)
        assert view.document.height == 3


# Unchanged lines


async def expanded(view: DiffView, pilot: Pilot[None], most: int | None = 10) -> None:
    """Show hidden lines, and give the pane the file when it asks."""
    assert view.show_hidden(most)
    if view._wanted_lines:
        assert "reading …" in row_of(view)
        await view.take_content(0, edited(20, 50).encode())
    await settled(pilot, view)


@pytest.mark.parametrize("side_by_side", [False, True])
@pytest.mark.parametrize("inline", [10, 1_000_000])
async def test_unchanged_lines_are_shown(
    monkeypatch: pytest.MonkeyPatch, side_by_side: bool, inline: int
) -> None:
    async with showing(GAPS, TWO, size=(120, 30)) as (view, pilot, _app):
        view.set_side_by_side(side_by_side)
        await settled(pilot, view)
        monkeypatch.setattr(layouts, "INLINE_BYTES", inline)
        view.go_to_hunk(1)
        assert "⋯" in row_of(view)
        await expanded(view, pilot)
        assert "@@ -7,17 +7,17 @@" in row_of(view)
        assert "line 7" in screen(view)[2]
        line = view.cursor_line
        await expanded(view, pilot, None)
        assert view.cursor_line == line
        assert "⋯" not in row_of(view)
        assert "line 1" in screen(view)[2]
        assert not view.show_hidden()
        assert await view.search("line 11")
        assert view.place_under_cursor() == ("a.py", Side.NEW, 11)


async def test_the_rest_of_the_file_is_shown() -> None:
    async with showing(GAPS, TWO, size=(120, 30)) as (view, pilot, _app):
        view.go_to_file(1)
        view.move_cursor(-1)
        assert row_of(view).strip() == "⋯  unchanged lines to the end of the file"
        await expanded(view, pilot, 4)
        assert "unchanged lines" in row_of(view)
        assert "line 57" in screen(view)[view.cursor_line - view.scroll_offset.y - 1]
        await expanded(view, pilot)
        assert row_of(view).endswith("line 58")
        view.go_to_file(1)
        assert "line 60" in screen(view)[view.cursor_line - view.scroll_offset.y - 1]


async def test_keys_add_up_while_the_file_is_read() -> None:
    async with showing(GAPS) as (view, pilot, _app):
        view.go_to_hunk(1)
        view.go_to_hunk(1)
        assert view.show_hidden()
        assert view.show_hidden()
        view.go_to_hunk(-1)
        assert view.show_hidden(3)
        await view.take_content(0, edited(20, 50).encode())
        await settled(pilot, view)
        headers = [line.split("@@")[1].strip() for line in screen(view) if "@@" in line]
        assert headers == ["-14,10 +14,10", "-27,27 +27,27"]
        assert "-14,10" in row_of(view)


async def test_another_file_content_is_refused() -> None:
    async with showing(GAPS) as (view, pilot, app):
        view.go_to_hunk(1)
        view.show_hidden()
        await view.take_content(0, b"something else")
        await pilot.pause()
        assert app.told == [MISFIT]
        assert "reading" not in row_of(view)
        assert view.document.files == [GAPS]


async def test_expanded_lines_survive_another_layout() -> None:
    async with showing(TWO, GAPS, size=(120, 30)) as (view, pilot, _app):
        view.go_to_file(1)
        view.go_to_hunk(1)
        assert view.show_hidden(None)
        await view.take_content(1, edited(20, 50).encode())
        view.set_side_by_side(True)
        view.set_wraps(True)
        await settled(pilot, view)
        assert "line 1" in line_with(view, "line 1")
        assert view.show(Anchor("a.py", Side.NEW, 5, 5, "line 5")) is Showing.LINES
