"""The app while the disk refuses: it says so, goes on, and loses no decision."""

import pytest

from tests.review.test_unsaved import full_disk, payloads
from tests.tui.harness import Stage, until
from xreview.domain.decision import Reason
from xreview.domain.event import DecisionMade
from xreview.review import outbox


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def said(app) -> str:
    return " ".join(notification.message for notification in app._notifications)


async def test_a_decision_on_a_full_disk_is_not_shown_as_made_and_is_on_disk_in_the_end(
    stage, monkeypatch
):
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 3600.0)
    async with stage.run() as (app, pilot):
        session = app.triage.session
        with full_disk(stage.journal):
            await pilot.press("a")
            await until(pilot, lambda: "kept in memory" in said(app))
            assert session.snapshot.unsaved == 1
            assert len(session.snapshot.open_findings) == 3
        assert await session.retry_unsaved()
        assert len(session.snapshot.open_findings) == 2
    assert [one.decision.reason for one in payloads(stage.journal, DecisionMade)] == [Reason.FIX]


async def test_quitting_writes_what_was_refused_if_the_disk_takes_it_by_then(stage, monkeypatch):
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 3600.0)
    async with stage.run() as (app, pilot):
        with full_disk(stage.journal):
            await pilot.press("a")
            await until(pilot, lambda: app.triage.session.snapshot.unsaved == 1)
        await app.action_quit_now()
    assert len(payloads(stage.journal, DecisionMade)) == 1


async def test_the_decision_is_written_by_itself_while_the_person_does_nothing(stage, monkeypatch):
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 0.05)
    async with stage.run() as (app, pilot):
        session = app.triage.session
        with full_disk(stage.journal):
            await pilot.press("a")
            await until(pilot, lambda: session.snapshot.unsaved == 1)
        await until(pilot, lambda: session.snapshot.unsaved == 0)
        assert len(session.snapshot.open_findings) == 2
