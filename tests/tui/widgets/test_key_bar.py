"""The footer says what works now, after every key and at every width."""

import pytest

from tests.tui.harness import Stage, until
from xreview.tui.widgets.findings.filter import Filter, FilterKind, FilterTerm


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def footer(app) -> str:
    bar = app.triage.query_one("#keys")
    return "".join(segment.text for segment in bar.render_line(0))


async def test_at_70_columns_it_shows_the_decision_the_way_to_the_code_and_help(stage):
    async with stage.run(size=(70, 24)) as (app, _):
        for piece in ("a accept", "r reject", "Enter code", "Tab pane", "? help"):
            assert piece in footer(app)


async def test_with_a_selection_the_keys_are_about_it_and_name_its_size(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("x", "x")
        assert "a accept 2" in footer(app)
        assert "r reject 2" in footer(app)
        assert "e escalate 2" in footer(app)
        assert "Esc clear" in footer(app)
        await pilot.press("escape")
        assert "a accept  " in footer(app)
        assert "Esc clear" not in footer(app)


async def test_accept_and_reject_act_on_the_selection(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("x", "x", "a")
        decided = app.triage.snapshot.triage
        assert len(app.triage.snapshot.open_findings) == 1
        assert len(decided.undoable) == 1, "one action, one undo"
        assert not app.triage.findings.selected
        await pilot.press("u", "x", "r", "i")
        assert not app.triage.findings.selected
        assert len(app.triage.snapshot.open_findings) == 2, "a selection of one is cleared too"


async def test_what_does_nothing_in_a_pane_is_not_offered_there(stage):
    async with stage.run() as (app, pilot):
        assert "Enter code" in footer(app)
        await pilot.press("2")
        assert "Enter code" not in footer(app)
        await pilot.press("3")
        assert "Enter code" in footer(app)


async def test_it_is_right_after_a_filter_that_hides_everything(stage):
    async with stage.run() as (app, pilot):
        assert "a accept" in footer(app)
        app.triage.arrangement.set_filter(Filter((FilterTerm(FilterKind.TEXT, "none such"),)))
        app.triage.refresh_list()
        await pilot.pause()
        assert app.triage.findings.current is None
        assert "a accept" not in footer(app)


async def test_it_takes_the_colours_of_another_theme(stage):
    async with stage.run() as (app, pilot):
        bar = app.triage.query_one("#keys")
        before = {span.style for span in bar.content.spans}
        await pilot.press("t", "j")
        await until(pilot, lambda: {span.style for span in bar.content.spans} != before)
