"""The terminal's title and its notifications: safe, and only from the app's own sentences."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.harness import Stage, until
from xreview.config.schema import Notify, Settings
from xreview.tui import app as app_module
from xreview.tui.terminal.window import notify_sequence, title_sequence

ONE_OSC = re.compile(r"\x1b\][^\x00-\x1f\x7f-\x9f]*\x07")


@given(st.text())
def test_no_text_ends_a_sequence_early_or_begins_another(text):
    for sequence in (
        title_sequence(text),
        notify_sequence(Notify.OSC9, text),
        notify_sequence(Notify.OSC777, text),
    ):
        assert ONE_OSC.fullmatch(sequence)
        assert len(sequence) < 160


def test_off_is_silent_and_the_bell_is_one_byte():
    assert notify_sequence(Notify.OFF, "x") == ""
    assert notify_sequence(Notify.BELL, "x") == "\x07"
    assert notify_sequence(Notify.OSC777, "a;b") == "\x1b]777;notify;xreview;a,b\x07"


@pytest.fixture
def written(monkeypatch):
    sequences: list[str] = []
    monkeypatch.setattr(
        app_module.XReviewApp, "write_to_terminal", lambda app, text: sequences.append(text)
    )
    return sequences


async def test_the_title_names_the_change_and_what_is_open(monkeypatch, tmp_path, written):
    async with Stage(monkeypatch, tmp_path).run() as (_, pilot):
        await until(pilot, lambda: any("· 3 open" in one for one in written))
        await pilot.press("a")
        await until(pilot, lambda: any("· 2 open" in one for one in written))
    assert written[0].startswith("\x1b]2;xreview · worktree")


@pytest.mark.parametrize(("seconds", "rings"), [(0.0, True), (3600.0, False)])
async def test_only_a_long_review_rings_at_its_end(monkeypatch, tmp_path, written, seconds, rings):
    monkeypatch.setattr(app_module, "LONG_SECONDS", seconds)
    stage = Stage(monkeypatch, tmp_path)
    async with stage.run(settings=Settings(notify=Notify.OSC9)) as (app, pilot):
        await until(pilot, lambda: all(one.group != "flow" for one in app.workers))
    assert ("\x1b]9;Review finished: 3 open findings\x07" in written) is rings
