"""Drawing one line of the findings list; text from models and file names is made safe here."""

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style

from xreview.domain.decision import Verdict
from xreview.domain.events.event import DecisionMade
from xreview.domain.finding import Finding
from xreview.domain.proposal import Proposal
from xreview.domain.state import Triage
from xreview.domain.text import shorten, visible
from xreview.tui.widgets.findings.marks import severity_sign
from xreview.tui.widgets.findings.rows import FindingRow, Heading

MARKS = {None: " ", Verdict.ACCEPT: "✓", Verdict.REJECT: "✗", Verdict.ESCALATE: "↑"}
PENDING = "⚠"
"""Replaces the verdict's sign while a decision or note isn't saved."""
SELECTED = "*"
NOTED = "✎"
LIST_MARKS = {
    MARKS[Verdict.ACCEPT]: "accepted",
    MARKS[Verdict.REJECT]: "rejected",
    MARKS[Verdict.ESCALATE]: "escalated",
    PENDING: "decided or noted, but not saved yet",
    SELECTED: "selected",
    NOTED: "has a note",
    "×2": "raised by so many reports",
    "▸ ▾": "a folded group, an unfolded one",
}
"""For the help page."""

StyleOf = Callable[[str], Style]
"""Returns the style of a part of the list: "heading", "title", a severity's word, …"""

_INDENT = 5


def group_heading(row: Heading, width: int, style_of: StyleOf) -> list[Segment]:
    """Return a group's name, a rule, and how many findings are open."""
    style = style_of("heading")
    fold = "▸" if row.is_folded else "▾"
    open_ones = f"{row.open_count} open of {row.count}"
    count = open_ones if row.open_count else f"all {row.count} decided"
    name = _cut_left(visible(row.group), width - len(count) - _INDENT)
    text = f"{fold} {name} "
    return [
        Segment(text, style + Style(bold=True)),
        Segment("─" * max(0, width - len(text) - len(count) - 2), style),
        Segment(f" {count} ", style),
    ]


def title_line(
    finding: Finding,
    mark: str,
    width: int,
    style_of: StyleOf,
    *,
    is_open: bool,
    is_current: bool,
) -> list[Segment]:
    """Return a finding's first line: mark, severity, and title."""
    # The cursor has a sign too, for themes and NO_COLOR without a background for it.
    cursor = "▸" if is_current else " "
    style = style_of("title" if is_open else "decided")
    severity = style_of(finding.severity.word) + Style(bold=True)
    sign = severity_sign(finding.severity, is_open)
    title = shorten(visible(finding.lead.title), max(0, width - _INDENT))
    return [
        Segment(f"{cursor}{mark}", style + Style(bold=True)),
        Segment(f"{sign}{finding.severity.word[0].upper()} ", severity),
        Segment(title, style),
    ]


def proposal_label(proposals: Sequence[Proposal]) -> str:
    """Return the last proposed decision in a few words; "" for none."""
    for one in reversed(proposals):
        if isinstance(made := one.payload, DecisionMade):
            return visible(f"proposed by {shorten(one.who, 16)}: {made.decision.reason}")
    return ""


def place_line(
    row: FindingRow, triage: Triage, width: int, style_of: StyleOf, proposed: str = ""
) -> list[Segment]:
    """Return a finding's second line: decision or proposal, kind, place, number of reports."""
    finding = row.finding
    decided = triage.decided(finding)
    words = (decided.decision.label if decided else proposed, row.kind)
    prefix = "".join(f"{word} · " for word in words if word)
    note = f"{NOTED} " if triage.note(finding) else ""
    anchor = finding.anchor
    is_anchored = finding.lead.anchored
    place = f"{visible(anchor.path)}:{anchor.start_line}" if is_anchored else "unanchored"
    count = f" ×{len(finding.reports)}" if len(finding.reports) > 1 else ""
    place = _cut_left(place, width - _INDENT - len(prefix) - len(note) - len(count))
    return [Segment(f"{' ' * _INDENT}{note}{prefix}{place}{count}", style_of("place"))]


def _cut_left(text: str, room: int) -> str:
    """Cut a text at its start if it's too long, since names differ at their end."""
    return text if len(text) <= room else "…" + text[-max(0, room - 1) :]
