"""Attempts in the app over real trees, from the task to the take and back; writers are scripted."""

import pytest

from tests.review.attempts.scripted import STATEMENT, ScriptedTrialCrew, ScriptedWriter
from tests.tui.asked import notices
from tests.tui.harness import AFTER, Stage, reviewed, until
from xreview.review.assembly import attempts
from xreview.review.attempts.trials import Trials
from xreview.review.attempts.writers import WriterReply
from xreview.tui.dialogs.attempt_dialog import AttemptDialog
from xreview.tui.dialogs.question import QuestionScreen
from xreview.tui.dialogs.take_dialog import TakeDialog
from xreview.tui.screens.attempts import AttemptsScreen

LOCKED = AFTER.replace("    account.balance -= amount\n", "    account.take(amount)\n")
CHECKED = AFTER.replace(
    "    account.balance -= amount\n", "    assert amount > 0\n    account.balance -= amount\n"
)


def writer(**files: str) -> ScriptedWriter:
    def write(top) -> None:
        for name, text in files.items():
            (top / f"{name}.py").write_text(text)

    return ScriptedWriter((write, WriterReply(STATEMENT)))


@pytest.fixture
def stage(monkeypatch, tmp_path):
    made, real = Stage(monkeypatch, tmp_path), attempts.trials_for

    def with_scripted_crew(review):
        writers = {"A": writer(app=LOCKED), "B": writer(app=CHECKED, limits="LIMIT = 3\n")}
        return Trials(real(review).place, ScriptedTrialCrew(writers))

    monkeypatch.setattr(attempts, "trials_for", with_scripted_crew)
    return made


async def attempted(app, pilot):
    await pilot.press("G")
    await until(pilot, lambda: isinstance(app.screen, AttemptDialog))
    await until(pilot, lambda: app.screen.rows.choices)
    await pilot.press(*"Guard the balance", "ctrl+d")
    await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
    await until(pilot, lambda: not app.attempt_desk.is_running)
    await pilot.pause()


async def undone(app, pilot):
    await pilot.press("G")
    await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
    await pilot.press("u")
    await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
    await pilot.press("1")
    await until(pilot, lambda: app.attempt_desk.shown.last_taken is None)


async def test_an_attempt_is_taken_and_undone_to_the_byte(stage):
    file = stage.repository.top / "app.py"
    async with stage.run() as (app, pilot):
        await attempted(app, pilot)
        assert file.read_text() == AFTER, "the user's files stay"
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, TakeDialog))
        await pilot.press(*"shorter", "enter")
        await until(pilot, lambda: file.read_text() == LOCKED)
        await until(pilot, lambda: app.screen is app.triage)
        await reviewed(app, pilot)
        await undone(app, pilot)
        assert file.read_text() == AFTER
        assert "Undone: 1 file is as before." in notices(app)


async def test_a_graft_of_two_is_checked_taken_and_undone(stage):
    file, added = stage.repository.top / "app.py", stage.repository.top / "limits.py"
    async with stage.run() as (app, pilot):
        await attempted(app, pilot)
        await pilot.press("3")
        assert app.screen.current_piece.words == "conflicting: A, B"
        await pilot.press("a", "b", "g")
        await until(pilot, lambda: app.attempt_desk.shown.is_checked)
        assert app.attempt_desk.shown.graft.is_sound
        assert not added.exists()
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, TakeDialog))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.triage)
        await reviewed(app, pilot)
        assert (file.read_text(), added.read_text()) == (LOCKED, "LIMIT = 3\n")
        await undone(app, pilot)
        assert file.read_text() == AFTER
        assert not added.exists()


async def test_what_was_attempted_is_there_in_the_next_run(stage):
    async with stage.run() as (app, pilot):
        await attempted(app, pilot)
        await pilot.press("q")
        await until(pilot, lambda: app.return_code is not None)
        assert app.attempt_desk.kept.startswith("No attempt is taken. They are kept")
    async with stage.run() as (app, pilot):
        await pilot.press("G")
        await until(pilot, lambda: app.screen.query("#trials") and app.screen.list.current)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        assert app.attempt_desk.shown.labels == ("A", "B")
        assert len(app.attempt_desk.shown.pieces) == 2
        await pilot.press("D", "1")
        await until(pilot, lambda: app.screen is app.triage)
        await pilot.press("G")
        await until(pilot, lambda: isinstance(app.screen, AttemptDialog))
