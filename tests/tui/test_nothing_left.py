"""What reviews and screens leave behind in the app: nothing."""

import asyncio
import gc
from collections import Counter

import pytest
from textual.screen import Screen
from textual.widget import Widget

from tests.tui.harness import Stage, reviewed, until
from xreview.review.session.session import ReviewSession
from xreview.tui.flow import Flow
from xreview.tui.screens.triage.screen import TriageScreen

OPENING = ("d", "S", "E", "question_mark", "t", "A", "T", "i", "e", "ctrl+p", "f", "s", "slash")


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def living() -> Counter[str]:
    """How many there are of what lives for a review or a screen."""
    gc.collect()
    kinds = (Flow, ReviewSession, Screen, Widget, asyncio.Task)
    there = (one for one in gc.get_objects() if isinstance(one, kinds))
    return Counter(type(one).__name__ for one in there)


async def once(app, pilot) -> None:
    for key in OPENING:
        await pilot.press(key)
        await pilot.pause()
        for _ in range(3):
            await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
    await pilot.press("a", "u", "F")
    await reviewed(app, pilot)
    await pilot.pause(0.2)


async def test_screens_and_reviews_are_gone_when_they_are_over(stage):
    async with stage.run() as (app, pilot):
        await once(app, pilot)
        before = living()
        for _ in range(3):
            await once(app, pilot)
        grown = living() - before
        assert not grown, grown
