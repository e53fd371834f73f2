"""The way back of a running review, with its token, journal and session."""

import asyncio

import pytest

from tests.review.pulls.conftest import Opened
from xreview.domain.change import Side
from xreview.domain.errors import UsageError
from xreview.domain.report import Category, Severity
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.headless import NoUser
from xreview.review.assembly.pulls import posting_for
from xreview.review.assembly.running import start_review
from xreview.review.pulls.opening import collect_change
from xreview.review.session.own_draft import OwnDraft
from xreview.review.session.whole_change import read_to_end

DRAFT = OwnDraft(
    "a.txt", Side.NEW, 2, 2, "TWO", "Too loud", Severity.LOW, Category.CONSISTENCY, "two"
)


async def reviewing(request: ChangeRequest, options, then):
    collected = await asyncio.to_thread(collect_change, request, options)
    try:
        change = await asyncio.to_thread(read_to_end, collected, request)
        review = await start_review(change, options, NoUser)
        try:
            await review.open()
            await then(review)
        finally:
            await review.close()
    finally:
        collected.close()


def test_an_own_finding_is_posted_and_recorded_in_the_session(opened: Opened):
    async def then(review):
        name = await review.write_finding(DRAFT)
        posting = posting_for(review)
        try:
            finding = next(one for one in review.session.snapshot.findings
                           if one.fingerprint == name)  # fmt: skip
            shown = await posting.preview([finding])
            assert shown.account.login == "ada"
            assert not shown.is_moved
            (planned,) = shown.plan.comments
            assert (planned.path, planned.end_line) == ("a.txt", 2)
            assert planned.body.startswith("**Too loud**\n\nSeverity: low.")
            assert "```suggestion\ntwo\n```" in planned.body
            assert planned.body.count("Too loud") == 1, "the title isn't said twice"
            await posting.agree()
            await posting.post(shown)
            assert (await posting.preview([finding])).is_empty
            assert await posting.undo() == "The pending review was deleted."
        finally:
            await posting.close()

    asyncio.run(reviewing(ChangeRequest(opened.clone().top, pull="12"), opened.options(), then))
    assert opened.pull.reviews == []
    assert not opened.server.violations


def test_another_change_is_no_pull_request(opened: Opened):
    async def then(review):
        with pytest.raises(UsageError, match="isn't a pull request"):
            posting_for(review)

    request = ChangeRequest(opened.work.top, commit="HEAD")
    asyncio.run(reviewing(request, opened.options(), then))
