import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tests.tui.widgets.diff.diffs import HOSTILE, file_of, marked
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Severity
from xreview.domain.text import visible
from xreview.tui.themes.files import variable_defaults
from xreview.tui.themes.register import register_available
from xreview.tui.widgets.diff import layouts
from xreview.tui.widgets.diff.canvas import Canvas
from xreview.tui.widgets.diff.view import DiffView, Showing
from xreview.tui.widgets.findings.marks import Mark

ONE = file_of(
    (1, 1, marked(" import a\n-x = first(a)\n+x = second(a)\n return x")),
    (40, 40, marked(" def tail():\n+    return 'tail'")),
    path="src/one.py",
)
TWO = file_of((10, 10, [("+", f"line {number}") for number in range(100)]), path="src/two.py")
THREE = FileDiff("logo.png", FileStatus.MODIFIED, binary=True)


class Host(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.view = DiffView()
        self.settled: list[Showing] = []
        self.told: list[str] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(variable_defaults())

    def compose(self) -> ComposeResult:
        yield self.view

    def on_diff_view_anchor_settled(self, message: DiffView.AnchorSettled) -> None:
        self.settled.append(message.showing)

    def on_diff_gaps_lines_not_shown(self, message: DiffView.LinesNotShown) -> None:
        self.told.append(message.why)


@asynccontextmanager
async def showing(
    *files: FileDiff, size: tuple[int, int] = (80, 24), finished: bool = True
) -> AsyncIterator[tuple[DiffView, Pilot[None], Host]]:
    app = Host()
    async with app.run_test(size=size) as pilot:
        app.view.focus()
        app.view.append_files(files)
        if finished:
            app.view.finish()
        await settled(pilot, app.view)
        yield app.view, pilot, app


async def settled(pilot: Pilot[None], view: DiffView) -> None:
    async with asyncio.timeout(30):
        await pilot.pause()
        while not view.is_settled:
            await pilot.pause(0.005)
        await pilot.pause()


def screen(view: DiffView) -> list[str]:
    strips = [view.render_line(y) for y in range(view.size.height)]
    for strip in strips:
        assert strip.cell_length == view.size.width - 1, "all but the scrollbar"
        assert sum(cell_len(segment.text) for segment in strip) == view.size.width - 1
        assert visible(strip.text) == strip.text
    return [strip.text.rstrip() for strip in strips]


def line_with(view: DiffView, text: str) -> str:
    return next(line for line in screen(view) if text in line)


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (70, 24), (20, 5), (8, 3)])
@pytest.mark.parametrize("side_by_side", [False, True])
async def test_every_size_is_filled_exactly(size: tuple[int, int], side_by_side: bool) -> None:
    hostile = file_of((1, 1, [("-", HOSTILE), ("+", "界" * 200), ("+", "\tx\t界")]), path=HOSTILE)
    async with showing(ONE, hostile, THREE, TWO, size=size) as (view, pilot, _app):
        view.set_side_by_side(side_by_side)
        await settled(pilot, view)
        while view.cursor_line < view.document.height - 1:
            screen(view)
            view.page(1)
        screen(view)


async def test_the_whole_change_is_one_document() -> None:
    async with showing(ONE, THREE, TWO) as (view, _pilot, _app):
        lines = screen(view)
        assert lines[0].startswith(" src/one.py")
        assert "@@ -1,3 +1,3 @@ def section():" in lines[1]
        assert lines[3] == "   2     -x = first(a)"
        assert lines[4] == "       2 +x = second(a)"
        assert lines[9].startswith(" logo.png")
        assert "binary" in lines[10]
        assert lines[11].startswith(" src/two.py")


async def test_colours_follow_the_plain_text() -> None:
    async with showing(ONE) as (view, _pilot, _app):
        strip = view.render_line(2)
        keyword = view._canvas.painter.palette.colour("syntax-keyword")
        assert "import" in [
            part.text.strip() for part in strip if part.style and part.style.color == keyword
        ]
        words = [part.text for part in view.render_line(3) if part.style and part.style.bold]
        assert "first" in words


async def test_the_cursor_moves_by_lines() -> None:
    async with showing(ONE, TWO) as (view, _pilot, _app):
        for _ in range(3):
            view.move_cursor(1)
        assert view.place_under_cursor() == ("src/one.py", Side.OLD, 2)
        view.move_cursor(1)
        assert view.place_under_cursor() == ("src/one.py", Side.NEW, 2)
        view.move_cursor(-100)
        assert view.cursor_line == 0


async def test_the_cursor_stays_in_view() -> None:
    async with showing(ONE, TWO) as (view, _pilot, _app):
        for step in (1, 5, -2, 30, -1, -7, 50, -40, 3):
            view.move_cursor(step)
            assert view.scroll_offset.y <= view.cursor_line < view.scroll_offset.y + 24
            place = view.place_under_cursor()
            assert place is not None
            assert str(place[2]) in screen(view)[view.cursor_line - view.scroll_offset.y]
        view.go_to_end()
        assert view.place_under_cursor() == ("src/two.py", Side.NEW, 109)
        view.go_home()
        assert (view.cursor_line, view.scroll_offset.y) == (0, 0)


async def test_the_cursor_walks_up_one_line_at_a_time_under_the_sticky_header() -> None:
    async with showing(ONE, TWO, size=(80, 10)) as (view, _pilot, _app):
        view.go_to_end()
        for expected in range(view.document.height - 2, -1, -1):
            view.move_cursor(-1)
            assert view.cursor_line == expected
            row = expected - view.scroll_offset.y
            assert 0 <= row < 10
            assert row > 0 or not view._canvas.is_covered(expected)


async def test_the_file_of_the_first_line_stays_on_top() -> None:
    async with showing(ONE, TWO) as (view, _pilot, _app):
        view.go_to_end()
        assert screen(view)[0].startswith(" src/two.py")


async def test_pages_hunks_and_files() -> None:
    async with showing(ONE, THREE, TWO) as (view, _pilot, _app):
        visited = []
        for _ in range(5):
            view.go_to_hunk(1)
            visited.append(view.cursor_line)
        assert visited == [1, 6, 9, 12, 12]
        for _ in range(4):
            view.go_to_hunk(-1)
        assert view.cursor_line == 1
        view.go_to_file(1)
        assert view.cursor_line == 9
        view.go_to_file(1)
        view.go_to_file(1)
        assert view.cursor_line == 11
        view.move_cursor(5)
        view.go_to_file(-1)
        assert view.cursor_line == 11
        view.go_to_file(-1)
        assert view.cursor_line == 9
        view.go_home()
        view.page(1)
        assert (view.cursor_line, view.scroll_offset.y) == (22, 22)
        view.page(-1)
        assert (view.cursor_line, view.scroll_offset.y) == (0, 0)
        assert view.go_to_path("src/two.py")
        assert view.cursor_line == 11
        assert not view.go_to_path("src/none.py")


async def test_a_quote_is_marked_and_brought_into_view() -> None:
    async with showing(ONE, TWO) as (view, _pilot, _app):
        shown = view.show(Anchor("src/two.py", Side.NEW, 60, 61, "line 50\nline 51"))
        assert shown is Showing.LINES
        assert view.place_under_cursor() == ("src/two.py", Side.NEW, 60)
        assert view.cursor_line - view.scroll_offset.y == 24 // 3
        quoted = [line for line in screen(view) if "┃" in line]
        assert [line.split("+")[1] for line in quoted] == ["line 50", "line 51"]
        assert view.show(None) is Showing.NOTHING
        assert not any("┃" in line for line in screen(view))


async def test_removed_lines_are_quoted_on_the_old_side() -> None:
    async with showing(ONE) as (view, _pilot, _app):
        assert view.show(Anchor("src/one.py", Side.OLD, 2, 2, "x = first(a)")) is Showing.LINES
        assert "┃-x = first" in line_with(view, "first")
        assert "┃" not in line_with(view, "second")


async def test_lines_that_the_change_does_not_show() -> None:
    async with showing(ONE, THREE) as (view, _pilot, _app):
        assert view.show(Anchor("src/one.py", Side.NEW, 30, 31, "far")) is Showing.NEAREST
        assert view.cursor_line == 6
        assert view.show(Anchor("logo.png", Side.NEW, 1, 1, "")) is Showing.FILE
        assert view.cursor_line == 9
        assert view.show(Anchor("gone.py", Side.NEW, 1, 1, "x")) is Showing.ABSENT
        assert view.cursor_line == 9


async def test_a_place_is_shown_when_its_file_comes() -> None:
    async with showing(ONE, finished=False) as (view, pilot, app):
        assert view.show(Anchor("src/two.py", Side.NEW, 12, 12, "line 2")) is Showing.WAITING
        assert view.show(Anchor("src/two.py", Side.NEW, 12, 12, "line 2")) is Showing.WAITING
        view.append_files((TWO,))
        await pilot.pause()
        assert view.place_under_cursor() == ("src/two.py", Side.NEW, 12)
        assert app.settled == [Showing.LINES]
        view.show(Anchor("gone.py", Side.NEW, 1, 1, "x"))
        view.finish()
        await pilot.pause()
        assert app.settled == [Showing.LINES, Showing.ABSENT]


async def test_marks_stand_beside_their_lines() -> None:
    async with showing(ONE) as (view, _pilot, _app):
        view.set_marks(
            {
                ("src/one.py", Side.NEW, 2): Mark(Severity.HIGH, True),
                ("src/one.py", Side.OLD, 2): Mark(Severity.LOW, False),
            }
        )
        assert line_with(view, "second").startswith("▲")
        assert line_with(view, "first").startswith("◦")
        view.set_marks({})
        assert not line_with(view, "second").startswith("▲")


async def test_side_by_side_keeps_the_place() -> None:
    async with showing(ONE, TWO) as (view, pilot, _app):
        view.show(Anchor("src/two.py", Side.NEW, 60, 60, "line 50"))
        height = view.cursor_line - view.scroll_offset.y
        view.set_side_by_side(True)
        await settled(pilot, view)
        assert view.side_by_side
        assert view.place_under_cursor() == ("src/two.py", Side.NEW, 60)
        assert view.cursor_line - view.scroll_offset.y == height
        view.go_home()
        line = line_with(view, "first")
        assert "-x = first(a)" in line
        assert "+x = second(a)" in line
        view.set_side_by_side(False)
        await settled(pilot, view)
        assert "second" not in line_with(view, "first")


async def test_a_large_change_is_laid_out_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "INLINE_BYTES", 10)
    async with showing(ONE, finished=False) as (view, pilot, _app):
        view.set_side_by_side(True)
        view.append_files((THREE, TWO))
        await settled(pilot, view)
        assert view.side_by_side
        assert view.document.files == [ONE, THREE, TWO]
        view.append_files((ONE,))
        await settled(pilot, view)
        assert len(view.document.files) == 4
        view.set_side_by_side(True)
        view.set_side_by_side(False)
        await settled(pilot, view)
        assert not view.side_by_side
        assert len(view.document.files) == 4
        assert view.virtual_size.height == view.document.height


async def test_files_are_appended_while_the_screen_is_full() -> None:
    async with showing(TWO, finished=False) as (view, pilot, _app):
        view.append_files((ONE,))
        view.go_to_end()
        assert view.place_under_cursor() == ("src/one.py", Side.NEW, 41)
        await settled(pilot, view)
        assert view.virtual_size.height == view.document.height


async def test_search_goes_around() -> None:
    async with showing(ONE, TWO) as (view, _pilot, _app):
        for typed in ("t", "ta", "tai"):
            assert await view.search(typed)
        assert "tail" in screen(view)[view.cursor_line - view.scroll_offset.y]
        first = view.cursor_line
        assert await view.search("tai", again=True)
        assert view.cursor_line == first + 1
        assert await view.search("tai", again=True)
        assert view.cursor_line == first
        assert await view.search("tai", -1, again=True)
        assert view.cursor_line == first + 1
        assert not await view.search("nowhere")
        assert view.cursor_line == first + 1
        found = view._canvas.painter.palette.colour("diff-search")
        await view.search("line 7")
        strip = view.render_line(view.cursor_line - view.scroll_offset.y)
        assert any(part.style and part.style.bgcolor == found for part in strip)
        assert not await view.search("")


async def test_search_off_the_loop_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "INLINE_BYTES", 10)
    async with showing(ONE, TWO) as (view, _pilot, _app):
        assert await view.search("line 99")
        assert view.place_under_cursor() == ("src/two.py", Side.NEW, 109)
        older, newer = await asyncio.gather(view.search("line 1"), view.search("line 5"))
        assert (older, newer) == (False, True)


async def test_long_lines_scroll_sideways_to_their_end() -> None:
    long = file_of((1, 1, [("+", "0123456789" * 200_000)]), path="a.min.js")
    async with showing(long) as (view, _pilot, _app):
        view.set_wraps(False)
        view.move_sideways(8)
        assert "+8901234" in screen(view)[2]
        view.move_sideways(10**9)
        assert screen(view)[2].endswith("+23456789")
        view.move_sideways(-(10**9))
        assert "+0123456" in screen(view)[2]


async def test_clicks_put_the_cursor() -> None:
    async with showing(ONE, TWO) as (view, pilot, _app):
        await pilot.click(DiffView, offset=(20, 4))
        assert view.cursor_line == 4
        view.go_to_end()
        await pilot.pause()
        await pilot.click(DiffView, offset=(20, 0))
        assert view.cursor_line == 9


async def test_an_empty_change_explains_itself() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "Reading the change …" in screen(app.view)[1]
        app.view.move_cursor(1)
        app.view.page(1)
        app.view.go_to_hunk(1)
        app.view.go_to_file(1)
        app.view.go_to_end()
        app.view.move_sideways(1)
        app.view.set_side_by_side(True)
        assert app.view.place_under_cursor() is None
        assert not await app.view.search("x")
        app.view.finish()
        assert "The change is empty." in screen(app.view)[1]


async def test_a_theme_changes_the_colours() -> None:
    async with showing(ONE) as (view, pilot, app):
        register_available(app, None)
        before = view.render_line(4)
        app.theme = "light"
        await settled(pilot, view)
        after = view.render_line(4)
        assert after.text == before.text
        assert after != before


async def test_the_thread_ends_with_the_pane() -> None:
    async with showing(ONE) as (view, _pilot, _app):
        thread = view._decorator._thread
        assert thread is not None
        assert thread.is_alive()
    thread.join(10)
    assert not thread.is_alive()


def cells(strips: list[Strip], width: int) -> list[list[tuple[str, Style | None]]]:
    return [
        [(character, part.style) for part in strip.crop(0, width) for character in part.text]
        for strip in strips
    ]


@pytest.mark.parametrize("border", ["none", "solid", "heavy"])
@pytest.mark.parametrize("padding", [(0, 0), (1, 2)])
async def test_lines_look_as_textual_itself_would_draw_them(
    border: str, padding: tuple[int, int]
) -> None:
    async with showing(ONE, TWO) as (view, pilot, _app):
        view.styles.border = (border, "red") if border != "none" else ("", "red")
        view.styles.padding = padding
        await settled(pilot, view)
        view.move_cursor(40)
        await settled(pilot, view)
        width, height = view.outer_size
        for crop in (Region(0, 0, width, height), Region(0, 3, width, 5), Region(5, 2, 20, 4)):
            ours = view.render_lines(crop)
            textuals = ScrollView.render_lines(view, crop)
            assert len(ours) == len(textuals) == crop.height
            assert cells(ours, crop.width) == cells(textuals, crop.width)


async def test_a_border_moves_clicks_with_it() -> None:
    async with showing(ONE, TWO) as (view, pilot, _app):
        view.styles.border = ("solid", "red")
        await settled(pilot, view)
        await pilot.click(DiffView, offset=(20, 5))
        assert view.cursor_line == 4


async def test_the_next_page_is_drawn_before_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    async with showing(ONE, TWO) as (view, pilot, _app):
        view.page(1)
        await prepared(pilot, view)
        painted: list[int] = []
        paint = Canvas._paint
        monkeypatch.setattr(Canvas, "_paint", lambda *parts: painted.append(1) or paint(*parts))
        monkeypatch.setattr(view, "_prepare", lambda _strips: None)
        view.page(1)
        await pilot.pause()
        assert len(painted) <= 2  # the cursor's line, and the one it left
        await settled(pilot, view)
        drawn = [view.render_line(y) for y in range(view.size.height)]
        view._canvas.clear()
        assert drawn == [view.render_line(y) for y in range(view.size.height)]


async def test_there_is_nothing_to_prepare_beyond_the_end() -> None:
    async with showing(ONE) as (view, pilot, _app):
        for pages in (1, 1, -1, -1):
            view.page(pages)
            await prepared(pilot, view)


async def prepared(pilot: Pilot[None], view: DiffView) -> None:
    """Wait until the next page is drawn."""
    async with asyncio.timeout(30):
        while view._ahead or view._pausing:
            await pilot.pause(0.005)
