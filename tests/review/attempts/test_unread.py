from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, FileStatus
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.review.attempts.unread import MOST_SENTENCES, unread_in
from xreview.review.session.snapshot import ReviewerProgress, ReviewerState, ReviewSnapshot

OPUS = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "claude-opus-5-5")
SOURCE = ChangeSource(ChangeKind.ATTEMPT, "attempt A", "/repo", "b", "h")


def snapshot(count: int, *coverage: CoverageEntry, state: ReviewerState = ReviewerState.DONE):
    body = b"@@ -0,0 +1 @@\n+x\n"
    files = tuple(FileDiff(f"{n}.py", FileStatus.ADDED, body=body) for n in range(count))
    reviewers = (ReviewerProgress(OPUS, Lens.RISK, state),)
    return ReviewSnapshot(
        "s", SOURCE, files, is_collected=True, reviewers=reviewers, coverage=coverage
    )


def entry(path: str, reading: Reading = Reading.READ, why: str = "") -> CoverageEntry:
    return CoverageEntry("opus", path, reading, why)


def test_nothing_is_said_of_what_was_read():
    assert unread_in(snapshot(1, entry("0.py"))) == ()


def test_files_with_one_reason_are_one_sentence():
    gaps = [entry(f"{n}.py", Reading.FAILED, "it broke off.") for n in range(5)]
    assert unread_in(snapshot(5, *gaps)) == (
        "opus did not read 0.py, 1.py, 2.py and 2 more: it broke off.",
    )


def test_trouble_comes_first_and_reasons_are_bounded():
    gaps = [entry(f"{n}.py", Reading.FAILED, f"reason {n}") for n in range(30)]
    told = unread_in(snapshot(30, *gaps), "gemini can't be used.")
    assert told[0] == "gemini can't be used."
    assert len(told) == MOST_SENTENCES + 1
    assert told[-1].startswith("21 more gaps")


def test_a_review_that_is_not_complete_always_says_something():
    failed = snapshot(1, entry("0.py"), state=ReviewerState.CANCELLED)
    assert unread_in(failed) == ("opus did not finish: the review was stopped before its end.",)
    assert unread_in(snapshot(1))  # nobody accounted for the file
