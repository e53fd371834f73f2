"""What was posted, folded from events; and what can be undone, the last act first."""

from xreview.domain.events.event import (
    CommentDeleted,
    CommentPosted,
    Event,
    PullOpened,
    ReplyPosted,
    ReviewBegun,
    ReviewDiscarded,
    ReviewSubmitted,
    ThreadResolved,
)
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.posting import PostPlacement
from xreview.domain.pull.record import PostAct, PostRecord, post_record

URL, ME = "https://github.com/ada/shop/pull/12", "ada"


def folded(*payloads) -> PostRecord:
    events = [
        Event(str(at), "s", "/r", f"2026-01-01T00:00:{at:02}", "Ada", payload)
        for at, payload in enumerate(payloads)
    ]
    return post_record(events, URL, ME)


def begun(id="R1", account=ME) -> ReviewBegun:
    return ReviewBegun(URL, account, id, f"{URL}#{id}", "a" * 40)


def posted(name: str, comment: str, review="R1", account=ME) -> CommentPosted:
    where = PostPlacement.LINES if comment else PostPlacement.BODY
    return CommentPosted(URL, account, review, (name, f"{name}b"), where, comment)


SUBMITTED = ReviewSubmitted(URL, ME, "R1", f"{URL}#done", ReviewVerdict.COMMENT)


def test_a_review_has_what_was_posted_in_it():
    found = folded(begun(), posted("f1", "7"), posted("f2", ""))
    assert found.posted == {"f1", "f1b", "f2", "f2b"}
    assert found.reviews["R1"].commit == "a" * 40
    assert not found.reviews["R1"].is_submitted
    assert found.acts == ((PostAct.REVIEW, "R1"),)
    done = folded(begun(), posted("f1", "7"), SUBMITTED).reviews["R1"]
    assert (done.is_submitted, done.link, len(done.posted)) == (True, f"{URL}#done", 1)


def test_a_discarded_review_was_never_posted():
    found = folded(begun(), posted("f1", "7"), ReviewDiscarded(URL, ME, "R1"))
    assert found == PostRecord()


def test_a_deleted_comment_is_not_posted_any_more():
    events = (begun(), posted("f1", "7"), posted("f2", "8"), SUBMITTED)
    one = folded(*events, CommentDeleted(URL, ME, "7"))
    assert one.posted == {"f2", "f2b"}
    assert one.acts == ((PostAct.REVIEW, "R1"),)
    both = folded(*events, CommentDeleted(URL, ME, "7"), CommentDeleted(URL, ME, "8"))
    assert both.acts == (), "nothing of it is left to delete"


def test_the_last_act_is_undone_first():
    reply = ReplyPosted(URL, ME, "T1", ("f1",), "9", "")
    resolved = ThreadResolved(URL, ME, "T1", ("f1",), True)
    found = folded(begun(), reply, resolved, SUBMITTED)
    assert [act for act, _ in found.acts] == [PostAct.REPLY, PostAct.RESOLVED, PostAct.REVIEW]
    assert found.has_replied("T1")
    assert found.subjects["T1"] == ("f1",)
    undone = folded(reply, resolved, CommentDeleted(URL, ME, "9"))
    assert not undone.has_replied("T1")
    assert undone.acts == ((PostAct.RESOLVED, "T1"),)


def test_opening_a_resolved_thread_again_undoes_it():
    resolved = ThreadResolved(URL, ME, "T1", ("f1",), True)
    opened = ThreadResolved(URL, ME, "T1", ("f1",), False)
    assert folded(resolved, opened).acts == ()
    assert folded(opened).acts == ((PostAct.UNRESOLVED, "T1"),)


def test_other_accounts_and_pull_requests_are_left_alone():
    other = ReviewBegun(f"{URL}3", ME, "R9", "", "")
    opened = PullOpened(URL, "title", "bob", "b", "a")
    found = folded(opened, other, begun(account="eve"), posted("f1", "7", account="eve"))
    assert found == PostRecord()
