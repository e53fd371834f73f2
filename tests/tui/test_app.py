"""The app by its keys: what a person does, and what is then on the screen and on disk."""

import asyncio
from dataclasses import replace

import pytest
from textual.content import Content

from tests.fakes.reports import ECONOMY, RISK
from tests.fakes.reviewer import ScriptedReviewer, raw
from tests.tui.harness import (
    ALSO_SWALLOWED,
    SWALLOWED,
    UNLOCKED,
    WEAK_RANDOM,
    Stage,
    reviewed,
    until,
)
from xreview.config.remembered import Remembered, Split
from xreview.config.schema import Settings
from xreview.domain.decision import Reason
from xreview.domain.errors import JournalError
from xreview.domain.events.event import CoverageReceived
from xreview.domain.report import Lens, Severity
from xreview.journal.store import Journal
from xreview.review.assembly.running import RunningReview
from xreview.tui.dialogs.choice import ChoiceScreen
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.screens.triage.splits import PaneSplits
from xreview.tui.terminal import first_frame
from xreview.tui.widgets.findings.rows import Heading


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def status(app) -> str:
    return str(app.triage.query_one("#status").render())


def verdicts(app) -> dict[str, str]:
    snapshot = app.triage.snapshot
    return {
        finding.lead.title: decided.decision.reason.value
        for finding in snapshot.findings
        if (decided := snapshot.triage.decided(finding))
    }


def current(app) -> str:
    finding = app.triage.findings.current
    return finding.lead.title if finding else ""


async def test_the_author_is_looked_for_after_the_first_findings(stage, monkeypatch):
    select, seen = RunningReview.select, []

    async def note(review):
        seen.append(bool(review.session.snapshot.findings))
        return await select(review)

    monkeypatch.setattr(RunningReview, "select", note)

    async with stage.run():
        assert seen == [True]


async def test_findings_are_listed_by_attention_and_the_panes_follow_the_cursor(stage):
    async with stage.run() as (app, pilot):
        assert [f.lead.title for f in app.triage.findings.listed] == [
            "Swallowed error",
            "Balance changed without a lock",
            "Weak randomness",
        ]
        assert app.triage.code.place_under_cursor()[2] == 4
        await pilot.press("j")
        await pilot.pause()
        assert current(app) == "Balance changed without a lock"
        assert app.triage.code.place_under_cursor()[2] == 10


async def test_accepting_goes_on_to_the_next_open_finding(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("a")
        assert verdicts(app) == {"Swallowed error": "fix"}
        assert current(app) == "Balance changed without a lock"


async def test_keys_typed_faster_than_the_disk_each_meet_their_own_finding(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("a", "r", "i", "e", "m")
        assert verdicts(app) == {
            "Swallowed error": Reason.FIX.value,
            "Balance changed without a lock": Reason.INTENDED.value,
            "Weak randomness": Reason.MEASURE.value,
        }


async def test_enter_rejects_as_reviewer_wrong_and_escape_decides_nothing(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("r", "escape")
        assert verdicts(app) == {}
        await pilot.press("r", "enter")
        assert verdicts(app) == {"Swallowed error": "reviewer-wrong"}


async def test_later_asks_for_a_day_and_refuses_what_is_none(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("r", "l", *"soon", "enter")
        assert verdicts(app) == {}
        assert isinstance(app.screen, PromptScreen), "it is asked again, with what was typed"
        await pilot.press(*"2031-01-02", "enter")
        finding = app.triage.snapshot.findings[0]
        assert app.triage.snapshot.triage.decided(finding).until == "2031-01-02"


async def test_the_scorecard_opens_and_closes(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("a", "S")
        assert app.screen is not app.triage
        await pilot.press("escape")
        assert app.screen is app.triage


async def test_what_was_settled_in_an_earlier_session_is_folded_not_asked_again(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("r", "enter")
        await pilot.press("q")
    async with stage.run() as (app, pilot):
        assert "Swallowed error" not in [f.lead.title for f in app.triage.findings.listed]
        assert verdicts(app) == {"Swallowed error": "reviewer-wrong"}
        await pilot.press("f", "u")
        assert [f.lead.title for f in app.triage.findings.listed] == ["Swallowed error"]


async def test_undo_and_redo(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("a", "a", "u")
        assert verdicts(app) == {"Swallowed error": "fix"}
        await pilot.press("u")
        assert verdicts(app) == {}
        await pilot.press("U", "U")
        assert len(verdicts(app)) == 2


async def test_a_note_is_typed_kept_and_shown(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("i", *"see #12", "enter")
        finding = app.triage.snapshot.findings[0]
        assert app.triage.snapshot.triage.note(finding) == "see #12"
        assert isinstance(app.screen, type(app.triage))


async def test_a_selection_is_decided_and_undone_as_one(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("x", "x", "A")
        assert set(verdicts(app)) == {"Swallowed error", "Balance changed without a lock"}
        await pilot.press("u")
        assert verdicts(app) == {}


async def test_the_filter_does_not_make_decided_findings_jump_away(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("f", "o")
        await pilot.press("a")
        assert len(app.triage.findings.listed) == 3
        await pilot.press("f", "o")
        assert len(app.triage.findings.listed) == 2
        await pilot.press("f", "a")
        assert len(app.triage.findings.listed) == 3


async def test_an_empty_filter_explains_itself(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("f", "d")
        assert "hides 3 findings" in app.triage.findings.empty_text


async def test_search_finds_in_findings_and_in_code(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("/", *"random", "enter")
        assert current(app) == "Weak randomness"
        await pilot.press("2", "g", "/", *"balance", "enter")
        await until(pilot, lambda: app.triage.code.place_under_cursor()[2] == 10)


async def test_sorting_regroups_and_keeps_the_cursor(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("j", "s", "s")
        assert current(app) == "Balance changed without a lock"
        assert app.triage.findings.border_title is not None
        groups = [row.group for row in app.triage.findings._rows.rows if hasattr(row, "group")]
        assert groups == ["critical", "high", "medium"]


@pytest.mark.parametrize("size", [(160, 48), (141, 40), (100, 30), (83, 25), (70, 24)])
@pytest.mark.parametrize("moved", [(), (Split("wide", "list", 35), Split("narrow", "code", 40))])
async def test_the_first_frame_has_the_panes_where_the_app_has_them(stage, size, moved):
    Remembered(stage.options().folders.state).remember(splits=moved)
    async with stage.run(size) as (app, _):
        shown = {pane.id: pane.region for pane in app.triage.query("#panes > *") if pane.region}
        boxes = first_frame.panes(*size, PaneSplits(moved))
        assert [(b.x, b.y, b.width, b.height) for b in boxes] == [
            (r.x, r.y, r.width, r.height)
            for r in (
                shown[id] for id in ("findings", "code", "review", "disagreement")[: len(boxes)]
            )
        ]


async def test_one_pane_at_a_time_below_80_columns(stage):
    async with stage.run((70, 24)) as (app, pilot):

        def shown() -> list[str]:
            return [pane.id for pane in app.triage.query("#panes > *") if pane.region]

        assert shown() == ["findings"]
        await pilot.press("enter")
        await pilot.pause()
        assert shown() == ["code"]
        await pilot.press("3")
        await pilot.pause()
        assert shown() == ["review", "disagreement"]
        await pilot.press("1")
        await pilot.pause()
        assert shown() == ["findings"]


async def test_zoom_shows_the_focused_pane_alone_and_follows_the_focus(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("z")
        assert app.triage.findings.region.width == 160
        await pilot.press("2")
        await pilot.pause()
        assert app.triage.code.region.width == 160
        await pilot.press("escape")
        await pilot.pause()
        assert app.triage.code.region.width == 120


async def test_side_by_side_and_back(stage):
    async with stage.run(settings=Settings(side_by_side=True)) as (app, pilot):
        assert app.triage.code.side_by_side
        await pilot.press("v")
        assert not app.triage.code.side_by_side


async def test_enter_goes_to_the_code_and_back(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("enter")
        assert app.triage.pane is app.triage.code
        await pilot.press("enter")
        assert app.triage.pane is app.triage.findings


async def test_hunks_and_files_can_be_walked(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("}")
        await pilot.pause()
        assert app.triage.code.place_under_cursor()[0] == "docs/notes.md"
        await pilot.press("T", "end", "enter")
        await pilot.pause()
        assert app.triage.code.place_under_cursor()[0] == "new file.txt"


@pytest.mark.parametrize(
    ("key", "screen"),
    [
        ("?", PageScreen),
        ("d", PageScreen),
        ("t", ChoiceScreen),
        ("E", ChoiceScreen),
        ("i", PromptScreen),
    ],
)
async def test_dialogs_open_and_escape_closes_them(stage, key, screen):
    async with stage.run() as (app, pilot):
        await pilot.press(key)
        assert isinstance(app.screen, screen)
        await pilot.press("escape")
        assert app.screen is app.triage


async def test_the_palette_runs_an_action(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("ctrl+p")
        await pilot.pause(0.3)
        await pilot.press(*"zoom")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(0.3)
        await until(pilot, lambda: app.triage.is_zoomed, 5)


async def test_a_theme_is_chosen(stage):
    async with stage.run() as (app, pilot):
        before = app.theme
        await pilot.press("t", "down", "enter")
        assert app.theme != before


async def test_export_writes_the_file_that_was_named(stage, tmp_path):
    target = tmp_path / "out.json"
    async with stage.run() as (app, pilot):
        await pilot.press("a", "E", "n", "enter")
        screen = app.screen
        screen._input.value = str(target)
        await pilot.press("enter")
        await until(pilot, target.exists)
    assert '"accepted"' in target.read_text() or '"accept"' in target.read_text()


async def test_copying_gives_the_terminal_a_fix_prompt(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("y")
        assert "Swallowed error" in app.clipboard
        await pilot.press("a", "a", "Y")
        assert "Balance changed" in app.clipboard


async def test_the_editor_is_started_at_the_line(stage, monkeypatch, tmp_path):
    called = tmp_path / "called"
    script = tmp_path / "vim"
    script.write_text(f'#!/bin/sh\necho "$@" > {called}\n')
    script.chmod(0o755)
    monkeypatch.setattr("textual.app.App.suspend", _no_suspend)
    async with stage.run(settings=Settings(editor=str(script))) as (_, pilot):
        await pilot.press("o")
        await pilot.pause()
    assert called.read_text().split() == ["+4", str(stage.repository.top / "app.py")]


def _no_suspend(_app):
    from contextlib import nullcontext

    return nullcontext()


async def test_a_failed_reviewer_never_looks_clean(stage):
    stage.reviewers["risk"] = lambda: ScriptedReviewer(RISK, Lens.RISK, failure="It broke.")
    stage.reviewers["economy"] = lambda: ScriptedReviewer()
    async with stage.run() as (app, _):
        said = app.triage.findings.empty_text
        assert said.startswith("NOT clean")
        assert "It broke." in said


async def test_a_clean_review_says_what_it_rests_on(stage):
    stage.reviewers["risk"] = lambda: ScriptedReviewer()
    stage.reviewers["economy"] = lambda: ScriptedReviewer()
    async with stage.run() as (app, _):
        assert app.triage.findings.empty_text.startswith("Clean:")


async def test_a_change_without_files_says_where_to_look(stage):
    stage.repository.commit("all")
    async with stage.run(staged=True) as (app, pilot):
        await pilot.pause()
        assert app.triage.findings.empty_text.startswith("Nothing to review")


async def test_no_repository_is_a_sentence_in_the_app(stage):
    app = stage.app(commit="no-such-revision")
    async with app.run_test(size=(100, 30)) as pilot:
        await reviewed(app, pilot)
        assert "no-such-revision" in app.triage.findings.empty_text


async def test_reviewing_again_shows_earlier_decisions(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("a", "F")
        await until(pilot, lambda: app.triage.snapshot is not None)
        await reviewed(app, pilot)
        assert verdicts(app) == {"Swallowed error": "fix"}
        assert len(app.triage.findings.listed) == 3


async def test_stopping_the_review_keeps_what_was_found_and_shows_the_gap(stage):
    stage.reviewers["economy"] = lambda: ScriptedReviewer(ECONOMY, Lens.ECONOMY, hangs=True)
    app = stage.app()
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await until(pilot, lambda: app.triage.findings.listed)
        await pilot.press("ctrl+x")
        await reviewed(app, pilot)
        assert app.triage.snapshot.coverage_summary.gaps > 0
        with Journal.open(stage.journal) as journal:
            assert list(journal.events(types=(CoverageReceived,))), "on disk while the app runs on"
        assert len(app.triage.findings.listed) == 3
        await pilot.press("a")
        assert len(verdicts(app)) == 1


class Late(ScriptedReviewer):
    """Says nothing before the gate is open."""

    def __init__(self, gate: asyncio.Event, **given) -> None:
        super().__init__(**given)
        self._gate = gate

    async def review(self, request):
        await self._gate.wait()
        async for signal in super().review(request):
            yield signal


def line_of_cursor(app) -> int | None:
    """The line of the cursor in the list as drawn; None while it is off the screen."""
    findings = app.triage.findings
    rows = [str(findings.render_line(y).text) for y in range(findings.size.height)]
    return next(
        (at for at, row in enumerate(rows) if row.startswith("▸") and "──" not in row), None
    )


def waiting(app) -> str:
    return Content.from_markup(str(app.triage.findings.border_subtitle)).plain


def late_stage(stage, late, early) -> asyncio.Event:
    gate = asyncio.Event()
    stage.reviewers["risk"] = lambda: Late(gate, signals=late)
    stage.reviewers["economy"] = lambda: ScriptedReviewer(
        ECONOMY, signals=[replace(one, reviewer=ECONOMY) for one in early]
    )
    return gate


async def test_new_arrivals_do_not_move_the_cursor(stage):
    more = [
        raw(f"Word {word} is unclear", "app.py", 8, "def pay(amount, account):")
        for word in ("amount", "account", "pay", "token")
    ]
    gate = late_stage(stage, [SWALLOWED], [UNLOCKED, ALSO_SWALLOWED, WEAK_RANDOM, *more])
    app = stage.app()
    async with app.run_test(size=(160, 16), notifications=True) as pilot:
        await until(pilot, lambda: len(app.triage.findings.listed) == 7)
        await pilot.press("j")
        before, line = current(app), line_of_cursor(app)
        assert before == "Weak randomness"
        gate.set()
        await reviewed(app, pilot)
        assert current(app) == before
        assert line_of_cursor(app) == line
        assert app.triage.findings.listed[0].lead.title == "Balance changed without a lock"
        assert waiting(app).startswith("1 changed · s")
        await pilot.press("s")
        assert app.triage.findings.listed[0].lead.title == "Swallowed error"
        assert current(app) == before
        assert line_of_cursor(app) == line
        assert waiting(app).startswith("7 findings")


async def test_the_cursor_never_leaves_the_screen_however_much_comes_above_it(stage):
    words = ("amount", "account", "pay", "token", "balance", "random")
    above = [
        raw(f"Word {word} is unclear", "app.py", 8, "def pay(amount, account):") for word in words
    ]
    gate = late_stage(stage, above, [WEAK_RANDOM])
    stage.reviewers["economy"] = lambda: ScriptedReviewer(
        ECONOMY, signals=[replace(WEAK_RANDOM, reviewer=ECONOMY, severity=Severity.LOW)]
    )
    app = stage.app()
    async with app.run_test(size=(130, 14), notifications=True) as pilot:
        await until(pilot, lambda: len(app.triage.findings.listed) == 1)
        await pilot.press("j")
        gate.set()
        await reviewed(app, pilot)
        assert waiting(app).startswith("6 new · s · 1 finding")
        await pilot.press("x")
        assert waiting(app) == "6 new · s", "whole words, and the footer counts the selection"
        await pilot.press("escape")
        assert "7 findings open" in status(app)
        await pilot.press("s")
        assert len(app.triage.findings.listed) == 7
        assert current(app) == "Weak randomness"
        await until(pilot, lambda: line_of_cursor(app))  # the list scrolls with the next frame


async def folded_lone(stage, app, pilot):
    """Two corroborated findings above lone ones that are folded, with the cursor on their fold."""
    await until(pilot, lambda: len(app.triage.findings.listed) >= 3)
    await reviewed(app, pilot)
    app.triage.arrangement.fold("lone", True)
    app.triage.refresh_list()
    await pilot.press("end")
    assert isinstance(app.triage.findings.current_row, Heading)


async def test_unfolding_puts_the_cursor_on_what_was_folded(stage):
    app = stage.app()
    async with app.run_test(size=(160, 12), notifications=True) as pilot:
        await folded_lone(stage, app, pilot)
        await pilot.press("enter")
        assert current(app) == "Balance changed without a lock"
        assert line_of_cursor(app)


async def test_on_a_fold_the_cursor_stays_while_more_arrives(stage):
    gate = late_stage(stage, [SWALLOWED], [UNLOCKED, ALSO_SWALLOWED, WEAK_RANDOM])
    app = stage.app()
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await until(pilot, lambda: len(app.triage.findings.listed) == 3)
        app.triage.arrangement.fold("lone", True)
        app.triage.refresh_list()
        await pilot.press("end")
        assert app.triage.findings.current_row.group == "lone"
        gate.set()
        await reviewed(app, pilot)
        assert app.triage.findings.current_row.group == "lone"
        await pilot.press("s")
        assert app.triage.findings.listed[0].lead.title == "Swallowed error"
        assert app.triage.findings.current_row.group == "lone"


async def test_a_smaller_terminal_still_shows_the_cursor(stage):
    async with stage.run((160, 48)) as (app, pilot):
        await pilot.press("end")
        await pilot.resize_terminal(100, 12)
        await pilot.pause()
        await until(pilot, lambda: app.triage.findings.size.height < 8)
        await pilot.pause()
        assert line_of_cursor(app) is not None


async def test_until_the_first_key_the_cursor_stays_at_the_top_of_the_ranked_list(stage):
    gate = late_stage(stage, [SWALLOWED], [UNLOCKED, ALSO_SWALLOWED, WEAK_RANDOM])
    app = stage.app()
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await until(pilot, lambda: len(app.triage.findings.listed) == 3)
        gate.set()
        await reviewed(app, pilot)
        assert app.triage.findings.listed[0].lead.title == "Swallowed error"
        assert current(app) == "Swallowed error"
        assert app.triage.findings.scroll_offset.y == 0


async def test_what_ranks_higher_waits_while_a_person_reads_until_it_is_taken_in(stage):
    gate = late_stage(stage, [UNLOCKED], [WEAK_RANDOM, ALSO_SWALLOWED])
    app = stage.app()
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await until(pilot, lambda: len(app.triage.findings.listed) == 2)
        await pilot.press("j", "k")
        assert current(app) == "Weak randomness"
        gate.set()
        await reviewed(app, pilot)
        titles = [f.lead.title for f in app.triage.findings.listed]
        assert titles == ["Weak randomness", "The error is swallowed"]
        await pilot.press("s")
        titles = [f.lead.title for f in app.triage.findings.listed]
        assert titles[0] == "Balance changed without a lock"
        assert current(app) == "Weak randomness"


async def test_nothing_is_shown_as_decided_when_the_disk_refuses(stage, monkeypatch):
    async with stage.run() as (app, pilot):

        def refuse(self, events):
            raise JournalError("The disk is full.", "Make room.")

        monkeypatch.setattr(Journal, "append", refuse)
        await pilot.press("a")
        assert verdicts(app) == {}
        assert current(app) != "Swallowed error", "the person goes on meanwhile"
        said = [str(n.message) for n in app._notifications]
        assert any("Not saved yet. The disk is full." in sentence for sentence in said)
        assert "⚠ 1 not saved" in status(app)


async def test_remapped_keys_work_and_are_shown(stage):
    settings = Settings(keys={"finding.accept": ("f5",)})
    async with stage.run(settings=settings) as (app, pilot):
        await pilot.press("a")
        assert verdicts(app) == {}
        await pilot.press("f5")
        assert verdicts(app) == {"Swallowed error": "fix"}


async def test_the_mouse_moves_the_cursor_and_clicks_keys(stage):
    async with stage.run() as (app, pilot):
        await pilot.click("#findings", offset=(10, 6))
        assert current(app) == "Balance changed without a lock"


async def test_quitting_ends_with_zero_and_a_closed_journal(stage):
    app = stage.app()
    async with app.run_test() as pilot:
        await reviewed(app, pilot)
        await pilot.press("a", "q")
    assert app.return_code == 0
    with Journal.open(stage.journal) as stored:
        assert stored.verify() == []


async def test_the_tab_size_is_a_setting(stage):
    stage.repository.write("tabs.py", "if x:\n\ty = 1\n")
    async with stage.run(settings=Settings(tab_size=7)) as (app, pilot):
        await pilot.press("2", "end")
        await pilot.pause()
        drawn = "".join(
            app.triage.code.render_line(y).text + "\n" for y in range(app.triage.code.size.height)
        )
        assert "+       y = 1" in drawn


async def test_n_walks_through_the_findings_from_any_pane(stage):
    async with stage.run() as (app, pilot):
        first = app.triage.findings.current
        await pilot.press("2", "n")
        assert app.triage.pane is app.triage.code
        assert app.triage.findings.current is not first
        await pilot.press("N", "4")
        assert app.triage.findings.current is first
        assert app.triage.pane.id == "disagreement"
