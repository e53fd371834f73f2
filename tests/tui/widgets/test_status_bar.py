"""The header: who reads and how far they are, at every width; what it costs; what is not saved."""

from dataclasses import replace

import pytest

from tests.fakes.reports import finding, report
from xreview.domain.authorship.author import MIXED, PERSON, Attribution, Author, VendorShare
from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, FileStatus, Unshown
from xreview.domain.coverage import IGNORED, CoverageEntry, Reading
from xreview.domain.related import RelatedCode, UntouchedCaller
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.ports.reviewer import Usage
from xreview.review.choosing.choice import Assignment, Candidate, ReaderChoice
from xreview.review.session.pending import Pending
from xreview.review.session.snapshot import ReviewerProgress, ReviewerState, ReviewSnapshot
from xreview.tui.widgets.status_bar import change_line, dollars, progress_line, question_parts

SOURCE = ChangeSource(ChangeKind.WORKTREE, "uncommitted changes in the worktree of a project", "")
GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")
RISK = ReviewerIdentity("risk", ReviewerKind.ANALYSER, "", "")


def progress(identity: ReviewerIdentity, state: ReviewerState, **more) -> ReviewerProgress:
    return ReviewerProgress(identity, Lens.RISK, state, **more)


def snapshot(*reviewers: ReviewerProgress, is_same_family: bool = False) -> ReviewSnapshot:
    author = Author("openai", "codex", "gpt-6.2-sol")
    candidate = Candidate("gpt", "openai", ReviewerKind.MODEL)
    choice = ReaderChoice((Assignment(candidate, Lens.RISK, None, is_same_family),), "Said.")
    return ReviewSnapshot(
        "s",
        SOURCE,
        (FileDiff("a.py", FileStatus.MODIFIED),),
        author=author,
        is_collected=True,
        reviewers=reviewers,
        coverage=(CoverageEntry("risk", "a.py", Reading.READ),),
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


def test_people_who_commented_are_not_said_to_have_read() -> None:
    bob = progress(ReviewerIdentity("bob", ReviewerKind.PERSON, "person"), ReviewerState.DONE)
    line = text(change_line(snapshot(progress(GPT, ReviewerState.DONE), bob), 160))
    assert "read by gpt ✓ · comments by bob" in line
    short = text(change_line(snapshot(progress(RISK, ReviewerState.DONE), bob), 60))
    assert "bob" not in short
    assert "analysers ✓" in short


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
    assert "choosing reviewers" in joining


def test_what_nobody_read_is_told_with_the_number_of_its_lines() -> None:
    files = (
        FileDiff("a.py", FileStatus.MODIFIED, body=b"@@ -1 +1 @@\n-a\n+b\n"),
        FileDiff("b.md", FileStatus.MODIFIED, body=b"@@ -0,0 +1,2 @@\n+a\n+b\n"),
        FileDiff("c.py", FileStatus.ADDED),
    )
    done = replace(snapshot(progress(RISK, ReviewerState.DONE)), files=files)
    skipped = CoverageEntry("risk", "b.md", Reading.SKIPPED, "no rules", expected=True)
    left_out = CoverageEntry("risk", "c.py", Reading.LEFT_OUT, IGNORED)
    missed = replace(done, coverage=(*done.coverage, skipped, left_out))
    said = "not read: 1 file, 2 lines (d)"
    assert said in text(progress_line(missed))
    more = replace(missed, unread=(Unshown("d.py", "too large", 900), Unshown("", "no diff", 3)))
    assert "not read: 3 files, 905 lines (d)" in text(progress_line(more))
    read = replace(skipped, reading=Reading.READ)
    all_read = text(progress_line(replace(done, coverage=(*done.coverage, read, left_out))))
    assert "✓ all read (2 files, 4 lines) · 1 file left out by your settings" in all_read


def test_it_is_never_said_to_be_all_read_while_git_counts() -> None:
    counting = replace(snapshot(progress(RISK, ReviewerState.DONE)), is_counting=True)
    assert "counting changed lines" in text(progress_line(counting))
    assert not counting.is_complete


def test_what_is_not_on_disk_comes_first() -> None:
    pending = replace(READING, pending=Pending(2, frozenset({"f"})))
    assert text(progress_line(pending)).startswith(" ⚠ 2 not saved ")
    assert "not saved" not in text(progress_line(READING))


def test_names_are_shown_not_executed() -> None:
    evil = replace(GPT, name="g\x1b[2Jpt")
    assert "\x1b" not in text(change_line(snapshot(progress(evil, ReviewerState.DONE)), 160))


def test_what_a_model_does_is_told_before_what_analysers_do() -> None:
    told = "cart.py: answering, 12 tokens/s, about 3 min left"
    found = snapshot(
        progress(RISK, ReviewerState.READING, done=1, total=4, doing="cart.py"),
        progress(GPT, ReviewerState.READING, done=0, total=4, doing=told),
    )
    assert found.doing == told
    assert f"1/8 {told}" in text(progress_line(found))


def test_what_is_over_does_nothing_any_more() -> None:
    found = snapshot(
        progress(GPT, ReviewerState.FAILED, done=0, total=4, doing="thinking"),
        progress(RISK, ReviewerState.READING, done=1, total=4, doing="cart.py"),
    )
    assert found.doing == "cart.py"


def test_unanchored_findings_and_results_left_out_are_counted_apart():
    seen = finding(report("seen"))
    nowhere = finding(report("nowhere", anchored=False))
    shown = replace(snapshot(), findings=(seen, nowhere), left_out=19)
    assert shown.open_findings == (seen,)
    line = text(progress_line(shown))
    assert line.startswith(" 1 finding open · 1 unanchored · 19 imported results left out (d)")
    related = RelatedCode(callers=(UntouchedCaller("b.py", 3, "save", "a.py", "it's gone"),))
    line = text(progress_line(replace(shown, left_out=0, related=related)))
    assert line.startswith(" 1 finding open · 1 unanchored · 1 related place not in the change (T)")
    alone = replace(snapshot(), findings=(nowhere,))
    assert text(progress_line(alone)).startswith("  · 1 unanchored")


@pytest.mark.parametrize("width", [160, 100, 70])
def test_waiting_questions_are_counted_and_the_first_is_in_words(width: int) -> None:
    line = text(question_parts(["Send code to api.openai.com (openai)?", "Else?"], "Q", width))
    assert line.startswith(" ? 2 questions · Q  Send code to api.openai.com (openai)? ")
    long = text(question_parts(["Send code to " + "x" * 200], "Q", width))
    assert len(long) <= width
    assert question_parts([], "Q", width) == []
    assert "\x1b" not in text(question_parts(["\x1b[2J"], "", width))


def test_the_models_are_said_to_wait_for_an_answer() -> None:
    joining = replace(snapshot(progress(RISK, ReviewerState.DONE)), is_joining=True)
    assert "the models wait for your answer" in text(progress_line(joining, is_asked=True))


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (160, "author mixed: openai 21 %, rest unknown"),
        (120, "author mixed: openai 21 %, rest unknown"),
        (70, "by mostly unknown"),
    ],
)
def test_no_single_author_is_named_where_most_is_unknown(width: int, said: str) -> None:
    shares = (VendorShare("", 0.79), VendorShare("openai", 0.21))
    unknown = replace(READING, attribution=Attribution(READING.author, shares=shares))
    line = text(change_line(unknown, width))
    assert said in line
    assert "gpt-6.2" not in line
    known = (VendorShare("openai", 0.79), VendorShare("", 0.21))
    mostly = replace(READING, attribution=Attribution(READING.author, shares=known))
    assert "unknown" not in text(change_line(mostly, width))


def test_a_person_is_named() -> None:
    author = Author(PERSON)
    by_person = replace(READING, author=author, attribution=Attribution(author))
    assert "author person" in text(change_line(by_person, 160))
    assert "by a person" in text(change_line(by_person, 70))


def test_a_mixed_author_is_several_where_room_is_short() -> None:
    several = Author(vendor=MIXED)
    shares = (VendorShare("openai", 0.6), VendorShare("anthropic", 0.4))
    mixed = replace(READING, author=several, attribution=Attribution(several, shares=shares))
    assert "by several · read by" in text(change_line(mixed, 70))
