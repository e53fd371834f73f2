"""How one line of the findings list is drawn. What models and file names say is neutral here."""

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
"""In a verdict's place: something was done about the finding that is not on disk."""
SELECTED = "*"

StyleOf = Callable[[str], Style]
"""The style of a part of the list, by its name: "heading", "title", a severity's word, …"""

_INDENT = 5


def group_heading(row: Heading, width: int, style_of: StyleOf) -> list[Segment]:
    """A group's name, a rule, and how much of it is open."""
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
    """A finding's first line: mark, severity and title."""
    # The cursor has a sign too: some themes and NO_COLOR have no background for it.
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
    """The decision that others propose last, as the list has room for it; "" where none is."""
    for one in reversed(proposals):
        if isinstance(made := one.payload, DecisionMade):
            return visible(f"proposed by {shorten(one.who, 16)}: {made.decision.reason}")
    return ""


def place_line(
    row: FindingRow, triage: Triage, width: int, style_of: StyleOf, proposed: str = ""
) -> list[Segment]:
    """A finding's second line: what was done, or else is proposed by others, its kind, where it
    stands, how many say so."""
    finding = row.finding
    decided = triage.decided(finding)
    words = (decided.decision.label if decided else proposed, row.kind)
    told = "".join(f"{word} · " for word in words if word)
    note = "✎ " if triage.note(finding) else ""
    anchor = finding.anchor
    is_anchored = finding.lead.anchored
    place = f"{visible(anchor.path)}:{anchor.start_line}" if is_anchored else "unanchored"
    count = f" ×{len(finding.reports)}" if len(finding.reports) > 1 else ""
    place = _cut_left(place, width - _INDENT - len(told) - len(note) - len(count))
    return [Segment(f"{' ' * _INDENT}{note}{told}{place}{count}", style_of("place"))]


def _cut_left(text: str, room: int) -> str:
    """The end of a text that is longer than its room: names differ in their last part."""
    return text if len(text) <= room else "…" + text[-max(0, room - 1) :]
