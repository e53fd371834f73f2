"""The fix screen and its dialog as they look, pinned; `make snapshots` draws them anew."""

import pytest

from tests.fakes.fixing import APP, NOTES, ScriptedFixing, fixed, snapshot_of
from tests.tui.asked import titled
from tests.tui.harness import Stage, reviewed, until
from xreview.config.schema import Settings
from xreview.config.tables import FixSettings
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.snapshot import FixStage
from xreview.tui.dialogs.fix_dialog import FixDialog
from xreview.tui.flow import Flow
from xreview.tui.screens.fix import FixScreen

FIRST, SECOND, NOTE = PatchPart("app.py", 0), PatchPart("app.py", 1), PatchPart("docs/notes.md", 0)
SIZES = {"160": (160, 48), "100": (100, 30), "70": (70, 24)}
TITLES = ("Balance changed without a lock", "Weak randomness", "Swallowed error")
CHECKS = (
    CheckChange(
        CheckRun("make test", 0, 4.0, passed=212),
        CheckRun("make test", 1, 4.0, failed=("test_pay",), passed=211),
    ),
)


@pytest.fixture
def stage(monkeypatch, tmp_path):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr(
        "xreview.review.assembly.parts.now", lambda: "2026-01-02T03:04:05.000000+00:00"
    )
    return Stage(monkeypatch, tmp_path)


def judged(app, *outcomes, evidence=""):
    parts = ((SECOND,), (FIRST,), ())
    return [
        fixed(titled(app, title), outcome, *own, evidence=evidence)
        for title, outcome, own in zip(TITLES, outcomes, parts, strict=True)
    ]


def running(app):
    doing = "reading src/payments/ledger.py and its callers"
    return snapshot_of(
        judged(app, None, None, None), FixStage.FIXING, doing=doing, cost=0.12, seconds=40
    )


def over(app):
    found = judged(app, FixOutcome.NOT_VERIFIED, FixOutcome.STILL_THERE, FixOutcome.FIXED)
    return snapshot_of(
        found,
        files=(APP, NOTES),
        outside=(NOTE,),
        refused={".claude/settings.json": "configures an agent", "link": "a link that leads out"},
        notices=("The agent's commit is ignored.",),
    )


def tampered(app):
    found = judged(app, FixOutcome.TAMPERED, FixOutcome.REGRESSED, FixOutcome.BLOCKED)
    weak = (Tampering(TamperingKind.TESTS, "docs/notes.md", 0, "deletes 2 tests"),)
    report = titled(app, TITLES[0]).lead
    return snapshot_of(found, files=(APP, NOTES), tampering=weak, checks=CHECKS, raised=(report,))


def empty(app):
    still = FixOutcome.STILL_THERE
    return snapshot_of(judged(app, still, still, still), why="It reached its limit of $2.00.")


def shown(make, keys=()):
    """Accept everything, hand it over, and wait for the state that `make` returns."""

    async def run(pilot) -> None:
        app = pilot.app
        await reviewed(app, pilot)
        await pilot.press("a", "a", "a")
        await until(pilot, lambda: not app.triage.snapshot.open_findings)
        app.clear_notifications()
        if make is not None:
            app.flow.fixing().script = [make(app)]
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, FixDialog) and app.screen._fixers)
        if make is not None:
            app.fix_desk.clock = lambda: 0.0
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, FixScreen))
            await until(pilot, lambda: app.fix_desk.fix and app.fix_desk.fix.snapshot.id)
            await pilot.pause(0.1)
            app.clear_notifications()
            await pilot.press(*keys)
            await until(pilot, lambda: app.screen.code.is_settled)
        await pilot.pause(0.2)

    return run


def scripted(monkeypatch, *, hangs=False):
    made = ScriptedFixing(hangs=hangs)
    monkeypatch.setattr(Flow, "fixing", lambda self: made)


@pytest.mark.parametrize("size", SIZES)
def test_dialog(snap_compare, monkeypatch, stage, size):
    scripted(monkeypatch)
    settings = Settings(fix=FixSettings(check=("make test",)))
    app = stage.app(settings)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=shown(None))


@pytest.mark.parametrize("size", SIZES)
def test_running(snap_compare, monkeypatch, stage, size):
    scripted(monkeypatch, hangs=True)
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=shown(running))


@pytest.mark.parametrize("size", SIZES)
def test_over(snap_compare, monkeypatch, stage, size):
    scripted(monkeypatch)
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=shown(over))


def test_over_with_the_patch_alone(snap_compare, monkeypatch, stage):
    scripted(monkeypatch)
    run = shown(over, ("enter",))
    assert snap_compare(stage.app(), terminal_size=SIZES["70"], run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_tampered(snap_compare, monkeypatch, stage, size):
    scripted(monkeypatch)
    app = stage.app(Settings(theme="light"))
    assert snap_compare(app, terminal_size=SIZES[size], run_before=shown(tampered))


def test_empty_patch(snap_compare, monkeypatch, stage):
    scripted(monkeypatch)
    assert snap_compare(stage.app(), terminal_size=SIZES["100"], run_before=shown(empty))


def test_left_while_it_runs(snap_compare, monkeypatch, stage):
    scripted(monkeypatch, hangs=True)

    async def run(pilot) -> None:
        await shown(running)(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.triage.code.is_settled)
        await pilot.pause(0.2)

    assert snap_compare(stage.app(), terminal_size=SIZES["100"], run_before=run)
