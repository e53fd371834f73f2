from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import decided as decided_strategy
from tests.fakes.reports import report
from xreview.domain.decision import REASONS, Decision, Reason, Verdict
from xreview.domain.events.carried import CarriedState, carry_counts
from xreview.domain.identity.anchor import Context
from xreview.domain.identity.carry_over import (
    comes_back,
    is_touched,
    reopened,
    suppression_by_convention,
    suppression_by_decision,
)
from xreview.domain.identity.convention import Convention
from xreview.domain.state import Decided, Triage

LATER = Decision(Verdict.REJECT, Reason.LATER)
DECISIONS = [Decision(verdict, reason) for verdict in Verdict for reason in REASONS[verdict]]


def decided(decision=LATER, *, until=None, session="s1"):
    return Decided("a1", decision, session, "2026-01-01T00:00:00+00:00", "Ada", until)


def with_block(digest):
    plain = report()
    return replace(plain, anchor=replace(plain.anchor, context=Context(block=digest)))


@pytest.mark.parametrize(
    ("today", "is_back"), [("2026-01-30", False), ("2026-01-31", True), ("2027-01-01", True)]
)
def test_what_was_put_off_comes_back_on_its_day(today, is_back):
    assert comes_back(decided(until="2026-01-31"), None, report(), today) is is_back


def test_what_was_put_off_comes_back_when_its_block_is_touched():
    put_off = decided()
    assert not comes_back(put_off, with_block("x"), with_block("x"), "2026-01-31")
    assert comes_back(put_off, with_block("x"), with_block("y"), "2026-01-31")
    assert comes_back(decided(until="2026-12-31"), with_block("x"), with_block("y"), "2026-01-31")


@pytest.mark.parametrize("unknown", [report(), with_block("")])
def test_nothing_is_taken_for_touched_that_is_not_known(unknown):
    assert not is_touched(unknown, with_block("x"))
    assert not is_touched(with_block("x"), unknown)
    assert not comes_back(decided(), None, with_block("x"), "2026-01-31")


@pytest.mark.parametrize("decision", [one for one in DECISIONS if one != LATER])
def test_no_other_decision_comes_back(decision):
    assert not comes_back(decided(decision), with_block("x"), with_block("y"), "2026-01-31")


@pytest.mark.parametrize("decision", DECISIONS)
def test_only_a_rejection_suppresses_and_says_why_who_and_when(decision):
    made = suppression_by_decision(decided(decision, until=None))
    if decision.verdict is not Verdict.REJECT:
        assert made is None
        return
    assert made is not None
    assert made.why
    assert (made.owner, made.at) == ("Ada", "2026-01-01T00:00:00+00:00")


def test_a_convention_suppresses_with_its_sentence_owner_and_time():
    origin = report(rule="x/1")
    convention = Convention("c1", "So it is.", (), "Bob", "t9", "", (origin,))
    made = suppression_by_convention(report(rule="x/1", line=5), [convention], lambda *_: True)
    assert made is not None
    assert (made.why, made.owner, made.at, made.convention) == ("So it is.", "Bob", "t9", "c1")
    assert suppression_by_convention(report(rule="x/2"), [convention], lambda *_: True) is None


@given(
    st.dictionaries(st.sampled_from("abc"), st.lists(decided_strategy, max_size=3).map(tuple)),
    st.sets(st.sampled_from("abcd")),
)
def test_reopening_forgets_other_sessions_on_these_findings_only(history, fingerprints):
    session = next((one.session for many in history.values() for one in many), "s")
    made = reopened(Triage(history), fingerprints, session)
    assert made.history.keys() == history.keys()
    for fingerprint, decisions in history.items():
        if fingerprint in fingerprints:
            kept = tuple(one for one in decisions if one.session == session)
            assert made.history[fingerprint] == kept
        else:
            assert made.history[fingerprint] == decisions


def test_every_state_is_counted():
    made = carry_counts([CarriedState.NEW, CarriedState.BACK, CarriedState.NEW])
    assert made == {
        CarriedState.NEW: 2,
        CarriedState.STILL_THERE: 0,
        CarriedState.FIXED: 0,
        CarriedState.BACK: 1,
        CarriedState.REGRESSED: 0,
    }
