"""Fixes of a session: applied, undone, tried again, thrown away, and what is left of them."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.repo.disposable.trees import hashed
from tests.review.fixing.crews import (
    CODE,
    FINDINGS,
    FIRST,
    SECOND,
    Fixed,
    ScriptedCrew,
    ScriptedFixer,
    replaced,
    results,
)
from xreview.domain.errors import ChangeError, ReviewerError, UsageError
from xreview.domain.events.event import (
    FixApplied,
    FixDiscarded,
    FixEnded,
    FixReverted,
    FixStarted,
)
from xreview.domain.fixing.outcome import FixOutcome
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.fixing import Fixing

ONE, TWO = replaced("one = 1", "one = 10"), replaced("two = 2", "two = 20")
BOTH = CODE.replace("one = 1", "one = 10").replace("two = 2", "two = 20")


@pytest.fixture
def fixed(tmp_path) -> Fixed:
    return Fixed(tmp_path, ScriptedCrew(ScriptedFixer((ONE, TWO, results()))))


def of(fixed: Fixed, kind):
    return [one for one in fixed.events if isinstance(one, kind)]


async def test_all_is_applied_and_undone(fixed):
    before = hashed(fixed.project.top)
    last = await fixed.run()
    done = await fixed.fixing.apply(last.id, None)
    assert (done.paths, done.merged, done.conflicts) == (("a.py",), (), ())
    assert fixed.content() == BOTH
    (event,) = of(fixed, FixApplied)
    assert event.is_whole
    assert set(event.subjects) == {*FIRST.fingerprints, *SECOND.fingerprints}
    now = await fixed.fixing.reopen(last.id)
    assert now.applied == now.wanted
    assert now.is_settled
    with pytest.raises(UsageError, match="nothing to apply"):
        await fixed.fixing.apply(last.id, None)
    await fixed.fixing.revert(event)
    assert fixed.content() == CODE
    assert of(fixed, FixReverted) == [FixReverted(event.action, last.id)]
    assert (await fixed.fixing.reopen(last.id)).applied == ()
    assert hashed(fixed.project.top) == before
    await fixed.fixing.apply(last.id, None)
    assert fixed.content() == BOTH


async def test_a_pull_request_that_is_not_checked_out_is_not_fixed(fixed):
    head = fixed.project.git("rev-parse", "HEAD").strip()
    elsewhere = Fixing(replace(fixed.place, commit="a" * 40), fixed.crew)
    with pytest.raises(UsageError, match="isn't checked out"):
        async for _ in elsewhere.run([FIRST]):
            pass
    assert fixed.events == []
    assert not list(fixed.shelf.list())
    fixed.fixing = Fixing(replace(fixed.place, commit=head), fixed.crew)
    assert (await fixed.run()).is_over


async def test_hunk_by_hunk(fixed):
    last = await fixed.run()
    await fixed.fixing.apply(last.id, [PatchPart("a.py", 1)])
    assert fixed.content() == CODE.replace("two = 2", "two = 20")
    (event,) = of(fixed, FixApplied)
    assert (event.is_whole, event.subjects) == (False, SECOND.fingerprints)
    assert not (await fixed.fixing.reopen(last.id)).is_settled
    await fixed.fixing.apply(last.id, [PatchPart("a.py")])
    assert fixed.content() == BOTH
    assert of(fixed, FixApplied)[1].is_whole


async def test_hunks_are_undone_in_their_order(fixed):
    last = await fixed.run()
    for hunk in (1, 0):
        await fixed.fixing.apply(last.id, [PatchPart("a.py", hunk)])
    first, second = of(fixed, FixApplied)
    with pytest.raises(ChangeError):
        await fixed.fixing.revert(first)
    assert fixed.content() == BOTH
    await fixed.fixing.revert(second)
    assert fixed.content() == CODE.replace("two = 2", "two = 20")
    left = (await fixed.fixing.reopen(last.id)).applied
    assert left == (PatchPart("a.py", 1),), "the other hunk is still in the files"
    await fixed.fixing.revert(first)
    assert fixed.content() == CODE


async def test_it_is_not_undone_after_an_edit(fixed):
    last = await fixed.run()
    await fixed.fixing.apply(last.id, None)
    fixed.project.write("a.py", f"{BOTH}three = 3\n")
    with pytest.raises(ChangeError):
        await fixed.fixing.revert(of(fixed, FixApplied)[0])
    assert fixed.content() == f"{BOTH}three = 3\n"
    assert not of(fixed, FixReverted)
    assert (await fixed.fixing.reopen(last.id)).applied


async def test_a_moved_file_is_merged_and_a_conflict_left(fixed):
    last = await fixed.run()
    fixed.project.write("a.py", CODE.replace("two = 2", "two = 3"))
    done = await fixed.fixing.apply(last.id, None)
    assert (done.paths, done.conflicts) == ((), ("a.py",))
    assert not of(fixed, FixApplied)
    assert (await fixed.fixing.reopen(last.id)).applied == ()
    done = await fixed.fixing.apply(last.id, [PatchPart("a.py", 0)])
    assert done.merged == ("a.py",)
    assert fixed.content() == CODE.replace("two = 2", "two = 3").replace("= 1", "= 10")
    done = await fixed.fixing.apply(last.id, None, with_conflicts=True)
    assert done.conflicts == ("a.py",)
    assert "<<<<<<<" in fixed.content()


async def test_a_conflict_takes_nothing_from_what_was_applied_before(tmp_path):
    steps = (ONE, TWO, replaced("", "x\n", "b.py"), results(FIRST, files=("b.py",)))
    fixed = Fixed(tmp_path, ScriptedCrew(ScriptedFixer(steps)))
    last = await fixed.run()
    await fixed.fixing.apply(last.id, [PatchPart("a.py", 0)])
    fixed.project.write("a.py", fixed.content().replace("two = 2", "two = 3"))
    done = await fixed.fixing.apply(last.id, None)
    assert (done.paths, done.conflicts) == (("b.py",), ("a.py",))
    applied = (await fixed.fixing.reopen(last.id)).applied
    assert set(applied) == {PatchPart("a.py", 0), PatchPart("b.py", 0)}


async def test_what_another_run_applied_is_not_undone_here(fixed):
    with pytest.raises(ChangeError, match="earlier run"):
        await fixed.fixing.revert(FixApplied("action", "elsewhere", (), ("a.py",), is_whole=True))


async def test_a_second_round_goes_on_from_the_first(tmp_path):
    fixer = ScriptedFixer((ONE, results()))
    fixed = Fixed(tmp_path, ScriptedCrew(fixer, FixOutcome.STILL_THERE), "make test")
    first = await fixed.run()
    fixer.steps = (TWO, results())
    fixed.crew.outcome = FixOutcome.FIXED
    text = fixed.fixing.text(FINDINGS, "Look at two.", first.id)
    assert "Look at two." in text
    second = await fixed.run(note="Look at two.", earlier=first.id)
    assert second.id != first.id
    assert second.is_round_two
    assert second.folder == first.folder
    order = fixer.orders[1]
    assert order.note == "Look at two."
    assert {one.outcome for one in order.earlier} == {FixOutcome.STILL_THERE}
    assert fixed.crew.checked == 1, "the checks before are the same"
    assert [run.command for run in fixed.crew.judged[1][2]] == ["make test"]
    _, started = of(fixed, FixStarted)
    assert (started.earlier, started.note) == (first.id, "Look at two.")
    assert [one.id for one in fixed.shelf.list()] == [first.id]
    await fixed.fixing.apply(second.id, None)
    assert fixed.content() == BOTH
    await fixed.fixing.close()
    assert fixed.shelf.list() == []


async def test_a_second_round_after_a_part_was_applied(tmp_path):
    fixer = ScriptedFixer((ONE, results()))
    fixed = Fixed(tmp_path, ScriptedCrew(fixer))
    first = await fixed.run()
    await fixed.fixing.apply(first.id, None)
    fixer.steps = (TWO, results())
    second = await fixed.run(earlier=first.id)
    (left,) = fixed.shelf.list()
    assert left.has_unapplied_patch
    done = await fixed.fixing.apply(second.id, None)
    assert done.conflicts == ()
    assert fixed.content() == BOTH


async def test_two_fixes_at_once(tmp_path):
    go = asyncio.Event()
    fixed = Fixed(tmp_path, ScriptedCrew(ScriptedFixer((go, ONE, results()))))
    other = Fixing(fixed.place, ScriptedCrew(ScriptedFixer((TWO, results()))))
    running = asyncio.create_task(fixed.run())
    second = [one async for one in other.run(FINDINGS)][-1]
    assert [one.is_running for one in await other.left()] == [True, True]
    await other.apply(second.id, None)
    go.set()
    first = await running
    assert first.id != second.id
    done = await fixed.fixing.apply(first.id, None)
    assert done.merged == ("a.py",)
    assert fixed.content() == BOTH


async def test_what_is_thrown_away_is_gone(fixed):
    last = await fixed.run()
    await fixed.fixing.discard(last.id)
    assert of(fixed, FixDiscarded) == [FixDiscarded(last.id)]
    assert fixed.shelf.list() == []
    assert fixed.content() == CODE
    await fixed.fixing.close()


async def test_what_has_something_to_apply_is_kept_when_closing(fixed):
    last = await fixed.run()
    await fixed.fixing.close()
    (left,) = fixed.shelf.list()
    assert fixed.crew.closed == 1
    assert (left.id, left.is_running, left.has_unapplied_patch) == (last.id, False, True)
    assert left.title == "First and 1 more"
    assert left.fixer == "claude-code"


async def test_what_was_undone_is_kept_when_closing(fixed):
    last = await fixed.run()
    await fixed.fixing.apply(last.id, None)
    await fixed.fixing.revert(of(fixed, FixApplied)[0])
    await fixed.fixing.close()
    (left,) = fixed.shelf.list()
    assert (left.id, left.has_unapplied_patch) == (last.id, True)


async def test_a_fixer_that_is_refused_leaves_nothing(tmp_path):
    crew = ScriptedCrew(ScriptedFixer(), refuses=ReviewerError("Code may not go there."))
    fixed = Fixed(tmp_path, crew)
    with pytest.raises(ReviewerError, match="may not go"):
        await fixed.run()
    assert fixed.shelf.list() == []
    assert fixed.events == []


async def test_nothing_to_fix_is_a_sentence(fixed):
    with pytest.raises(UsageError, match="nothing to fix"):
        async with aclosing(fixed.fixing.run(())) as snapshots:
            await anext(snapshots)


async def test_an_unborn_or_conflicted_checkout(fixed):
    fixed.project.branch("other")
    fixed.project.write("a.py", "one = 5\n")
    fixed.project.commit("theirs")
    fixed.project.checkout("main")
    fixed.project.write("a.py", "one = 6\n")
    fixed.project.commit("ours")
    fixed.project.git("merge", "other", check=False)
    with pytest.raises(ChangeError):
        await fixed.run()
    assert fixed.shelf.list() == []


async def test_what_is_said_can_be_read_before(fixed):
    text = fixed.fixing.text(FINDINGS)
    assert "one = 1" in text
    assert "Fix the 2 problems" in text
    (choice,) = await fixed.fixing.candidates(FINDINGS)
    assert choice.is_default
    await fixed.run()
    assert len(of(fixed, FixEnded)) == 1
