"""Taking a side in the demonstration, by keys."""

import pytest
from textual.pilot import Pilot

from tests.demo.stage import DemoStage
from tests.tui.asked import notices
from tests.tui.harness import until
from xreview.domain.decision import Reason, Verdict
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.ruling import ChosenReport, Ruling
from xreview.review.record.document import session_fix_prompt
from xreview.tui.app import XReviewApp
from xreview.tui.dialogs.choice import ChoiceScreen
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.screens.triage.asking import ASKED_APART
from xreview.tui.widgets.review_text import review_content


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return DemoStage(monkeypatch, tmp_path)


async def first(app: XReviewApp, pilot: Pilot[int], kind: Disagreement) -> Finding:
    """Go to the first listed finding of a kind, once it is listed."""

    def listed() -> list[Finding]:
        return [f for f in app.triage.findings.listed if f.disagreement is kind]

    await until(pilot, listed)
    app.triage.findings.go_to(listed()[0])
    return listed()[0]


def decided(app, finding):
    return app.triage.snapshot.triage.decided(finding)


async def test_a_asks_for_the_side_and_the_next_key_is_not_lost(stage):
    async with stage.run() as (app, pilot, _):
        conflict = await first(app, pilot, Disagreement.CONFLICT)
        await pilot.press("a", "2", "a")
        triage = app.triage.snapshot.triage
        made = triage.decided(conflict)
        second = conflict.reports[1]
        assert made.chosen == (ChosenReport(second.fingerprint, second.reviewer.name),)
        assert made.decision.reason is Reason.FIX
        assert sum(triage.verdict(f) is Verdict.ACCEPT for f in app.triage.snapshot.findings) == 2
        shown = review_content(conflict, app.triage.snapshot).plain
        assert f"Accepted: fix · side 2 ({second.reviewer.name})" in shown
        await pilot.press("u", "u")
        assert decided(app, conflict) is None


async def test_only_the_chosen_report_is_to_be_fixed(stage):
    async with stage.run() as (app, pilot, _):
        conflict = await first(app, pilot, Disagreement.CONFLICT)
        gone, kept = conflict.reports
        await pilot.press("a", "2")
        prompt = session_fix_prompt(app.triage.snapshot, [conflict])
        assert kept.claim in prompt
        assert gone.claim not in prompt
        assert gone.suggestion.description not in prompt


async def test_escape_takes_no_side(stage):
    async with stage.run() as (app, pilot, _):
        conflict = await first(app, pilot, Disagreement.CONFLICT)
        await pilot.press("a")
        assert isinstance(app.screen, ChoiceScreen)
        await pilot.press("escape")
        assert app.screen is app.triage
        await pilot.press("a", "d")
        assert isinstance(app.screen, PromptScreen)
        await pilot.press("escape")
        assert decided(app, conflict) is None


async def test_both_differently_needs_a_note_and_keeps_all_reports(stage):
    async with stage.run() as (app, pilot, _):
        conflict = await first(app, pilot, Disagreement.CONFLICT)
        await pilot.press("a", "d", "enter")
        assert isinstance(app.screen, PromptScreen), "an empty note is asked for again"
        await pilot.press(*"split", "enter")
        made = decided(app, conflict)
        assert made.decision.reason is Reason.FIX_DIFFERENTLY
        assert made.chosen == ()
        snapshot = app.triage.snapshot
        assert snapshot.triage.note(conflict) == "split"
        prompt = session_fix_prompt(snapshot, [conflict])
        assert "split" in prompt
        assert all(one.claim in prompt for one in conflict.reports)


async def test_several_at_once_leave_out_what_needs_a_side(stage):
    async with stage.run() as (app, pilot, _):
        conflict = await first(app, pilot, Disagreement.CONFLICT)
        await pilot.press("x")
        other = await first(app, pilot, Disagreement.TRADE_OFF)
        await pilot.press("x", "A")
        await until(pilot, lambda: decided(app, other))
        assert decided(app, conflict) is None
        assert ASKED_APART in notices(app)


@pytest.mark.parametrize(
    ("kind", "keys", "ruling"),
    [
        (Disagreement.CONTESTED, "a", Ruling.REVIEWER),
        (Disagreement.CONTESTED, "rw", Ruling.AUTHOR),
        (Disagreement.TRADE_OFF, "rt", Ruling.TRADE_OFF),
        (Disagreement.CONTESTED, "ro", None),
        (Disagreement.CONCEDED, "a", None),
    ],
)
async def test_deciding_a_contest_records_who_was_right(stage, kind, keys, ruling):
    async with stage.run() as (app, pilot, _):
        finding = await first(app, pilot, kind)
        await pilot.press(*keys)
        assert decided(app, finding).ruling is ruling
        assert (" right" in review_content(finding, app.triage.snapshot).plain.split("\n")[0]) is (
            ruling in (Ruling.REVIEWER, Ruling.AUTHOR)
        )
