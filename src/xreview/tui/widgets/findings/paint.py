"""Drawing one line of the findings list; text from models and file names is made safe here."""

import textwrap
from collections.abc import Callable, Sequence
from re import Pattern
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from xreview.domain.decision import Verdict
from xreview.domain.finding import Finding
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.record import dataclass
from xreview.domain.state import Triage
from xreview.domain.text import shorten, visible
from xreview.tui.widgets.diff.text import drawn_line, fit_end
from xreview.tui.widgets.findings.marks import FIX_SIGNS, THREAD_SIGNS, FixMark, severity_sign
from xreview.tui.widgets.findings.rows import FindingRow, Heading
from xreview.tui.widgets.findings.titles import INDENT, title_height, title_lines

if TYPE_CHECKING:
    from xreview.domain.proposal import Proposal

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
    **{sign: f"the latest fix: {outcome}" for outcome, sign in FIX_SIGNS.items()},
    **{sign: f"its thread on the pull request: {state}" for state, sign in THREAD_SIGNS.items()},
    "×2": "raised by so many reports, or in so many places",
    "▸ ▾": "a folded group, an unfolded one",
}
"""For the help page."""

StyleOf = Callable[[str], Style]
"""Returns the style of a part of the list: "heading", "title", a severity's word, …"""


def group_heading(row: Heading, width: int, style_of: StyleOf) -> list[Segment]:
    """Return a group's name, a rule, and how many findings are open."""
    style = style_of("heading")
    fold = "▸" if row.is_folded else "▾"
    group = visible(row.group)
    count = _count(row, width - cell_len(group) - INDENT)
    name = _cut_left(group, width - len(count) - INDENT)
    text = f"{fold} {name} "
    return [
        Segment(text, style + Style(bold=True)),
        Segment("─" * max(0, width - len(text) - len(count) - 2), style),
        Segment(f" {count} ", style),
    ]


def _count(row: Heading, room: int) -> str:
    """Return how many findings of a group are open; briefer if the room is short."""
    if not row.open_count:
        return f"all {row.count} decided"
    whole = f"{row.open_count} open of {row.count}"
    return whole if len(whole) <= room else f"{row.open_count} open"


@dataclass(frozen=True, slots=True)
class RowDrawing:
    """Draws the lines of a finding, with what is searched for marked."""

    row: FindingRow
    width: int
    style_of: StyleOf
    pattern: Pattern[str] | None = None

    @property
    def title_height(self) -> int:
        """How many lines the title takes; the place has the next one."""
        return title_height(self.row, self.width)

    def title_line(
        self, number: int, mark: str, *, is_open: bool, is_current: bool
    ) -> list[Segment]:
        """Return a line of the title; before the first one, cursor, mark, and severity."""
        style = self.style_of("title" if is_open else "decided")
        text = title_lines(self.row, self.width)[number]
        if number:
            return [Segment(" " * INDENT), *self._marked(text, style)]
        # The cursor has a sign too, for themes and NO_COLOR without a background for it.
        cursor = "▸" if is_current else " "
        severity = self.row.finding.severity
        sign = f"{severity_sign(severity, is_open)}{severity.word[0].upper()} "
        return [
            Segment(f"{cursor}{mark}", style + Style(bold=True)),
            Segment(sign, self.style_of(severity.word) + Style(bold=True)),
            *self._marked(text, style),
        ]

    def place_line(
        self,
        triage: Triage,
        proposed: str = "",
        fix: FixMark | None = None,
        thread: ThreadState | None = None,
    ) -> list[Segment]:
        """Return the last line: fix, thread, decision or proposal, kind, place, number of reports.

        The words become shorter, and then the folders; the name of the file stays.
        """
        finding = self.row.finding
        note = f"{NOTED} " if triage.note(finding) else ""
        count = f" ×{len(finding.reports)}" if len(finding.reports) > 1 else ""
        room = self.width - INDENT - cell_len(note) - cell_len(count)
        wordings = _with_thread(thread, _wordings(self.row, triage, proposed, fix))
        (told, words), place = _fitting(wordings, _place(finding), room)
        style = self.style_of("place")
        mark = [Segment(told, self.style_of(f"fix-{fix.tone}"))] if fix else []
        between = " · " if told else ""
        text = f"{between}{words}{place}{count}"
        return [Segment(" " * INDENT + note, style), *mark, *self._marked(text, style)]

    def _marked(self, text: str, style: Style) -> list[Segment]:
        parts: list[Segment] = []
        found, at = style + self.style_of("found"), 0
        for match in self.pattern.finditer(text) if self.pattern else ():
            if match[0]:
                parts += [Segment(text[at : match.start()], style), Segment(match[0], found)]
                at = match.end()
        return [part for part in (*parts, Segment(text[at:], style)) if part.text]


def proposal_label(proposals: "Sequence[Proposal]") -> str:
    """Return the last proposed decision in a few words; "" for none."""
    if not proposals:
        return ""
    from xreview.domain.events.event import DecisionMade

    for one in reversed(proposals):
        if isinstance(made := one.payload, DecisionMade):
            return visible(f"proposed by {shorten(one.who, 16)}: {made.decision.reason}")
    return ""


Wording = tuple[str, str]
"""What is said of the fix, and what comes after it."""


def _wordings(row: FindingRow, triage: Triage, proposed: str, fix: FixMark | None) -> list[Wording]:
    """Return what to say before the place, the longest form first."""
    decided = triage.decided(row.finding)
    forms = [(proposed, row.kind), (proposed and "proposed", row.kind)]
    if decided is not None:
        label, reason = decided.decision.label, decided.decision.reason.value
        forms = [(label, row.kind), (reason, row.kind), (reason, "")]
    said = ["".join(f"{word} · " for word in form if word) for form in forms]
    if fix is None:
        return [("", words) for words in said]
    return [(fix.label, said[0]), (fix.label, ""), (fix.short, "")]


def _with_thread(thread: ThreadState | None, wordings: Sequence[Wording]) -> list[Wording]:
    """Return the forms with a thread's state before the words; with its sign alone if need be."""
    if thread is None:
        return [*wordings]
    sign = THREAD_SIGNS[thread]
    whole = [(fix, f"{sign} {thread} · {words}") for fix, words in wordings]
    return [*whole, *((fix, f"{sign} {words}") for fix, words in wordings)]


def _place(finding: Finding) -> str:
    if not finding.lead.anchored:
        return "unanchored"
    return f"{visible(finding.anchor.path)}:{finding.anchor.start_line}"


def _fitting(wordings: Sequence[Wording], place: str, room: int) -> tuple[Wording, str]:
    """Return the longest words that leave room for the whole place, else for the file's name; the
    shortest word of a fix stays."""
    name = place.rpartition("/")[2]
    for needed in (place, name if name == place else f"…/{name}"):
        for wording in wordings:
            left = room - _width(wording)
            if cell_len(needed) <= left:
                return wording, _cut_left(place, left)
    last = wordings[-1][0], ""
    return last, _cut_left(place, room - _width(last))


def _width(wording: Wording) -> int:
    fix, words = wording
    return cell_len(fix) + (3 if fix else 0) + cell_len(words)


def _cut_left(text: str, room: int) -> str:
    """Cut a text at its start if it's too long, since names differ at their end."""
    return fit_end(drawn_line(text), max(0, room)).text


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text that is shown in place of findings."""
    rows: list[str] = []
    for paragraph in text.split("\n"):
        rows += textwrap.wrap(visible(paragraph), width) or [""]
    return rows
