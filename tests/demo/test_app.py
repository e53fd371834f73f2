import subprocess
from collections import Counter

import pytest

from tests.demo.stage import DemoStage, over
from tests.tui.harness import until
from xreview.demo.panel import SCRIPTED
from xreview.demo.place import demonstration
from xreview.domain.events.event import DecisionMade, DecisionUndone, NoticeGiven
from xreview.domain.finding import Disagreement
from xreview.domain.report import Lens
from xreview.domain.stance import StanceKind
from xreview.journal.store import Journal

SIZES = {"wide": (160, 48), "narrow": (100, 30), "single": (70, 24)}

ANSWERS = (StanceKind.CONCEDES, StanceKind.REBUTS, StanceKind.TRADE_OFF)


def commit(folder) -> None:
    who = ("-c", "user.name=Mara", "-c", "user.email=mara@harbour.example")
    words = ("commit", "--quiet", "--all", "--message", "Keep the new token")
    subprocess.run(["git", *who, *words], cwd=folder, check=True)


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return DemoStage(monkeypatch, tmp_path)


async def test_the_models_read_what_the_other_family_wrote(stage):
    async with stage.run() as (app, _, _):
        snapshot = app.triage.snapshot
        reviewers = {one.identity.name: one for one in snapshot.reviewers}
        models = {f"{name} (scripted)/{lens}" for name in ("claude", "gpt") for lens in Lens}
        assert set(reviewers) == {"risk", "economy", *models}, "money is read with both lenses"
        assert not any(one.error for one in reviewers.values())
        assert snapshot.cost == 0.0
        assert snapshot.is_complete
        for finding in snapshot.findings:
            assert finding.lead.anchored
            author = snapshot.attribution.by_path.get(finding.anchor.path)
            for report in finding.reports:
                if author is not None:
                    assert report.reviewer.family != author.vendor
        kinds = Counter(finding.disagreement for finding in snapshot.findings)
        assert kinds[Disagreement.CONFLICT] == 1
        assert kinds[Disagreement.CORROBORATED] == 2


async def test_every_kind_of_disagreement_appears(stage):
    async with stage.run() as (app, _, _):
        findings = app.triage.snapshot.findings
        assert {finding.disagreement for finding in findings} == set(Disagreement)
        stances = [stance for finding in findings for stance in finding.stances]
        taken = [stance for stance in stances if stance.argument and stance.kind in ANSWERS]
        assert len(taken) >= 12
        assert all(stance.anchored for stance in taken)


async def test_the_screen_says_that_replies_are_scripted(stage):
    async with stage.run() as (app, _, _):
        shown = app.export_screenshot().replace("&#160;", " ")
        assert "scripted-demo since main" in shown
        assert "claude (scripted)" in shown
        assert "$0.00" in shown
        assert SCRIPTED in app.triage.snapshot.notices


async def test_decisions_land_in_its_own_journal_and_nothing_else_is_touched(stage):
    before = set(stage.home.rglob("*"))
    async with stage.run() as (app, pilot, place):
        await pilot.press("a", "r", "i", "u")
        await until(pilot, lambda: app.triage.snapshot.triage.redoable)
        await pilot.press("q")
        with Journal.open(place.folders(stage.home).journal) as journal:
            payloads = [event.payload for event in journal.events()]
        folder = place.folder
    assert sum(isinstance(one, DecisionMade) for one in payloads) == 2
    assert sum(isinstance(one, DecisionUndone) for one in payloads) == 1
    assert NoticeGiven(SCRIPTED) in payloads
    assert not folder.exists()
    assert set(stage.home.rglob("*")) == before


async def test_code_that_was_edited_away_takes_its_replies_with_it(stage):
    title = "The new refresh token is thrown away, so sign-in ends after seven days"

    def titles(app) -> set[str]:
        return {report.title for one in app.triage.snapshot.findings for report in one.reports}

    async with stage.run() as (app, pilot, place):
        assert title in titles(app)
        source = place.repository / "payments" / "oauth.py"
        kept = source.read_text().replace("tokens.refresh, expires_at", 'answer["x"], expires_at')
        source.write_text(kept)
        commit(place.repository)
        before = app.triage.snapshot.session
        await pilot.press("F")

        def is_anew() -> bool:
            snapshot = app.triage.snapshot
            return snapshot is not None and snapshot.session not in ("", before)

        await until(pilot, is_anew)
        await over(app, pilot)
        assert title not in titles(app)


@pytest.mark.parametrize("name", SIZES)
def test_screen(snap_compare, stage, monkeypatch, name):
    monkeypatch.setenv("COLORTERM", "truecolor")

    async def settled(pilot) -> None:
        await over(pilot.app, pilot)
        pilot.app.clear_notifications()
        await pilot.pause(0.3)
        await until(pilot, lambda: pilot.app.triage.code.is_settled)
        await pilot.pause(0.3)

    with demonstration() as place:
        app = stage.app(place)
        assert snap_compare(app, terminal_size=SIZES[name], run_before=settled)
