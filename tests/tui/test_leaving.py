"""Leaving while the review runs: asked once, and Ctrl+C twice leaves at once."""

import pytest

from tests.fakes.reports import ECONOMY
from tests.fakes.reviewer import ScriptedReviewer
from tests.tui.harness import Stage, until
from xreview.domain.report import Lens
from xreview.tui.dialogs.question import QuestionScreen
from xreview.tui.screens.triage.screen import TriageScreen


@pytest.fixture
def stage(monkeypatch, tmp_path):
    made = Stage(monkeypatch, tmp_path)
    made.reviewers["economy"] = lambda: ScriptedReviewer(ECONOMY, Lens.ECONOMY, hangs=True)
    return made


async def test_q_asks_once_while_reviewers_read_and_escape_stays(stage):
    app = stage.app()
    async with app.run_test(size=(70, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.triage.findings.listed)
        await pilot.press("q")
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        assert app.return_code is None
        assert app.triage.snapshot.is_running
        await pilot.press("a", "q", "1")
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 0


async def test_control_c_twice_leaves_at_once(stage):
    app = stage.app()
    async with app.run_test(size=(70, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.triage.findings.listed)
        await pilot.press("ctrl+c", "ctrl+c")
        await until(pilot, lambda: app.return_code is not None)


async def test_after_the_review_q_leaves_without_a_question(stage):
    app = stage.app()
    async with app.run_test(size=(70, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.triage.findings.listed)
        await pilot.press("ctrl+x")
        await until(pilot, lambda: not app.triage.snapshot.is_running)
        await pilot.press("q")
        await until(pilot, lambda: app.return_code is not None)
