"""The second scene, driven by keys as its footer names them, from the task to a graft and back."""

import subprocess

import pytest

from tests.demo.stage import DemoStage, over
from tests.tui.asked import notices
from tests.tui.harness import until
from xreview.demo.panel import SCRIPTED
from xreview.demo.scene import TASK, WRITERS
from xreview.domain.attempt.piece import PieceKind
from xreview.domain.report import Severity
from xreview.tui.dialogs.attempt_dialog import AttemptDialog
from xreview.tui.dialogs.question import QuestionScreen
from xreview.tui.dialogs.take_dialog import TakeDialog
from xreview.tui.screens.attempts import AttemptsScreen

HANDLER = "payments/webhooks.py"
PATIENCE = 120


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return DemoStage(monkeypatch, tmp_path)


def status(place) -> str:
    command = ["git", "status", "--porcelain"]
    return subprocess.check_output(command, cwd=place.repository, text=True)


async def attempted(app, pilot) -> dict[str, str]:
    """Give the task to its writers; return their labels by name, once all is compared."""
    await pilot.press("G")
    await until(pilot, lambda: isinstance(app.screen, AttemptDialog))
    await until(pilot, lambda: app.screen.rows.choices)
    assert app.screen.wish.task == TASK
    await pilot.press("ctrl+d")
    await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
    await until(pilot, lambda: not app.attempt_desk.is_running, PATIENCE)
    await pilot.pause()
    return {one.seat.writer.name: one.label for one in app.attempt_desk.shown.snapshot.attempts}


async def go_to(app, pilot, is_wanted) -> None:
    for _ in app.attempt_desk.shown.pieces:
        if is_wanted(app.screen.current_piece):
            return
        await pilot.press("j")
        await pilot.pause()
    raise AssertionError("there is no such piece")


async def test_the_scene_is_played_from_the_task_to_a_graft_and_back(stage):
    async with stage.run() as (app, pilot, place):
        labels = await attempted(app, pilot)
        assert set(labels) == set(WRITERS)
        claude, gemini, gpt = (labels[name] for name in WRITERS)
        compared(app, claude, gemini, gpt)
        assert status(place) == ""

        await pilot.press("3", "A", claude.lower())
        await go_to(app, pilot, lambda one: one.ref.path == HANDLER and one.words == f"only {gpt}"
                    and "json.loads" in one.base[0])  # fmt: skip
        await pilot.press(gpt.lower(), "g")
        await until(pilot, lambda: app.attempt_desk.shown.is_checked, PATIENCE)
        assert app.attempt_desk.shown.graft.is_sound
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, TakeDialog))
        before = app.triage.snapshot.session
        await pilot.press(*"both cases", "enter")
        await until(pilot, lambda: app.screen is app.triage)
        # Between two reviews there is no snapshot.
        await until(pilot, lambda: getattr(app.triage.snapshot, "session", "") not in ("", before))
        await over(app, pilot)
        triaged(app)
        taken = (place.repository / HANDLER).read_text()
        assert "book_once" in taken
        assert "Answer(400" in taken

        await pilot.press("G")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("1")
        await until(pilot, lambda: app.attempt_desk.shown.last_taken is None)
        assert status(place) == ""


def compared(app, claude: str, gemini: str, gpt: str) -> None:
    """What the three attempts come to, and where they part."""
    snapshot = app.attempt_desk.shown.snapshot
    by = snapshot.by_label
    assert all(one.is_reviewed for one in snapshot.attempts)
    assert all(SCRIPTED in one.notices for one in snapshot.attempts)
    for one in snapshot.attempts:
        assert one.seat.writer.family not in {reader.family for reader in one.reviewers}
    passes = {one.label: one.facts.is_green for one in by.values()}
    assert passes == {claude: True, gpt: True, gemini: False}
    assert [one.lead.severity for one in by[gpt].findings] == [Severity.HIGH]
    assert [one.disagreement.value for one in by[claude].findings] == ["contested"]
    assert max(one.lead.severity for one in by[gemini].findings) is Severity.CRITICAL
    assert [len(by[label].facts.dependencies) for label in (claude, gpt, gemini)] == [0, 0, 1]
    unproven = {one.label: sum(not case.is_linked for case in one.statement.handled)
                for one in by.values()}  # fmt: skip
    assert unproven == {claude: 0, gpt: 1, gemini: 0}
    kinds = [piece.kind for piece in app.attempt_desk.shown.pieces]
    assert kinds.count(PieceKind.CONFLICTING) == 1
    assert kinds.count(PieceKind.SHARED) == 1
    assert kinds.count(PieceKind.SOME) == 1


def triaged(app) -> None:
    """The triage after the take: both writers are authors, and the other way is a trade-off."""
    snapshot = app.triage.snapshot
    titles = {report.title for one in snapshot.findings for report in one.reports}
    assert "`book_once` repeats the two statements of `book`" in titles
    assert "Booking can take longer than the processor's ten-second timeout" not in titles
    assert any(title.startswith("Attempt ") for title in titles)


async def test_another_task_is_refused_by_the_script_and_the_sample_stays(stage):
    async with stage.run((100, 30)) as (app, pilot, place):
        await pilot.press("G")
        await until(pilot, lambda: isinstance(app.screen, AttemptDialog))
        await until(pilot, lambda: app.screen.rows.choices)
        app.screen.query_one("#task").text = "Write a poem"
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        await until(pilot, lambda: not app.attempt_desk.is_running, PATIENCE)
        for one in app.attempt_desk.shown.snapshot.attempts:
            assert "replies are scripted" in one.why
        assert status(place) == ""
        assert not notices(app)


async def test_the_app_can_begin_with_the_scene(stage):
    stage.first_screen = "attempts"
    async with stage.run((70, 24)) as (app, pilot, _):
        await until(pilot, lambda: isinstance(app.screen, AttemptDialog))
        assert app.first_screen == ""
        assert app.screen.wish.task == TASK
