"""The app while the disk refuses: it says so, goes on, and loses no decision."""

import pytest

from tests.review.session.test_unsaved import full_disk, payloads
from tests.tui.harness import Stage, reviewed, until
from xreview.domain.decision import Reason
from xreview.domain.events.event import DecisionMade
from xreview.review.session import recorder
from xreview.tui.dialogs.question import QuestionScreen
from xreview.tui.screens.triage.screen import TriageScreen
from xreview.tui.widgets.findings.paint import PENDING


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def said(app) -> str:
    return " ".join(notification.message for notification in app._notifications)


async def test_a_decision_on_a_full_disk_is_not_shown_as_made_and_is_on_disk_in_the_end(
    stage, monkeypatch
):
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 3600.0)
    async with stage.run() as (app, pilot):
        session = app.triage.session
        with full_disk(stage.journal):
            await pilot.press("a")
            await until(pilot, lambda: "Not saved yet; retrying" in said(app))
            assert session.snapshot.unsaved == 1
            assert len(session.snapshot.open_findings) == 3
        assert await session.retry_unsaved()
        assert len(session.snapshot.open_findings) == 2
    assert [one.decision.reason for one in payloads(stage.journal, DecisionMade)] == [Reason.FIX]


async def test_quitting_writes_what_was_refused_if_the_disk_takes_it_by_then(stage, monkeypatch):
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 3600.0)
    async with stage.run() as (app, pilot):
        with full_disk(stage.journal):
            await pilot.press("a")
            await until(pilot, lambda: app.triage.session.snapshot.unsaved == 1)
        await app.action_quit_now()
    assert len(payloads(stage.journal, DecisionMade)) == 1


async def test_the_decision_is_written_by_itself_while_the_person_does_nothing(stage, monkeypatch):
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 0.05)
    async with stage.run() as (app, pilot):
        session = app.triage.session
        with full_disk(stage.journal):
            await pilot.press("a")
            await until(pilot, lambda: session.snapshot.unsaved == 1)
        await until(pilot, lambda: session.snapshot.unsaved == 0)
        assert len(session.snapshot.open_findings) == 2


def drawn(app) -> str:
    findings = app.triage.findings
    return "\n".join(findings.render_line(y).text for y in range(findings.size.height))


def status(app) -> str:
    return str(app.triage.query_one("#status").render())


async def pressed_on_a_full_disk(app, pilot, *keys: str) -> None:
    await pilot.press(*keys)
    await until(pilot, lambda: app.triage.session.snapshot.unsaved > 0)
    await pilot.pause()


async def test_what_is_not_on_disk_is_marked_and_the_cursor_goes_on(stage, monkeypatch):
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 3600.0)
    async with stage.run() as (app, pilot):
        first = app.triage.findings.current
        with full_disk(stage.journal):
            await pressed_on_a_full_disk(app, pilot, "a")
            assert app.triage.findings.current is not first
            assert f"{PENDING}" in drawn(app)
            assert "⚠ 1 not saved" in status(app)
            assert "Not saved yet. " in said(app)
            assert "Not decided" not in said(app)
            await pilot.press("a", "a")
            await pilot.pause()
            assert "⚠ 3 not saved" in status(app), "each key was about another finding"
        assert await app.triage.session.retry_unsaved()
        await until(pilot, lambda: "not saved" not in status(app))
        assert PENDING not in drawn(app)
    assert len(payloads(stage.journal, DecisionMade)) == 3


async def test_the_screen_shows_by_itself_that_it_is_on_disk_in_the_end(stage, monkeypatch):
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 0.05)
    async with stage.run() as (app, pilot):
        with full_disk(stage.journal):
            await pressed_on_a_full_disk(app, pilot, "a")
        await until(pilot, lambda: "1 accepted" in status(app))
        assert "not saved" not in status(app)


async def test_leaving_asks_before_anything_is_lost_and_no_stays(stage, monkeypatch):
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 3600.0)
    async with stage.run() as (app, pilot):
        with full_disk(stage.journal):
            await pressed_on_a_full_disk(app, pilot, "a", "q")
            await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, TriageScreen))
            assert app.return_code is None
        await pilot.press("q")
    assert app.lost == ""
    assert len(payloads(stage.journal, DecisionMade)) == 1


@pytest.mark.parametrize("keys", [("q", "1"), ("ctrl+c", "ctrl+c")])
async def test_leaving_although_it_is_lost_says_what_was(stage, monkeypatch, keys):
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 3600.0)
    async with stage.run() as (app, pilot):
        with full_disk(stage.journal):
            await pressed_on_a_full_disk(app, pilot, "a", keys[0])
            await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
            await pilot.press(keys[1])
            await until(pilot, lambda: app.return_code is not None)
    assert app.lost == "1 decision or note lost: the journal could not be written."
    assert payloads(stage.journal, DecisionMade) == []


async def test_reviewing_again_asks_too(stage, monkeypatch):
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 3600.0)
    async with stage.run() as (app, pilot):
        session = app.triage.session
        with full_disk(stage.journal):
            await pressed_on_a_full_disk(app, pilot, "a", "F")
            await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
            assert app.triage.session is session
            await pilot.press("1")
            await until(pilot, lambda: app.triage.session is not session)
        await until(pilot, lambda: app.triage.session is not None)
        await reviewed(app, pilot)
        assert len(app.triage.snapshot.open_findings) == 3
