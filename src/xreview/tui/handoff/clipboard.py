"""Copying findings to the clipboard as instructions for a coding agent."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from xreview.domain.decision import Verdict
from xreview.domain.finding import Finding
from xreview.domain.text import count_of
from xreview.review.session.snapshot import ReviewSnapshot

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.review.past.precedents import Precedents

COPIED = (
    "{} copied to the clipboard. If pasting doesn't work, the terminal or tmux blocks it: "
    "export to a file instead."
)


def copy_findings(
    screen: Screen[Any],
    snapshot: ReviewSnapshot | None,
    findings: Sequence[Finding],
    precedents: "Precedents | None",
) -> None:
    """Copy findings (OSC 52, which works over SSH too); `precedents` are None while being read."""
    if snapshot is None or not findings:
        screen.app.notify("No finding to copy.", severity="warning")
        return
    from xreview.review.past.precedents import NO_PRECEDENTS
    from xreview.review.record.document import session_fix_prompt

    prompt = session_fix_prompt(snapshot, findings, precedents or NO_PRECEDENTS)
    screen.app.copy_to_clipboard(prompt)
    screen.app.notify(COPIED.format(count_of(len(findings), "finding")))


def copy_accepted(
    screen: Screen[Any], snapshot: ReviewSnapshot | None, precedents: "Precedents | None"
) -> None:
    """Copy all accepted findings."""
    findings = snapshot.findings if snapshot else ()
    accepted = [f for f in findings if snapshot and snapshot.triage.verdict(f) is Verdict.ACCEPT]
    if not accepted:
        screen.app.notify("Nothing accepted yet. Press a to accept a finding.", severity="warning")
        return
    copy_findings(screen, snapshot, accepted, precedents)
