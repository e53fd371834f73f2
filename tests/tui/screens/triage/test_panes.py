"""What the main screen shows of many snapshots."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.harness import Stage, until
from xreview.tui.messages import ReviewUpdated
from xreview.tui.screens.triage.pace import Pace


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    return Stage(monkeypatch, tmp_path)


async def test_while_reviewers_run_the_newest_of_many_snapshots_is_shown_in_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.run() as (app, pilot):
        over = app.triage.snapshot
        assert over is not None
        running = replace(over, is_joining=True)
        waits = iter((0.01, 0.01))
        monkeypatch.setattr(Pace, "wait", lambda pace, now: next(waits, 0))
        first, second = (replace(running, notices=(text,)) for text in ("first", "second"))
        app.triage.show_update(ReviewUpdated(first))
        app.triage.show_update(ReviewUpdated(second))
        assert app.triage.snapshot is over
        await until(pilot, lambda: app.triage.snapshot is second)


async def test_the_end_and_a_decision_are_shown_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.run() as (app, pilot):
        over = app.triage.snapshot
        assert over is not None
        monkeypatch.setattr(Pace, "wait", lambda pace, now: 0.01)
        app.triage.show_update(ReviewUpdated(replace(over, is_joining=True)))
        app.triage.show_update(ReviewUpdated(ended := replace(over, notices=("ended",))))
        assert app.triage.snapshot is ended
        app.triage.show_update(ReviewUpdated(replace(over, is_joining=True)))
        await pilot.press("a")
        await until(pilot, lambda: app.triage.snapshot and app.triage.snapshot.triage.undoable)
        decided = app.triage.snapshot
        await pilot.pause(0.05)
        assert app.triage.snapshot is decided
