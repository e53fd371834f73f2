"""What others propose is shown beside a finding, and taken up by one key."""

from dataclasses import replace

import pytest

from tests.fakes.reports import ECONOMY, RISK
from tests.fakes.reviewer import ScriptedReviewer
from tests.journal.build import ACCEPT, REJECT, decided
from tests.review.session.test_unsaved import payloads
from tests.tui.asked import notices
from tests.tui.harness import SWALLOWED, Stage, until
from xreview.domain.events.event import DecisionMade, Event, ProposalReceived, ProposalTaken
from xreview.domain.events.shared_event import shared_form
from xreview.domain.report import Lens, Suggestion
from xreview.domain.ruling import chosen_of
from xreview.journal.store import Journal
from xreview.tui.screens.triage.asking import NO_SIDE
from xreview.tui.widgets.findings.paint import proposal_label
from xreview.tui.widgets.review_text import review_content


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def propose(
    stage: Stage, finding, repository: str, by: str = "Bob <bob@example.com>", **proposed
) -> None:
    made = replace(decided("p1", finding.fingerprint, decision=REJECT), actor=by)
    made = replace(made, payload=replace(made.payload, **proposed))
    content = shared_form(made).decode().rstrip("\n")
    received = ProposalReceived(content, (finding.fingerprint,), "", "nobody signed it", "/remote")
    at = "2025-11-21T10:00:00.000000+00:00"
    with Journal.open(stage.journal) as journal:
        journal.append([Event("proposal-1", "pull-1", repository, at, "me", received)])


async def first_finding(stage: Stage):
    async with stage.run() as (app, _):
        return app.triage.snapshot.findings[0], app.triage.session.repository


async def test_a_proposal_is_shown_and_the_finding_stays_open(stage):
    finding, repository = await first_finding(stage)
    propose(stage, finding, repository, by="\x1b[2JBob <bob@example.com>")
    async with stage.run() as (app, _):
        snapshot = app.triage.snapshot
        assert len(snapshot.open_findings) == 3
        text = review_content(finding, snapshot).plain
        assert "Bob: rejected: intended" in text
        assert "it has no effect. Press p to decide" in text
        assert "\x1b" not in text
        label = proposal_label(snapshot.proposed(finding))
        assert label.startswith("proposed by ")
        assert label.endswith(": intended")
        assert app.triage.findings.proposed(finding) == label


async def test_p_makes_it_a_decision_of_the_persons_own_and_u_takes_that_back(stage):
    finding, repository = await first_finding(stage)
    propose(stage, finding, repository)
    async with stage.run() as (app, pilot):
        session = app.triage.session
        app.triage.findings.go_to(finding)
        await pilot.press("p")
        await until(pilot, lambda: len(session.snapshot.open_findings) == 2)
        decided_now = session.snapshot.triage.decided(finding)
        assert decided_now.decision == REJECT
        assert decided_now.actor == session.snapshot.actor
        assert session.snapshot.proposed(finding) == ()
        await pilot.press("u")
        await until(pilot, lambda: len(session.snapshot.open_findings) == 3)
        assert [one.id for one in session.snapshot.proposed(finding)] == ["p1"]
    (made,) = payloads(stage.journal, DecisionMade)
    (taken,) = payloads(stage.journal, ProposalTaken)
    assert (taken.action, taken.proposals) == (made.action, ("p1",))


async def test_p_does_nothing_where_nobody_proposes_anything(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("p")
        await pilot.pause()
        assert len(app.triage.snapshot.open_findings) == 3
        said = " ".join(one.message for one in app._notifications)
        assert "No decision is proposed" in said


@pytest.mark.parametrize("number", [0, 1])
async def test_p_takes_the_proposed_side(stage, number):
    otherwise = replace(SWALLOWED, reviewer=ECONOMY, suggestion=Suggestion("Let it fail.", ""))
    stage.reviewers["risk"] = lambda: ScriptedReviewer(RISK, Lens.RISK, [SWALLOWED])
    stage.reviewers["economy"] = lambda: ScriptedReviewer(ECONOMY, Lens.ECONOMY, [otherwise])
    finding, repository = await first_finding(stage)
    side = chosen_of([finding.reports[number]])
    propose(stage, finding, repository, decision=ACCEPT, chosen=side)
    async with stage.run() as (app, pilot):
        assert (
            f"siding with {side[0].reviewer}" in review_content(finding, app.triage.snapshot).plain
        )
        await pilot.press("p")
        await until(pilot, lambda: app.triage.snapshot.triage.decided(finding))
        assert app.triage.snapshot.triage.decided(finding).chosen == side


async def test_p_does_not_take_a_side_that_is_not_proposed(stage):
    otherwise = replace(SWALLOWED, reviewer=ECONOMY, suggestion=Suggestion("Let it fail.", ""))
    stage.reviewers["risk"] = lambda: ScriptedReviewer(RISK, Lens.RISK, [SWALLOWED])
    stage.reviewers["economy"] = lambda: ScriptedReviewer(ECONOMY, Lens.ECONOMY, [otherwise])
    finding, repository = await first_finding(stage)
    propose(stage, finding, repository, decision=ACCEPT)
    async with stage.run() as (app, pilot):
        await pilot.press("p")
        assert NO_SIDE in notices(app)
        assert app.triage.snapshot.triage.is_open(finding)
