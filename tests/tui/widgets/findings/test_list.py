from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from tests.fakes.reports import finding, report
from xreview.domain.state import Triage
from xreview.tui.themes.files import variable_defaults
from xreview.tui.widgets.findings.list import FindingList
from xreview.tui.widgets.findings.rows import FindingRow, Heading, Row


class Counting(FindingList):
    """A list that counts the lines it draws."""

    drawn = 0

    def render_line(self, y: int) -> Strip:
        self.drawn += 1
        return super().render_line(y)


class Host(App[None]):
    CSS = "FindingList { width: 1fr; height: 1fr; border: solid red; }"

    def __init__(self) -> None:
        super().__init__()
        self.list = Counting()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(variable_defaults())

    def compose(self) -> ComposeResult:
        yield self.list


@asynccontextmanager
async def listing(*rows: Row) -> AsyncIterator[tuple[Counting, Pilot[None]]]:
    app = Host()
    async with app.run_test(size=(50, 14)) as pilot:
        app.list.focus()
        app.list.show_rows(rows, Triage())
        await pilot.pause()
        yield app.list, pilot


def rows_of(*titles: str) -> list[Row]:
    heading = Heading("lone", len(titles), len(titles), False)
    return [heading, *(FindingRow(finding(report(title))) for title in titles)]


def on_screen(pilot: Pilot[None]) -> list[str]:
    return [strip.text for strip in pilot.app.screen._compositor.render_strips()]


async def test_the_same_rows_are_not_drawn_again():
    rows = rows_of("One", "Two", "Three")
    async with listing(*rows) as (shown, pilot):
        shown.drawn = 0
        shown.show_rows(rows, Triage())
        await pilot.pause()
        assert shown.drawn == 0


async def test_only_the_lines_that_change_are_drawn():
    rows = rows_of("One", "Two", "Three")
    async with listing(*rows) as (shown, pilot):
        shown.drawn = 0
        rows[2] = FindingRow(finding(report("Other")))
        shown.show_rows(rows, Triage())
        await pilot.pause()
        assert shown.drawn == 2
        assert any("Other" in line for line in on_screen(pilot))


async def test_a_list_that_grows_below_the_screen_draws_nothing():
    rows = rows_of(*(f"Title {number}" for number in range(20)))
    async with listing(*rows) as (shown, pilot):
        shown.drawn = 0
        shown.show_rows([*rows, *rows_of("Last")], Triage())
        await pilot.pause()
        assert shown.drawn == 0
        shown.go_to_end()
        await pilot.pause()
        assert any("Last" in line for line in on_screen(pilot))


_TITLES = st.lists(st.sampled_from("ABCDEFGHIJKL"), unique=True, max_size=12)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_TITLES, st.integers(-3, 3)), min_size=1, max_size=6))
async def test_the_screen_is_as_if_drawn_anew(steps):
    async with listing() as (shown, pilot):
        for titles, moves in steps:
            shown.show_rows(rows_of(*titles) if titles else [], Triage(), closing="The end.")
            shown.move_cursor(moves)
            shown.show_rows(rows_of(*titles[1:]) if titles[1:] else [], Triage())
            await pilot.pause()
            seen = on_screen(pilot)
            shown._redraw()
            await pilot.pause()
            assert on_screen(pilot) == seen
