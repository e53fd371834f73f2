from contextlib import aclosing

from tests.fakes.reports import added_file
from tests.fakes.reviewer import GivenContents, ScriptedReviewer
from xreview.domain.change import Change, ChangeKind, ChangeSource
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.ports.reviewer import ReviewRequest
from xreview.review.session.part import READ_BY_ANOTHER, PartReviewer


async def test_every_file_is_accounted_for_once_and_only_its_part_is_read():
    source = ChangeSource(ChangeKind.WORKTREE, "worktree", "/repo")
    change = Change(source, (added_file("a.py", "a"), added_file("b.py", "b")))
    part = PartReviewer(ScriptedReviewer(), ["b.py"])
    request = ReviewRequest(change, GivenContents({}))
    async with aclosing(part.review(request)) as signals:
        entries = [one async for one in signals if isinstance(one, CoverageEntry)]
    assert {entry.path: (entry.reading, entry.why) for entry in entries} == {
        "a.py": (Reading.SKIPPED, READ_BY_ANOTHER),
        "b.py": (Reading.READ, ""),
    }
    assert len(entries) == 2
    assert not any(entry.is_gap for entry in entries)
