"""`G`: the dialog, attempts while they run, their comparison, taking and grafting, by keys."""

import asyncio
import re
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace

import pytest

from tests.tui.asked import notices
from tests.tui.harness import Stage, reviewed, until
from tests.tui.scripted_attempts import (
    COMPARED,
    IMPORT,
    NAMES,
    POINTS,
    RETRY,
    TESTS,
    TRIAL,
    ScriptedTaking,
    ScriptedTook,
    ScriptedTrials,
    ShelvedTrial,
    over,
    running,
)
from xreview.config.schema import Settings
from xreview.config.tables import AttemptSettings
from xreview.domain.attempt.seat import Preset
from xreview.domain.errors import ChangeError
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.tui.dialogs.attempt_dialog import AttemptDialog
from xreview.tui.dialogs.choice import ChoiceScreen
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.dialogs.question import QuestionScreen
from xreview.tui.dialogs.take_dialog import TakeDialog
from xreview.tui.flow import Flow
from xreview.tui.messages import SnapshotShown
from xreview.tui.screens.attempts import AttemptsScreen
from xreview.tui.screens.attempts_list import AttemptsListScreen
from xreview.tui.widgets.attempts.state import AttemptView


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


@pytest.fixture
def trials(monkeypatch):
    made = ScriptedTrials()
    made.taking = ScriptedTaking(made)
    monkeypatch.setattr(Flow, "trials", lambda self: made)
    monkeypatch.setattr(Flow, "taking", lambda self: made.taking)
    monkeypatch.setattr(AttemptsScreen, "aligned", lambda self, shown: POINTS)
    return made


@pytest.fixture
def opened(monkeypatch):
    """The requests that the app opened; what an attempt holds is the worktree's change."""
    requests: list[ChangeRequest] = []

    def open_change(request, options):
        requests.append(request)
        return collect(ChangeRequest(request.cwd))

    monkeypatch.setattr("xreview.review.pulls.opening.collect_change", open_change)
    return requests


@asynccontextmanager
async def opened_trial(stage, trials, trial=None, size=(160, 48), **given):
    """The app with a trial that is kept on the screen."""
    trial = trial or over()
    trials.kept[trial.id] = trial
    async with stage.run(size, **given) as (app, pilot):
        await show(app, pilot)
        yield app, pilot


async def show(app, pilot):
    await pilot.press("G")
    await until(pilot, lambda: isinstance(app.screen, AttemptsListScreen))
    await until(pilot, lambda: app.screen.list.current)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, AttemptsScreen | QuestionScreen))
    await pilot.pause()


async def asked(app, pilot):
    await pilot.press("G")
    await until(pilot, lambda: isinstance(app.screen, AttemptDialog))
    await until(pilot, lambda: app.screen.rows.choices is not None)
    return app.screen


def seen(app) -> str:
    """Every text on the screen, as it is drawn."""
    rows = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in row) for row in rows)


# starting


async def test_a_task_is_given_to_the_default_writers(stage, trials):
    trials.script, trials.hangs = [running()], True
    async with stage.run() as (app, pilot):
        dialog = await asked(app, pilot)
        await pilot.press(*"Limit it", "enter", *"now")
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        assert dialog is not app.screen
        (_, wish) = trials.calls[-1]
        assert (wish.task, wish.writers, wish.preset) == ("Limit it\nnow", (), None)
        await until(pilot, lambda: "1 of 3 over" in seen(app))


async def test_other_writers_and_a_preset_are_wished_for(stage, trials):
    trials.script = [over()]
    async with stage.run() as (app, pilot):
        dialog = await asked(app, pilot)
        await pilot.press("x", "tab", "p")
        await until(pilot, lambda: dialog.rows.choices is not None)
        assert ("choices", Preset.SWAP) in trials.calls
        await pilot.press("space", "j", "j", "j", "space", "enter")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        wish = next(one for name, one in trials.calls if name == "run")
        assert wish.writers == ("codex:deep", "gemini:deep", "gemini:fast")
        assert wish.preset is Preset.SWAP


async def test_the_check_the_cap_and_the_start_are_set_for_one_trial(stage, trials):
    trials.script = [over()]
    async with stage.run() as (app, pilot):
        dialog = await asked(app, pilot)
        await pilot.press(*"Do it", "tab", "c", *"make test", "enter", "b", *"much", "enter")
        assert "can't be the cap" in notices(app)
        await pilot.press("b", *"$2.5", "enter", "f", *"v1.0", "enter")
        told = str(dialog.rows.render())
        assert "make test" in told
        assert "$2.50 for all" in told
        assert "v1.0" in told
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        wish = next(one for name, one in trials.calls if name == "run")
        assert (wish.checks, wish.budget, wish.revision) == (("make test",), 2.5, "v1.0")


async def test_what_is_missing_is_told_and_the_task_is_kept(stage, trials):
    async with stage.run() as (app, pilot):
        dialog = await asked(app, pilot)
        await pilot.press("ctrl+d")
        assert "Write the task first." in notices(app)
        await pilot.press(*"later", "tab", "space", "j", "space", "j", "space", "enter")
        assert "Choose a writer first" in notices(app)
        await pilot.press("k", "k", "k", "space")  # upwards over the end: one without a key
        assert "its key isn't set" in notices(app)
        await pilot.press("escape", "G")
        await until(
            pilot, lambda: isinstance(app.screen, AttemptDialog) and app.screen is not dialog
        )
        assert app.screen.wish.task == "later"
        assert not [one for one in trials.calls if one[0] == "run"]


async def test_what_would_be_sent_is_read_before(stage, trials):
    async with stage.run() as (app, pilot):
        await asked(app, pilot)
        await pilot.press(*"Do it", "tab", "v")
        await until(pilot, lambda: isinstance(app.screen, PageScreen))
        assert "To claude (deep):␛[2J" in str(app.screen.body.content)
        assert not [one for one in trials.calls if one[0] == "run"]


async def test_the_task_is_edited_in_the_users_editor(stage, trials, monkeypatch, tmp_path):
    script = tmp_path / "editor"
    script.write_text("#!/bin/sh\nprintf 'in my editor\\n\\nmore' >> \"$1\"\n")
    script.chmod(0o755)
    async with stage.run(settings=Settings(editor=str(script))) as (app, pilot):
        monkeypatch.setattr(type(app), "suspend", lambda self: nullcontext())
        dialog = await asked(app, pilot)
        await pilot.press(*"Written ", "ctrl+e")
        await until(pilot, lambda: "editor" in dialog.wish.task)
        assert dialog.wish.task == "Written in my editor\n\nmore"


async def test_nobody_to_write_is_told(stage, trials):
    trials.choices_given = ()
    async with stage.run() as (app, pilot):
        await asked(app, pilot)
        await pilot.press(*"Do", "ctrl+d")
        assert "Nobody here can write." in notices(app)


# while it runs


async def started(app, pilot, trials, *states):
    trials.script, trials.hangs = list(states), True
    await asked(app, pilot)
    await pilot.press(*"Go", "ctrl+d")
    await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
    await until(pilot, lambda: app.attempt_desk.shown.snapshot.id)


async def test_it_goes_on_while_the_user_triages_and_its_end_is_told(stage, trials):
    async with stage.run() as (app, pilot):
        await started(app, pilot, trials, running())
        await pilot.press("escape")
        await until(pilot, lambda: "attempts 1/3 over (G)" in seen(app))
        trials.kept[TRIAL] = over()
        trials.changed.set()
        await until(pilot, lambda: "The attempts are over." in notices(app))
        assert "attempts 3/3 over (G)" in seen(app)
        await pilot.press("G")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        assert "all 3 over" in seen(app)


async def test_one_is_cancelled_and_then_all_after_a_question(stage, trials):
    async with stage.run() as (app, pilot):
        await started(app, pilot, trials, running())
        await pilot.press("ctrl+x")
        assert "This attempt isn't running." in notices(app)  # A is over
        await pilot.press("j", "ctrl+x")
        assert trials.calls[-1] == ("cancel", TRIAL, "B")
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("1")
        await until(pilot, lambda: not app.attempt_desk.is_running)
        assert trials.calls[-1] == ("cancel", TRIAL, "")
        await until(pilot, lambda: "cut short: You cancelled it." in seen(app))
        assert "12/12" in seen(app), "what is over stays"


async def test_quitting_asks_while_it_runs(stage, trials):
    async with stage.run() as (app, pilot):
        await started(app, pilot, trials, running())
        await pilot.press("escape", "q")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert "Attempts are running" in str(app.screen.query_one("Vertical").border_title)
        await pilot.press("1")
        await until(pilot, lambda: trials.closed)
    assert "attempt --list" in app.attempt_desk.kept


async def test_a_failure_is_told_and_what_there_is_stays(stage, trials):
    async with stage.run() as (app, pilot):
        trials.script, trials.fails = [running()], ChangeError("The disk is full.", "Free some.")
        trials.hangs = False
        await asked(app, pilot)
        await pilot.press(*"Go", "ctrl+d")
        await until(pilot, lambda: "The disk is full." in notices(app))
        await until(pilot, lambda: not app.attempt_desk.is_running)
        assert isinstance(app.screen, AttemptsScreen)
        assert "12/12" in seen(app)


async def test_a_failure_before_it_begins_leads_back(stage, trials):
    async with stage.run() as (app, pilot):
        trials.fails = ChangeError("No commit yet.", "Commit something.")
        await asked(app, pilot)
        await pilot.press(*"Go", "ctrl+d")
        await until(pilot, lambda: "No commit yet." in notices(app))
        await until(pilot, lambda: app.screen is app.triage)
        assert app.attempt_desk.shown is None


# blind


@pytest.mark.parametrize("trial", [running(), over()], ids=["running", "over"])
@pytest.mark.parametrize("size", [(160, 48), (70, 24)], ids=["wide", "narrow"])
async def test_nothing_on_the_screen_names_a_writer(stage, trials, trial, size):
    tampering = (Tampering(TamperingKind.TESTS, "t.py", 1, "Claude says it is fine"),)
    first = replace(
        trial.attempts[0],
        notices=("codex-cli 1.2: OpenAI's limit", "gpt_5"),
        tampering=tampering,
        refused={".claude/settings.json": "configures Gemini"},
    )
    trial = replace(trial, attempts=(first, *trial.attempts[1:]), doing="asking claude-opus-5")
    async with opened_trial(stage, trials, trial, size) as (app, pilot):
        for keys in ("1", "1j", "1jj", "2", "3", "4", "3g", "t"):
            await pilot.press(*keys)
            await pilot.pause()
            await until(pilot, lambda: not app.attempt_desk._is_checking)
            shown = f"{seen(app)}\n{notices(app)}".lower()
            leaked = [name for name in NAMES if re.search(rf"\b{name}", shown)]
            assert not leaked, keys
            if isinstance(app.screen, TakeDialog | QuestionScreen):
                await pilot.press("escape")
        assert "hidden" in seen(app)


async def test_reveal_shows_the_names_and_is_remembered(stage, trials):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("R")
        await until(pilot, lambda: "claude-opus-5" in seen(app))
        assert ("reveal", TRIAL) in trials.calls
        assert "hidden" not in seen(app)


async def test_the_setting_shows_names_from_the_start(stage, trials):
    settings = Settings(attempts=AttemptSettings(blind=False))
    async with opened_trial(stage, trials, settings=settings) as (app, _):
        assert "codex gpt-6-codex" in seen(app)


# comparing


async def test_an_attempt_that_is_not_read_in_full_is_not_shown_as_clean(stage, trials):
    async with opened_trial(stage, trials) as (app, pilot):
        row = next(line for line in seen(app).splitlines() if " C " in line and "partly" in line)
        assert row.split()[2:8] == ["–", "0?", "0?", "0?", "0?", "0?"][:6]
        await pilot.press("c")
        await until(pilot, lambda: "Not read, or not to the end" in seen(app))
        assert "No check ran" in seen(app)


async def test_rows_keep_the_order_of_labels(stage, trials):
    async with opened_trial(stage, trials) as (app, _):
        keys = [row.key for row in app.screen.table._rows[1:]]
        assert keys == ["A", "B", "C"], "never sorted by merit"


async def test_points_stand_side_by_side_or_behind_a_switch(stage, trials):
    async with opened_trial(stage, trials, size=(70, 24)) as (app, pilot):
        await pilot.press("2")
        assert "left out: Two workers" in seen(app)
        assert "unproven" not in seen(app)
        await pilot.press("right_square_bracket")
        assert "handled: Two workers retry the same hook (unproven)" in seen(app)
        await pilot.resize_terminal(160, 48)
        await pilot.pause()
        await until(pilot, lambda: "left out: Two" in seen(app) and "unproven" in seen(app))
        assert "(queue.py:14–15)" in seen(app)


async def test_pieces_are_listed_with_their_code_in_columns(stage, trials):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("3")
        await pilot.pause()
        shown = seen(app)
        assert shown.index("Conflicting") < shown.index("Only ·") < shown.index("Shared by all")
        assert [one.label for one in app.screen.piece._columns] == ["", "A", "B", "C"]
        assert "C = A" in shown
        await pilot.press("n")
        assert app.screen.current_piece.ref == TESTS
        await pilot.press("N")
        assert app.screen.current_piece.ref == RETRY


@pytest.mark.parametrize(
    ("size", "labels"),
    [((160, 48), ("", "A", "B", "C")), ((100, 30), ("", "B")), ((70, 24), ("B",))],
)
async def test_columns_fit_the_screen(stage, trials, size, labels):
    async with opened_trial(stage, trials, size=size) as (app, pilot):
        await pilot.press("3")
        if len(labels) < 4:
            await pilot.press("right_square_bracket")
        assert tuple(one.label for one in app.screen.piece._columns) == labels


# reading


async def test_reading_an_attempt_opens_the_triage_on_it_and_home_leads_back(stage, trials, opened):
    trial = replace(over(), is_revealed=True)
    async with opened_trial(stage, trials, trial) as (app, pilot):
        before = app.request
        await pilot.press("j", "enter")
        await until(pilot, lambda: opened)
        await reviewed(app, pilot)
        assert opened[-1] == ChangeRequest(before.cwd, attempt=f"{TRIAL}:B")
        assert app.screen is app.triage
        await pilot.press("G")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        await pilot.press("H")
        await until(pilot, lambda: len(opened) == 2)
        await reviewed(app, pilot)
        assert app.request == before


async def test_reading_asks_before_it_reveals(stage, trials, opened):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("0")
        assert not opened
        assert ("reveal", TRIAL) not in trials.calls
        await pilot.press("enter", "1")
        await until(pilot, lambda: opened)
        assert ("reveal", TRIAL) in trials.calls


# taking


async def test_an_attempt_is_taken_with_a_reason_and_reviewed(stage, trials, opened):
    trials.taking.took = ScriptedTook(merged=("queue.py",))
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, TakeDialog))
        assert "queue.py" in seen(app)
        await pilot.press(*"small", "enter")
        await until(pilot, lambda: opened)
        await reviewed(app, pilot)
        assert trials.taking.calls == [("take", "A", "small", False, False)]
        assert opened == [ChangeRequest(app.request.cwd)]
        assert "Taken into 1 file. Merged with your changes: queue.py." in notices(app)
        assert not app.attempt_desk.shown.is_blind
        await pilot.press("G")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        assert "taken" in seen(app)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("1")
        await until(pilot, lambda: ("give_back", "action-1") in trials.taking.calls)
        await until(pilot, lambda: app.attempt_desk.shown.last_taken is None)
        assert "Undone: 1 file is as before." in notices(app)


async def test_what_is_wrong_with_an_attempt_is_told_before_it_is_taken(stage, trials):
    bad = Tampering(TamperingKind.TESTS, "test_q.py", 3, "the test test_q is gone")
    first = replace(over().attempts[0], tampering=(bad,), is_stopped=True, unread=("b.py",))
    trial = replace(over(), attempts=(first,))
    trials.taking.took = ScriptedTook(paths=("queue.py",), conflicts=("a.py",))
    async with opened_trial(stage, trials, trial) as (app, pilot):
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, TakeDialog))
        shown = seen(app)
        for told in ("cut short", "test_q.py:3: the test test_q is gone", "isn't reviewed"):
            assert told in shown
        await pilot.press("tab", "enter")
        await until(pilot, lambda: trials.taking.calls)
        assert trials.taking.calls == [("take", "A", "", True, True)]


async def test_a_refusal_is_told_and_nothing_changes(stage, trials, opened):
    trials.taking.fails = ChangeError("queue.py changed since.", "Commit it first.")
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("t", "enter")
        await until(pilot, lambda: "queue.py changed since." in notices(app))
        assert isinstance(app.screen, AttemptsScreen)
        assert not opened


async def test_a_take_that_was_broken_off_is_settled(stage, trials, opened):
    trials.taking.broken_off = (
        AttemptTaken("action-9", TRIAL, ("B",), "", ("queue.py",), (), None),
    )
    async with opened_trial(stage, trials) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert "Finish taking B?" in str(app.screen.query_one("Vertical").border_title)
        await pilot.press("1")
        await until(pilot, lambda: opened)
        assert trials.taking.calls == [("finish", "action-9")]


# the graft


async def test_pieces_are_chosen_checked_and_taken(stage, trials, opened):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("3", "a")
        assert app.attempt_desk.shown.choice == {RETRY: "A"}
        assert app.screen.current_piece.ref == TESTS, "the next one is at hand"
        await pilot.press("b", "c", "home", "backspace")
        assert app.attempt_desk.shown.choice == {RETRY: "", TESTS: "B", IMPORT: "C"}
        await pilot.press("home", "b")
        await pilot.press("T")
        assert "Check what you chose first" in notices(app)
        await pilot.press("g")
        await until(pilot, lambda: app.attempt_desk.shown.is_checked)
        assert trials.taking.calls == [("check", {RETRY: "B", TESTS: "B", IMPORT: "C"})]
        await until(pilot, lambda: "It applies, parses, and breaks no check" in seen(app))
        await pilot.press("T", *"both", "enter")
        await until(pilot, lambda: opened)
        assert trials.taking.calls[-1] == ("take_graft", "both", False, False)


async def test_a_graft_that_is_not_sound_is_forced_only_with_open_eyes(stage, trials, opened):
    trials.taking.graft = {"problems": ("queue.py doesn't parse.",)}
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("3", "a", "g")
        await until(pilot, lambda: app.attempt_desk.shown.is_checked)
        assert "queue.py doesn't parse." in seen(app)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, TakeDialog))
        assert "queue.py doesn't parse." in seen(app)
        await pilot.press("enter")
        await until(pilot, lambda: opened)
        assert trials.taking.calls[-1] == ("take_graft", "", False, True)


async def test_a_graft_that_does_not_apply_is_not_offered(stage, trials):
    trials.taking.graft = {"problems": ("Both add x.",), "is_applicable": False}
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("3", "a", "g")
        await until(pilot, lambda: app.attempt_desk.shown.is_checked)
        await pilot.press("T")
        assert "can't be put together" in notices(app)
        assert isinstance(app.screen, AttemptsScreen)


async def test_the_keys_of_a_graft_are_in_the_footer_of_a_narrow_screen(stage, trials):
    async with opened_trial(stage, trials, size=(70, 24)) as (app, pilot):
        await pilot.press("3", "a")
        await until(pilot, lambda: "Space choose" in seen(app) and "g check graft" in seen(app))
        await pilot.press("g")
        await until(pilot, lambda: "T take graft" in seen(app) and "Esc back" in seen(app))


async def test_a_choice_after_the_check_makes_it_old(stage, trials):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("3", "a", "g")
        await until(pilot, lambda: app.attempt_desk.shown.is_checked)
        await pilot.press("3", "home", "b", "4")
        assert not app.attempt_desk.shown.is_checked
        assert "You chose otherwise since." in seen(app)


async def test_the_check_is_cancelled_alone(stage, trials):
    trials.taking.hangs = True
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("3", "a", "g")
        await until(pilot, lambda: "running the checks" in seen(app))
        await pilot.press("ctrl+x")
        await until(pilot, lambda: not app.attempt_desk._is_checking)
        await until(pilot, lambda: "was cut short" in seen(app))


async def test_many_pieces_are_chosen_at_once(stage, trials):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("A")
        await until(pilot, lambda: isinstance(app.screen, ChoiceScreen))
        await pilot.press("b")
        assert app.attempt_desk.shown.chosen == COMPARED.of("B")
        await pilot.press("A", "0")
        assert app.attempt_desk.shown.choice == {}
        await pilot.press("A", "1")
        assert app.attempt_desk.shown.choice == {IMPORT: "A"}
        await pilot.press("3")
        assert "1 conflict undecided: queue.py:13" in seen(app)
        await pilot.press("space", "c")
        assert app.attempt_desk.shown.choice == {IMPORT: "A", RETRY: "C"}


async def test_an_attempt_that_leaves_a_piece_keeps_the_base(stage, trials):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("3", "n", "a")
        assert app.attempt_desk.shown.choice == {TESTS: ""}
        assert "A leaves this as it is: the base is kept." in notices(app)


# the rest


async def test_attempts_are_discarded_after_a_question(stage, trials):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("1")
        await until(pilot, lambda: ("discard", TRIAL) in trials.calls)
        await until(pilot, lambda: app.screen is app.triage)
        assert app.attempt_desk.shown is None


async def test_the_shell_starts_in_the_tree_and_not_while_it_is_written(
    stage, trials, monkeypatch, tmp_path
):
    ran = []
    monkeypatch.setattr(
        "xreview.tui.handoff.attempts_tree.run_editor",
        lambda app, command, environment, folder=None: ran.append((command, folder)) or 0,
    )
    monkeypatch.setenv("SHELL", "/bin/sh")
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "queue.py").write_text("x\n")
    trial = running()
    first, second, *_ = trial.attempts
    attempts = (replace(first, folder=folder), replace(second, folder=folder))
    settings = Settings(editor="/bin/true")
    trial = replace(trial, attempts=attempts)
    async with opened_trial(stage, trials, trial, settings=settings) as (app, pilot):
        await pilot.press("!")
        await until(pilot, lambda: ran)
        assert ran == [(["/bin/sh"], folder)]
        await pilot.press("o")
        assert ran[-1][0][-1] == str(folder / "queue.py")
        await pilot.press("j", "!", "o")
        assert len(ran) == 2
        assert "at work in its tree" in notices(app)


async def test_trials_of_other_repositories_are_listed_but_not_opened(stage, trials):
    trials.elsewhere = (ShelvedTrial("other", "Sort\x1b[2J it", is_here=False),)
    async with stage.run() as (app, pilot):
        await pilot.press("G")
        await until(pilot, lambda: isinstance(app.screen, AttemptsListScreen))
        await until(pilot, lambda: "Sort␛[2J it" in seen(app))
        await pilot.press("enter")
        assert "another repository" in notices(app)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, AttemptDialog))


async def test_keys_typed_while_the_list_is_read_do_not_reach_the_triage(stage, trials):
    reading = asyncio.Event()
    listed = trials.listed

    async def slowly():
        await reading.wait()
        return await listed()

    trials.listed = slowly
    async with stage.run() as (app, pilot):
        before = app.triage.snapshot
        await pilot.press("G", "a", "enter")
        assert isinstance(app.screen, AttemptsListScreen)
        assert app.triage.snapshot is before
        reading.set()
        await until(pilot, lambda: isinstance(app.screen, AttemptDialog))


async def test_help_begins_with_the_attempts(stage, trials):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("?")
        await until(pilot, lambda: isinstance(app.screen, PageScreen))
        text = str(app.screen.body.content)
        assert text.index("Attempts screen") < text.index("Move\n")


async def test_a_newer_comparison_keeps_choices_that_still_hold(stage, trials):
    async with opened_trial(stage, trials) as (app, pilot):
        await pilot.press("3", "a", "b")
        pieces = (COMPARED.pieces[0], COMPARED.pieces[1])
        trials.kept[TRIAL] = replace(over(), comparison=replace(COMPARED, pieces=pieces))
        await app.attempt_desk.renew()
        await pilot.pause()
        assert app.attempt_desk.shown.choice == {RETRY: "A"}
        assert app.screen.view is AttemptView.PIECES


async def test_the_app_can_start_on_kept_attempts(stage, trials):
    trial = over()
    trials.kept[trial.id] = trial
    async with stage.run() as (app, pilot):
        app.first_trial = trial.id
        app.triage.post_message(SnapshotShown(app.triage.session.snapshot))
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        assert app.attempt_desk.shown.snapshot.id == trial.id
        assert app.first_trial == ""
