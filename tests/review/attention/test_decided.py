"""A decision counts for the version of a file that it was made about."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.reports import finding, report
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, FileStatus
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import AttentionWeighed, Event
from xreview.domain.events.review_events import WeighedFile
from xreview.domain.state import Decided, Triage
from xreview.domain.viewed import diff_digest
from xreview.journal.store import Journal
from xreview.review.attention.decided import decided_as_they_are
from xreview.review.session.snapshot import ReviewSnapshot

FOUND = finding(report())
PATH = FOUND.anchor.path
REJECTED = Decision(Verdict.REJECT, Reason.REVIEWER_WRONG)
NOW, THEN = b"@@ -0,0 +1 @@\n+a = 2\n", b"@@ -0,0 +1 @@\n+a = 1\n"


def file_with(body: bytes) -> FileDiff:
    return FileDiff(PATH, FileStatus.ADDED, body=body)


def decided_in(session: str) -> ReviewSnapshot:
    """The session `now`, with a decision of this session."""
    at = "2026-12-01T00:00:00.000000+00:00"
    made = Decided("action", REJECTED, session, at, "Ada")
    return ReviewSnapshot(
        "now",
        ChangeSource(ChangeKind.WORKTREE, "worktree", "/r"),
        files=(file_with(NOW),),
        findings=(FOUND,),
        triage=Triage(history={FOUND.fingerprint: (made,)}),
    )


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def weighed(journal: Path, session: str, digest: str) -> None:
    file = WeighedFile(PATH, AttentionLevel.DECIDE, (), digest)
    payload = AttentionWeighed(AttentionLevel.DECIDE, (), (file,))
    at = "2026-12-01T00:00:00.000000+00:00"
    with Journal.open(journal) as opened:
        opened.append([Event(f"weighed-{session}", session, "/r/.git", at, "Ada", payload)])


def test_a_decision_of_this_session_counts(journal: Path) -> None:
    assert decided_as_they_are(decided_in("now"), journal) == {PATH}


def test_an_earlier_decision_counts_while_the_file_is_as_it_was(journal: Path) -> None:
    weighed(journal, "before", diff_digest(file_with(NOW)))
    assert decided_as_they_are(decided_in("before"), journal) == {PATH}


@pytest.mark.parametrize("digest", [diff_digest(file_with(THEN)), ""])
def test_a_decision_about_another_version_does_not_count(journal: Path, digest: str) -> None:
    weighed(journal, "before", digest)
    assert decided_as_they_are(decided_in("before"), journal) == frozenset()


def test_a_session_that_was_never_weighed_does_not_count(journal: Path) -> None:
    weighed(journal, "another", diff_digest(file_with(NOW)))
    assert decided_as_they_are(decided_in("before"), journal) == frozenset()


def test_a_file_with_an_open_finding_does_not_count(journal: Path) -> None:
    other = finding(report("Another problem"))
    snapshot = replace(decided_in("now"), findings=(FOUND, other))
    assert snapshot.open_findings == (other,)
    assert decided_as_they_are(snapshot, journal) == frozenset()
