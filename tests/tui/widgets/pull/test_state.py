"""What a pull request's screen knows, and the rows and keys that follow from it."""

from dataclasses import replace

from tests.fakes.forge import AUTHOR, ME
from tests.fakes.posting import ANSWERED, PULL, UNANSWERED, comment_on, remark, said
from tests.fakes.reports import report
from xreview.domain.change import ChangeKind, ChangeSource, Side
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.pull.posting import PendingReview, PostedComment, ReviewPlan
from xreview.review.pulls.posting import PostPreview
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.pull.rows import place_words, post_rows
from xreview.tui.widgets.pull.state import PullTab, ShownPull, undecided_threads
from xreview.tui.widgets.pull.words import (
    NOTHING_ACCEPTED,
    NOTHING_LEFT,
    empty_list_words,
    nothing_to_post,
    tab_parts,
)
from xreview.tui.widgets.pull.working import working_pull_actions
from xreview.tui.widgets.row_list import RowHeading

ONE = Finding((replace(report("One"), source="T1"),), (), Disagreement.LONE)
TWO = Finding((replace(report("Two"), source="T2"),), (), Disagreement.LONE)
SOURCE = ChangeSource(ChangeKind.WORKTREE, "worktree", "/r")
SNAPSHOT = ReviewSnapshot(
    "s", SOURCE, findings=(ONE, TWO), threads={"T1": ANSWERED, "T2": UNANSWERED}
)


def preview(*findings, already=(), existing=None):
    plan = ReviewPlan("a" * 40, "Text.", tuple(map(comment_on, findings)), already)
    return PostPreview(PULL, plan, ME, existing)


SHOWN = ShownPull(preview(ONE))


def test_a_sent_reply_shows_until_the_thread_is_read_again_and_never_twice():
    mine = remark("99", ME, "Fixed.")
    shown = SHOWN.with_draft("T1", "Fixed.").with_sent("T1", mine)
    assert not shown.drafts
    assert shown.thread_now(ANSWERED).comments == (*ANSWERED.comments, mine)
    read_again = replace(ANSWERED, comments=(*ANSWERED.comments, mine))
    assert shown.thread_now(read_again) == read_again
    assert shown.is_answered(shown.thread_now(ANSWERED))


def test_a_thread_is_answered_while_the_account_has_the_last_word():
    mine, theirs = remark("98", ME, "Fixed."), remark("99", AUTHOR, "No.")
    assert SHOWN.is_answered(said("T9", mine))
    assert not SHOWN.is_answered(said("T9", mine, theirs))
    assert not SHOWN.is_answered(said("T9"))
    assert not ShownPull().is_answered(said("T9", mine)), "whose word it is isn't known"


def test_what_was_resolved_here_shows_at_once():
    shown = SHOWN.with_resolved("T1", True)
    assert shown.thread_now(ANSWERED).is_resolved
    assert not shown.with_resolved("T1", False).thread_now(ANSWERED).is_resolved
    assert not shown.thread_now(UNANSWERED).is_resolved


def test_undoing_takes_back_what_was_done_last():
    pending = PendingReview("R1", is_ours=True)
    done = SHOWN.with_review(pending).with_sent("T1", remark("99", ME, "Fixed."))
    done = done.with_resolved("T1", True).with_review(None)
    reviewless = done.undone()
    assert reviewless.thread_now(ANSWERED).is_resolved
    reopened = reviewless.undone()
    assert not reopened.thread_now(ANSWERED).is_resolved
    assert len(reopened.thread_now(ANSWERED).comments) == 3
    silent = reopened.undone()
    assert silent.thread_now(ANSWERED) == ANSWERED
    assert not silent.is_answered(silent.thread_now(ANSWERED))
    assert silent.undone() == silent


def test_resolving_and_reopening_leave_nothing_to_undo():
    both = SHOWN.with_resolved("T1", True).with_resolved("T1", False)
    assert both.acts == ()
    discarded = SHOWN.with_review(None).with_review(None, is_gone=True)
    assert discarded.acts == ()


def test_links_of_a_pending_review_are_kept_after_it_is_published():
    comments = (PostedComment("1", "https://x/1", marker="f1"), PostedComment("2", marker="f2"))
    pending = PendingReview("R1", comments=comments, is_ours=True)
    shown = SHOWN.with_preview(preview(existing=pending))
    assert shown.pending == pending
    published = shown.with_preview(preview())
    assert published.pending is None
    assert published.links == {"f1": "https://x/1"}


def test_a_review_begun_elsewhere_is_not_to_be_published_from_here():
    others = PendingReview("R9", comments=(PostedComment("x"),))
    shown = SHOWN.with_preview(preview(ONE, existing=others))
    assert shown.pending is None
    assert shown.adds_to_draft
    assert "pull.approve" not in working_pull_actions(shown, PullTab.POST, None)


def test_posted_findings_have_their_link_and_their_name():
    names = ONE.fingerprints
    rows = post_rows(preview(TWO, already=(names,)), {names[0]: "https://x/1"}, (ONE, TWO))
    titles = [row.title for row in rows if isinstance(row, RowHeading)]
    assert titles == ["On their lines (1)", "The review (1)", "Posted already (1)"]
    assert rows[-1].title == "One"
    assert rows[-1].link == "https://x/1"
    assert rows[-1].label == "posted"
    gone = post_rows(preview(already=(("other",),)), {}, (ONE,))
    assert gone[-1].title == "a finding that isn't here"


def test_places_say_range_and_side():
    made = comment_on(ONE)
    assert place_words(replace(made, start_line=3, end_line=5)) == "a.py:3-5"
    assert place_words(replace(made, side=Side.OLD, start_line=3, end_line=3)) == (
        "a.py:3 (old side)"
    )


def test_unresolved_threads_of_open_findings_wait():
    assert undecided_threads(SNAPSHOT) == 2
    resolved = {**SNAPSHOT.threads, "T1": replace(ANSWERED, is_resolved=True)}
    assert undecided_threads(replace(SNAPSHOT, threads=resolved)) == 1


def test_while_something_is_sent_nothing_else_can_be():
    busy = replace(SHOWN, doing="Posting the review")
    sending = {"pull.begin", "pull.send", "pull.undo", "pull.resolve", "pull.discard"}
    assert working_pull_actions(busy, PullTab.POST, None).isdisjoint(sending)
    assert "pull.begin" in working_pull_actions(SHOWN, PullTab.POST, None)
    assert "pull.begin" not in working_pull_actions(SHOWN, PullTab.THREADS, None)


def test_the_tabs_say_which_is_open_without_colours_and_what_is_not_known():
    text = "".join(part if isinstance(part, str) else part[0] for part in SHOWN_TABS)
    assert text == "  1 To post 1  ▸2 Threads 4   as ada on github.com"
    unknown = "".join(part[0] for part in tab_parts(PullTab.POST, 0, ShownPull()))
    assert unknown == " ▸1 To post ?   2 Threads 0 "


SHOWN_TABS = tab_parts(PullTab.THREADS, 4, SHOWN)


def test_an_empty_list_says_why():
    assert empty_list_words(PullTab.POST, SHOWN, 0, "2") == NOTHING_ACCEPTED
    asking = ShownPull(doing="Asking the forge")
    assert empty_list_words(PullTab.POST, asking, 0, "2") == "Asking the forge …"


def test_accepted_findings_with_threads_are_answered_there():
    assert SHOWN.preview is not None
    plan = replace(SHOWN.preview.plan, comments=(), already=())
    shown = replace(SHOWN, preview=replace(SHOWN.preview, plan=plan))
    told = empty_list_words(PullTab.POST, shown, 2, "T")
    assert told.startswith("Every accepted finding has a thread here already")
    assert told.endswith("Press T to reply there.")
    posted = replace(shown, preview=replace(shown.preview, plan=replace(plan, already=(("a",),))))
    assert nothing_to_post(posted, 1, "T") == NOTHING_LEFT
    assert nothing_to_post(posted, 2, "T").startswith("What has no thread here is posted.")
