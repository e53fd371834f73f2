"""What `xreview-tui review` says besides the findings."""

from dataclasses import replace

from tests.tui.screens.triage.test_finished import ACCEPTED, decided_on
from xreview.cli.review import review_summary
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.related import CoChange, RelatedCode
from xreview.domain.report import Severity
from xreview.domain.state import Triage
from xreview.review.record.document import document_of
from xreview.review.session.snapshot import ReviewSnapshot

SNAPSHOT = ReviewSnapshot("s", ChangeSource(ChangeKind.WORKTREE, "worktree", "/r"))


def test_what_is_related_is_told_and_exported() -> None:
    related = RelatedCode((CoChange("schema.sql", "a.py", 9, 10),))
    known = replace(SNAPSHOT, related=related)
    why = "changed in 9 of the last 10 commits to a.py"

    assert f"not in this change: schema.sql:1 {why}" in review_summary(known, Severity.HIGH)
    assert document_of(known).related == related.places


def test_how_many_problems_no_reader_found_is_one_line_where_there_is_enough_to_go_by() -> None:
    done = decided_on(*[ACCEPTED] * 7)
    (line,) = _estimates(done)
    assert line == (
        "estimated from what readers share: For risk: 7 found by two readers, 3 by both; "
        "about 2 more are likely, perhaps up to 13"
    )
    (line,) = _estimates(replace(done, triage=Triage()))
    assert line.startswith("estimated from what readers share, open ones included: ")
    assert not _estimates(decided_on(ACCEPTED))


def _estimates(snapshot: ReviewSnapshot) -> list[str]:
    return [one for one in review_summary(snapshot, Severity.HIGH) if one.startswith("estimated")]
