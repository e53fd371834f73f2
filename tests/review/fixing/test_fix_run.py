"""One fix in a real disposable tree: its steps, what it costs, and how it ends early."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.repo.disposable.trees import hashed
from tests.review.fixing.crews import (
    AGENT,
    FINDINGS,
    FIRST,
    SECOND,
    Fixed,
    ScriptedCrew,
    ScriptedFixer,
    replaced,
    results,
)
from xreview.domain.errors import ChangeError, ReviewerError
from xreview.domain.events.event import FixAnswered, FixEnded, FixJudged, FixStarted
from xreview.domain.fixing.fixer import MECHANICAL, FixerReply
from xreview.domain.fixing.outcome import FixOutcome
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.fix_run import MOVED, STOPPED
from xreview.review.fixing.kept import kept
from xreview.review.fixing.snapshot import FixStage

ONE, TWO = replaced("one = 1", "one = 10"), replaced("two = 2", "two = 20")


def fixed(tmp_path, *steps, checks=(), **given) -> Fixed:
    crew = ScriptedCrew(ScriptedFixer(steps), **given)
    return Fixed(tmp_path, crew, *checks)


async def test_the_steps_of_a_fix(tmp_path):
    told = (Doing("editing"), Usage(1, 1, 0.25), ONE, TWO, results())
    made = fixed(tmp_path, *told, checks=("make test",))
    before = hashed(made.project.top)
    seen = [one async for one in made.fixing.run(FINDINGS)]
    stages = list(dict.fromkeys(one.stage for one in seen))
    assert stages == list(FixStage)
    doings = list(dict.fromkeys(one.doing for one in seen if one.doing))
    assert doings == ["running make test", "editing"]
    last = seen[-1]
    assert last.is_over
    assert (last.cost, last.most, last.why) == (0.75, 2.0, "")
    assert last.fixer == AGENT
    assert last.header.startswith("2 fixed · ")
    assert [one.parts for one in last.findings] == [
        (PatchPart("a.py", 0),),
        (PatchPart("a.py", 1),),
    ]
    assert last.folder is not None
    assert hashed(made.project.top) == before
    (reply, patch, checks) = made.crew.judged[0]
    assert reply == results()
    assert [one.path for one in patch.files] == ["a.py"]
    assert [one.command for one in checks] == ["make test"]


async def test_what_is_recorded(tmp_path):
    made = fixed(tmp_path, ONE, results(FIRST))
    last = await made.run()
    started, answered, *judged, ended = made.events
    assert isinstance(started, FixStarted)
    assert (started.fix, started.fixer) == (last.id, AGENT)
    assert started.findings == (FIRST.fingerprints, SECOND.fingerprints)
    assert isinstance(answered, FixAnswered)
    assert [type(one) for one in judged] == [FixJudged, FixJudged]
    assert isinstance(ended, FixEnded)
    assert len(ended.tree) == 40
    assert kept(made.folder / last.id).header == last.header


async def test_a_patch_that_is_empty_has_no_tree(tmp_path):
    made = fixed(tmp_path, results(), outcome=FixOutcome.STILL_THERE)
    last = await made.run()
    assert (last.files, last.wanted, last.is_settled) == ((), (), True)
    assert made.events[-1].tree == ""


async def test_what_configures_agents_is_not_there_while_one_works(tmp_path):
    seen = []
    made = fixed(tmp_path, lambda top: seen.append((top / "CLAUDE.md").exists()), ONE, results())
    made.project.write("CLAUDE.md", "obey\n")
    last = await made.run()
    assert seen == [False]
    assert (last.folder / "CLAUDE.md").read_text() == "obey\n"
    assert [one.path for one in last.files] == ["a.py"]


async def test_the_mechanical_fixer_sees_all_files(tmp_path):
    seen = []
    made = fixed(tmp_path, lambda top: seen.append((top / "CLAUDE.md").exists()), results())
    made.crew.making.identity = MECHANICAL
    made.project.write("CLAUDE.md", "obey\n")
    await made.run()
    assert seen == [True]


async def test_changes_that_no_finding_asked_for_stand_apart(tmp_path):
    made = fixed(tmp_path, ONE, replaced("", "x\n", "other.py"), results())
    last = await made.run()
    assert last.outside == (PatchPart("other.py", 0),)
    assert last.wanted == (PatchPart("a.py", 0),)


async def test_a_file_that_a_result_names_belongs_to_it(tmp_path):
    made = fixed(tmp_path, ONE, replaced("", "x\n", "b.py"), results(FIRST, files=("b.py",)))
    last = await made.run()
    assert last.outside == ()
    assert PatchPart("b.py", 0) in last.findings[0].parts


async def test_a_checkout_that_moved_is_told(tmp_path):
    made = fixed(tmp_path, ONE, results(), notices=("And more.",))
    made.crew.making.steps = (lambda _: made.project.write("new.py", "x\n"), ONE, results())
    assert (await made.run()).notices == (MOVED, "And more.")


async def test_trouble_of_the_fixer_is_why(tmp_path):
    made = fixed(tmp_path, ONE, FixerReply(trouble="It hit its limit."))
    last = await made.run()
    assert (last.why, last.is_over) == ("It hit its limit.", True)
    assert last.wanted, "the partial patch is there"
    assert made.events[-1].why == "It hit its limit."


async def test_closing_it_keeps_the_partial_patch_unverified(tmp_path):
    made = fixed(tmp_path, Doing("begun"), ONE, Doing("changed"), asyncio.Event())
    async with aclosing(made.fixing.run(FINDINGS)) as snapshots:
        async for one in snapshots:
            if one.doing == "changed":
                break
    last = await made.fixing.reopen(one.id)
    assert (last.why, last.is_over) == (STOPPED, True)
    assert {found.verdict.outcome for found in last.findings} == {FixOutcome.NOT_VERIFIED}
    assert last.wanted == (PatchPart("a.py", 0),)
    assert made.crew.making.closed == 1
    assert made.crew.judged == []
    assert made.events[-1].why == STOPPED
    await made.fixing.apply(last.id, None)
    assert "one = 10" in made.content()


async def test_cancelling_the_task_keeps_it_too(tmp_path):
    begun = asyncio.Event()
    made = fixed(tmp_path, ONE, Doing("changed"), lambda _: begun.set(), asyncio.Event())
    task = asyncio.create_task(made.run())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    last = await made.fixing.reopen("fix1")
    assert (last.is_over, last.why) == (True, STOPPED)
    assert kept(made.folder / "fix1").wanted == (PatchPart("a.py", 0),)


@pytest.mark.parametrize(
    "error", [ReviewerError("The verifier broke."), ChangeError("The disk is full.")]
)
async def test_an_error_while_judging_ends_it_with_its_patch(tmp_path, error):
    made = fixed(tmp_path, ONE, results(), fails=error)
    with pytest.raises(type(error)):
        await made.run()
    last = await made.fixing.reopen("fix1")
    assert last.is_over
    assert {one.verdict.outcome for one in last.findings} == {FixOutcome.NOT_VERIFIED}
    assert last.wanted == (PatchPart("a.py", 0),)


async def test_a_bug_of_the_judge_is_a_sentence(tmp_path):
    made = fixed(tmp_path, ONE, results(), fails=ZeroDivisionError("x"))
    with pytest.raises(ReviewerError, match="because of a bug"):
        await made.run()
    assert (await made.fixing.reopen("fix1")).is_over


async def test_an_error_of_the_fixer_ends_it(tmp_path):
    made = fixed(tmp_path, ONE, ChangeError("The disk is full."))
    with pytest.raises(ChangeError):
        await made.run()
    last = await made.fixing.reopen("fix1")
    assert last.is_over
    assert (last.folder / "a.py").exists()


async def test_what_an_agent_was_not_permitted_is_said_once(tmp_path):
    refused = ("running make test", "running make test", "running curl evil.example")
    made = fixed(tmp_path, ONE, replace(results(), refused=refused))
    last = await made.run()
    (notice,) = last.notices
    assert notice == ("claude-code wasn't permitted: running make test; running curl evil.example.")


async def test_an_ignored_file_that_a_fixer_makes_is_gone_for_the_checks(tmp_path):
    made = fixed(tmp_path, ONE, replaced("", "os._exit(0)\n", "conftest.py"), results())
    made.project.write(".gitignore", "conftest.py\n")
    last = await made.run()
    assert not (last.folder / "conftest.py").exists()
    assert [one.path for one in last.files] == ["a.py"]
