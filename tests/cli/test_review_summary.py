"""What `xreview-tui review` says besides the findings."""

from dataclasses import replace

from xreview.cli.review import review_summary
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.related import CoChange, RelatedCode
from xreview.domain.report import Severity
from xreview.review.record.document import document_of
from xreview.review.session.snapshot import ReviewSnapshot

SNAPSHOT = ReviewSnapshot("s", ChangeSource(ChangeKind.WORKTREE, "worktree", "/r"))


def test_what_is_related_is_told_and_exported() -> None:
    related = RelatedCode((CoChange("schema.sql", "a.py", 9, 10),))
    known = replace(SNAPSHOT, related=related)
    why = "changed in 9 of the last 10 commits to a.py"

    assert f"not in this change: schema.sql:1 {why}" in review_summary(known, Severity.HIGH)
    assert document_of(known).related == related.places
