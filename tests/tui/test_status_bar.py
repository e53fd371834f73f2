"""The header: who reads and how far they are, at every width; what it costs; what is not saved."""

from dataclasses import replace

import pytest

from tests.fakes.reports import finding, report
from xreview.domain.author import Attribution, Author
from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, FileStatus
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.review.opponent import Assignment, Candidate, Choice
from xreview.review.pending import Pending
from xreview.review.snapshot import ReviewerProgress, ReviewerState, ReviewSnapshot
from xreview.reviewers.base import Usage
from xreview.tui.widgets.status_bar import change_line, dollars, progress_line

SOURCE = ChangeSource(ChangeKind.WORKTREE, "uncommitted changes in the worktree of a project", "")
GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")
RISK = ReviewerIdentity("risk", ReviewerKind.ANALYSER, "", "")


def progress(identity: ReviewerIdentity, state: ReviewerState, **more) -> ReviewerProgress:
    return ReviewerProgress(identity, Lens.RISK, state, **more)


def snapshot(*reviewers: ReviewerProgress, is_same_family: bool = False) -> ReviewSnapshot:
    author = Author("openai", "codex", "gpt-6.2-sol")
    candidate = Candidate("gpt", "openai", ReviewerKind.MODEL)
    choice = Choice((Assignment(candidate, Lens.RISK, None, is_same_family),), "Said.")
    return ReviewSnapshot(
        "s",
        SOURCE,
        (FileDiff("a.py", FileStatus.MODIFIED),),
        author=author,
        is_collected=True,
        reviewers=reviewers,
        attribution=Attribution(author),
        choice=choice,
    )


def text(parts) -> str:
    return "".join(part if isinstance(part, str) else part[0] for part in parts)


READING = snapshot(
    progress(GPT, ReviewerState.READING, usage=Usage(100, 10, 0.034)),
    progress(RISK, ReviewerState.DONE),
    is_same_family=True,
)


@pytest.mark.parametrize("width", [160, 100, 70])
def test_readers_their_state_and_the_same_family_are_there_at_every_width(width: int) -> None:
    line = text(change_line(READING, width))
    assert len(line) <= width
    assert "gpt …" in line
    assert "same family" in line
    assert ("risk ✓" in line) is (width > 100) or "+1" in line


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        (ReviewerState.WAITING, "…"),
        (ReviewerState.DONE, "✓"),
        (ReviewerState.FAILED, "✗"),
        (ReviewerState.CANCELLED, "✗"),
    ],
)
def test_each_state_has_a_sign(state: ReviewerState, sign: str) -> None:
    assert f"gpt {sign}" in text(change_line(snapshot(progress(GPT, state)), 160))


def test_a_reviewer_with_two_parts_is_named_once_and_failed_if_one_did() -> None:
    both = snapshot(progress(GPT, ReviewerState.DONE), progress(GPT, ReviewerState.FAILED))
    line = text(change_line(both, 160))
    assert line.count("gpt ") == 1
    assert "gpt ✗" in line


def test_models_are_named_before_analysers() -> None:
    both = snapshot(progress(RISK, ReviewerState.DONE), progress(GPT, ReviewerState.DONE))
    assert "read by gpt ✓ + risk ✓" in text(change_line(both, 160))


def test_analysers_are_said_to_be_such() -> None:
    assert "risk ✓ (analysers)" in text(
        change_line(snapshot(progress(RISK, ReviewerState.DONE)), 160)
    )
    economy = replace(RISK, name="economy")
    both = snapshot(progress(RISK, ReviewerState.DONE), progress(economy, ReviewerState.FAILED))
    assert text(change_line(both, 66)).endswith("read by analysers ✗")
    assert "read by nobody" in text(change_line(snapshot(), 160))


def test_the_cost_is_exact_or_said_to_be_unknown() -> None:
    assert text(progress_line(READING)).endswith("  $0.03")
    unknown = snapshot(progress(GPT, ReviewerState.READING, usage=Usage(1, 1, None)))
    assert text(progress_line(unknown)).endswith("  $?")
    analysers = snapshot(progress(RISK, ReviewerState.READING))
    assert text(progress_line(analysers)).endswith("  no cost")
    assert [dollars(one) for one in (0.0, 0.004, 0.01, 1.005, None)] == [
        "$0.00",
        "<$0.01",
        "$0.01",
        f"${1.005:.2f}",
        "$?",
    ]


def test_it_is_never_said_to_be_all_read_while_somebody_may_join() -> None:
    done = snapshot(progress(RISK, ReviewerState.DONE))
    assert "all read" in text(progress_line(done))
    joining = text(progress_line(replace(done, is_joining=True)))
    assert "all read" not in joining
    assert "finding out who else reads" in joining


def test_what_is_not_on_disk_comes_first() -> None:
    pending = replace(READING, pending=Pending(2, frozenset({"f"})))
    assert text(progress_line(pending)).startswith(" ⚠ 2 not on disk ")
    assert "not on disk" not in text(progress_line(READING))


def test_names_are_shown_not_executed() -> None:
    evil = replace(GPT, name="g\x1b[2Jpt")
    assert "\x1b" not in text(change_line(snapshot(progress(evil, ReviewerState.DONE)), 160))


def test_unanchored_findings_and_results_left_out_are_counted_apart():
    seen = finding(report("seen"))
    nowhere = finding(report("nowhere", anchored=False))
    shown = replace(snapshot(), findings=(seen, nowhere), left_out=19)
    assert shown.open_findings == (seen,)
    line = text(progress_line(shown))
    assert line.startswith(" 1 open · 1 unanchored · 19 imported results left out (d)")
    alone = replace(snapshot(), findings=(nowhere,))
    assert text(progress_line(alone)).startswith("  · 1 unanchored")
