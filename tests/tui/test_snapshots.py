"""The screens as they look, pinned; `make snapshots` draws them anew after a change."""

import pytest

from tests.fakes.reports import RISK
from tests.fakes.reviewer import ScriptedReviewer
from tests.tui.harness import Stage, reviewed, until
from tests.tui.screens.triage.test_finished import two_models
from xreview.config.schema import Settings
from xreview.domain.report import Lens

SCREENS = {
    "wide": ((160, 40), (), "dark"),
    "narrow": ((100, 30), ("j",), "dark"),
    "single": ((70, 24), (), "dark"),
    "single_code": ((70, 24), ("enter",), "dark"),
    "reject_dialog": ((100, 30), ("r",), "light"),
    "side_by_side": ((160, 30), ("v", "2", "z"), "high-contrast"),
    "terminal_colours": ((120, 30), ("x", "x"), "terminal"),
    "help": ((120, 40), ("question_mark",), "dark"),
    "details": ((120, 40), ("d",), "paper"),
    "file_tree": ((100, 24), ("T",), "dark"),
}


@pytest.fixture
def stage(monkeypatch, tmp_path):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr(
        "xreview.review.assembly.parts.now", lambda: "2026-01-02T03:04:05.000000+00:00"
    )
    return Stage(monkeypatch, tmp_path)


def settled(stage: Stage, keys: tuple[str, ...]):
    async def run(pilot) -> None:
        app = pilot.app
        await reviewed(app, pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: app.triage.code.is_settled)
        await pilot.pause(0.1)

    return run


@pytest.mark.parametrize("name", SCREENS)
def test_screen(snap_compare, stage, name):
    size, keys, theme = SCREENS[name]
    app = stage.app(Settings(theme=theme))
    assert snap_compare(app, terminal_size=size, run_before=settled(stage, keys))


def test_decided(snap_compare, stage):
    keys = ("a", "r", "i", "k", "k")
    assert snap_compare(stage.app(), terminal_size=(160, 40), run_before=settled(stage, keys))


@pytest.mark.parametrize("size", [(160, 40), (100, 30), (70, 24)])
def test_finished(snap_compare, stage, size):
    """Every finding is decided: what is left, and what comes next, is below the list."""
    stage.reviewers |= two_models()
    keys = (*"aaaaaaa", "end")
    assert snap_compare(stage.app(), terminal_size=size, run_before=settled(stage, keys))


def test_incomplete(snap_compare, stage):

    stage.reviewers["risk"] = lambda: ScriptedReviewer(RISK, Lens.RISK, failure="It broke.")
    stage.reviewers["economy"] = lambda: ScriptedReviewer()
    assert snap_compare(stage.app(), terminal_size=(100, 30), run_before=settled(stage, ()))


def test_clean(snap_compare, stage):
    stage.reviewers["risk"] = stage.reviewers["economy"] = lambda: ScriptedReviewer()
    assert snap_compare(stage.app(), terminal_size=(100, 30), run_before=settled(stage, ()))


@pytest.mark.parametrize("size", [(160, 40), (100, 30), (70, 24)], ids=["wide", "narrow", "single"])
def test_session_account(snap_compare, stage, size):
    keys = ("a", "A")
    assert snap_compare(stage.app(), terminal_size=size, run_before=settled(stage, keys))
