"""`E` by keys, and that it writes just what `xreview-tui export` prints."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.fakes.reviewer import ScriptedReviewer, raw
from tests.tui.harness import SWALLOWED, UNLOCKED, WEAK_RANDOM, Stage, reviewed, until
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import Verdict
from xreview.domain.events.escalation_events import Favour
from xreview.domain.events.event import EscalationResolved, Event, Exported, OpinionGiven
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.export.format import export_formats
from xreview.journal.store import Journal
from xreview.tui.app import XReviewApp
from xreview.tui.dialogs.choice import ChoiceScreen
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.handoff.exporting import format_choices
from xreview.tui.screens.export import ExportScreen

OPUS = ReviewerIdentity("economy", ReviewerKind.MODEL, "anthropic", "opus-4")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-4")
GAP = CoverageEntry("risk", "docs/notes.md", Reading.TRUNCATED, "cut off")
KEYS = {choice.value: choice.key for choice in format_choices()}


@pytest.fixture
def stage(monkeypatch, tmp_path) -> Stage:
    return Stage(monkeypatch, tmp_path)


def program(stage: Stage) -> Program:
    """The command line over the same journal and repository."""
    return Program(stage.journal.parent.parent, stage.repository.top)


async def name_file(app: XReviewApp, pilot, target: Path) -> None:
    await until(pilot, lambda: isinstance(app.screen, PromptScreen))
    app.screen._input.value = str(target)
    await pilot.press("enter")
    await until(pilot, target.exists)
    await until(pilot, lambda: app.screen is app.triage)


def test_every_format_has_a_key():
    assert set(KEYS) == set(export_formats())


async def busy_session(stage: Stage) -> None:
    """An earlier session, so that there is something to carry over and a convention."""
    async with stage.run() as (_, pilot):
        await pilot.press("r", "i", "a")


SARIF = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {"driver": {"name": "bandit", "version": "1.8"}},
            "results": [
                {
                    "ruleId": "B1",
                    "message": {"text": f"Said of {file}."},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": file},
                                "region": {"startLine": 9},
                            }
                        }
                    ],
                }
                for file in ("app.py", "elsewhere.py", "nowhere.py")
            ],
        }
    ],
}


def verdicts(app: XReviewApp) -> set[Verdict | None]:
    snapshot = app.triage.snapshot
    return {snapshot.triage.verdict(finding) for finding in snapshot.findings}


def come_back(stage: Stage, app: XReviewApp) -> None:
    """An opinion and a colleague's answer to what was escalated, by other programs meanwhile."""
    snapshot = app.triage.snapshot
    (escalated,) = [
        finding
        for finding in snapshot.findings
        if snapshot.triage.verdict(finding) is Verdict.ESCALATE
    ]
    action, subjects = snapshot.triage.decided(escalated).action, escalated.fingerprints
    opinion = OpinionGiven(
        action, subjects, GEMINI, Favour.BOTH, True, "Only \x1b[2J in part.", "x", "", "", 0, False
    )
    answer = EscalationResolved(action, subjects, "the report is right: Log it.", "Bob <b@c>")
    at = "2031-01-01T00:00:0{}.000000+00:00"
    with Journal.open(stage.journal) as journal:
        repository = app.triage.session.repository
        journal.append(
            [
                Event("opinion", snapshot.session, repository, at.format(1), "Ada", opinion),
                Event("answer", "another session", repository, at.format(2), "Bob", answer),
            ]
        )


async def test_the_app_and_the_command_line_export_the_same_bytes(stage, tmp_path):
    await busy_session(stage)
    more = raw("Weak \x1b[2J randomness", "app.py", 9, "    token = random.random()", reviewer=OPUS)
    stage.reviewers["risk"] = lambda: ScriptedReviewer(
        signals=[SWALLOWED, WEAK_RANDOM, UNLOCKED, GAP]
    )
    stage.reviewers["economy"] = lambda: ScriptedReviewer(OPUS, Lens.ECONOMY, [more])
    imported = tmp_path / "bandit.sarif"
    imported.write_text(json.dumps(SARIF))
    app = stage.app()
    app.options = replace(app.options, imports=(imported,))
    written: dict[str, Path] = {}
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await reviewed(app, pilot)
        await pilot.press("g", "a", "e", "m")
        app.triage.session.notice("Something to know.")
        await until(pilot, lambda: Verdict.ESCALATE in verdicts(app))
        come_back(stage, app)
        for format, key in KEYS.items():
            written[format] = tmp_path / f"out{export_formats()[format].suffix}.{format}"
            await pilot.press("E", key, "enter")
            await name_file(app, pilot, written[format])
        chosen = tmp_path / "chosen.json"
        await pilot.press("E", "n", "a", "e", "l", "enter")
        await name_file(app, pilot, chosen)
    command = program(stage)
    for format, path in written.items():
        done = command.run("export", "--format", format)
        assert done.code == 0, done.err
        assert done.out.encode() == path.read_bytes(), format
    wanted = ("--decisions", "open,rejected", "--decisions", "suppressed")
    done = command.run(
        "export", "--format", "json", *wanted, "--severities", "critical,high,medium"
    )
    assert done.out.encode() == chosen.read_bytes()

    everything = json.loads(written["json"].read_text())
    (session,) = everything["sessions"]
    assert "Something to know." in session["notices"]
    assert any("2 results" in notice and "bandit.sarif" in notice for notice in session["notices"])
    assert [gap["path"] for gap in everything["coverage"]["gap_entries"]] == ["docs/notes.md"]
    assert "app.py" in [file["path"] for file in session["change"]["files"]]
    found = everything["findings"]
    assert {"accepted", "escalated", "rejected"} <= {one["standing"] for one in found}
    assert {"new", "still there"} <= {one["carried"] for one in found}
    assert any(one["suppression"] for one in found)
    assert "bandit" in [one["name"] for one in session["reviewers"]]
    (escalated,) = [one for one in found if one["standing"] == "escalated"]
    assert [one["favours"] for one in escalated["opinions"]] == ["both"]
    assert [one["by"] for one in escalated["outcomes"]] == ["Bob <b@c>"]
    for format in set(written) - {"prompt", "github"}:  # these hold what was accepted
        text = written[format].read_text()
        assert "Log it." in text, format
        assert "in part." in text, format


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (70, 24)])
async def test_the_choice_is_all_on_the_screen_and_made_by_keys(stage, tmp_path, size):
    target = tmp_path / "out.csv"
    async with stage.run(size=size) as (app, pilot):
        await pilot.press("a", "E", "c")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        screen = app.screen
        shown = screen._list.region
        assert screen.region.contains_region(shown)
        assert screen.query_one("Vertical").max_scroll_y == 0
        await pilot.press("o", "h")
        text = screen._list.visual.plain
        assert "[ ] o  open" in text
        assert "[x] a  accepted" in text
        assert "[ ] h  high" in text
        await pilot.press("enter")
        await name_file(app, pilot, target)
    assert '"accepted"' in target.read_text()
    assert '"open"' not in target.read_text()
    with Journal.open(stage.journal) as journal:
        (event,) = journal.events(types=(Exported,))
    assert event.payload.selection == {
        "decisions": "accepted,escalated,rejected,suppressed",
        "severities": "critical,low,medium",
    }
    assert (event.payload.format, event.payload.target) == ("csv", str(target))


async def test_escape_goes_back_one_question_at_a_time(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("E", "m")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChoiceScreen))
        await pilot.press("h", "enter")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press("escape")
        assert app.screen is app.triage


async def test_nothing_chosen_is_said_and_space_chooses_everything(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("E", "m")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        await pilot.press("space", "enter")
        assert isinstance(app.screen, ExportScreen)
        assert "Nothing is chosen" in [*app._notifications][-1].message
        await pilot.press("space", "y")
        await until(pilot, lambda: app.screen is app.triage)
        assert app.clipboard.startswith("# Review: ")


async def test_a_format_of_accepted_findings_offers_nothing_else(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("a", "E", "p")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        assert "rejected" not in app.screen._list.visual.plain
        await pilot.press("o", "r", "y")
        await until(pilot, lambda: app.screen is app.triage)
        assert app.clipboard.startswith("Fix the 1 problem below")


async def test_a_file_that_can_not_be_written_is_said_and_asked_for_again(stage, tmp_path):
    async with stage.run() as (app, pilot):
        for name in (str(tmp_path / "no" / "folder.md"), "~nosuchuser/x.md"):
            await pilot.press("E", "m", "enter")
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            first = app.screen
            app.screen._input.value = name
            await pilot.press("enter")
            await until(
                pilot,
                lambda first=first: (
                    isinstance(app.screen, PromptScreen) and app.screen is not first
                ),
            )
            assert "can't be written" in [*app._notifications][-1].message
            await pilot.press("escape")
            assert app.screen is app.triage
