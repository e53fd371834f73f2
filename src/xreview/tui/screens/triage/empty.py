"""What the findings list says where it is empty: an empty state explains itself.

"Not reviewed" never looks clean: the word clean is used only when every reviewer read everything.
"""

from xreview.domain.account import NO_APPROVAL
from xreview.domain.text import count_of, visible
from xreview.review.session.snapshot import ReviewSnapshot

NOTHING_YET = "Reading the change …"
_NO_PROOF = "A model that finds nothing proves nothing: reading the code is still worth it."
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
    names = " and ".join(reviewer.identity.name for reviewer in snapshot.reviewers)
    return (
        f"Clean: {names} read the whole change and found nothing. {_account(snapshot)}\n\n"
        f"{NO_APPROVAL if snapshot.is_by_analysers else _NO_PROOF}\n\n"
        f"{_OTHER_CHANGES}"
    )


def _account(snapshot: ReviewSnapshot) -> str:
    return f"{visible(snapshot.account.words)}."


def _incomplete(snapshot: ReviewSnapshot) -> str:
    failures = [
        f"{reviewer.identity.name}: {reviewer.error or reviewer.state}"
        for reviewer in snapshot.reviewers
        if reviewer.error or not reviewer.is_over
    ]
    gaps = snapshot.coverage_summary.gaps
    missing = f" {count_of(gaps, 'reading')} missing." if gaps else ""
    said = [f"NOT clean: the review is incomplete.{missing} {_account(snapshot)}"]
    if failures:
        said.append("\n".join(failures))
    if snapshot.is_by_analysers:
        said.append(NO_APPROVAL)
    return "\n\n".join([*said, "Press d to see what was not read, F to review again."])
