"""Accepting all undisputed findings at once from a list, which leaves out high-stakes ones."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from xreview.disagreement.attention import can_be_confirmed_in_bulk, finding_attention
from xreview.disagreement.groups import Group, group_of, is_high_stakes
from xreview.disagreement.sides import is_parted
from xreview.domain.attention.sentence import reason_words
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.screens.triage.asking import ASKED_APART
from xreview.tui.screens.triage.empty import STILL_READING

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

NOTHING = "No undisputed findings: no open finding is corroborated or conceded."


@dataclass(frozen=True, slots=True)
class Confirmable:
    """The open, undisputed findings: those to accept together, and those to decide one by one.

    Args:
        to_decide: those at the highest level for another reason than what is at stake in them;
            `why` is the weightiest reason of the first one, safe to show.
    """

    findings: tuple[Finding, ...]
    high_stakes: tuple[Finding, ...]
    parted: tuple[Finding, ...] = ()
    to_decide: tuple[Finding, ...] = ()
    why: str = ""

    @property
    def left_out(self) -> str:
        """How many are left out and why; "" for none."""
        said: list[str] = []
        if self.high_stakes:
            said.append(
                f"{count_of(len(self.high_stakes), 'high-stakes finding')} left out: decide on "
                "security, data, money, and authentication one by one."
            )
        if self.to_decide:
            said.append(
                f"{count_of(len(self.to_decide), 'finding')} left out to decide one by one"
                f"{f': {self.why}' if self.why else ''}."
            )
        if self.parted:
            said.append(f"{count_of(len(self.parted), 'finding')} {ASKED_APART}")
        return " ".join(said)


def confirmable(snapshot: ReviewSnapshot) -> Confirmable:
    """Return the undisputed findings that are open and not waiting to be saved.

    Those at level 4 are among them: they are to be studied, and two families agree on them. Only 5
    is never decided in bulk.
    """
    group = [
        finding
        for finding in snapshot.open_findings
        if group_of(finding) is Group.QUICK_CONFIRM and not snapshot.is_pending(finding)
    ]
    chosen = [one for one in group if can_be_confirmed_in_bulk(one, snapshot.attention)]
    rest = [one for one in group if one not in chosen]
    decide = tuple(one for one in rest if not is_high_stakes(one))
    return Confirmable(
        tuple(one for one in chosen if not is_parted(one)),
        tuple(filter(is_high_stakes, rest)),
        tuple(filter(is_parted, chosen)),
        decide,
        _why(decide[0], snapshot) if decide else "",
    )


def _why(finding: Finding, snapshot: ReviewSnapshot) -> str:
    reasons = finding_attention(finding, snapshot.attention).reasons
    return reason_words(reasons[0]) if reasons else ""


class ConfirmScreen(PageScreen):
    """Lists findings; Enter accepts all of them."""

    DEFAULT_CSS = """
    ConfirmScreen { align: center bottom; }
    ConfirmScreen > VerticalScroll {
        width: 90; max-height: 90%; margin-bottom: 2; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", "accept all", priority=True)]
    KEYS: ClassVar[str] = "Enter accepts all · j/k scroll · Esc cancels"

    def __init__(self, found: Confirmable, on_yes: Callable[[], Awaitable[object]]) -> None:
        title = f"Accept {count_of(len(found.findings), 'finding')}, to fix as suggested?"
        super().__init__(title, _content(found))
        self._on_yes = on_yes

    async def action_take(self) -> None:
        """Accept all of them."""
        self.app.pop_screen()
        await self._on_yes()


def _content(found: Confirmable) -> Content:
    """Return two lines for each finding: what it is, and who agrees on it where."""
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


async def open_confirm(app: "XReviewApp") -> None:
    """Show the undisputed findings, or say that there are none."""
    triage = app.triage
    if (snapshot := triage.snapshot) is None or triage.session is None:
        app.notify(STILL_READING, severity="warning")
        return
    found = confirmable(snapshot)
    if not found.findings:
        app.notify(found.left_out or NOTHING, markup=False)
        return

    async def accept() -> None:
        await triage.decide(Decision(Verdict.ACCEPT, Reason.FIX), found.findings)

    await app.push_screen(ConfirmScreen(found, accept))
