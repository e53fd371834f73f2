"""Which of two rounds a verdict is of."""

import asyncio
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.review.fixing.crews import (
    FINDINGS,
    FIRST,
    SECOND,
    Fixed,
    ScriptedCrew,
    ScriptedFixer,
    replaced,
    results,
)
from xreview.domain.events.event import FixAnswered, FixJudged
from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.ports.model import Doing
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.fix_run import STOPPED
from xreview.review.fixing.kept import kept
from xreview.review.fixing.rounds import RoundVerdict, holding_verdict

ONE = replaced("one = 1\n", "one = 10\n")
TWO = replaced("two = 2\n", "two = 20\n")
CHANGED = Doing("changed")
OUTCOMES = st.sampled_from(list(FixOutcome))


async def half_fixed(folder, judged=None) -> Fixed:
    """A fix whose first round fixed the first finding only."""
    fixer = ScriptedFixer((ONE, results()))
    fixed = Fixed(folder, ScriptedCrew(fixer, FixOutcome.STILL_THERE))
    fixed.crew.by_title = {"First": FixOutcome.FIXED, **(judged or {})}
    await fixed.run()
    return fixed


async def stopped(fixed: Fixed, *steps) -> None:
    """A second round that is stopped after these steps."""
    fixed.crew.making.steps = (*steps, CHANGED, asyncio.Event())
    async with aclosing(fixed.fixing.run([SECOND], earlier="fix1", note="Go on.")) as snapshots:
        async for one in snapshots:
            if one.doing == CHANGED.what:
                break


async def test_a_stopped_second_round_keeps_the_verdicts_of_the_first(tmp_path):
    fixed = await half_fixed(tmp_path)
    await stopped(fixed, TWO)
    last = await fixed.fixing.reopen("fix2")
    assert (last.is_over, last.why) == (True, STOPPED)
    second, first = last.findings
    assert (first.finding, second.finding) == (FIRST, SECOND)
    assert [(one.round, one.verdict.outcome) for one in second.rounds] == [
        (1, FixOutcome.STILL_THERE),
        (2, FixOutcome.NOT_VERIFIED),
    ]
    assert second.verdict.outcome is FixOutcome.STILL_THERE
    assert second.verdict.evidence == (
        "first round: still there, so it is; second round: not verified, the fix was stopped"
    )
    told = [one for one in fixed.events if isinstance(one, FixJudged) and one.fix == "fix2"]
    assert {one.subjects: one.outcome for one in told} == {
        SECOND.fingerprints: FixOutcome.STILL_THERE,
        FIRST.fingerprints: FixOutcome.NOT_VERIFIED,
    }, "both are in one file, which the second round changed"
    on_disk = {one.subjects: one.outcome for one in kept(fixed.folder / "fix1").findings}
    assert on_disk[SECOND.fingerprints] is FixOutcome.STILL_THERE


async def test_what_the_first_round_fixed_stays_fixed_where_the_second_changes_nothing(tmp_path):
    fixed = await half_fixed(tmp_path)
    await stopped(fixed)
    _, first = (await fixed.fixing.reopen("fix2")).findings
    assert first.is_carried
    assert first.verdict == FixVerdict(
        FIRST.fingerprints, FixOutcome.FIXED, "first round: so it is"
    )
    answered = [one for one in fixed.events if isinstance(one, FixAnswered)]
    assert all(one.fix == "fix1" for one in answered), "nothing was answered in the second"


async def test_a_second_round_has_the_parts_that_the_first_fixed(tmp_path):
    fixed = await half_fixed(tmp_path)
    fixed.crew.making.steps = (replaced("", "new = 1\n", "b.py"), results(SECOND, files=("b.py",)))
    fixed.crew.by_title = {"Second": FixOutcome.FIXED}
    last = await fixed.run(SECOND, earlier="fix1", note="Elsewhere.")
    order = fixed.crew.making.orders[-1]
    assert [one.finding for one in order.accepted] == [SECOND]
    assert set(last.wanted) == {PatchPart("a.py", 0), PatchPart("b.py", 0)}
    assert {one.verdict.outcome for one in last.findings} == {FixOutcome.FIXED}
    assert [len(one.rounds) for one in last.findings] == [2, 1]


async def test_what_the_first_round_fixed_is_judged_again_if_its_file_changes(tmp_path):
    fixed = await half_fixed(tmp_path)
    fixed.crew.making.steps = (TWO, results(SECOND))
    fixed.crew.by_title = {"First": FixOutcome.REGRESSED, "Second": FixOutcome.FIXED}
    last = await fixed.run(SECOND, earlier="fix1", note="Go on.")
    second, first = last.findings
    assert (second.verdict.outcome, first.verdict.outcome) == (
        FixOutcome.FIXED,
        FixOutcome.REGRESSED,
    )
    assert [one.verdict.outcome for one in first.rounds] == [
        FixOutcome.FIXED,
        FixOutcome.REGRESSED,
    ]
    reply = fixed.crew.judged[-1][0]
    assert [one.fingerprint for one in reply.results] == [SECOND.fingerprint, FIRST.fingerprint]
    assert [one.finding for one in fixed.crew.making.orders[-1].accepted] == [SECOND]


async def test_what_a_stopped_fix_did_to_the_checks_shows(tmp_path):
    fixed = await half_fixed(tmp_path)
    tampering = Tampering(TamperingKind.TESTS, "test_a.py", 0, "it is gone")
    fixed.crew.tampering = (tampering,)
    await stopped(fixed, TWO)
    last = await fixed.fixing.reopen("fix2")
    assert last.tampering == (tampering,)
    assert last.findings[0].verdict.outcome is FixOutcome.TAMPERED
    assert last.is_suspicious
    assert kept(fixed.folder / "fix1").is_tampered


async def test_a_suspicion_of_the_first_round_outlives_a_stopped_second(tmp_path):
    fixed = await half_fixed(tmp_path, judged={"Second": FixOutcome.REGRESSED})
    await stopped(fixed)
    assert (await fixed.fixing.reopen("fix2")).is_suspicious


async def test_a_second_round_that_is_judged_counts(tmp_path):
    fixed = await half_fixed(tmp_path)
    fixed.crew.making.steps = (TWO, results())
    fixed.crew.by_title = {}
    fixed.crew.outcome = FixOutcome.FIXED
    last = await fixed.run(*FINDINGS, earlier="fix1", note="Both.")
    assert {one.verdict.outcome for one in last.findings} == {FixOutcome.FIXED}
    assert [one.rounds[0].verdict.outcome for one in last.findings] == [
        FixOutcome.FIXED,
        FixOutcome.STILL_THERE,
    ]
    assert last.findings[0].verdict.evidence == "so it is"


@given(OUTCOMES, OUTCOMES)
def test_the_worse_of_two_holds(first, second):
    order = list(FixOutcome)
    rounds = tuple(
        RoundVerdict(number, FixVerdict(("a",), outcome, "why"))
        for number, outcome in enumerate((first, second), 1)
    )
    held = holding_verdict(rounds)
    assert order.index(held.outcome) == min(map(order.index, (first, second)))
    assert held.evidence == f"first round: {first}, why; second round: {second}, why"


@pytest.mark.parametrize("again", [True, False])
async def test_a_fix_of_an_earlier_run_is_gone_on_from(tmp_path, again):
    fixed = await half_fixed(tmp_path)
    await fixed.fixing.close()
    left = kept(fixed.folder / "fix1")
    later = Fixed.__new__(Fixed)
    later.__dict__.update(fixed.__dict__)
    later.fixing = type(fixed.fixing)(fixed.place, fixed.crew)
    await later.fixing.take_up("fix1", left, FINDINGS if again else [SECOND])
    fixed.crew.making.steps = (TWO, results(SECOND))
    fixed.crew.by_title = {"Second": FixOutcome.FIXED}
    last = await later.run(SECOND, earlier="fix1", note="Go on.")
    assert len(last.findings) == (2 if again else 1), "what isn't known any more is left out"
    await later.fixing.apply(last.id, None)
    assert later.content().splitlines()[-1] == "two = 20"
    assert later.content().startswith("one = 10\n" if again else "one = 1")
    await later.fixing.close()
