"""What the findings list says where it is empty: an empty state explains itself.

"Not reviewed" never looks clean: the word clean is used only when every reviewer read everything.
"""

from xreview.domain.text import count_of
from xreview.review.snapshot import ReviewSnapshot

NOTHING_YET = "Reading the change …"
_OTHER_CHANGES = (
    "Other changes: --commit REV, --range A..B, --base REF, --staged, --patch FILE.\n\nq quits."
)


def empty_findings(snapshot: ReviewSnapshot, filter_label: str) -> str:
    """Why there is no finding to show, and what to do next."""
    if not snapshot.is_collected:
        return NOTHING_YET
    if not snapshot.files:
        return f"Nothing to review: {snapshot.source.title} has no changes.\n\n{_OTHER_CHANGES}"
    if snapshot.findings and filter_label:
        hidden = count_of(len(snapshot.findings), "finding")
        return f"The filter ({filter_label}) hides {hidden}.\n\nf changes it; f then a shows all."
    if snapshot.is_running or not snapshot.reviewers:
        return "The reviewers are reading. Findings appear here as they come."
    if not snapshot.is_complete:
        return _incomplete(snapshot)
    read = snapshot.coverage_summary
    skipped = (
        f" {count_of(read.skipped, 'reading')} skipped: d says which and why."
        if read.skipped
        else ""
    )
    names = " and ".join(reviewer.identity.name for reviewer in snapshot.reviewers)
    return (
        f"Clean: {names} read everything they know how to read "
        f"({count_of(read.read, 'reading')}) and found nothing.{skipped}\n\n"
        "Analysers find patterns, not intentions: reading the code is still worth it.\n\n"
        f"{_OTHER_CHANGES}"
    )


def _incomplete(snapshot: ReviewSnapshot) -> str:
    failures = [
        f"{reviewer.identity.name}: {reviewer.error or reviewer.state}"
        for reviewer in snapshot.reviewers
        if reviewer.error or not reviewer.is_over
    ]
    gaps = count_of(snapshot.coverage_summary.gaps, "reading")
    return (
        f"NOT clean: the review is incomplete, {gaps} missing.\n\n"
        + "\n".join(failures)
        + "\n\nd shows what was not read; F reviews again."
    )
