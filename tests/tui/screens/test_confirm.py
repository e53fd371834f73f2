"""`C`: what nobody doubts is accepted together after its list was shown; never high stakes."""

from dataclasses import replace

import pytest

from tests.fakes.reports import ECONOMY, RISK
from tests.fakes.reviewer import ScriptedReviewer
from tests.tui.asked import events, notices, titled
from tests.tui.harness import SWALLOWED, WEAK_RANDOM, Stage, until
from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.decision import Verdict
from xreview.domain.events.event import DecisionMade
from xreview.domain.report import Lens, Suggestion
from xreview.tui.screens.confirm import NOTHING, ConfirmScreen, confirmable
from xreview.tui.screens.triage.asking import ASKED_APART


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def both_report(stage: Stage, *reports) -> None:
    stage.reviewers["risk"] = lambda: ScriptedReviewer(RISK, Lens.RISK, list(reports))
    others = [replace(one, reviewer=ECONOMY) for one in reports]
    stage.reviewers["economy"] = lambda: ScriptedReviewer(ECONOMY, Lens.ECONOMY, others)


async def test_enter_accepts_the_list_in_one_action_and_leaves_out_what_is_at_stake(stage):
    both_report(stage, SWALLOWED, WEAK_RANDOM)
    async with stage.run() as (app, pilot):
        snapshot = app.triage.snapshot
        assert [f.lead.title for f in confirmable(snapshot).findings] == ["Swallowed error"]
        await pilot.press("C")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        listed = str(app.screen.query_one("Static").content)
        assert "Swallowed error" in listed
        assert "Weak randomness" not in listed
        assert "1 high-stakes finding left out" in listed
        await pilot.press("enter")
        triage = lambda: app.triage.snapshot.triage  # noqa: E731 - short
        await until(pilot, lambda: triage().verdict(titled(app, "Swallowed error")))
        assert triage().verdict(titled(app, "Swallowed error")) is Verdict.ACCEPT
        assert triage().verdict(titled(app, "Weak randomness")) is None
        await pilot.press("u")
        await until(pilot, lambda: triage().is_open(titled(app, "Swallowed error")))


async def test_escape_accepts_nothing(stage):
    both_report(stage, SWALLOWED)
    async with stage.run() as (app, pilot):
        await pilot.press("C")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.triage)
    assert events(stage, DecisionMade) == []


async def test_where_there_is_nothing_it_is_said(stage):
    stage.reviewers["economy"] = lambda: ScriptedReviewer(ECONOMY, Lens.ECONOMY, [])
    async with stage.run() as (app, pilot):
        await pilot.press("C")
        await until(pilot, lambda: NOTHING in notices(app))
        assert app.screen is app.triage


async def test_several_are_one_action(stage):
    longer = replace(
        SWALLOWED,
        title="Unlocked file",
        start_line=3,
        quote="        return open(path).read()",
        claim="The file handle is left open.",
    )
    both_report(stage, SWALLOWED, longer)
    async with stage.run() as (app, pilot):
        count = len(confirmable(app.triage.snapshot).findings)
        assert count == 2
        await pilot.press("C", "enter")
        await until(pilot, lambda: len(events(stage, DecisionMade)) == count)
    assert len({one.action for one in events(stage, DecisionMade)}) == 1


async def test_what_needs_a_side_is_left_out(stage):
    both_report(stage, SWALLOWED)
    otherwise = replace(SWALLOWED, reviewer=ECONOMY, suggestion=Suggestion("Let it fail.", ""))
    stage.reviewers["economy"] = lambda: ScriptedReviewer(ECONOMY, Lens.ECONOMY, [otherwise])
    async with stage.run() as (app, _):
        found = confirmable(app.triage.snapshot)
        assert [f.lead.title for f in found.parted] == ["Swallowed error"]
        assert found.findings == found.high_stakes == ()
        assert found.left_out == f"1 finding {ASKED_APART}"


@pytest.mark.parametrize(("level", "is_listed"), [(4, True), (5, False)])
async def test_what_a_person_must_decide_is_left_out_with_its_reason(stage, level, is_listed):
    both_report(stage, SWALLOWED)
    why = AttentionReason(AttentionQuestion.POLICY, "the repository demands it", "app.py")
    async with stage.run() as (app, pilot):
        await until(pilot, lambda: app.triage.snapshot.attention is not None)
        weighed = ChangeAttention(Attention(AttentionLevel(level), (why,)))
        found = confirmable(replace(app.triage.snapshot, attention=weighed))
        assert bool(found.findings) is is_listed
        said = "1 finding left out to decide one by one: the repository demands it (app.py)."
        assert found.left_out == ("" if is_listed else said)
