"""`X`: the dialog, the screen of a running fix, and its patch, by keys."""

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager, nullcontext

import pytest

from tests.fakes.fixing import (
    APP,
    CHOICES,
    NOTES,
    ScriptedFixing,
    fixed,
    snapshot_of,
    tree_in,
)
from tests.tui.asked import notices, titled
from tests.tui.harness import Stage, reviewed, until
from xreview.config.schema import Settings
from xreview.domain.errors import ChangeError
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.snapshot import FixStage
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.dialogs.fix_dialog import FixDialog
from xreview.tui.dialogs.question import QuestionScreen, conflict_question
from xreview.tui.flow import Flow
from xreview.tui.screens.fix import FixScreen

FIRST, SECOND, NOTE = PatchPart("app.py", 0), PatchPart("app.py", 1), PatchPart("docs/notes.md", 0)


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


@pytest.fixture
def fixing(monkeypatch):
    scripted = ScriptedFixing()
    monkeypatch.setattr(Flow, "fixing", lambda self: scripted)
    return scripted


@asynccontextmanager
async def accepted(stage, size=(160, 48), **given):
    """The app with all three findings accepted."""
    async with stage.run(size, **given) as (app, pilot):
        await pilot.press("a", "a", "a")
        await until(pilot, lambda: not app.triage.snapshot.open_findings)
        app.clear_notifications()
        yield app, pilot


def judged(app, *outcomes, parts=(FIRST, SECOND)):
    names = ("Swallowed error", "Weak randomness", "Balance changed without a lock")
    given = [(part,) for part in parts] + [(), (), ()]
    return [
        fixed(titled(app, name), outcome, *own)
        for name, outcome, own in zip(names, outcomes, given, strict=False)
    ]


async def asked(app, pilot):
    await pilot.press("X")
    await until(pilot, lambda: isinstance(app.screen, FixDialog))
    await until(pilot, lambda: app.screen._fixers is not None)
    return app.screen


async def over(app, pilot, fixing, snapshot):
    fixing.script = [snapshot]
    await asked(app, pilot)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, FixScreen))
    await until(pilot, lambda: not app.fix_desk.is_running and app.fix_desk.fix is not None)
    await pilot.pause(0.1)
    return app.screen


def text_of(screen, selector="Static"):
    return str(screen.query(selector).first().content)


# the dialog


async def test_nothing_accepted_is_explained(stage, fixing):
    async with stage.run() as (app, pilot):
        await pilot.press("X")
        await until(pilot, lambda: "Nothing is accepted yet. Press a" in notices(app))
        assert app.screen is app.triage


async def test_a_patch_is_not_in_the_users_files(stage, fixing, tmp_path):
    diff = stage.repository.git("diff", "HEAD")
    file = tmp_path / "change.patch"
    file.write_text(diff if diff.endswith("\n") else diff + "\n")
    async with stage.run(patch=str(file)) as (app, pilot):
        await pilot.press("X")
        await until(pilot, lambda: "a fix can't be applied. Press Y" in notices(app))


async def test_the_dialog_tells_what_will_happen_and_enter_starts_the_default(stage, fixing):
    fixing.hangs = True
    async with accepted(stage) as (app, pilot):
        dialog = await asked(app, pilot)
        said = text_of(dialog)
        assert "all 3 accepted findings" in said
        assert "▸ claude-code (agent: anthropic claude-opus-5)  default  wrote this code" in said
        assert "not logged in: run `codex login`" in said
        assert "$2.00 and 20 minutes" in said
        assert "none: nothing shows that the rest works" in said
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FixScreen))
        await until(pilot, lambda: fixing.runs)
        assert len(fixing.runs[0][0]) == 3
        assert fixing.runs[0][1:] == ("claude-code", "", "")


async def test_unusable_fixers_are_passed_over_and_the_mechanical_one_takes_replacements(
    stage, fixing
):
    fixing.hangs = True
    async with accepted(stage) as (app, pilot):
        dialog = await asked(app, pilot)
        await pilot.press("j")
        said = text_of(dialog)
        assert "▸ suggestions (mechanical)" in said
        assert "1 of 3 have a replacement" in said
        await pilot.press("enter")
        await until(pilot, lambda: fixing.runs)
        assert fixing.runs == [(("Swallowed error",), "suggestions", "", "")]


async def test_what_is_sent_can_be_read_and_is_neutralised(stage, fixing):
    async with accepted(stage) as (app, pilot):
        await asked(app, pilot)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, PageScreen))
        said = text_of(app.screen)
        assert "Fix these:" in said
        assert "Weak randomness" in said
        assert "\x1b" not in said
        await pilot.press("escape", "escape")
        assert app.screen is app.triage
    assert fixing.runs == []


async def test_a_selection_is_offered_first(stage, fixing):
    fixing.hangs = True
    async with accepted(stage) as (app, pilot):
        await pilot.press("home", "x")
        dialog = await asked(app, pilot)
        assert "1 finding selected" in text_of(dialog)
        await pilot.press("s")
        assert "all 3 accepted findings" in text_of(dialog)
        await pilot.press("s", "enter")
        await until(pilot, lambda: fixing.runs)
        assert len(fixing.runs[0][0]) == 1


async def test_nobody_here_is_explained(stage, fixing):
    fixing.choices = [CHOICES[1]]
    async with accepted(stage) as (app, pilot):
        dialog = await asked(app, pilot)
        assert "Nobody here can fix these findings" in text_of(dialog)
        await pilot.press("enter")
        assert "Nobody here can fix" in notices(app)
        assert app.screen is dialog


# while it runs


async def test_a_running_fix_is_shown_left_and_come_back_to(stage, fixing):
    async with accepted(stage) as (app, pilot):
        fixing.hangs = True
        found = judged(app, None, None, None)
        fixing.script = [snapshot_of(found, FixStage.FIXING, doing="reading app.py", cost=0.1)]
        await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FixScreen))
        await until(pilot, lambda: "reading app.py" in text_of(app.screen, "#status"))
        head = text_of(app.screen, "#status")
        assert "● fixing: reading app.py" in head
        assert "$0.10 of at most $2.00" in head
        assert "2m10s" in head
        await pilot.press("escape")
        assert app.screen is app.triage
        assert " fixing: reading app.py (X)" in text_of(app.triage, "#status")
        await pilot.press("j", "k", "X")
        assert isinstance(app.screen, FixScreen)
        assert fixing.closed == 0


async def test_x_cancels_and_keeps_the_partial_patch(stage, fixing):
    async with accepted(stage) as (app, pilot):
        fixing.hangs = True
        found = judged(app, None, None, None)
        fixing.script = [snapshot_of(found, FixStage.FIXING)]
        fixing.reopened = snapshot_of(found, files=(APP,))
        await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.fix_desk.fix.snapshot.stage is FixStage.FIXING)
        await pilot.press("x")
        await until(pilot, lambda: not app.fix_desk.is_running)
        await pilot.pause(0.1)
        assert fixing.closed == 1
        assert "You cancelled it; the patch is partial." in text_of(app.screen, "#status")
        assert [file.path for file in app.screen.code.document.files] == ["app.py"]
        assert "not verified" in str(app.screen.list._body.content).lower()


async def test_a_failing_fix_says_why_and_its_screen_stays(stage, fixing):
    async with accepted(stage) as (app, pilot):
        fixing.fails = ChangeError("boom\x1b", "Try again.")
        await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FixScreen))
        await until(pilot, lambda: not app.fix_desk.is_running)
        await pilot.pause(0.1)
        assert "boom" in notices(app)
        assert "boom" in text_of(app.screen, "#status")
        assert "\x1b" not in text_of(app.screen, "#status")


async def test_quitting_asks_and_stops_the_fixer(stage, fixing):
    async with accepted(stage) as (app, pilot):
        fixing.hangs = True
        fixing.script = [snapshot_of(judged(app, None), FixStage.FIXING)]
        await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: fixing.runs)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert "xreview-tui fix --list" in text_of(app.screen, "#about")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, FixScreen))
        assert fixing.closed == 0
        await pilot.press("q", "1")
        await until(pilot, lambda: app.return_code is not None)
    assert fixing.closed == 1
    assert app.return_code == 0


# the patch


async def test_findings_are_grouped_worst_first_with_their_evidence(stage, fixing):
    async with accepted(stage) as (app, pilot):
        outcomes = (FixOutcome.FIXED, FixOutcome.NOT_VERIFIED, FixOutcome.STILL_THERE)
        screen = await over(app, pilot, fixing, snapshot_of(judged(app, *outcomes), files=(APP,)))
        said = str(screen.list._body.content)
        assert said.index("Still there") < said.index("Not verified") < said.index("Fixed")
        assert "the verifier says so of Weak randomness" in said
        assert screen.list.current.title == "Balance changed without a lock"
        assert "1 still there · 1 not verified · 1 fixed" in text_of(screen, "#status")


async def test_the_code_follows_the_list(stage, fixing):
    async with accepted(stage) as (app, pilot):
        outcomes = (FixOutcome.FIXED, FixOutcome.NOT_VERIFIED)
        screen = await over(app, pilot, fixing, snapshot_of(judged(app, *outcomes), files=(APP,)))
        assert screen.code.marked_anchor.start_line == 9
        await pilot.press("j")
        await until(pilot, lambda: screen.code.marked_anchor.start_line == 4)
        await pilot.press("k")
        await until(pilot, lambda: screen.code.marked_anchor.start_line == 9)


async def test_a_applies_all_but_what_nobody_asked_for(stage, fixing):
    async with accepted(stage) as (app, pilot):
        found = judged(app, FixOutcome.FIXED, FixOutcome.FIXED)
        screen = await over(
            app, pilot, fixing, snapshot_of(found, files=(APP, NOTES), outside=(NOTE,))
        )
        assert "Changes that no finding asked for" in str(screen.list._body.content)
        await pilot.press("a")
        await until(pilot, lambda: fixing.calls)
        assert fixing.calls == [("apply", "fix-1", (PatchPart("app.py"),), False)]
        assert "Applied to 1 file. Press u to undo." in notices(app)
        await pilot.pause(0.1)
        assert "fix.apply" not in screen._keys.works_now
        assert str(screen.list._body.content).count(" applied ") == 2
        await pilot.press("a")
        assert len(fixing.calls) == 1


async def test_a_hunk_is_applied_by_its_row_and_by_its_code(stage, fixing):
    async with accepted(stage) as (app, pilot):
        found = judged(app, FixOutcome.FIXED, FixOutcome.FIXED)
        screen = await over(
            app, pilot, fixing, snapshot_of(found, files=(APP, NOTES), outside=(NOTE,))
        )
        await pilot.press("end", "space")
        await until(pilot, lambda: fixing.calls)
        assert fixing.calls[0][2] == (SECOND,)
        await pilot.press("tab", "home", "right_square_bracket", "h")
        await until(pilot, lambda: len(fixing.calls) == 2)
        assert fixing.calls[1][2] == (FIRST,)
        await pilot.press("right_curly_bracket", "right_square_bracket", "h")
        await until(pilot, lambda: len(fixing.calls) == 3)
        assert fixing.calls[2][2] == (PatchPart("docs/notes.md"),)
        assert screen.code.has_focus


@pytest.mark.parametrize("outcome", [FixOutcome.TAMPERED, FixOutcome.REGRESSED])
async def test_what_does_harm_is_asked_about(stage, fixing, outcome):
    async with accepted(stage) as (app, pilot):
        found = judged(app, outcome, FixOutcome.FIXED)
        weak = (Tampering(TamperingKind.TESTS, "app.py", 3, "removes an assertion"),)
        await over(app, pilot, fixing, snapshot_of(found, files=(APP,), tampering=weak))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert str(outcome) in text_of(app.screen, "#about")
        await pilot.press("enter")
        await pilot.pause()
        assert fixing.calls == []
        await pilot.press("a", "1")
        await until(pilot, lambda: fixing.calls)


async def test_conflicts_are_told_and_written_only_on_request(stage, fixing):
    async with accepted(stage) as (app, pilot):
        fixing.conflicting = frozenset({"app.py"})
        found = judged(app, FixOutcome.FIXED, FixOutcome.FIXED, FixOutcome.FIXED,
                       parts=(FIRST, SECOND, NOTE))  # fmt: skip
        screen = await over(app, pilot, fixing, snapshot_of(found, files=(APP, NOTES)))
        await pilot.press("a")
        await until(pilot, lambda: "Not changed, since you changed the same" in notices(app))
        assert "Applied to 1 file." in notices(app)
        await pilot.pause(0.1)
        assert str(screen.list._body.content).startswith("Conflicts")
        await pilot.press("home", "space")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("1")
        await until(pilot, lambda: len(fixing.calls) == 2)
        assert fixing.calls[1] == ("apply", "fix-1", (PatchPart("app.py"),), True)
        await pilot.pause(0.1)
        assert not str(screen.list._body.content).startswith("Conflicts")


async def test_discarding_asks_then_forgets_the_fix(stage, fixing):
    async with accepted(stage) as (app, pilot):
        await over(app, pilot, fixing, snapshot_of(judged(app, FixOutcome.FIXED), files=(APP,)))
        await pilot.press("D", "escape", "D", "1")
        await until(pilot, lambda: app.screen is app.triage)
        assert fixing.calls == [("discard", "fix-1")]
        assert "fix:" not in text_of(app.triage, "#status")
        assert app.fix_desk.kept == ""
        await asked(app, pilot)


async def test_the_second_round_takes_what_is_not_fixed_with_a_note(stage, fixing):
    async with accepted(stage) as (app, pilot):
        found = judged(app, FixOutcome.FIXED, FixOutcome.STILL_THERE)
        screen = await over(app, pilot, fixing, snapshot_of(found, files=(APP,)))
        assert "fix.again" in screen._keys.works_now
        second = judged(app, FixOutcome.STILL_THERE)
        fixing.script = [snapshot_of(second, id="fix-2", is_round_two=True)]
        await pilot.press("g", *"use secrets", "enter")
        await until(pilot, lambda: len(fixing.runs) == 2)
        assert fixing.runs[1] == (("Weak randomness",), "claude-code", "use secrets", "fix-1")
        await until(pilot, lambda: not app.fix_desk.is_running)
        await pilot.pause(0.1)
        assert "second round" in text_of(screen, "#status")
        await pilot.press("g")
        assert "two rounds at most" in notices(app)
        assert len(fixing.runs) == 2


async def test_an_empty_patch_says_so(stage, fixing):
    async with accepted(stage) as (app, pilot):
        screen = await over(app, pilot, fixing, snapshot_of(judged(app, FixOutcome.STILL_THERE)))
        assert screen.code.empty_text == "The fixer changed nothing."
        await pilot.press("a")
        assert "There is nothing to apply here." in notices(app)
        assert {"fix.apply", "fix.apply-part"}.isdisjoint(screen._keys.works_now)


async def test_the_keys_can_be_changed(stage, fixing):
    settings = Settings(keys={"fix.apply": ["p"], "fix.leave": ["b"], "fix.accepted": ["Z"]})
    async with accepted(stage, settings=settings) as (app, pilot):
        fixing.script = [snapshot_of(judged(app, FixOutcome.FIXED), files=(APP,))]
        await pilot.press("Z")
        await until(pilot, lambda: isinstance(app.screen, FixDialog) and app.screen._fixers)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FixScreen))
        await until(pilot, lambda: not app.fix_desk.is_running)
        await pilot.pause(0.1)
        await pilot.press("a")
        assert fixing.calls == []
        await pilot.press("p")
        await until(pilot, lambda: fixing.calls)
        await pilot.press("b")
        assert app.screen is app.triage


async def test_the_result_is_told_where_the_user_is(stage, fixing):
    async with accepted(stage) as (app, pilot):
        found = judged(app, FixOutcome.FIXED)
        fixing.script = [snapshot_of(found, files=(APP,))]
        await asked(app, pilot)
        await pilot.press("enter", "escape")
        await until(pilot, lambda: app.screen is app.triage)
        await until(pilot, lambda: app.fix_desk and not app.fix_desk.is_running)
        await pilot.pause(0.1)
        assert "1 fixed" in text_of(app.triage, "#status")
        assert "fix --list" in app.fix_desk.kept


# undo


async def applied(app, pilot, fixing):
    fixing.session = app.triage.session
    found = judged(app, FixOutcome.FIXED, FixOutcome.FIXED)
    screen = await over(app, pilot, fixing, snapshot_of(found, files=(APP,)))
    await pilot.press("a")
    await until(pilot, lambda: app.triage.snapshot.last_applied)
    return screen


async def test_u_on_the_main_screen_undoes_applying_and_then_decisions(stage, fixing):
    async with accepted(stage) as (app, pilot):
        await applied(app, pilot, fixing)
        await pilot.press("escape", "u")
        await until(pilot, lambda: ("revert", "action-1") in fixing.calls)
        assert "Undone: 1 file is as before the fix." in notices(app)
        assert app.triage.snapshot.last_applied is None
        assert not app.triage.snapshot.open_findings
        await pilot.press("u")
        await until(pilot, lambda: app.triage.snapshot.open_findings)


async def test_u_on_the_fix_screen_undoes_applying_only(stage, fixing):
    async with accepted(stage) as (app, pilot):
        screen = await applied(app, pilot, fixing)
        await pilot.pause(0.1)
        assert "fix.revert" in screen._keys.works_now
        await pilot.press("u")
        await until(pilot, lambda: ("revert", "action-1") in fixing.calls)
        await pilot.pause(0.1)
        assert "fix.revert" not in screen._keys.works_now
        assert "fix.apply" in screen._keys.works_now
        assert " applied " not in str(screen.list._body.content)
        await pilot.press("u")
        assert "isn't part of this fix" in notices(app)
        assert not app.triage.snapshot.open_findings


async def test_an_undo_that_fails_says_why_and_nothing_is_forgotten(stage, fixing):
    async with accepted(stage) as (app, pilot):
        await applied(app, pilot, fixing)
        fixing.fails = ChangeError("app.py changed since.", "Undo by hand.")
        await pilot.press("escape", "u")
        await until(pilot, lambda: "app.py changed since." in notices(app))
        assert app.triage.snapshot.last_applied is not None
        assert app.fix_desk.fix.applied


# the tree


async def test_o_opens_the_file_of_the_tree_at_the_hunk(stage, fixing, tmp_path):
    seen = tmp_path / "seen"
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {seen}\n')
    editor.chmod(0o755)
    folder = tree_in(tmp_path / "fix")
    async with accepted(stage, settings=Settings(editor=str(editor))) as (app, pilot):
        suspended(app)
        found = judged(app, FixOutcome.FIXED)
        await over(app, pilot, fixing, snapshot_of(found, files=(APP,), folder=folder))
        await pilot.press("o")
        await until(pilot, seen.exists)
        await until(pilot, lambda: "doesn't become part of the patch" in notices(app))
        assert seen.read_text().split() == [str(folder / "app.py")]


async def test_a_link_out_of_the_tree_is_not_opened(stage, fixing, tmp_path):
    folder = tree_in(tmp_path / "fix")
    (folder / "app.py").unlink()
    (folder / "app.py").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_text("x")
    async with accepted(stage, settings=Settings(editor="/bin/true")) as (app, pilot):
        found = judged(app, FixOutcome.FIXED)
        await over(app, pilot, fixing, snapshot_of(found, files=(APP,), folder=folder))
        await pilot.press("o")
        await until(pilot, lambda: "symbolic link" in notices(app))


async def test_the_shell_starts_in_the_tree_with_a_git_of_its_own(
    stage, fixing, tmp_path, monkeypatch
):
    seen = tmp_path / "seen"
    shell = tmp_path / "shell"
    shell.write_text(f'#!/bin/sh\n(pwd; echo "git:$GIT_DIR") > {seen}\n')
    shell.chmod(0o755)
    monkeypatch.setenv("SHELL", str(shell))
    folder = tree_in(tmp_path / "fix")
    async with accepted(stage) as (app, pilot):
        suspended(app)
        monkeypatch.setenv("GIT_DIR", str(stage.repository.top / ".git"))
        found = judged(app, FixOutcome.FIXED)
        await over(app, pilot, fixing, snapshot_of(found, files=(APP,), folder=folder))
        await pilot.press("exclamation_mark")
        await until(pilot, seen.exists)
        await until(pilot, lambda: "doesn't become part" in notices(app))
        assert seen.read_text().split() == [str(folder.resolve()), "git:"]


async def test_a_tree_that_is_gone_is_said(stage, fixing, tmp_path):
    async with accepted(stage) as (app, pilot):
        found = judged(app, FixOutcome.FIXED)
        gone = tmp_path / "gone"
        await over(app, pilot, fixing, snapshot_of(found, files=(APP,), folder=gone))
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: "The tree of the fix isn't there." in notices(app))


def suspended(app):
    """The test's driver has no terminal to give away."""
    app.suspend = nullcontext


# the rest


async def test_a_question_of_the_fix_is_told_and_answered_on_its_screen(stage, fixing):
    async with accepted(stage) as (app, pilot):
        fixing.hangs = True
        fixing.script = [snapshot_of(judged(app, None), FixStage.FIXING)]
        await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FixScreen) and app.fix_desk.fix)
        question = conflict_question(("a.py",))
        asking = asyncio.create_task(
            app.questions.ask("Send?", lambda take: QuestionScreen(question, take))
        )
        await until(pilot, lambda: "? 1 waiting (Q)" in text_of(app.screen, "#status"))
        await pilot.press("Q", "1")
        assert await asking is True
        assert isinstance(app.screen, FixScreen)


async def test_review_again_asks_while_a_fix_is_running(stage, fixing):
    async with accepted(stage) as (app, pilot):
        fixing.hangs = True
        fixing.script = [snapshot_of(judged(app, None), FixStage.FIXING)]
        await asked(app, pilot)
        await pilot.press("enter", "escape")
        await until(pilot, lambda: fixing.runs and app.screen is app.triage)
        await pilot.press("F")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("1")
        await until(pilot, lambda: fixing.closed == 1)
        await reviewed(app, pilot)


async def test_hostile_text_is_shown_and_not_executed(stage, fixing):
    async with accepted(stage) as (app, pilot):
        evil = "\x1b[31m[bold]red[/bold]\u202e"
        found = [fixed(titled(app, "Weak randomness"), FixOutcome.FIXED, FIRST, evidence=evil)]
        given = snapshot_of(
            found, files=(APP,), refused={f"a{evil}": evil}, notices=(evil,), why=evil,
            tampering=(Tampering(TamperingKind.TESTS, evil, 3, evil),),
        )  # fmt: skip
        screen = await over(app, pilot, fixing, given)
        said = str(screen.list._body.content) + text_of(screen, "#status")
        assert "\x1b" not in said
        assert "\u202e" not in said
        assert "[bold]red[/bold]" in said


def test_nothing_of_fixing_is_loaded_before_the_key():
    program = "import xreview.tui.app, sys; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = [one for one in done.stdout.split() if "fixing" in one]
    assert [one for one in loaded if not one.startswith("xreview.domain.")] == []


def test_only_what_is_fixed_has_its_colour():
    from xreview.tui.widgets.fixing.rows import OUTCOME_MARKS

    signs = [sign for sign, _ in OUTCOME_MARKS.values()]
    assert len(set(signs)) == len(FixOutcome)
    green = [one for one, (_, style) in OUTCOME_MARKS.items() if "success" in style]
    assert green == [FixOutcome.FIXED]


async def test_closing_the_flow_closes_its_fixes_and_then_the_review(stage):
    closed = []

    class Closing:
        async def close(self) -> None:
            closed.append("fixing")
            raise ChangeError("The tree can't be removed.", "Remove it yourself.")

    async with accepted(stage) as (app, _):
        app.flow._fixing = Closing()
        session = app.flow._review.session
        await app.flow.close()
    assert closed == ["fixing"]
    assert "The tree can't be removed. Remove it yourself." in session.snapshot.notices
