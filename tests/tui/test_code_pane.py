"""Reading the code in the app: colours, ranges, gutter marks, by keys and mouse."""

from dataclasses import replace

import pytest
from textual.events import Hide, Key, MouseMove
from textual.pilot import Pilot

from tests.fakes.reports import ECONOMY
from tests.fakes.reviewer import ScriptedReviewer, raw
from tests.tui.harness import UNLOCKED, Stage, until
from xreview.domain.change import Side
from xreview.domain.report import Category, Lens
from xreview.tui.app import XReviewApp


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Stage:
    return Stage(monkeypatch, tmp_path)


def coloured(app: XReviewApp, text: str, variable: str) -> bool:
    """Whether the line with a text has it in the colour of a theme variable."""
    code = app.triage.code
    wanted = code._canvas.painter.palette.colour(variable)
    for y in range(code.size.height):
        strip = code.render_line(y)
        if text in strip.text:
            return any(text in part.text and part.style.color == wanted for part in strip)
    return False


async def test_a_hunk_inside_a_docstring_is_coloured_as_one(stage):
    lines = ['"""', *[f"Line {number}." for number in range(20)], '"""', ""]
    stage.repository.write("prose.py", "\n".join(lines))
    stage.repository.commit("prose")
    lines[15] = "Return the sum."
    stage.repository.write("prose.py", "\n".join(lines))
    async with stage.run() as (app, pilot):
        app.triage.code.go_to_path("prose.py")
        await until(pilot, lambda: coloured(app, "Return the sum.", "syntax-documentation"))


def chosen(app: XReviewApp) -> tuple[int, int, str]:
    found = app.triage.code.chosen_range()
    assert found is not None
    return found.start_line, found.end_line, found.text


def marked_lines(app: XReviewApp) -> list[str]:
    """The lines of the code pane drawn as chosen: with the cursor's background."""
    code = app.triage.code
    ground = code._canvas.painter.palette.colour("diff-cursor")
    strips = [code.render_line(y) for y in range(code.size.height)]
    return [
        strip.text.rstrip()[10:]
        for strip in strips
        if any(part.style.bgcolor == ground for part in strip)
    ]


async def test_a_range_is_drawn_with_keys_and_ends_with_escape(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "V", "j", "j")
        first, last, text = chosen(app)
        assert (last - first, text.count("\n")) == (2, 2)
        assert len(marked_lines(app)) == 3
        await pilot.press("k")
        assert chosen(app)[:2] == (first, last - 1)
        await pilot.press("escape")
        await pilot.pause()
        assert chosen(app)[:2] == (first + 1, first + 1)
        assert len(marked_lines(app)) == 1


async def test_a_second_v_ends_the_range_and_a_header_starts_none(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "V", "j", "V")
        assert not app.triage.code.has_range
        await pilot.press("g", "V")
        assert not app.triage.code.has_range
        assert app.triage.code.chosen_range().is_whole_file


async def test_another_finding_ends_the_range(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "V", "j", "n")
        await pilot.pause()
        assert not app.triage.code.has_range
        assert app.focused is app.triage.code


def screen_line(app: XReviewApp, text: str) -> int:
    code = app.triage.code
    return next(y for y in range(code.size.height) if text in code.render_line(y).text)


async def test_a_range_is_drawn_with_the_mouse(stage):
    async with stage.run() as (app, pilot):
        code = app.triage.code
        top = screen_line(app, "def pay") + 1  # below the border
        await pilot.mouse_down(code, offset=(20, top))
        await pilot._post_mouse_events(
            [MouseMove, MouseMove], widget=code, offset=(20, top + 2), button=1
        )
        await pilot.mouse_up(code, offset=(20, top + 2))
        await pilot.pause()
        assert chosen(app)[2].startswith("def pay")
        assert chosen(app)[1] - chosen(app)[0] == 2
        await pilot.click(code, offset=(20, top))
        assert not code.has_range
        assert chosen(app)[2].startswith("def pay")


async def go_to_line(app: XReviewApp, pilot: Pilot[int], line: int) -> None:
    await pilot.press("g")
    for _ in range(40):
        if app.triage.code.place_under_cursor() == ("app.py", Side.NEW, line):
            return
        await pilot.press("j")
    raise AssertionError(f"line {line} isn't shown")


async def test_enter_on_a_mark_selects_its_finding_and_then_goes_back(stage):
    async with stage.run() as (app, pilot):
        triage = app.triage
        first = triage.findings.current
        await pilot.press("2")
        other = next(one for one in triage.findings.listed if one.lead.title == "Weak randomness")
        await go_to_line(app, pilot, 9)
        await pilot.press("enter")
        assert triage.findings.current == other != first
        assert app.focused is triage.code
        await pilot.press("enter")
        assert app.focused is triage.findings


async def test_enter_goes_round_the_findings_of_one_line(stage):
    twin = raw("Token is guessable", "app.py", 9, "    token = random.random()")
    stage.reviewers["economy"] = lambda: ScriptedReviewer(
        ECONOMY,
        Lens.ECONOMY,
        [
            replace(
                twin,
                category=Category.PERFORMANCE,
                reviewer=ECONOMY,
                claim="Naming is unclear.",
                title="Name says too little",
            )
        ],
    )
    async with stage.run() as (app, pilot):
        triage = app.triage
        here = {one.lead.title for one in triage.findings.listed if one.anchor.start_line == 9}
        assert here == {"Weak randomness", "Name says too little"}
        await pilot.press("2")
        await go_to_line(app, pilot, 9)
        seen: list[str] = []
        for _ in range(3):
            await pilot.press("enter")
            await pilot.pause()
            seen.append(triage.findings.current.lead.title)
        assert set(seen[:2]) == here
        assert seen[2] == seen[0]


async def test_a_click_on_a_mark_selects_its_finding(stage):
    async with stage.run() as (app, pilot):
        y = screen_line(app, "token = random") + 1
        await pilot.click(app.triage.code, offset=(30, y))
        await pilot.pause()
        assert app.triage.findings.current.lead.title == "Swallowed error"
        await pilot.click(app.triage.code, offset=(1, y))
        await pilot.pause()
        assert app.triage.findings.current.lead.title == "Weak randomness"


async def test_n_in_the_code_goes_through_the_places_of_a_rule(stage):
    spots = ((4, "    except Exception:"), (9, "    token = random.random()"))
    stage.reviewers["risk"] = lambda: ScriptedReviewer(
        signals=[UNLOCKED, *(raw("Odd line", "app.py", *spot) for spot in spots)]
    )
    stage.reviewers["economy"] = lambda: ScriptedReviewer(ECONOMY, Lens.ECONOMY)
    async with stage.run() as (app, pilot):
        triage = app.triage
        odd = next(one for one in triage.findings.listed if one.lead.title == "Odd line")
        triage.findings.go_to(odd)
        await pilot.press("2")
        shown = [triage.code.marked_anchor.start_line]
        for key in ("n", "N", "n"):
            await pilot.press(key)
            assert triage.findings.current == odd
            shown.append(triage.code.marked_anchor.start_line)
        assert shown == [4, 9, 4, 9]

        await pilot.press("1", "N")
        await pilot.pause()
        assert triage.findings.current.lead.title == UNLOCKED.title, "the list goes by findings"
        await pilot.press("2")
        await go_to_line(app, pilot, 9)
        await pilot.press("enter")
        await pilot.pause()
        assert triage.findings.current == odd
        assert triage.code.marked_anchor.start_line == 9, "the place that you chose"


def notices(app: XReviewApp) -> list[str]:
    return [notice.message for notice in app._notifications]


async def test_code_and_its_place_are_copied_from_the_code_pane(stage):
    async with stage.run() as (app, pilot):
        await pilot.press("2", "V", "j", "y")
        await until(pilot, lambda: any("Copied 2 lines" in one for one in notices(app)))
        assert app.clipboard == chosen(app)[2]
        assert "terminal (OSC 52)" in notices(app)[-1]
        first, last, _ = chosen(app)
        await pilot.press("L")
        await until(pilot, lambda: app.clipboard == f"app.py:{first}-{last}")
        await pilot.press("1", "L")
        await until(pilot, lambda: app.clipboard == "app.py:4-5")


async def test_the_notice_names_the_program_that_took_the_text(stage, tmp_path):
    tmux = tmp_path / "bin" / "tmux"
    tmux.parent.mkdir()
    tmux.write_text(f'#!/bin/sh\nPATH=/usr/bin:/bin\ncat > "{tmp_path}/taken"\n')
    tmux.chmod(0o755)
    stage.environ |= {"PATH": str(tmux.parent), "TMUX": "/tmp/none,1,0"}
    async with stage.run() as (app, pilot):
        await pilot.press("y")
        await until(pilot, lambda: "Copied 1 finding with tmux." in notices(app))
        assert "Swallowed error" in (tmp_path / "taken").read_text()


async def test_a_pane_that_hears_late_that_it_was_hidden_keeps_the_focus(stage):
    async with stage.run((70, 24)) as (app, pilot):
        await pilot.press("2")
        for pane in (app.triage.code, app.triage.findings):
            app.triage.focus_pane(pane.id)
            await pilot.pause()
            pane.post_message(Hide())
            await pilot.pause()
            assert app.focused is pane


async def test_keys_typed_early_act_on_a_change_that_is_laid_out_in_a_thread(stage, monkeypatch):
    monkeypatch.setattr("xreview.tui.widgets.diff.layouts.INLINE_BYTES", 10)
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        for key in ("2", "j", "j", "j"):
            app.post_message(Key(key, key))
        await until(pilot, lambda: app.triage.code.cursor_line == 3)


async def test_a_key_belongs_to_the_pane_that_the_key_before_it_focused(stage):
    async with stage.run() as (app, pilot):
        line, finding = app.triage.code.cursor_line, app.triage.findings.current
        for key in ("2", "j", "j", "1"):
            app.post_message(Key(key, key))
        await until(pilot, lambda: app.triage.code.cursor_line == line + 2)
        await pilot.pause()
        assert app.triage.findings.current is finding
        assert app.focused is app.triage.findings
