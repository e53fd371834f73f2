"""Finding one's way by keys: searching, filtering, and what arrives meanwhile."""

import asyncio
from dataclasses import replace

import pytest

from tests.fakes.reviewer import ScriptedReviewer, raw
from tests.tui.harness import SWALLOWED, UNLOCKED, WEAK_RANDOM, Stage, reviewed, until
from xreview.config.schema import Settings
from xreview.domain.report import Category, Severity
from xreview.tui.dialogs.search_bar import SearchBar
from xreview.tui.widgets.findings.filter import FilterKind, FilterTerm
from xreview.tui.widgets.text_pane import TextPane


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


class LateReviewer(ScriptedReviewer):
    """Says nothing before the gate is open."""

    def __init__(self, gate: asyncio.Event, **given) -> None:
        super().__init__(**given)
        self._gate = gate

    async def review(self, request):
        await self._gate.wait()
        async for signal in super().review(request):
            yield signal


def with_late_reviewer(stage: Stage) -> asyncio.Event:
    gate = asyncio.Event()
    stage.reviewers["risk"] = lambda: LateReviewer(gate, signals=[UNLOCKED])
    stage.reviewers["economy"] = lambda: ScriptedReviewer(signals=[WEAK_RANDOM])
    return gate


def current(app) -> str:
    finding = app.triage.findings.current
    return finding.lead.title if finding else ""


def titles(app) -> list[str]:
    return [finding.lead.title for finding in app.triage.findings.listed]


def chosen(app) -> str:
    return app.triage.arrangement.filter.label


def search_line(app) -> str:
    line = app.triage.search_line
    return str(line.render()) if line.display else ""


def count(app) -> str:
    return str(app.screen.query_one("#count").render())


def notices(app) -> str:
    return "\n".join(str(one.message) for one in app._notifications)


async def test_a_search_goes_on_while_typing_and_counts(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("/", *"a")
        assert isinstance(app.screen, SearchBar)
        await until(pilot, lambda: count(app) == "1/3")
        assert current(app) == "Swallowed error"
        await pilot.press(*"ndom")
        await until(pilot, lambda: count(app) == "1/1")
        assert current(app) == "Weak randomness"
        await pilot.press(*"x")
        await until(pilot, lambda: count(app) == "no matches")
        assert current(app) == "Swallowed error", "back where the search began"
        await pilot.press("backspace")
        await until(pilot, lambda: current(app) == "Weak randomness")


async def test_keys_typed_fast_are_searched_for(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("/", "l", "o", "c", "k", "enter", "a")
        assert app.screen is app.triage
        decided = app.triage.snapshot.triage.decided
        (accepted,) = [one for one in app.triage.snapshot.findings if decided(one)]
        assert accepted.lead.title == "Balance changed without a lock"


async def test_escape_returns_to_where_the_search_began(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("j", "/", *"random")
        await until(pilot, lambda: current(app) == "Weak randomness")
        await pilot.press("escape")
        assert current(app) == "Balance changed without a lock"
        assert not app.triage.is_searching
        await pilot.press("2", "g", "/", *"balance")
        await until(pilot, lambda: app.triage.code.place_under_cursor()[2] == 10)
        await pilot.press("escape")
        assert app.triage.code.cursor_line == 0


async def test_n_goes_to_the_next_match_until_the_search_ends(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("/", *"balance", "enter")
        assert "“balance” 1/1 in the findings" in search_line(app)
        await pilot.press("n")
        assert current(app) == "Balance changed without a lock"
        await pilot.press("escape", "N")
        assert search_line(app) == ""
        assert current(app) == "Swallowed error"


async def test_n_goes_to_the_next_match_in_the_code_and_back(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "g", "/", *"token", "enter")
        assert "1/2 in the code" in search_line(app)
        assert app.triage.code.place_under_cursor()[2] == 9
        await pilot.press("n")
        assert "2/2 in the code" in search_line(app)
        assert app.triage.code.place_under_cursor()[2] == 11
        await pilot.press("n", "N", ",")
        assert app.triage.code.place_under_cursor()[2] == 9
        await pilot.press("1", "n")
        assert "in the findings" in search_line(app)
        await pilot.press("escape")
        assert app.triage.code._canvas.painter.pattern is None


async def test_both_sides_of_a_line_are_matches_of_their_own(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("v", "2", "g", "/", *"open", "enter")
        assert "1/2 in the code" in search_line(app)
        await pilot.press("n")
        assert "2/2 in the code" in search_line(app)
        await pilot.press("n")
        assert "1/2 in the code" in search_line(app)


async def test_enter_repeats_the_last_search(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("/", *"token", "enter", "escape", "/", "enter")
        assert "“token” 1/1" in search_line(app)


async def test_what_is_not_found_is_said_and_nothing_moves(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("j", "/", *"xyzzy", "enter")
        assert "“xyzzy” not found in the findings." in notices(app)
        assert current(app) == "Balance changed without a lock"
        assert not app.triage.is_searching


async def test_a_match_in_a_folded_group_unfolds_it_while_it_is_needed(stage):
    async with stage.run() as (app, pilot):
        app.triage.arrangement.fold("lone", True)
        app.triage.refresh_list()
        await pilot.press("/", *"lock")
        await until(pilot, lambda: current(app) == "Balance changed without a lock")
        await pilot.press("escape")
        assert titles(app) == ["Swallowed error"]
        await pilot.press("/", *"lock", "enter")
        assert current(app) == "Balance changed without a lock"
        assert len(titles(app)) == 3


async def test_remapped_keys_walk_through_matches_too(stage):
    settings = Settings(keys={"finding.next": ("f7",), "finding.previous": ("f6",)})
    async with stage.run(settings=settings) as (app, pilot):
        await pilot.press("2", "g", "/", *"token", "enter", "f7")
        assert "2/2 in the code  F7 next  F6 previous" in search_line(app)


async def test_n_stops_at_the_last_finding_and_says_so_once(stage):
    async with stage.run() as (app, pilot):
        app.triage.arrangement.fold("lone", True)
        app.triage.refresh_list()
        await pilot.press("n", "n")
        assert titles(app) == ["Swallowed error"], "nothing unfolds by surprise"
        assert notices(app) == "This is the last finding. 2 more in folded groups."
        await pilot.press("N")
        assert "This is the first finding." in notices(app)


async def test_what_waits_is_told_at_the_end_of_the_list_and_comes_when_all_is_decided(stage):
    gate = with_late_reviewer(stage)
    app = stage.app()
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await until(pilot, lambda: titles(app) == ["Weak randomness"])
        await pilot.press("n")
        gate.set()
        await reviewed(app, pilot)
        assert titles(app) == ["Weak randomness"]
        await pilot.press("N", "n")
        assert "This is the last finding. Press s for 1 new." in notices(app)
        await pilot.press("a")
        assert current(app) == "Balance changed without a lock"
        assert len(titles(app)) == 2


async def test_the_first_key_anywhere_makes_the_list_stay(stage):
    gate = with_late_reviewer(stage)
    app = stage.app()
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await until(pilot, lambda: titles(app) == ["Weak randomness"])
        await pilot.press("2")
        gate.set()
        await reviewed(app, pilot)
        assert titles(app) == ["Weak randomness"]
        assert current(app) == "Weak randomness"
        await pilot.press("1", "s")
        assert titles(app) == ["Balance changed without a lock", "Weak randomness"]
        assert current(app) == "Weak randomness"


async def test_filters_of_several_kinds_add_up_and_are_removed_one_by_one(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("f", "h", "f", "c", "s")
        assert chosen(app) == "high+, security"
        assert titles(app) == ["Weak randomness"]
        await pilot.press("f", "c", "c")
        assert chosen(app) == "high+, security, concurrency"
        assert len(titles(app)) == 2
        await pilot.press("f", "x", "s")
        assert chosen(app) == "high+, concurrency"
        assert titles(app) == ["Balance changed without a lock"]
        await pilot.press("f", "a")
        assert chosen(app) == ""


async def test_the_only_filter_is_removed_at_once(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("f", "h", "f", "x")
        assert chosen(app) == ""
        assert app.screen is app.triage


async def test_a_text_filters(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("f", "t", *"random", "enter", "f", "o")
        assert chosen(app) == "“random”, open"
        assert titles(app) == ["Weak randomness"]


async def test_chips_show_the_filter_and_a_click_removes_one(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("f", "o", "f", "h")
        await pilot.pause()
        top = app.screen._compositor.render_strips()[app.triage.findings.region.y].text
        assert "open ✕  high+ ✕" in top
        await pilot.click(offset=(top.index("open"), app.triage.findings.region.y))
        await pilot.pause()
        assert chosen(app) == "high+"
        assert len(titles(app)) == 2


async def test_findings_with_the_same_title_are_told_apart_on_the_screen(stage):
    twin = raw("Swallowed error", "app.py", 9, "    token = random.random()")
    worse = replace(twin, severity=Severity.HIGH, category=Category.TIMING)
    stage.reviewers["risk"] = lambda: ScriptedReviewer(signals=[SWALLOWED, worse])
    stage.reviewers["economy"] = lambda: ScriptedReviewer(signals=[])
    async with stage.run() as (app, _):
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "Swallowed error · load()" in shown
        assert "Swallowed error · pay()" in shown


async def test_a_decided_row_keeps_its_path(stage):
    long = "services/payments/adapters/webhooks.py"
    stage.repository.write(long, "token = random.random()\n")
    found = raw("A title that is much longer than the pane is wide, so that it takes two", long, 1,
                "token = random.random()")  # fmt: skip
    stage.reviewers["risk"] = lambda: ScriptedReviewer(signals=[found, UNLOCKED, WEAK_RANDOM])
    stage.reviewers["economy"] = lambda: ScriptedReviewer(signals=[])
    async with stage.run() as (app, pilot):
        await pilot.press("/", *"title", "enter", "e", "m")
        findings = app.triage.findings
        drawn = [findings.render_line(y).text for y in range(findings.size.height)]
        (at,) = [y for y, line in enumerate(drawn) if "A title" in line]
        assert drawn[at + 1].strip(), "the title goes on"
        assert "measure" in drawn[at + 2]
        assert "webhooks.py:1" in drawn[at + 2]


async def test_a_filter_can_be_chosen_before_anything_arrives(stage):
    stage.reviewers["risk"] = stage.reviewers["economy"] = lambda: ScriptedReviewer()
    async with stage.run() as (app, pilot):
        await pilot.press("f", "o")
        assert app.triage.arrangement.filter.terms == (FilterTerm(FilterKind.STATE, "open"),)


async def test_the_voices_are_searched_too(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("3", "/", *"error", "enter")
        assert "“error” 1/5 in the review" in search_line(app)
        await pilot.press("n")
        assert "2/5 in the review" in search_line(app)
        assert current(app) == "Swallowed error", "n goes to matches while a search goes on"
        await pilot.press("N", "N")
        assert "5/5 in the review" in search_line(app)
        await pilot.press("4", "n")
        assert "in the disagreement" in search_line(app)
        await pilot.press("escape")
        assert search_line(app) == ""


async def test_a_match_below_the_pane_scrolls_into_view_and_escape_scrolls_back(stage):
    async with stage.run(size=(100, 20)) as (app, pilot):
        await pilot.press("3")
        review = app.triage.query_one("#review", TextPane)
        assert review.max_scroll_y > 0, "the suggestion is below"
        await pilot.press("/", *"OSError")
        await until(pilot, lambda: review.scroll_y > 0)
        await pilot.press("escape")
        await until(pilot, lambda: review.scroll_y == 0)


async def test_what_a_voice_does_not_say_is_told(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("3", "/", *"xyzzy", "enter")
        assert "“xyzzy” not found in the review." in notices(app)


async def test_the_first_finding_leaves_the_code_where_the_user_is(stage):
    gate = with_late_reviewer(stage)
    stage.reviewers["economy"] = ScriptedReviewer
    app = stage.app()
    async with app.run_test(size=(160, 48)) as pilot:
        code = app.triage.code
        await until(pilot, lambda: app.triage.session and code.document.files)
        await pilot.press("2", "end")
        await until(pilot, lambda: code.cursor_line > 12)
        line, top = code.cursor_line, code.scroll_offset.y
        gate.set()
        await reviewed(app, pilot)
        assert app.triage.findings.current is not None
        assert (code.cursor_line, code.scroll_offset.y) == (line, top)
        assert any("┃" in code.render_line(y).text for y in range(code.size.height))
        await pilot.press("1", "enter")
        await until(pilot, lambda: code.cursor_line != line)


async def test_escape_folds_a_viewed_file_again_that_showed_a_match(stage):
    async with stage.run((100, 30)) as (app, pilot):
        code = app.triage.code
        code.go_to_path("app.py")
        await pilot.press("2", "m", "j", "j")
        await until(pilot, lambda: code.document.is_folded(0))
        before = code.document.position(code.cursor_line), code.cursor_line
        await pilot.press("slash", *"token")
        await until(pilot, lambda: not code.document.is_folded(0))
        await pilot.press("escape")
        await pilot.pause()
        assert code.document.is_folded(0)
        assert (code.document.position(code.cursor_line), code.cursor_line) == before
        await pilot.press("slash", *"token", "enter")
        await pilot.pause()
        assert not code.document.is_folded(0)
