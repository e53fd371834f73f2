"""The attempts screen and its dialogs as they look, pinned; `make snapshots` draws them anew."""

from dataclasses import replace

import pytest
from textual.widgets import Input

from tests.tui.harness import Stage, reviewed, until
from tests.tui.scripted_attempts import (
    CLAUDE,
    POINTS,
    TASK,
    TRIAL,
    ScriptedTaking,
    ScriptedTrials,
    ShelvedTrial,
    attempt,
    found,
    over,
    running,
)
from xreview.config.schema import Settings
from xreview.config.tables import FixSettings
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.domain.report import Severity
from xreview.tui.dialogs.attempt_dialog import AttemptDialog
from xreview.tui.flow import Flow
from xreview.tui.screens.attempts import AttemptsScreen
from xreview.tui.widgets.attempts.piece_view import PieceView

SIZES = {"160": (160, 48), "100": (100, 30), "70": (70, 24)}
HOSTILE = "\x1b[2J[red]b\u202eold[/]\n"


@pytest.fixture
def stage(monkeypatch, tmp_path):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr(
        "xreview.review.assembly.parts.now", lambda: "2026-01-02T03:04:05.000000+00:00"
    )
    return Stage(monkeypatch, tmp_path)


@pytest.fixture
def trials(monkeypatch):
    made = ScriptedTrials()
    taking = ScriptedTaking(made)
    made.taking = taking
    monkeypatch.setattr(Flow, "trials", lambda self: made)
    monkeypatch.setattr(Flow, "taking", lambda self: taking)
    monkeypatch.setattr(
        "xreview.tui.screens.attempts.AttemptsScreen.aligned", lambda self, shown: POINTS
    )
    return made


def asked(keys=()):
    """Open the dialog, and press keys."""

    async def run(pilot) -> None:
        await reviewed(pilot.app, pilot)
        pilot.app.clear_notifications()
        await pilot.press("G")
        await until(pilot, lambda: isinstance(pilot.app.screen, AttemptDialog))
        await until(pilot, lambda: pilot.app.screen.rows.why)
        pilot.app.screen._field.cursor_blink = False
        pilot.app.screen._field.text = TASK
        await pilot.press(*keys)
        await pilot.pause(0.2)

    return run


def shown(trial, keys=(), revealed=False):
    """Open a trial that is kept, and press keys."""

    async def run(pilot) -> None:
        app = pilot.app
        await reviewed(app, pilot)
        app.clear_notifications()
        trials = app.flow.trials()
        trials.kept[trial.id] = replace(trial, is_revealed=revealed)
        await pilot.press("G")
        await until(pilot, lambda: app.screen.query("#trials"))
        await until(pilot, lambda: app.screen.list.current)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.05)
        app.clear_notifications()
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await until(pilot, lambda: all(one.is_settled for one in app.screen.query(PieceView)))
        await pilot.pause(0.3)

    return run


@pytest.mark.parametrize("size", SIZES)
def test_dialog(snap_compare, stage, trials, size):
    settings = Settings(fix=FixSettings(check=("make test",)))
    run = asked(("tab", "j") if size == "100" else ())
    assert snap_compare(stage.app(settings), terminal_size=SIZES[size], run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_running(snap_compare, stage, trials, size):
    run = shown(running())
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_compared(snap_compare, stage, trials, size):
    run = shown(over(), ("j",))
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=run)


def test_compared_and_revealed(snap_compare, stage, trials):
    run = shown(over(), ("j", "j"), revealed=True)
    app = stage.app(Settings(theme="light"))
    assert snap_compare(app, terminal_size=SIZES["160"], run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_points(snap_compare, stage, trials, size):
    run = shown(over(), ("2",))
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_pieces(snap_compare, stage, trials, size):
    run = shown(over(), ("3", "b", "N", *(("right_square_bracket",) if size == "70" else ())))
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_checked_graft(snap_compare, stage, trials, size):
    trials.taking.graft = {
        "problems": ("queue.py doesn't parse any more: line 14.",),
        "findings": (found("The limit is checked twice", Severity.HIGH),),
        "raised": 1,
    }
    run = shown(over(), ("3", "a", "b", "g"))
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=run)


def test_take(snap_compare, stage, trials):
    run = shown(over(), ("j", "t"))
    assert snap_compare(stage.app(), terminal_size=SIZES["100"], run_before=run)


def test_list(snap_compare, stage, trials):
    trials.kept = {TRIAL: over()}
    trials.elsewhere = (ShelvedTrial("02x", "Sort the list", is_here=False, state="A taken"),)

    async def run(pilot) -> None:
        await reviewed(pilot.app, pilot)
        await pilot.press("G")
        await until(pilot, lambda: pilot.app.screen.query("#trials"))
        await pilot.pause(0.3)

    assert snap_compare(stage.app(), terminal_size=SIZES["100"], run_before=run)


@pytest.mark.parametrize("view", ["1", "2", "3", "4"])
def test_nothing_written(snap_compare, stage, trials, view):
    nothing = {"files": (), "statement": None, "session": "", "findings": (), "checks": ()}
    one = attempt("A", CLAUDE, why="claude isn't logged in.", cost=None, **nothing)
    run = shown(replace(over(comparison=None), attempts=(one,)), (view,))
    assert snap_compare(stage.app(), terminal_size=SIZES["70"], run_before=run)


@pytest.mark.parametrize("view", ["1", "2", "3"])
def test_hostile(snap_compare, stage, trials, view):
    trial = over()
    said = trial.attempts[0].statement
    one = replace(
        trial.attempts[0],
        statement=replace(said, approach=HOSTILE * 3, questions=(HOSTILE,)),
        notices=(HOSTILE,),
        unread=(HOSTILE,),
        tampering=(Tampering(TamperingKind.TESTS, f"a{HOSTILE}", 0, HOSTILE),),
        refused={HOSTILE: HOSTILE},
    )
    piece = trial.comparison.pieces[1]
    ref = replace(piece.ref, path=f"src/{HOSTILE}.py")
    version = replace(piece.versions[0], lines=(HOSTILE, "\tx" * 200, "🙂\u0301é", "}" * 3000))
    hostile = replace(piece, ref=ref, versions=(version, piece.versions[1]))
    compared = replace(trial.comparison, pieces=(hostile,))
    trial = replace(
        trial, task=HOSTILE * 9, attempts=(one, *trial.attempts[1:]), comparison=compared
    )
    assert snap_compare(stage.app(), terminal_size=SIZES["100"], run_before=shown(trial, (view,)))
