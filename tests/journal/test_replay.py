import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.journal.build import (
    ACCEPT,
    REJECT,
    REPOSITORY,
    decided,
    event,
    noted,
    opened,
    redone,
    report,
    reported,
    undone,
)
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.escalation_events import Favour
from xreview.domain.events.event import (
    CoverageReceived,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    FixApplied,
    FixDiscarded,
    FixJudged,
    FixReverted,
    FixStarted,
    NoteWritten,
    OpinionGiven,
    ReportReceived,
    StanceTaken,
)
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.fixer import MECHANICAL
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.state import fix_state
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.state import Triage, fold, joined_state, restrict, resume
from xreview.journal.replay import (
    escalations_of,
    fixes_of,
    recall,
    stances_of,
    triage_of,
)
from xreview.journal.store import Journal


@pytest.fixture
def journal(tmp_path):
    with Journal.open(tmp_path / "journal.sqlite3") as journal:
        yield journal


def payloads_of(journal: Journal, session: str, kind):
    return [event.payload for event in journal.events(session=session, types=(kind,))]


def session_reports(journal: Journal, session: str):
    return tuple(one.report for one in payloads_of(journal, session, ReportReceived))


def coverage_of(journal: Journal, session: str):
    """As it was written last; empty where the session ended before its review did."""
    return next(
        (one.entries for one in reversed(payloads_of(journal, session, CoverageReceived))), ()
    )


def test_a_new_journal_holds_an_untouched_triage(journal):
    assert triage_of(journal, REPOSITORY) == Triage()
    assert session_reports(journal, "s1") == ()
    assert coverage_of(journal, "s1") == ()


def test_the_triage_of_a_repository_is_the_fold_of_its_events_in_all_sessions(journal):
    events = [
        opened(),
        reported("r1"),
        decided("d1", "f1"),
        decided("d2", "f2", decision=REJECT),
        undone("u1", "d1"),
        redone("x1", "d1"),
        noted("n1", "f1", "mind the gap", session="s2"),
    ]
    journal.append([*events, decided("d9", "f1", decision=REJECT, repository="/elsewhere")])
    triage = triage_of(journal, REPOSITORY)
    assert triage == fold(events)
    finding = Finding((report("f1"),), (), Disagreement.LONE)
    decided_now = triage.decided(finding)
    assert decided_now is not None
    assert decided_now.decision == ACCEPT
    assert triage.note(finding) == "mind the gap"


def test_the_reports_of_a_session_in_the_order_they_came(journal):
    journal.append([reported("r2", "f2"), reported("r1", "f1"), reported("x", session="s2")])
    assert [found.fingerprint for found in session_reports(journal, "s1")] == ["f2", "f1"]


def test_the_coverage_of_a_session_is_what_was_written_last(journal):
    entries = tuple(CoverageEntry("risk", path, Reading.READ) for path in "ab")
    journal.append(
        [
            event("c1", CoverageReceived(entries[:1])),
            event("c2", CoverageReceived(entries)),
            event("c3", CoverageReceived(()), session="s2"),
        ]
    )
    assert coverage_of(journal, "s1") == entries


FINGERPRINTS = ("f1", "f2", "f3", "f\udc80")
ACTIONS = ("a1", "a2", "a3")
repositories = st.sampled_from((REPOSITORY, "/elsewhere"))
some = st.lists(st.sampled_from(FINGERPRINTS), min_size=1, max_size=3).map(tuple)
histories = st.lists(
    st.tuples(
        st.builds(DecisionMade, st.sampled_from(ACTIONS), some, st.sampled_from((ACCEPT, REJECT)))
        | st.builds(DecisionUndone, st.sampled_from(ACTIONS))
        | st.builds(DecisionRedone, st.sampled_from(ACTIONS))
        | st.builds(NoteWritten, some, st.sampled_from(("", "a note", "another"))),
        repositories,
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(histories, st.sets(st.sampled_from(FINGERPRINTS)), st.sets(st.sampled_from(FINGERPRINTS)))
def test_what_is_recalled_is_what_the_whole_fold_says_about_it(history, first, second):
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "j") as journal:
        journal.append(
            event(f"e{number}", payload, repository=repository, second=number)
            for number, (payload, repository) in enumerate(history)
        )
        whole = resume(triage_of(journal, REPOSITORY))
        together = Triage()
        for fingerprints in (first, second):
            together = joined_state(together, recall(journal, REPOSITORY, fingerprints))
    for fingerprint in FINGERPRINTS:
        finding = Finding((report(fingerprint),), (), Disagreement.LONE)
        seen = fingerprint in first | second
        assert together.decided(finding) == (whole.decided(finding) if seen else None)
        assert together.note(finding) == (whole.note(finding) if seen else "")
    assert restrict(together, first).history.keys() <= first


def test_recalling_reads_only_what_is_about_the_findings(journal):
    journal.append([decided(f"d{number}", f"other{number}") for number in range(2000)])
    journal.append([decided("mine", "f1"), undone("u1", "mine")])
    stream = journal.events(repository=REPOSITORY, types=(DecisionMade,), about=("f1",))
    assert [found.id for found in stream] == ["mine"]
    assert list(journal.events(about=("mine",))) == [undone("u1", "mine")]
    assert list(journal.events(about=())) == []


def test_stances_come_back_in_time_over_all_sessions(journal):
    rebutted, conceded, other = (
        StanceTaken((subject,), Stance(report().reviewer, kind, "So it is."))
        for subject, kind in (
            ("f1", StanceKind.REBUTS),
            ("f1", StanceKind.CONCEDES),
            ("f2", StanceKind.REBUTS),
        )
    )
    journal.append(
        [
            opened(),
            event("t2", conceded, session="s2", second=2),
            event("t1", rebutted, second=1),
            event("t3", other),
            event("t4", rebutted, repository="/elsewhere", second=3),
        ]
    )
    assert stances_of(journal, REPOSITORY, ["f1"]) == (rebutted, conceded)
    assert stances_of(journal, REPOSITORY, []) == ()


def test_escalations_come_back_with_their_opinions_and_outcomes(journal):
    escalated = Decision(Verdict.ESCALATE, Reason.ARBITER)
    opinion = OpinionGiven(
        "a1", ("f1",), report().reviewer, Favour.BOTH, False, "So.", "x", "", "a.py", 1, True
    )
    settled = EscalationResolved("a1", ("f1",), "measured", "Ada")
    journal.append(
        [
            opened(),
            decided("d1", "f1", decision=escalated, action="a1"),
            event("o1", opinion, second=1),
            event("r1", settled, second=2),
        ]
    )
    (found,) = escalations_of(journal, REPOSITORY, ["f1"])
    assert [one.given for one in found.opinions] == [opinion]
    assert [one.resolved for one in found.outcomes] == [settled]
    assert escalations_of(journal, REPOSITORY, ["f2"]) == ()
    journal.append([undone("u1", "a1", second=3)])
    assert escalations_of(journal, REPOSITORY, ["f1"]) == ()


FIXES = st.sampled_from(["x1", "x2"])
NAMES = st.lists(st.sampled_from(["f1", "f2", "f3"]), min_size=1, max_size=2, unique=True)
ACTIONS = st.sampled_from(["a1", "a2"])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.builds(lambda fix: FixStarted(fix, MECHANICAL, "t", ()), FIXES),
            st.builds(
                lambda fix, names, outcome: FixJudged(fix, tuple(names), outcome, "why"),
                FIXES,
                NAMES,
                st.sampled_from(FixOutcome),
            ),
            st.builds(
                lambda action, fix, names, is_whole: FixApplied(
                    f"{fix}/{action}", fix, tuple(names), ("a.py",), is_whole
                ),
                ACTIONS,
                FIXES,
                NAMES,
                st.booleans(),
            ),
            st.builds(lambda action, fix: FixReverted(f"{fix}/{action}", fix), ACTIONS, FIXES),
            st.builds(FixDiscarded, FIXES),
        ),
        max_size=15,
    )
)
def test_the_fixes_of_one_finding_are_what_the_whole_journal_says_of_it(payloads):
    applied = [one.action for one in payloads if isinstance(one, FixApplied)]
    assume(len(applied) == len(set(applied)))  # each application is an action of its own
    told = [event(f"e{n}", payload, second=n) for n, payload in enumerate(payloads)]
    whole = fix_state(told)
    with (
        tempfile.TemporaryDirectory() as folder,
        Journal.open(Path(folder) / "journal.sqlite3") as journal,
    ):
        journal.append(told)
        for name in ("f1", "f2", "f3"):
            alone = fixes_of(journal, REPOSITORY, {name})
            assert alone.by_fingerprint.get(name) == whole.by_fingerprint.get(name)
        assert fixes_of(journal, "/other", {"f1"}).fixers == {}
