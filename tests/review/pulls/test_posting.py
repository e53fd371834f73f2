"""Posting over a forge that keeps GitHub's rules: a preview, one pending review, no second time."""

import asyncio
from dataclasses import replace

import pytest

from tests.fakes.forge import BOT, ME, NEXT_HEAD, modified
from tests.review.pulls.building import Desk, from_thread, on_line
from xreview.domain.errors import JournalError, UsageError
from xreview.domain.events.event import (
    CommentDeleted,
    CommentPosted,
    ReviewBegun,
    ReviewDiscarded,
    ReviewSubmitted,
)
from xreview.domain.pull.discussion import ReviewVerdict, SubmittedReview
from xreview.domain.pull.marker import finding_marker, markers_in
from xreview.domain.pull.posting import PostPlacement
from xreview.ports.forge_failure import (
    ForgeError,
    ForgeFailure,
    RefusedReviewError,
    UnjudgedReviewError,
)
from xreview.review.pulls.posting import Posting, PostPreview

LINES, ON_FILE, TEXT = PostPlacement.LINES, PostPlacement.FILE, PostPlacement.BODY
FIRST = on_line("Swallowed error", 2, "zwei")
SECOND = on_line("Lost update", 4, "four", suggestion="vier")
FAR = on_line("Far away", 90, "far")
ELSEWHERE = on_line("Elsewhere", 3, "x", path="other.py")


def preview(posting: Posting, *findings) -> PostPreview:
    return asyncio.run(posting.preview(findings))


async def agreed(posting: Posting, *findings, **how):
    shown = await posting.preview(findings)
    await posting.agree()
    return await posting.post(shown, **how)


def post(posting: Posting, *findings, **how):
    return asyncio.run(agreed(posting, *findings, **how))


def test_a_preview_shows_where_each_finding_goes_and_sends_nothing(desk: Desk):
    shown = preview(desk.posting(), ELSEWHERE, FAR, SECOND, FIRST)
    goes = {one.subjects: (one.placement, one.why) for one in shown.plan.comments}
    assert goes == {
        FIRST.fingerprints: (LINES, ""),
        SECOND.fingerprints: (LINES, ""),
        FAR.fingerprints: (ON_FILE, "the line isn't part of the diff"),
        ELSEWHERE.fingerprints: (TEXT, "the file isn't part of the diff"),
    }
    assert shown.account == ME
    assert shown.needs_consent
    assert not shown.is_moved
    assert "```suggestion\nvier\n```" in shown.plan.comments[2].body
    assert "other.py:3" in shown.plan.body
    assert desk.forge.sent == []
    assert desk.recorded() == []


def test_a_review_is_pending_and_in_the_journal_with_its_addresses(desk: Desk):
    read = post(desk.posting(), FIRST, SECOND, ELSEWHERE)
    assert desk.forge.sent == ["begin_review"]
    assert desk.forge.visible_bodies() == [], "only the account sees it"
    begun, *posted = desk.recorded()
    assert isinstance(begun, ReviewBegun)
    assert (begun.review, begun.link, begun.account) == (read.id, read.url, "ada")
    assert all(isinstance(one, CommentPosted) for one in posted)
    found = {one.subjects: (one.placement, bool(one.link)) for one in posted}
    assert found == {
        FIRST.fingerprints: (LINES, True),
        SECOND.fingerprints: (LINES, True),
        ELSEWHERE.fingerprints: (TEXT, False),
    }


def test_nothing_is_posted_before_the_user_agreed_and_then_never_asked_again(desk: Desk):
    posting = desk.posting()
    shown = preview(posting, FIRST)
    with pytest.raises(UsageError, match="Nothing was posted to ada/shop as ada before"):
        asyncio.run(posting.post(shown))
    assert desk.forge.sent == []
    asyncio.run(posting.agree())
    assert not asyncio.run(desk.posting().needs_consent())
    desk.forge.me = replace(ME, login="eve")
    assert asyncio.run(desk.posting().needs_consent()), "consent is for one account"


@pytest.mark.parametrize("is_submitted", [False, True])
def test_a_rerun_posts_nothing_twice(desk: Desk, is_submitted):
    posting = desk.posting()
    post(posting, FIRST, ELSEWHERE)
    if is_submitted:
        asyncio.run(posting.submit(ReviewVerdict.COMMENT))
    for journal in (True, False):
        if not journal:
            desk.journal.unlink()  # another machine: the markers tell
        shown = preview(desk.posting(), FIRST, ELSEWHERE, SECOND)
        assert [one.subjects for one in shown.plan.comments] == [SECOND.fingerprints]
        assert set(shown.plan.already) == {FIRST.fingerprints, ELSEWHERE.fingerprints}
    with pytest.raises(UsageError, match="nothing to post"):
        post(desk.posting(), FIRST)


def test_what_was_deleted_at_the_forge_can_be_posted_again(desk: Desk):
    post(desk.posting(), FIRST)
    desk.forge.reviews.clear()
    desk.forge.threads.clear()
    assert not preview(desk.posting(), FIRST).is_empty
    desk.forge.gaps = ("the second page of threads",)
    shown = preview(desk.posting(), FIRST)
    assert shown.is_empty, "what can't be seen counts as posted"
    assert "Not read: the second page of threads." in shown.notices


def test_markers_of_others_count_for_nothing(desk: Desk):
    desk.forge.says(BOT, f"mine\n\n{finding_marker(FIRST.fingerprint)}")
    assert not preview(desk.posting(), FIRST).is_empty


def test_a_finding_of_a_thread_is_not_posted_beside_it(desk: Desk):
    thread = desk.forge.says(BOT, "A bug.", line=4)
    shown = preview(desk.posting(), from_thread(thread.id))
    assert shown.is_empty
    assert "1 finding has a thread on the pull request already" in shown.notices[0]


def test_a_moved_head_leads_to_a_plan_by_quote(desk: Desk):
    desk.forge.head = NEXT_HEAD
    desk.forge.diff = (modified(body="@@ -1,3 +1,5 @@\n+new\n one\n+zwei\n two\n five\n"),)
    shown = preview(desk.posting(), FIRST, SECOND)
    assert shown.is_moved
    assert shown.plan.commit == NEXT_HEAD
    first, second = sorted(shown.plan.comments, key=lambda one: one.end_line, reverse=True)
    assert (first.end_line, first.subjects) == (3, FIRST.fingerprints)
    assert second.why == "the code that it quotes isn't in the diff any more"
    assert any("new commits" in sentence for sentence in shown.notices)


def test_a_head_that_moves_after_the_preview_stops_the_post(desk: Desk):
    posting = desk.posting()
    shown = preview(posting, FIRST)
    asyncio.run(posting.agree())
    desk.forge.head = NEXT_HEAD
    with pytest.raises(UsageError, match="new commits since the preview"):
        asyncio.run(posting.post(shown))
    assert desk.forge.sent == []


def test_our_own_pending_review_is_added_to(desk: Desk):
    first = post(desk.posting(), FIRST)
    shown = preview(desk.posting(), FIRST, SECOND, ELSEWHERE)
    assert shown.existing == first
    assert not shown.adds_to_draft
    assert "can't be added to a pending review" in shown.notices[0]
    both = post(desk.posting(), FIRST, SECOND, ELSEWHERE)
    assert desk.forge.sent == ["begin_review", "add_comments"]
    assert both.id == first.id
    assert len(both.comments) == 2
    assert len([one for one in desk.recorded() if isinstance(one, CommentPosted)]) == 2


def own_draft(desk: Desk, text: str = "my thoughts") -> None:
    """The user has begun a review in the browser."""
    desk.forge.reviews.append(SubmittedReview("R9", ME, text, is_pending=True))
    thread = desk.forge.says(ME, "my own comment")
    root = replace(thread.root, review="R9", is_pending=True)
    desk.forge.threads[-1] = replace(thread, comments=(root,))


def test_the_users_own_draft_is_added_to_only_by_choice_and_never_deleted(desk: Desk):
    own_draft(desk)
    posting = desk.posting()
    assert preview(posting, FIRST).adds_to_draft
    with pytest.raises(UsageError, match="comments that you wrote yourself"):
        post(posting, FIRST)
    with pytest.raises(UsageError, match="begun elsewhere"):
        asyncio.run(posting.discard())
    with pytest.raises(UsageError, match="begun elsewhere"):
        asyncio.run(posting.submit(ReviewVerdict.COMMENT))
    assert desk.forge.sent == []
    post(posting, FIRST, is_adding=True)
    assert preview(posting, SECOND).adds_to_draft, "their comments are still in it"
    asyncio.run(posting.discard())
    assert [one.id for one in desk.forge.reviews] == ["R9"]
    assert [thread.root.body for thread in desk.forge.threads] == ["my own comment"]
    assert "discard" not in desk.forge.sent
    assert "the rest of the pending review is yours" in posting.notices[0]
    assert isinstance(desk.recorded()[-1], CommentDeleted)


def test_a_draft_with_only_a_text_of_the_users_is_not_deleted_either(desk: Desk):
    desk.forge.reviews.append(SubmittedReview("R9", ME, "my thoughts", is_pending=True))
    posting = desk.posting()
    with pytest.raises(UsageError):
        post(posting, FIRST)
    post(posting, FIRST, is_adding=True)
    asyncio.run(posting.discard())
    assert [one.body for one in desk.forge.reviews] == ["my thoughts"]
    assert desk.forge.threads == []


def test_a_discarded_review_is_gone_and_its_findings_can_be_posted(desk: Desk):
    posting = desk.posting()
    post(posting, FIRST)
    asyncio.run(posting.discard())
    assert (desk.forge.reviews, desk.forge.threads) == ([], [])
    assert isinstance(desk.recorded()[-1], ReviewDiscarded)
    assert not preview(posting, FIRST).is_empty


def test_refused_comments_go_to_the_text_once_and_the_suspect_is_named(desk: Desk):
    posting = desk.posting()
    shown = preview(posting, FIRST, SECOND)
    asyncio.run(posting.agree())
    # The forge's diff changes under the same head (a base that moved): line 4 isn't in it now.
    desk.forge.diff = (modified(body="@@ -1,2 +1,3 @@\n one\n-two\n+zwei\n+drei\n"),)
    asyncio.run(posting.post(shown))
    (review,) = desk.forge.reviews
    assert markers_in(review.body) == (FIRST.fingerprint, SECOND.fingerprint)
    assert "the forge refused it on its lines" in review.body
    assert desk.forge.threads == []
    refused, suspect = posting.notices
    assert "must be part of the diff" in refused
    assert suspect == "Probably refused: a.py:4."
    kinds = [one.placement for one in desk.recorded() if isinstance(one, CommentPosted)]
    assert kinds == [TEXT, TEXT]
    assert preview(desk.posting(), FIRST, SECOND).is_empty


def test_the_text_alone_is_tried_once_only(desk: Desk):
    desk.forge.refusals["begin_review"] = [RefusedReviewError("No.") for _ in range(3)]
    posting = desk.posting()
    with pytest.raises(RefusedReviewError, match="No\\."):
        post(posting, FIRST)
    assert len(desk.forge.refusals["begin_review"]) == 1
    assert desk.recorded() == []


def test_the_comment_that_a_forge_names_is_named(desk: Desk):
    desk.forge.refusals["begin_review"] = [RefusedReviewError("No.", entries=(1,))]
    posting = desk.posting()
    post(posting, FIRST, SECOND)
    assert posting.notices[1] == "Probably refused: a.py:4."


def test_what_a_broken_connection_left_behind_is_recorded(desk: Desk):
    posting = desk.posting()
    begin = desk.forge.begin_review

    async def begin_and_break(pull, plan):
        await begin(pull, plan)
        raise ForgeError(ForgeFailure.CONNECTION, "The connection broke off.")

    desk.forge.begin_review = begin_and_break
    with pytest.raises(ForgeError, match="broke off"):
        post(posting, FIRST)
    assert [type(one) for one in desk.recorded()] == [ReviewBegun, CommentPosted]
    assert preview(desk.posting(), FIRST).is_empty


def test_comments_that_the_forge_did_not_keep_are_told_and_not_recorded(desk: Desk):
    posting = desk.posting()
    begin = desk.forge.begin_review

    async def begin_and_lose(pull, plan):
        read = await begin(pull, plan)
        return replace(read, comments=read.comments[:1])

    desk.forge.begin_review = begin_and_lose
    post(posting, FIRST, SECOND)
    (sentence,) = posting.notices
    assert sentence.startswith("The forge shows 1 of 2 comments; not there: a.py:4.")
    posted = [one.subjects for one in desk.recorded() if isinstance(one, CommentPosted)]
    assert posted == [FIRST.fingerprints]


def test_a_journal_that_refuses_is_an_error_and_the_rerun_still_posts_nothing_twice(desk: Desk):
    desk.is_full = True
    with pytest.raises(JournalError):
        post(desk.posting(), FIRST)
    assert desk.recorded() == []
    assert preview(desk.posting(), FIRST).is_empty


def test_a_submitted_review_is_visible_with_the_users_words_before_its_own(desk: Desk):
    posting = desk.posting()
    post(posting, FIRST, ELSEWHERE)
    link = asyncio.run(posting.submit(ReviewVerdict.REQUEST_CHANGES, "See below, @bob."))
    (review,) = desk.forge.reviews
    assert review.verdict is ReviewVerdict.REQUEST_CHANGES
    assert review.body.startswith("See below, `@\N{WORD JOINER}bob`.\n\n2 findings")
    assert markers_in(review.body) == (ELSEWHERE.fingerprint,)
    assert len(desk.forge.visible_bodies()) == 2
    submitted = desk.recorded()[-1]
    assert isinstance(submitted, ReviewSubmitted)
    assert (submitted.link, submitted.verdict) == (link, ReviewVerdict.REQUEST_CHANGES)
    assert posting.notices == ()


def test_a_review_whose_verdict_is_refused_is_submitted_all_the_same(desk: Desk):
    posting = desk.posting()
    post(posting, FIRST)
    desk.forge.refused_verdict = ReviewVerdict.APPROVE
    with pytest.raises(UnjudgedReviewError, match="may not approve"):
        asyncio.run(posting.submit(ReviewVerdict.APPROVE))
    submitted = desk.recorded()[-1]
    assert isinstance(submitted, ReviewSubmitted)
    assert submitted.verdict is ReviewVerdict.COMMENT


def test_submitting_stops_where_the_head_moved(desk: Desk):
    posting = desk.posting()
    post(posting, FIRST)
    desk.forge.head = NEXT_HEAD
    with pytest.raises(UsageError, match="new commits: the review is about aaaaaaaaaaaa"):
        asyncio.run(posting.submit(ReviewVerdict.COMMENT))
    assert desk.forge.visible_bodies() == []


def test_a_head_that_moves_at_the_last_moment_stops_a_submission_too(desk: Desk):
    posting = desk.posting()
    post(posting, FIRST)
    discussion = desk.forge.discussion

    async def read_while_somebody_pushes(pull):
        desk.forge.head = NEXT_HEAD
        return await discussion(pull)

    desk.forge.discussion = read_while_somebody_pushes
    with pytest.raises(UsageError, match="has new commits"):
        asyncio.run(posting.submit(ReviewVerdict.APPROVE, "Fine."))
    assert desk.forge.visible_bodies() == []


def test_comments_lost_at_the_submission_are_told(desk: Desk):
    posting = desk.posting()
    post(posting, FIRST, SECOND)
    desk.forge.swallows = 1
    asyncio.run(posting.submit(ReviewVerdict.COMMENT))
    assert posting.notices[0].startswith("1 of 2 comments of the review can't be seen")


def test_there_is_nothing_to_submit_without_a_pending_review(desk: Desk):
    asyncio.run(desk.posting().agree())
    with pytest.raises(UsageError, match="no pending review"):
        asyncio.run(desk.posting().submit(ReviewVerdict.COMMENT))


def test_without_a_token_or_a_right_to_write_a_preview_says_so(desk: Desk):
    desk.forge.me = None
    with pytest.raises(ForgeError, match="no token for github"):
        preview(desk.posting(), FIRST)
    desk.forge.me, desk.forge.can_comment = ME, False
    with pytest.raises(ForgeError, match="can only read"):
        preview(desk.posting(), FIRST)
    desk.forge.can_comment, desk.forge.why_no_posting = None, "Bitbucket is read only here."
    with pytest.raises(ForgeError, match="read only here"):
        preview(desk.posting(), FIRST)


def test_the_diff_is_read_only_as_far_as_the_findings_go(desk: Desk):
    read = []

    async def files(pull):
        for name in ("a.py", "b.py", "c.py"):
            read.append(name)
            yield [modified(name)]

    desk.forge.files = files
    preview(desk.posting(), FIRST)
    assert read == ["a.py"]


def test_closing_closes_the_forge(desk: Desk):
    posting = desk.posting()
    asyncio.run(posting.account())
    asyncio.run(posting.close())
    assert desk.forge.is_closed
