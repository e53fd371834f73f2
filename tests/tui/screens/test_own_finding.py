"""Findings of your own, and problems that the review missed, by keys."""

import pytest

from tests.tui.harness import Stage
from xreview.domain.decision import Verdict
from xreview.domain.own_findings import YOU
from xreview.domain.report import Category, Severity
from xreview.journal.store import Journal


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def own(app):
    return [one for one in app.triage.snapshot.findings if one.lead.reviewer == YOU]


async def write(pilot, text="Lock it", keys=("c", "h", "c")):
    await pilot.press(*keys, *("space" if one == " " else one for one in text), "ctrl+d")


async def test_c_writes_a_finding_on_the_line_with_one_key_for_each_question(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "home", "j", "j", "j", "j")
        place = app.triage.code.chosen_range()
        await write(pilot)
        (finding,) = own(app)
        assert (finding.lead.title, finding.severity) == ("Lock it", Severity.HIGH)
        assert finding.category is Category.CONCURRENCY
        assert (finding.anchor.path, finding.anchor.start_line) == (place.path, place.start_line)
        assert finding.anchor.quote == place.text
        assert finding.lead.suggestion is None
        assert finding.is_anchored
        assert app.triage.snapshot.triage.verdict(finding) is Verdict.ACCEPT
        assert app.triage.findings.current == finding
        await pilot.press("u")
        assert not own(app)


async def test_the_rest_of_the_text_is_the_claim_and_the_other_field_the_suggestion(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "home", "j", "j", "j", "j")
        await pilot.press("c", "l", "w", *"One", "enter", *"two", "tab", "end", *"x")
        await pilot.press("ctrl+d")
        (finding,) = own(app)
        assert (finding.lead.title, finding.lead.claim) == ("One", "two")
        assert finding.lead.suggestion.replacement == finding.anchor.quote + "x"


async def test_a_file_header_stands_for_the_file_by_its_first_changed_line(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "home")
        chosen = app.triage.code.chosen_range()
        assert chosen.is_whole_file
        await write(pilot)
        (finding,) = own(app)
        assert finding.anchor.path == chosen.path
        assert finding.is_anchored


async def test_escape_keeps_what_was_typed(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "home", "j", "j", "j", "j", "c", "h", "c", *"Lock", "escape")
        assert not own(app)
        await pilot.press("c", *"ed", "ctrl+d")
        assert [one.lead.title for one in own(app)] == ["Locked"]
        await pilot.press("2", "c", "h", "c", "escape", "c")
        assert "how bad" in str(app.screen.query_one("Vertical").border_title)  # nothing was kept


async def test_without_a_title_the_editor_stays(stage):
    async with stage.run() as (app, pilot):
        await pilot.press(
            "2", "home", "j", "j", "j", "j", "c", "h", "c", "ctrl+d", *"Now", "ctrl+d"
        )
        assert [one.lead.title for one in own(app)] == ["Now"]


async def test_an_own_finding_in_the_list_is_edited_and_removed(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "home", "j", "j", "j", "j")
        await write(pilot)
        await pilot.press("1", "c", "t", *"!", "ctrl+d")
        assert [one.lead.title for one in own(app)] == ["Lock it!"]
        await pilot.press("c", "s", "l")
        assert [one.severity for one in own(app)] == [Severity.LOW]
        await pilot.press("c", "x")
        assert not own(app)
        await pilot.press("u")
        assert [one.lead.title for one in own(app)] == ["Lock it!"]


async def test_reviewing_again_keeps_it(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "home", "j", "j", "j", "j")
        await write(pilot)
        (before,) = own(app)
    async with stage.run() as (app, pilot):
        (after,) = own(app)
        assert after.fingerprint == before.fingerprint
        assert app.triage.snapshot.triage.verdict(after) is Verdict.ACCEPT


async def test_m_marks_what_the_review_missed(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "home", "j", "j", "j", "j")
        await pilot.press("M", "p", *"Lost", "enter")
        assert app.triage.snapshot.triage.undoable
        first = app.triage.snapshot.session
        with Journal.open(stage.journal) as journal:
            (event,) = [one for one in journal.events() if one.payload.type == "problem-missed"]
        assert (event.session, event.payload.text) == (first, "Lost")
    async with stage.run() as (app, pilot):
        await pilot.press("2", "home", "M", "t", *"Late", "enter")
        with Journal.open(stage.journal) as journal:
            events = [one for one in journal.events() if one.payload.type == "problem-missed"]
        assert events[-1].session == first
