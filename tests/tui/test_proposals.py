"""What others propose is shown beside a finding, and taken up by one key."""

from dataclasses import replace

import pytest

from tests.journal.build import REJECT, decided
from tests.review.session.test_unsaved import payloads
from tests.tui.harness import Stage, until
from xreview.domain.events.event import DecisionMade, Event, ProposalReceived, ProposalTaken
from xreview.domain.events.shared_event import shared_form
from xreview.journal.store import Journal
from xreview.tui.widgets.findings.paint import proposal_label
from xreview.tui.widgets.review_text import review_content


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def propose(stage: Stage, finding, repository: str, by: str = "Bob <bob@example.com>") -> None:
    made = replace(decided("p1", finding.fingerprint, decision=REJECT), actor=by)
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
