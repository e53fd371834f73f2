"""The help page explains every mark, and the palette shows the keys."""

import pytest

from tests.tui.harness import Stage, until
from xreview.disagreement.groups import Group
from xreview.domain.report import Severity
from xreview.tui.actions import ALL_ACTIONS
from xreview.tui.keys import resolve_key_map
from xreview.tui.screens.help import help_content
from xreview.tui.widgets.diff.paint import CODE_MARKS
from xreview.tui.widgets.findings.marks import severity_sign
from xreview.tui.widgets.findings.paint import LIST_MARKS
from xreview.tui.widgets.status_bar import HEADER_MARKS


def test_every_mark_is_explained():
    text = help_content(resolve_key_map({})).plain
    for severity in Severity:
        assert f"{severity_sign(severity)} {severity_sign(severity, is_open=False)}" in text
    for group in Group:
        assert group.meaning in text
    for marks in (LIST_MARKS, CODE_MARKS, HEADER_MARKS):
        for mark, meaning in marks.items():
            assert mark in text
            assert meaning in text


@pytest.mark.parametrize("typed", ["", "cept"])
async def test_the_palette_shows_each_actions_keys(monkeypatch, tmp_path, typed):
    async with Stage(monkeypatch, tmp_path).run() as (app, pilot):
        await pilot.press("ctrl+p", *typed)

        def listed() -> list[str]:
            found = app.screen.query_one("CommandList").options
            return [str(option.prompt) for option in found]

        await until(pilot, lambda: any("Decide: accept" in one for one in listed()))
        (accept,) = [one for one in listed() if "Decide: accept\n" in one]
        assert accept.split()[0] == "a"


def test_names_that_would_not_fit_are_left_to_wider_screens():
    narrow = help_content(resolve_key_map({}), 70).plain
    assert "cursor.page-down" not in narrow
    assert "80 columns" in narrow
    assert all(len(line) < 60 for line in narrow.split("\n") if line.startswith("  PgDn"))


@pytest.mark.parametrize("columns", [80, 160])
def test_what_an_action_does_stands_apart_from_its_name(columns):
    text = help_content(resolve_key_map({}), columns).plain
    for action in ALL_ACTIONS:
        assert f" {action.id}\n" in text
