"""Accepting in one go what nobody doubts, after its list was shown.

What is high-stakes is never among it, and the list says how many of those there are.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from textual.content import Content

from xreview.disagreement.groups import Group, can_be_confirmed_in_bulk, group_of
from xreview.domain.finding import Finding
from xreview.domain.text import count_of, visible
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.screens.confirm import ConfirmScreen

NOTHING = "There is nothing to confirm in bulk: no open finding is corroborated or conceded."


@dataclass(frozen=True, slots=True)
class Confirmable:
    """The open findings that nobody doubts.

    Args:
        findings: those that may be accepted together.
        high_stakes: those that may not, and are decided one by one.
    """

    findings: tuple[Finding, ...]
    high_stakes: tuple[Finding, ...]

    @property
    def left_out(self) -> str:
        """How many are left out and why; "" for none."""
        if not self.high_stakes:
            return ""
        count = len(self.high_stakes)
        what = "high-stakes one is" if count == 1 else "high-stakes ones are"
        return (
            f"{count} {what} left out: security, data, money and authentication "
            "are decided one by one."
        )


def confirmable(snapshot: ReviewSnapshot) -> Confirmable:
    """The quick-confirm group of what is open and not waiting for the disk."""
    group = [
        finding
        for finding in snapshot.open_findings
        if group_of(finding) is Group.QUICK_CONFIRM and not snapshot.is_pending(finding)
    ]
    chosen = tuple(finding for finding in group if can_be_confirmed_in_bulk(finding))
    rest = tuple(finding for finding in group if not can_be_confirmed_in_bulk(finding))
    return Confirmable(chosen, rest)


def confirm_screen(
    found: Confirmable, accept: Callable[[Sequence[Finding]], Awaitable[object]]
) -> ConfirmScreen:
    """The list, and what accepts all of it.

    Args:
        found: with at least one finding.
        accept: gets the findings of the list on Enter.
    """

    async def take() -> None:
        await accept(found.findings)

    title = f"Accept {count_of(len(found.findings), 'finding')}, to fix as suggested?"
    return ConfirmScreen(title, confirm_content(found), take)


def confirm_content(found: Confirmable) -> Content:
    """Each finding in two lines: what it is, and who agrees on it where."""
    parts: list[str | tuple[str, str]] = []
    for finding in found.findings:
        kind, severity = finding.disagreement.value, finding.severity.word
        parts.append((f"{severity:<8} ", f"bold $severity-{severity}"))
        parts.append((f"{visible(finding.lead.title)}\n", "bold"))
        place = f"{visible(finding.anchor.path)}:{finding.anchor.start_line}"
        parts.append((f"{'':9}{kind} · {place}\n", "$text-muted"))
    if found.left_out:
        parts.append((f"\n{found.left_out}", "$text-warning"))
    return Content.assemble(*parts)
