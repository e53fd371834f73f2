import pytest

from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.disagreement import Disagreement
from xreview.domain.event import CoverageReceived
from xreview.domain.finding import Finding
from xreview.domain.state import Triage, fold
from xreview.journal.replay import coverage_of, reports_of, triage_of
from xreview.journal.store import Journal

from .build import (
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


@pytest.fixture
def journal(tmp_path):
    with Journal.open(tmp_path / "journal.sqlite3") as journal:
        yield journal


def test_a_new_journal_holds_an_untouched_triage(journal):
    assert triage_of(journal, REPOSITORY) == Triage()
    assert reports_of(journal, "s1") == ()
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
    assert [found.fingerprint for found in reports_of(journal, "s1")] == ["f2", "f1"]


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
