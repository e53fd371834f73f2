"""What the findings list says while it's empty."""

from dataclasses import replace

from tests.tui.widgets.test_status_bar import RISK, progress, snapshot
from xreview.domain.related import CoChange, RelatedCode, UntouchedCaller
from xreview.review.session.snapshot import ReviewerState
from xreview.tui.screens.triage.empty import empty_findings


def test_a_clean_change_names_what_may_be_missing_from_it() -> None:
    clean = snapshot(progress(RISK, ReviewerState.DONE))
    related = RelatedCode((CoChange("db/schema.sql", "a.py", 9, 10),))
    told = empty_findings(replace(clean, related=related), "")

    assert "• db/schema.sql:1 changed in 9 of the last 10 commits to a.py\n" in told
    assert "Not in this change" not in empty_findings(clean, "")


def test_a_change_that_breaks_a_call_elsewhere_is_not_called_clean() -> None:
    clean = snapshot(progress(RISK, ReviewerState.DONE))
    related = RelatedCode(callers=(UntouchedCaller("b.py", 3, "save", "a.py", "it's gone"),))

    assert empty_findings(clean, "").startswith("Clean: ")
    told = empty_findings(replace(clean, related=related), "")
    assert told.startswith("No findings: ")
    assert "• b.py:3 calls save of a.py: it's gone\n" in told
