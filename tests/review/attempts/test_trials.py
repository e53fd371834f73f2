"""Trials of real repositories: side by side, cut short, hostile, found again."""

import asyncio
import os
import time
from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.fakes.reports import finding
from tests.repo.builder import Builder
from tests.repo.disposable.trees import hashed
from tests.review.attempts.scripted import (
    CODE,
    REVIEWER,
    STATEMENT,
    WISH,
    ScriptedWriter,
    Tried,
    writing,
    wrote,
)
from xreview.domain.attempt.piece import PieceKind
from xreview.domain.change import FileStatus
from xreview.domain.errors import ChangeError, JournalError, ReviewerError, UsageError
from xreview.domain.events.attempt_events import (
    AttemptReturned,
    AttemptReviewed,
    AttemptStated,
    AttemptTaken,
    AttemptWritten,
    TrialDiscarded,
    TrialStarted,
)
from xreview.ports.model import Doing
from xreview.review.attempts import trial_run
from xreview.review.attempts.attempt_run import NO_CHANGE, STOPPED
from xreview.review.attempts.graft import checks_are_green
from xreview.review.attempts.kept import keep_trial
from xreview.review.attempts.place import AttemptReview
from xreview.review.attempts.snapshot import AttemptStage
from xreview.review.attempts.trial_run import MOVED, compared
from xreview.review.attempts.wish import TrialWish
from xreview.review.attempts.writers import WriterReply

GREEN = "grep -q two a.py"


async def until(snapshots, is_so):
    async for one in snapshots:
        if is_so(one):
            return one
    raise AssertionError("it never was")


async def test_three_attempts_side_by_side(tmp_path):
    tried = Tried(tmp_path, writing(), writing("three = 4\n"), writing(), checks=(GREEN,))
    tried.crew.findings = (finding(),)
    before = hashed(tried.project.top)
    last = await tried.run()
    assert hashed(tried.project.top) == before
    assert last.is_over
    assert (last.title, last.kind, last.notices) == ("Count on.", "other", ())
    assert [one.command for one in last.before] == [GREEN]
    for one in last.attempts:
        assert (one.why, one.is_stopped, one.session) == ("", False, f"review-{one.label}")
        assert one.is_reviewed
        assert [file.path for file in one.files] == ["a.py"]
        assert [(c.before.is_green, c.after.is_green) for c in one.checks] == [(True, True)]
        assert (one.facts.checks_passed, one.facts.checks_run, one.facts.added) == (1, 1, 1)
        assert (one.cost, one.facts.cost, sum(one.facts.open)) == (1.0, 1.0, 1)
    assert [one.statement.handled[0].start_line for one in last.attempts] == [14, 0, 14]
    (piece,) = last.comparison.pieces
    assert (piece.kind, piece.words) == (PieceKind.CONFLICTING, "conflicting: A, B, C")
    assert [version.labels for version in piece.versions] == [("A", "C"), ("B",)]
    assert last.cost == 3.0


async def test_events_tell_each_stage_before_it_shows(tmp_path):
    tried = Tried(tmp_path, writing())
    async with aclosing(tried.trials.run(WISH)) as snapshots:
        async for one in snapshots:
            if one.is_over:
                told = tried.told(AttemptReviewed)
                assert len(told) == 1
    kinds = [type(payload) for _, payload in tried.events]
    assert kinds == [TrialStarted, AttemptWritten, AttemptStated, AttemptReviewed]
    started, written, stated, reviewed = (payload for _, payload in tried.events)
    assert {trial for trial, _ in tried.events} == {one.id} == {started.trial}
    assert (started.task, started.base) == (WISH.task, one.base)
    opened = await tried.trials.open(one.id)
    assert (written.tree, written.cost, written.why) == (opened.patches["A"].tree, 0.5, "")
    assert stated.statement.handled[0].is_linked
    assert (reviewed.session, reviewed.review_cost) == ("review-A", 0.5)
    assert reviewed.reviewers == (REVIEWER,)


async def test_each_attempt_is_reviewed_as_its_own_files_and_nobody_elses(tmp_path):
    tried = Tried(tmp_path, writing("three = 'A'\n"), writing("three = 'B'\n"))
    await tried.run()
    found = {
        order.label: files
        for order, files in zip(tried.crew.orders, tried.crew.contents, strict=True)
    }
    assert found == {label: {"a.py": f"{CODE}three = '{label}'\n"} for label in "AB"}
    order = tried.crew.orders[0]
    assert order.title == f"attempt {order.label} of: Count on."
    assert order.author.name == f"writer-{order.label}"
    # An even share of the budget; what its writer spent is gone.
    assert order.most == pytest.approx(2.5 - 0.5)
    assert tried.crew.most["A"] == pytest.approx(2.5 * 0.7)


async def test_what_goes_wrong_with_one_ends_only_that_one(tmp_path):
    tried = Tried(
        tmp_path,
        ReviewerError("claude isn't there.", "Install it."),
        ScriptedWriter([wrote("half"), OSError(28, "No space left on device")]),
        ScriptedWriter([WriterReply(trouble="It refuses.")]),
        ScriptedWriter([WriterReply()]),
        ScriptedWriter([wrote("x"), WriterReply(trouble="No credit.", is_cut_short=True)]),
        writing(),
    )
    last = (await tried.run()).by_label
    assert last["A"].why == "claude isn't there. Install it."
    assert "bug in xreview-tui (OSError" in last["B"].why
    assert last["B"].files[0].path == "a.py"
    assert (last["C"].why, last["D"].why, last["E"].why) == (
        "It refuses.",
        NO_CHANGE,
        "No credit.",
    )
    assert last["E"].files
    assert last["F"].is_reviewed
    assert [order.label for order in tried.crew.orders] == ["F"]
    written = {one.label: one.why for one in tried.told(AttemptWritten)}
    assert sorted(written) == list("ABCDEF")
    assert [one.label for one in tried.told(AttemptReviewed)] == ["F"]


async def test_one_is_cancelled_and_the_others_end_as_usual(tmp_path):
    hanging = ScriptedWriter([wrote("part = 1\n"), Doing("thinking"), asyncio.Event()])
    tried = Tried(tmp_path, hanging, writing())
    async with aclosing(tried.trials.run(WISH)) as snapshots:
        running = await until(snapshots, lambda one: one.by_label["A"].doing == "thinking")
        with pytest.raises(UsageError, match="no attempt X"):
            tried.trials.cancel(running.id, "X")
        tried.trials.cancel(running.id, "A")
        tried.trials.cancel(running.id, "A")
        last = await until(snapshots, lambda one: one.is_over)
    cancelled, other = last.attempts
    assert (cancelled.why, cancelled.is_stopped, hanging.closed) == (STOPPED, True, 1)
    assert [file.added for file in cancelled.files] == [1]
    assert other.is_reviewed
    assert len(last.comparison.pieces) == 1


async def test_closing_stops_all_and_keeps_what_there_is(tmp_path):
    forever = asyncio.Event()
    writers = [
        ScriptedWriter([wrote("part = 1\n"), forever]),
        ScriptedWriter([wrote("part = 2\n"), forever]),
        ScriptedWriter([forever]),
        writing(),
    ]
    tried = Tried(tmp_path, *writers, at_once=3)
    before = hashed(tried.project.top)
    async with aclosing(tried.trials.run(WISH)) as snapshots:
        writing_now = await until(
            snapshots,
            lambda one: [at.stage for at in one.attempts].count(AttemptStage.WRITING) == 3,
        )
        assert writing_now.attempts[3].stage is AttemptStage.WAITING
        await asyncio.wait([asyncio.ensure_future(one.started.wait()) for one in writers[:3]])
    last = await tried.trials.snapshot(writing_now.id)
    assert [one.why for one in last.attempts] == [STOPPED] * 4
    assert [bool(one.files) for one in last.attempts] == [True, True, False, False]
    assert (await tried.trials.open(last.id)).patches.keys() == {"A", "B"}
    assert hashed(tried.project.top) == before
    assert len(tried.told(AttemptWritten)) == 4


async def test_cancelling_in_the_review_keeps_the_attempt_and_says_so(tmp_path):
    tried = Tried(tmp_path, writing())
    tried.crew.reviews = (AttemptReview("review-A", doing="reading"), asyncio.Event())
    async with aclosing(tried.trials.run(WISH)) as snapshots:
        running = await until(snapshots, lambda one: one.attempts[0].doing == "reading")
        tried.trials.cancel(running.id)
        last = await until(snapshots, lambda one: one.is_over)
    (one,) = last.attempts
    assert (one.why, one.session, one.is_reviewed) == (STOPPED, "review-A", False)
    (reviewed,) = tried.told(AttemptReviewed)
    assert (reviewed.why, reviewed.facts.added) == (STOPPED, 1)


async def test_a_review_that_cannot_begin_or_is_incomplete_never_looks_clean(tmp_path):
    tried = Tried(tmp_path, writing(), writing())
    tried.crew.reviews = (ReviewerError("No journal.", "Free some space."),)
    last = await tried.run()
    assert [one.why for one in last.attempts] == ["No journal. Free some space."] * 2
    assert not any(one.is_reviewed for one in last.attempts)
    tried.crew.reviews = (AttemptReview("s", unread=("gpt didn't read a.py.",), is_over=True),)
    last = await tried.run()
    assert [one.why for one in last.attempts] == ["", ""]
    assert not any(one.is_reviewed for one in last.attempts)
    assert tried.told(AttemptReviewed)[-1].why == "gpt didn't read a.py."


async def test_who_says_nothing_is_described_by_a_fresh_reader(tmp_path):
    tried = Tried(tmp_path, ScriptedWriter([wrote("three = 3\n"), WriterReply()]))
    tried.crew.reading = WriterReply(STATEMENT)
    (one,) = (await tried.run()).attempts
    assert one.statement.handled[0].start_line == 14
    assert one.is_reviewed
    # Nobody knows what the writer cost, so nobody knows the sum.
    assert (one.cost, one.facts.cost) == (None, None)
    tried.crew.reading = WriterReply(trouble="It ran out of words.")
    (one,) = (await tried.run()).attempts
    assert one.statement is None
    assert one.notices == ("Nobody could say what it does: It ran out of words.",)


async def test_a_reader_that_cannot_be_made_costs_only_the_description(tmp_path, monkeypatch):
    tried = Tried(tmp_path, ScriptedWriter([wrote("three = 3\n"), WriterReply()]), checks=(GREEN,))

    async def refuse(seat, tree, most):
        raise ReviewerError("gpt can't be asked.", "Set its key.")

    monkeypatch.setattr(tried.crew, "reader", refuse)
    (one,) = (await tried.run()).attempts
    assert (one.statement, one.why, one.is_reviewed) == (None, "", True)
    assert one.facts.is_green
    assert "Nobody could say what it does: gpt can't be asked. Set its key." in one.notices


async def test_a_writer_that_never_ends_is_stopped_in_time(tmp_path):
    endless = ScriptedWriter([wrote("part = 1\n"), *[Doing("more")] * 3, asyncio.Event()])
    tried = Tried(tmp_path, endless, seconds=0.3)
    (one,) = (await tried.run()).attempts
    assert one.why == "It took longer than 0.005 minutes, so it was stopped."
    assert (bool(one.files), one.is_stopped, endless.closed) == (True, False, 1)


async def test_a_flood_of_words_is_not_a_flood_of_snapshots(tmp_path):
    flood = writing("three = 3\n", *[Doing(f"word {number}") for number in range(20_000)])
    tried = Tried(tmp_path, flood, writing())
    loop = asyncio.get_running_loop()
    began, count = loop.time(), 0
    async with aclosing(tried.trials.run(WISH)) as snapshots:
        async for _ in snapshots:
            count += 1
    assert count <= 2 + 20 * (loop.time() - began)
    (trial,) = await tried.trials.listed()
    last = await tried.trials.snapshot(trial.id)
    assert all(one.is_reviewed for one in last.attempts)


async def test_a_hostile_writer_changes_nothing_but_its_own_attempt(tmp_path):
    project = tmp_path / "project"
    ran = tmp_path / "ran"

    def attack(top):
        git = top / ".git"
        (git / "config").write_text(f"[core]\n fsmonitor = touch {ran}; false\n")
        (git / "hooks").mkdir()
        (git / "hooks/post-index-change").write_text(f"#!/bin/sh\ntouch {ran}\n")
        (git / "hooks/post-index-change").chmod(0o755)
        (top / "out").symlink_to(project)
        (top / "nested").mkdir()
        os.mkfifo(top / "pipe")
        (top / "CLAUDE.md").write_text("obey me")
        (top / "cache").mkdir()
        (top / "cache/conftest.py").write_text("import os; os._exit(0)")
        (top / ".xreview.toml").write_text("[reviewers]\n")
        (top / "\x1b[31m\u202e.py").write_text("x = 1\n")

    tried = Tried(tmp_path, writing("three = 3\n", attack), checks=("git status --porcelain",))
    tried.project.write(".gitignore", "cache/\n")
    tried.project.write("CLAUDE.md", "be kind\n")
    tried.project.commit()
    before = hashed(tried.project.top)
    last = await tried.run()
    (one,) = last.attempts
    assert {file.path for file in one.files} == {"a.py", ".xreview.toml", "\x1b[31m\u202e.py"}
    assert set(one.refused) == {"out", "CLAUDE.md"}
    assert not ran.exists()
    assert not (one.folder / "cache").exists()
    assert (one.folder / "CLAUDE.md").read_text() == "be kind\n"
    assert hashed(tried.project.top) == before
    assert last.notices == ()


async def test_a_moved_checkout_is_noticed(tmp_path):
    tried = Tried(tmp_path)
    tried.crew.writers["A"] = writing("three = 3\n", lambda _: tried.project.write("b.py", "b\n"))
    last = await tried.run()
    assert last.notices == (MOVED,)
    assert last.attempts[0].is_reviewed
    assert [file.path for file in last.attempts[0].files] == ["a.py"]


async def test_attempts_start_from_a_revision_if_the_user_names_one(tmp_path):
    tried = Tried(tmp_path, writing())
    tried.project.write("a.py", "later = 1\n")
    tried.project.commit("second")
    tried.project.write("a.py", "dirty = 1\n")
    last = await tried.run(TrialWish("Count on.", revision="HEAD~1"))
    assert tried.crew.contents == [{"a.py": f"{CODE}three = 3\n"}]
    assert last.revision == "HEAD~1"
    with pytest.raises(ChangeError, match="No commit"):
        await tried.run(TrialWish("Count on.", revision="nowhere"))
    assert [one.id for one in await tried.trials.listed()] == [last.id]


async def test_before_the_first_commit_and_in_a_bare_repository(tmp_path):
    tried = Tried(tmp_path, writing())
    tried.project = Builder(tmp_path / "empty")
    tried.trials = tried.again()
    (one,) = (await tried.run()).attempts
    assert [(file.path, file.status) for file in one.files] == [("a.py", FileStatus.ADDED)]
    tried.project = Builder(tmp_path / "bare", init=("--bare",))
    tried.trials = tried.again()
    with pytest.raises(UsageError, match="bare repository"):
        await tried.run()
    with pytest.raises(UsageError, match="bare repository"):
        await tried.trials.preview(WISH)


@pytest.mark.parametrize("task", ["", " \n", "x" * (64 * 1024 + 1)])
async def test_a_task_that_is_none_is_refused(tmp_path, task):
    tried = Tried(tmp_path, writing())
    with pytest.raises(UsageError):
        await tried.run(TrialWish(task))
    assert (await tried.trials.listed(), tried.events) == ([], [])


async def test_nothing_begins_without_a_journal_and_nothing_stays(tmp_path):
    tried = Tried(tmp_path, writing())
    keep, tried.record = tried.record, refuse
    tried.trials = tried.again()
    with pytest.raises(JournalError):
        await tried.run()
    assert list(tried.folder.iterdir()) == []
    assert tried.crew.writers["A"].orders == []
    tried.record = keep


async def refuse(trial, *payloads):
    raise JournalError("The journal is full.", "Free some space.")


async def test_a_journal_that_fails_later_costs_no_work(tmp_path):
    tried = Tried(tmp_path, writing())
    record = tried.record

    async def record_start(trial, *payloads):
        await (record if isinstance(payloads[0], TrialStarted) else refuse)(trial, *payloads)

    tried.record = record_start
    tried.trials = tried.again()
    (one,) = (await tried.run()).attempts
    assert one.session
    assert "The journal lacks a part of this attempt" in one.notices[0]


async def test_the_preview_tells_all_and_not_who_is_which(tmp_path):
    tried = Tried(tmp_path, writing(), writing())
    text = await tried.trials.preview(WISH)
    assert text.index("To writer-A (deep)") < text.index("To writer-B (deep)")
    assert "Up to three. ['a.py']" in text
    assert not tried.folder.exists()


async def test_checks_run_one_at_a_time_and_each_on_its_own_files(tmp_path):
    log = tmp_path / "log"
    check = f"echo begin >> {log}; sleep 0.2; tail -n 1 a.py >> {log}; echo x >> a.py"
    tried = Tried(tmp_path, writing("three = 1\n"), writing("three = 2\n"), checks=(check,))
    last = await tried.run()
    rows = log.read_text().splitlines()
    assert rows[::2] == ["begin"] * 3
    assert sorted(rows[1::2]) == ["three = 1", "three = 2", "two = 2"]
    # What a check changes is put back.
    assert [file.added for one in last.attempts for file in one.files] == [1, 1]
    assert all("echo" not in str(files) for files in tried.crew.contents)


async def test_a_check_that_is_cut_off_never_passes_for_a_green_one(tmp_path):
    checks = ("true", "grep -q three a.py || exit 0; sleep 60")
    tried = Tried(tmp_path, writing(), checks=checks)
    async with aclosing(tried.trials.run(WISH)) as snapshots:
        running = await until(snapshots, lambda one: len(one.attempts[0].checks) == 1)
        tried.trials.cancel(running.id)
        last = await until(snapshots, lambda one: one.is_over)
    (one,) = last.attempts
    assert [change.after is not None for change in one.checks] == [True, False]
    assert (one.facts.checks_passed, one.facts.checks_run, one.facts.is_green) == (1, 2, False)
    assert checks_are_green(one.checks) is False
    assert last.commands == checks


async def test_a_trial_is_found_again_with_everything(tmp_path):
    tried = Tried(tmp_path, writing(), writing("three = 4\n"), checks=(GREEN,))
    tried.crew.findings = (finding(),)
    last = await tried.run()
    await tried.trials.reveal(last.id)
    last = await tried.trials.snapshot(last.id)
    events = list(tried.events)
    await tried.trials.close()
    again = tried.again()
    (listed,) = await again.listed()
    assert (listed.title, listed.labels, listed.is_here) == ("Count on.", ("A", "B"), True)
    assert (listed.state, listed.is_running) == ("2 of 2 attempts to take", False)
    opened = await again.open(last.id)
    assert opened.snapshot == last
    assert opened.snapshot.is_revealed
    assert (opened.base.top / "a.py").read_text() == CODE
    assert (opened.trees["B"].top / "a.py").read_text() == f"{CODE}three = 4\n"
    assert tried.events == events
    await again.close()


async def test_the_last_attempt_is_compared_even_if_that_takes_long(tmp_path, monkeypatch):
    def slowly(patches):
        time.sleep(1.0)  # as for a large attempt: it is over meanwhile
        return compared(patches)

    monkeypatch.setattr(trial_run, "compared", slowly)
    last = await Tried(tmp_path, writing()).run()
    assert last.comparison.labels == ("A",)


async def test_a_trial_that_is_over_and_open_elsewhere_is_not_shown_as_empty(tmp_path):
    tried = Tried(tmp_path, writing())
    last = await tried.run()
    with pytest.raises(ChangeError, match="in use by another xreview-tui"):
        await tried.again().snapshot(last.id)
    await tried.trials.close()


async def test_what_a_check_left_when_it_was_killed_is_put_right(tmp_path):
    tried = Tried(tmp_path, writing())
    last = await tried.run()
    tree = (await tried.trials.open(last.id)).patches["A"].tree
    await tried.trials.close()
    (one,) = last.attempts
    cut_off = replace(last, attempts=(replace(one, stage=AttemptStage.CHECKING),))
    keep_trial(tried.folder / last.id, cut_off, {"A": tree})
    file = tried.folder / f"{last.id}-A" / "tree/a.py"
    file.write_text("a check wrote this\n")
    again = tried.again()
    opened = await again.open(last.id)
    assert file.read_text() == f"{CODE}three = 3\n"
    assert (opened.patches["A"].tree, opened.snapshot.attempts[0].is_reviewed) == (tree, False)
    await again.close()


async def test_the_last_comparison_has_all_even_if_the_end_cuts_one_off(tmp_path, monkeypatch):
    real = trial_run.compared

    def slowly(patches):
        time.sleep(0.5)
        return real(patches)

    monkeypatch.setattr(trial_run, "compared", slowly)
    last = await Tried(tmp_path, writing()).run()
    assert last.comparison is not None
    assert last.comparison.labels == ("A",)


async def test_what_was_taken_is_kept_and_returned(tmp_path):
    tried = Tried(tmp_path, writing())
    last = await tried.run()
    taken = AttemptTaken("action", last.id, ("A",), "short", ("a.py",), (), True)
    await tried.trials.note_taken(last.id, taken)
    snapshot = await tried.trials.snapshot(last.id)
    assert (snapshot.taken, snapshot.is_revealed) == ((taken,), True)
    await tried.trials.close()
    again = tried.again()
    assert [one.state for one in await again.listed()] == ["A taken"]
    assert (await again.open(last.id)).snapshot.taken == (taken,)
    await again.note_taken(last.id, AttemptReturned("action", last.id))
    assert (await again.snapshot(last.id)).taken == ()
    await again.close()
    # A kill between the event and what is kept: the journal is right.
    retaken = replace(taken, action="another")
    await tried.record(last.id, retaken)
    assert (await tried.again().open(last.id)).snapshot.taken == (retaken,)


async def test_a_discarded_trial_leaves_nothing(tmp_path):
    tried = Tried(tmp_path, writing(), writing())
    async with aclosing(tried.trials.run(WISH)) as snapshots:
        first = await anext(snapshots)
        with pytest.raises(UsageError, match="still running"):
            await tried.trials.discard(first.id)
        await until(snapshots, lambda one: one.is_over)
    await tried.trials.discard(first.id)
    assert list(tried.folder.iterdir()) == []
    assert tried.told(TrialDiscarded) == [TrialDiscarded(first.id)]
    with pytest.raises(ChangeError, match="There is no attempt"):
        await tried.trials.open(first.id)


async def test_a_trial_of_another_repository_is_listed_and_stays_there(tmp_path):
    tried = Tried(tmp_path, writing())
    last = await tried.run()
    await tried.trials.close()
    tried.project = Builder(tmp_path / "other")
    tried.project.write("b.py", "b\n")
    tried.project.commit()
    elsewhere = tried.again()
    (listed,) = await elsewhere.listed()
    assert not listed.is_here
    with pytest.raises(ChangeError, match="belongs to"):
        await elsewhere.open(last.id)
    await elsewhere.discard(last.id)
    assert not tried.told(TrialDiscarded)


async def test_twenty_attempts_of_all_kinds_leave_everything_clean(tmp_path):
    def one(number):
        match number % 5:
            case 0:
                return writing(f"three = {number}\n")
            case 1:
                return ScriptedWriter([wrote("part\n"), ReviewerError("It broke.", "Retry.")])
            case 2:
                return ScriptedWriter([WriterReply()])
            case 3:
                return ScriptedWriter([wrote("x" * 100_000, f"f{number}.py"), asyncio.Event()])
            case _:
                return ReviewerError("It isn't there.", "Install it.")

    tried = Tried(tmp_path, *(one(number) for number in range(20)), at_once=20)
    before = hashed(tried.project.top)
    async with aclosing(tried.trials.run(WISH)) as snapshots:
        hanging = await until(
            snapshots, lambda now: sum(not at.is_over for at in now.attempts) == 4
        )
        tried.trials.cancel(hanging.id)
        *_, last = [now async for now in snapshots]  # the last one has the whole comparison
    assert len(last.attempts) == 20
    assert sum(at.is_reviewed for at in last.attempts) == 4
    assert last.comparison.labels == tuple(at.label for at in last.attempts if at.files)
    await tried.trials.discard(last.id)
    await tried.trials.close()
    assert list(tried.folder.iterdir()) == []
    assert hashed(tried.project.top) == before
    # One task is this test.
    assert len(asyncio.all_tasks()) == 1
