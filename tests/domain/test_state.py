from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.strategies import decisions
from xreview.domain.change import Side
from xreview.domain.decision import REASONS, Decision, Reason, Verdict
from xreview.domain.events.event import (
    CoverageReceived,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    NoteWritten,
)
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    Report,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
)
from xreview.domain.ruling import ChosenReport, Ruling
from xreview.domain.state import Triage, apply, fold, resume

ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
REJECT = Decision(Verdict.REJECT, Reason.INTENDED)


def event(payload, second=0):
    return Event("e", "s", "/r", f"2025-01-01T00:00:{second:02}.000000+00:00", "Ada", payload)


def finding(*fingerprints: str, severity=Severity.LOW) -> Finding:
    reports = tuple(
        Report(
            fingerprint=fingerprint,
            reviewer=ReviewerIdentity("risk", ReviewerKind.ANALYSER, "ruff"),
            lens=Lens.RISK,
            rule="",
            title="",
            claim="",
            scenario="",
            category=Category.TIMING,
            severity=severity,
            confidence=Confidence.LOW,
            anchor=Anchor("a.py", Side.NEW, 1, 1, ""),
        )
        for fingerprint in fingerprints
    )
    return Finding(reports, (), Disagreement.LONE)


FINGERPRINTS = ("f1", "f2", "f3")
ONE = finding("f1")
BOTH = finding("f1", "f2")

some_subjects = st.lists(st.sampled_from(FINGERPRINTS), min_size=1, max_size=3, unique=True)
actions = st.sampled_from(["a1", "a2", "a3", "a4"])
histories = st.lists(
    st.builds(
        event,
        st.one_of(
            st.builds(DecisionMade, actions, some_subjects.map(tuple), decisions),
            st.builds(DecisionUndone, actions),
            st.builds(DecisionRedone, actions),
            st.builds(NoteWritten, some_subjects.map(tuple), st.sampled_from(["", "x", "y"])),
            st.just(CoverageReceived(())),
        ),
        st.integers(0, 3),
    ),
    max_size=14,
)


def play(events, start=None) -> Triage:
    return reduce(apply, events, start or Triage())


@settings(max_examples=200, deadline=None)
@given(histories)
def test_applying_one_by_one_is_folding(events):
    assert play(events) == fold(events)


@given(histories)
def test_what_can_be_undone_and_redone_is_named_once(events):
    triage = fold(events)
    assert len(set(triage.undoable)) == len(triage.undoable)
    assert len(set(triage.redoable)) == len(triage.redoable)


def shown(triage: Triage):
    """What a person sees of a state."""
    return [
        (triage.decided(one), triage.note(one), triage.is_open(one), triage.verdict(one))
        for one in (ONE, BOTH, finding("f2", "f3"))
    ]


@given(histories, some_subjects.map(tuple), decisions)
def test_undo_takes_back_and_redo_brings_back(events, subjects, decision):
    before = fold(events)
    made = apply(before, event(DecisionMade("new", subjects, decision), 9))
    undone = apply(made, event(DecisionUndone("new")))
    redone = apply(undone, event(DecisionRedone("new")))
    assert made.undoable[-1] == "new"
    assert made.redoable == ()
    assert shown(undone) == shown(before)
    assert undone.undoable == before.undoable
    assert undone.redoable == ("new",)
    assert shown(redone) == shown(made)
    assert (redone.undoable, redone.redoable) == (made.undoable, made.redoable)


@given(st.lists(st.tuples(some_subjects.map(tuple), decisions), max_size=6))
def test_undoing_everything_opens_everything_and_redoing_brings_it_all_back(made):
    done = fold(event(DecisionMade(f"a{number}", *one), number) for number, one in enumerate(made))
    triage = done
    while triage.undoable:
        triage = apply(triage, event(DecisionUndone(triage.undoable[-1])))
    assert all(triage.is_open(finding(name)) for name in FINGERPRINTS)
    while triage.redoable:
        triage = apply(triage, event(DecisionRedone(triage.redoable[-1])))
    assert shown(triage) == shown(done)
    assert triage.undoable == done.undoable


def test_one_undo_takes_back_all_decisions_of_one_action():
    made = [event(DecisionMade("bulk", (name,), REJECT)) for name in FINGERPRINTS]
    triage = fold(made)
    assert triage.undoable == ("bulk",)
    triage = apply(triage, event(DecisionUndone("bulk")))
    assert all(triage.is_open(finding(name)) for name in FINGERPRINTS)


def test_a_new_decision_ends_redoing():
    triage = fold(
        [
            event(DecisionMade("a1", ("f1",), ACCEPT)),
            event(DecisionUndone("a1")),
            event(DecisionMade("a2", ("f2",), ACCEPT)),
        ]
    )
    assert triage.redoable == ()


def test_the_latest_decision_holds():
    first = event(DecisionMade("a1", ("f1",), ACCEPT), 1)
    second = event(DecisionMade("a2", ("f1",), REJECT), 2)
    assert fold([first, second]).verdict(ONE) is Verdict.REJECT


def test_of_two_decisions_at_one_moment_the_one_written_last_holds():
    first = event(DecisionMade("a1", ("f1",), ACCEPT))
    second = event(DecisionMade("a2", ("f1",), REJECT))
    assert fold([first, second]).verdict(ONE) is Verdict.REJECT
    assert fold([second, first]).verdict(ONE) is Verdict.ACCEPT


def test_a_decision_holds_when_a_report_joins_or_leaves():
    triage = fold([event(DecisionMade("a1", ("f1", "f2"), ACCEPT))])
    assert triage.verdict(finding("f2")) is Verdict.ACCEPT
    assert triage.verdict(finding("f3", "f1")) is Verdict.ACCEPT
    assert triage.is_open(finding("f3"))


def test_an_empty_note_takes_the_note_away():
    triage = fold([event(NoteWritten(("f1", "f2"), "hm")), event(NoteWritten(("f1",), ""))])
    assert triage.note(ONE) == ""
    assert triage.note(BOTH) == "hm"
    assert fold([event(NoteWritten(("f2",), "x"))]).note(ONE) == ""


def test_a_new_session_keeps_decisions_and_starts_undo_afresh():
    triage = fold([event(DecisionMade("a1", ("f1",), ACCEPT)), event(DecisionUndone("a1"))])
    kept = resume(apply(triage, event(DecisionMade("a2", ("f1",), REJECT))))
    assert kept.verdict(ONE) is Verdict.REJECT
    assert (kept.undoable, kept.redoable) == ((), ())


def test_a_state_is_not_changed_by_what_comes_after():
    before = fold([event(DecisionMade("a1", ("f1",), ACCEPT))])
    copy = replace(before)
    apply(before, event(DecisionMade("a2", ("f1",), REJECT)))
    assert before == copy


@pytest.mark.parametrize("verdict", Verdict)
def test_a_reason_belongs_to_one_verdict(verdict):
    for reason in Reason:
        if reason in REASONS[verdict]:
            assert Decision(verdict, reason).label == f"{verdict.done}: {reason}"
        else:
            with pytest.raises(ValueError, match="isn't a reason to"):
                Decision(verdict, reason)
    assert [reason in REASONS[verdict] for verdict in Verdict for reason in Reason].count(
        True
    ) == len(Reason)


def test_a_finding_has_a_report_and_its_worst_severity():
    with pytest.raises(ValueError, match="at least one report"):
        Finding((), (), Disagreement.LONE)
    low, high = finding("f1"), finding("f2", severity=Severity.CRITICAL)
    both = Finding(low.reports + high.reports + low.reports, (), Disagreement.LONE)
    assert both.severity is Severity.CRITICAL
    assert both.fingerprints == ("f1", "f2")
    assert both.fingerprint == "f1"


def chose(name, *subjects, action="a1", second=0):
    chosen = (ChosenReport(name, "risk"),)
    return event(DecisionMade(action, subjects, ACCEPT, None, None, chosen), second)


def test_a_chosen_side_holds_where_the_finding_comes_back_with_it():
    state = fold([chose("f2", "f1", "f2")])
    assert state.verdict(BOTH) is Verdict.ACCEPT
    assert state.verdict(finding("f2")) is Verdict.ACCEPT
    assert state.chosen_part(BOTH).fingerprints == ("f2",)


def test_a_side_that_was_not_chosen_is_open_on_its_own():
    state = fold([chose("f2", "f1", "f2")])
    assert state.is_open(ONE)
    assert state.chosen_part(ONE) is ONE
    again = fold([event(DecisionMade("a0", ("f1",), REJECT)), chose("f2", "f1", "f2", second=1)])
    assert again.verdict(ONE) is Verdict.REJECT


@given(histories)
def test_without_a_chosen_side_a_finding_stays_whole(events):
    assert fold(events).chosen_part(BOTH) is BOTH


def test_a_decision_says_its_side_in_words():
    decided = fold([chose("f2", "f1", "f2")]).decided(BOTH)
    assert decided is not None
    assert decided.words == "accepted: fix, siding with risk"
    ruled = replace(decided, chosen=(), ruling=Ruling.REVIEWER)
    assert ruled.words == "accepted: fix, reviewer right"
