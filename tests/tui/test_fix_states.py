"""The states of fixes as they look, pinned."""

import pytest

from tests.tui.harness import Stage, reviewed, until
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import FixApplied, FixJudged, FixStarted
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind
from xreview.domain.fixing.outcome import FixOutcome

CLAUDE = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic", "claude-opus-5")


@pytest.fixture
def stage(monkeypatch, tmp_path):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr(
        "xreview.review.assembly.parts.now", lambda: "2026-01-02T03:04:05.000000+00:00"
    )
    return Stage(monkeypatch, tmp_path)


def fixed(*outcomes: FixOutcome):
    """Each finding with an outcome in turn; those that are fixed are applied."""

    async def run(pilot) -> None:
        app = pilot.app
        await reviewed(app, pilot)
        session = app.triage.session
        findings = session.snapshot.findings
        await session.decide(findings, Decision(Verdict.ACCEPT, Reason.FIX))
        names = tuple(one.fingerprints for one in findings)
        await session.write_local(FixStarted("x1", CLAUDE, "t" * 40, names))
        for number, (subjects, outcome) in enumerate(zip(names, outcomes, strict=False)):
            await session.write_local(FixJudged("x1", subjects, outcome, "evidence in a line"))
            if outcome is FixOutcome.FIXED:
                applied = FixApplied(f"a{number}", "x1", subjects, ("cart.py",), True)
                await session.write_local(applied)
        app.triage.show_snapshot(session.snapshot)
        await until(pilot, lambda: app.triage.code.is_settled)
        await pilot.pause(0.1)

    return run


@pytest.mark.parametrize("size", [(160, 40), (100, 30)], ids=["wide", "narrow"])
def test_each_finding_shows_what_its_fix_did(snap_compare, stage, size):
    run = fixed(FixOutcome.TAMPERED, FixOutcome.NOT_VERIFIED, FixOutcome.FIXED)
    assert snap_compare(stage.app(), terminal_size=size, run_before=run)
