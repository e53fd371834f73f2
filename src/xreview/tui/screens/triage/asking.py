"""What a decision asks: its reason, which side to take, and until when."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from string import ascii_lowercase, digits
from typing import Any

from textual.screen import Screen

from xreview.disagreement.sides import reviewer_names, sides_of
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.domain.ruling import ChosenReport, chosen_of
from xreview.domain.text import count_of, visible
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.dialogs.menus import decision_choices
from xreview.tui.dialogs.prompt import PromptScreen

ASKED_APART = "left out: where reports ask for different things, press a to take a side."
NO_SIDE = "The proposal doesn't say which side to take. Press a to choose."
NOTE_NEEDED = "Write how to fix it: the reports ask for different things."
_BOTH = "d"
_KEYS = [key for key in digits[1:] + ascii_lowercase if key != _BOTH]


@dataclass(frozen=True, slots=True)
class SideTaken:
    """How to fix a finding whose reports part: as some of them ask, or as the note says."""

    chosen: tuple[ChosenReport, ...] = ()
    note: str = ""

    @property
    def decision(self) -> Decision:
        """The decision it makes."""
        return Decision(Verdict.ACCEPT, Reason.FIX if self.chosen else Reason.FIX_DIFFERENTLY)


OnSide = Callable[[SideTaken], Awaitable[object]]
OnReason = Callable[[Decision, str | None], Awaitable[object]]
"""Gets the decision, and the date from which a deferred finding is open again."""


async def ask_reason(
    screen: Screen[Any],
    verdict: Verdict,
    findings: Sequence[Finding],
    on_reason: OnReason,
    why_no_arbiter: str = "",
) -> None:
    """Ask for the reason of a verdict, and for a date if the findings are deferred.

    With `why_no_arbiter`, show that sentence instead of offering a third vendor's model.
    """

    async def take(decision: Decision) -> None:
        if decision.reason is Reason.LATER:
            await _ask_date(screen, lambda until: on_reason(decision, until))
        else:
            await on_reason(decision, None)

    only = visible(findings[0].lead.title) if len(findings) == 1 else ""
    title = f"{verdict.value.capitalize()}: {only or count_of(len(findings), 'finding')}"
    choices = decision_choices(verdict, (Reason.ARBITER,) if why_no_arbiter else ())
    about = (why_no_arbiter,) if why_no_arbiter else ()
    await screen.app.push_screen(ChoiceScreen(title, choices, take, about=about))


async def ask_side(screen: Screen[Any], finding: Finding, note: str, on_side: OnSide) -> None:
    """Ask which reports to fix, or how to fix all of them another way, at first as in `note`."""

    async def take(side: SideTaken) -> None:
        if side.chosen:
            await on_side(side)
        else:
            await _ask_note(screen, note, on_side)

    title = f"Accept which side? {finding.lead.title}"
    await screen.app.push_screen(ChoiceScreen(title, side_choices(finding), take))


def side_choices(finding: Finding) -> list[MenuChoice[SideTaken]]:
    """Return a choice for each side, and one for fixing it another way."""
    choices = [
        MenuChoice(key, reviewer_names(side), _asks(side[0]), SideTaken(chosen_of(side)))
        for key, side in zip(_KEYS, sides_of(finding), strict=False)
    ]
    other = MenuChoice(_BOTH, "both, differently", "with a note on how to fix it", SideTaken())
    return [*choices, other]


async def _ask_note(screen: Screen[Any], note: str, on_side: OnSide) -> None:
    async def take(text: str) -> None:
        if text.strip():
            await on_side(SideTaken(note=text.strip()))
        else:
            screen.app.notify(NOTE_NEEDED, severity="warning")
            await _ask_note(screen, "", on_side)

    await screen.app.push_screen(PromptScreen("Accept: how to fix it?", take, note))


async def _ask_date(
    screen: Screen[Any], on_date: Callable[[str | None], Awaitable[object]], typed: str = ""
) -> None:
    """Ask from which date a deferred finding is open again; None for when its code changes."""

    async def take(day: str) -> None:
        until = day.strip() or None
        if until is None or _is_date(until):
            await on_date(until)
            return
        screen.app.notify(
            f"“{visible(until)}” isn't a date. Write it like 2026-12-31.",
            severity="error",
            markup=False,
        )
        await _ask_date(screen, on_date, day)

    title = "Later: from which date? (2026-12-31; empty: when the code changes)"
    await screen.app.push_screen(PromptScreen(title, take, typed, is_old=True))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _asks(report: Report) -> str:
    """What a report asks for, then its title."""
    request, suggestion = report.request, report.suggestion
    if request is not None:
        return f"{request.direction} {request.topic} ({report.title})"
    if suggestion is not None and suggestion.description:
        return f"{suggestion.description} ({report.title})"
    return report.title
