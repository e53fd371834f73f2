from dataclasses import replace

from tests.domain.pull.threads import ADA, BOB, BOT, thread
from xreview.domain.pull.discussion import Discussion, RemoteComment, SubmittedReview
from xreview.domain.pull.thread_state import ThreadState


def test_the_state_of_a_thread():
    raised = thread((BOT, "No."))
    assert raised.state is ThreadState.OPEN
    assert thread((BOT, "No."), (BOT, "Still.")).state is ThreadState.OPEN
    replied = thread((BOT, "No."), (ADA, "Yes."))
    assert replied.state is ThreadState.REPLIED
    outdated = replace(replied, is_outdated=True)
    assert outdated.state is ThreadState.OUTDATED
    assert replace(outdated, is_resolved=True).state is ThreadState.RESOLVED


def test_two_readings_of_one_discussion_are_joined_once():
    one = Discussion((thread((BOT, "No.")),), gaps=("reviews",))
    other = Discussion(
        (thread((BOT, "No."), (ADA, "Yes.")), thread((BOB, "Hm."), id="T2")),
        comments=(RemoteComment("9", BOB, "Hi"),),
        gaps=("reviews",),
    )
    joined = one.joined(other)
    assert [one.id for one in joined.threads] == ["T1", "T2"]
    assert len(joined.threads[0].comments) == 2
    assert joined.gaps == ("reviews",)


def test_pending_reviews_are_not_published():
    public, draft = RemoteComment("1", BOB, "a"), RemoteComment("2", ADA, "b", is_pending=True)
    whole = Discussion(
        (
            replace(thread((BOB, "a")), comments=(public, draft)),
            replace(thread((ADA, "b"), id="T2"), comments=(draft,)),
        ),
        (SubmittedReview("1", ADA, "x", is_pending=True), SubmittedReview("2", BOB, "y")),
    ).published()
    assert [one.comments for one in whole.threads] == [(public,)]
    assert [one.id for one in whole.reviews] == ["2"]
