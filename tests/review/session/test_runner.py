"""What the runner makes of what reviewers say of files that no diff shows whole."""

from tests.fakes.reports import RISK
from tests.fakes.reviewer import GivenContents, ScriptedReviewer
from xreview.domain.change import Change, ChangeKind, ChangeSource, FileDiff, FileStatus
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.ports.reviewer import ReviewRequest
from xreview.review.session.runner import run_reviewers

BODY = b"@@ -0,0 +1 @@\n+a\n"


async def entries_of(reviewer: ScriptedReviewer, *files: FileDiff) -> dict[str, CoverageEntry]:
    change = Change(ChangeSource(ChangeKind.PATCH, "", ""), files)
    request = ReviewRequest(change, GivenContents({}))
    said = [one.what async for batch in run_reviewers([reviewer], request) for one in batch]
    return {one.path: one for one in said if isinstance(one, CoverageEntry)}


async def test_a_file_that_can_not_be_read_whole_is_a_gap_whoever_read_it():
    whole = FileDiff("whole", FileStatus.ADDED, body=BODY)
    cut = FileDiff("cut", FileStatus.ADDED, body=BODY, unread="a line is missing", unread_lines=1)
    found = await entries_of(ScriptedReviewer(), whole, cut)
    assert (found["whole"].reading, found["whole"].is_gap) == (Reading.READ, False)
    assert (found["cut"].reading, found["cut"].is_gap) == (Reading.TRUNCATED, True)
    assert "a line is missing" in found["cut"].why


async def test_what_is_left_out_as_expected_is_a_gap_where_it_can_not_be_read():
    file = FileDiff("x.png", FileStatus.MODIFIED, binary=True, unread="a binary file")
    left_out = CoverageEntry(RISK.name, "x.png", Reading.SKIPPED, "binary", expected=True)
    found = await entries_of(ScriptedReviewer(signals=[left_out], reads=False), file)
    assert found["x.png"].is_gap
    assert found["x.png"].why == "a binary file; binary"
