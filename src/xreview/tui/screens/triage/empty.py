"""What the findings list says while it's empty; a partly read change never looks clean."""

from xreview.domain.text import count_of, visible
from xreview.review.session.snapshot import ReviewSnapshot

READING_CHANGE = "Reading the change …"
STILL_READING = "The change is still being read."
_NO_PROOF = "A model that finds nothing proves nothing: reading the code is still worth it."
_OTHER_CHANGES = (
    "To review another change, use --commit REV, --range A..B, --base REF, --staged, or "
    "--patch FILE.\n\nPress q to quit."
)


def empty_findings(snapshot: ReviewSnapshot, filter_label: str) -> str:
    """Return why there is no finding to show, and what to do next."""
    if not snapshot.is_collected:
        return READING_CHANGE
    if not snapshot.files:
        return f"Nothing to review: {snapshot.source.title} has no changes.\n\n{_OTHER_CHANGES}"
    if snapshot.findings and filter_label:
        hidden = count_of(len(snapshot.findings), "finding")
        return (
            f"The filter ({filter_label}) hides {hidden}.\n\n"
            "Press f to change it, or f then a to show all."
        )
    if snapshot.is_running or not snapshot.reviewers:
        return "The reviewers are running. Findings appear here as they arrive."
    if not snapshot.is_complete:
        return incomplete_words(snapshot)
    from xreview.domain.account import NO_APPROVAL

    names = " and ".join(reviewer.identity.name for reviewer in snapshot.reviewers)
    # A call that no longer fits isn't a finding, but "clean" would contradict it.
    verdict = "No findings" if snapshot.related.callers else "Clean"
    return (
        f"{verdict}: {names} read the whole change and found nothing. {_account(snapshot)}\n\n"
        f"{NO_APPROVAL if snapshot.is_by_analysers else _NO_PROOF}\n\n"
        f"{_related(snapshot)}{_OTHER_CHANGES}"
    )


def _related(snapshot: ReviewSnapshot) -> str:
    """What may be missing from the change; "" if nothing is known to be."""
    places = snapshot.related.places
    rows = [f"• {visible(f'{one.path}:{one.line} {one.why}')}" for one in places]
    listed = "\n".join(rows)
    return f"Not in this change (press T to go there):\n{listed}\n\n" if rows else ""


def _account(snapshot: ReviewSnapshot) -> str:
    return f"{visible(snapshot.account.words)}."


def incomplete_words(snapshot: ReviewSnapshot) -> str:
    """Return what wasn't read of a change, why, and what to do next."""
    from xreview.domain.account import NO_APPROVAL

    failures = [
        f"{reviewer.identity.name}: {reviewer.error or reviewer.state}"
        for reviewer in snapshot.reviewers
        if reviewer.error or not reviewer.is_over
    ]
    gaps = snapshot.coverage_summary.gaps
    missing = f" {count_of(gaps, 'coverage gap')}." if gaps else ""
    parts = [f"NOT clean: the review is incomplete.{missing} {_account(snapshot)}"]
    if failures:
        parts.append("\n".join(failures))
    if snapshot.is_by_analysers:
        parts.append(NO_APPROVAL)
    return "\n\n".join([*parts, "Press d to see what wasn't read, F to review again."])
