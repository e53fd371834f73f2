from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import stored_events
from tests.journal.build import decided, event, report
from xreview.domain.events.event import (
    FixApplied,
    FixDiscarded,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
)
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.state import FixState, fix_state, joined_fixes

CLAUDE = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic", "claude-opus-5")
STARTED = event("1", FixStarted("x1", CLAUDE, "t" * 40, (("f1",), ("f2",))), second=1)
JUDGED = event("2", FixJudged("x1", ("f1", "f1b"), FixOutcome.FIXED, "quote changed"), second=2)
APPLIED = event("3", FixApplied("a1", "x1", ("f1", "f1b"), ("cart.py",), True), second=3)
PART = event("4", FixApplied("a2", "x1", ("f1", "f1b"), ("cart.py",), False), second=3)
REVERTED = event("5", FixReverted("a1", "x1"), second=4)
DISCARDED = event("6", FixDiscarded("x1"), second=4)


def finding(*names):
    reports = tuple(report(name) for name in names)
    return Finding(reports, (), Disagreement.LONE)


def test_nothing_is_known_before_the_judgement():
    assert fix_state([STARTED]).of(finding("f1")) is None
    assert fix_state([]).of(finding("f1")) is None


@pytest.mark.parametrize("name", ["f1", "f1b"])
def test_a_finding_is_found_by_any_of_its_reports(name):
    one = fix_state([STARTED, JUDGED]).of(finding("f9", name))
    assert one is not None
    assert (one.fixer, one.outcome, one.evidence) == (CLAUDE, FixOutcome.FIXED, "quote changed")


@pytest.mark.parametrize(
    ("later", "words", "is_working"),
    [
        ([], "fixed, not applied", False),
        ([APPLIED], "fixed", True),
        ([PART], "fixed, applied in part", False),
        ([PART, APPLIED], "fixed", True),
        ([APPLIED, PART], "fixed", True),
        ([APPLIED, REVERTED], "fixed, not applied", False),
        ([PART, APPLIED, REVERTED], "fixed, applied in part", False),
        ([DISCARDED], "fixed, discarded", False),
        ([APPLIED, DISCARDED], "fixed", True),
    ],
)
def test_what_the_user_did_with_it_is_said(later, words, is_working):
    one = fix_state([STARTED, JUDGED, *later]).of(finding("f1"))
    assert one is not None
    assert (one.words, one.is_working) == (words, is_working)


@pytest.mark.parametrize("outcome", [one for one in FixOutcome if one is not FixOutcome.FIXED])
def test_only_what_was_judged_fixed_works(outcome):
    judged = replace(JUDGED, payload=replace(JUDGED.payload, outcome=outcome))
    one = fix_state([STARTED, judged, APPLIED]).of(finding("f1"))
    assert one is not None
    assert (one.is_applied, one.is_working) == (True, False)


def test_a_judgement_after_applying_counts_as_well():
    """A fix in place is in the files before it is judged."""
    one = fix_state([STARTED, APPLIED, JUDGED]).of(finding("f1"))
    assert one is not None
    assert one.is_working


def test_a_second_round_replaces_the_first_for_its_findings_only():
    again = [
        event("7", FixStarted("x2", CLAUDE, "t" * 40, (("f1",),), "x1"), second=5),
        event("8", FixJudged("x2", ("f1", "f1b"), FixOutcome.STILL_THERE, "quoted"), second=6),
        event("9", FixEnded("x2", "", 0.5, 3.0), second=7),
    ]
    second = event("a", FixJudged("x1", ("f2",), FixOutcome.BLOCKED, "why"), second=2)
    state = fix_state([STARTED, JUDGED, second, *again])
    assert [state.of(finding(name)).words for name in ("f1", "f2")] == [
        "still there, not applied",
        "blocked",
    ]


def test_a_judgement_of_an_unknown_fix_is_skipped():
    assert fix_state([JUDGED, APPLIED]).of(finding("f1")) is None


def test_other_events_leave_the_same_state():
    state = fix_state([STARTED, JUDGED])
    assert fix_state([decided("d")], state) is state


def test_a_state_is_the_same_in_one_go_or_one_by_one():
    for events in permutations([JUDGED, APPLIED, PART, REVERTED, DISCARDED]):
        at_once = fix_state([STARTED, *events])
        one_by_one = FixState()
        for one in (STARTED, *events):
            one_by_one = fix_state([one], one_by_one)
        assert at_once == one_by_one


def test_what_a_session_did_itself_is_newer_than_what_it_recalls():
    before = fix_state([STARTED, JUDGED])
    now = fix_state([APPLIED], before)
    joined = joined_fixes(now, before)
    assert joined.of(finding("f1")) == now.of(finding("f1"))
    assert joined_fixes(FixState(), now) == now


@given(st.lists(stored_events(), max_size=8))
def test_any_events_can_be_folded(events):
    state = fix_state(events)
    assert all(one.fix in state.fixers for one in state.by_fingerprint.values())
