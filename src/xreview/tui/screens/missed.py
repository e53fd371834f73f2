"""Marking a problem that came to light after the review."""

from typing import TYPE_CHECKING

from xreview.domain.errors import JournalError
from xreview.domain.events.person_events import FoundIn
from xreview.domain.report import Severity
from xreview.domain.text import visible
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.screens.triage.empty import STILL_READING

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

_WHERE = [
    MenuChoice("t", "testing", "found before it shipped", FoundIn.TESTING),
    MenuChoice("p", "production", "it shipped", FoundIn.PRODUCTION),
]


async def open_missed(app: "XReviewApp") -> None:
    """Ask where a problem in the code or finding under the cursor came to light, and what it is."""
    screen, session = app.triage, app.triage.session
    if session is None:
        app.notify(STILL_READING, severity="warning")
        return
    finding = screen.findings.current if screen.pane is screen.findings else None
    chosen = screen.code.chosen_range()
    if finding is not None:
        path, line, known = finding.anchor.path, finding.anchor.start_line, finding.lead.title
    elif chosen is not None:
        path, line, known = chosen.path, chosen.start_line, ""
    else:
        app.notify("Go to a line of code first.", severity="warning")
        return
    severity = finding.severity if finding else Severity.MEDIUM
    category = finding.category if finding else None

    async def ask_text(found: FoundIn) -> None:
        async def mark(text: str) -> None:
            if not text.strip():
                return
            try:
                before = await session.reviewed_before(path)
                charged = before.id if before else ""
                await session.mark_missed(
                    path, line, text.strip(), found, severity, category, charged
                )
            except JournalError as error:
                screen.tell_unsaved(error)
            else:
                readers = before.readers if before else _readers_now(app, path)
                who = visible(", ".join(readers)) or "no reviewer"
                when = f" on {before.opened_at[:10]}" if before else ""
                app.notify(
                    f"Counted as missed, found in {found}: {who} read the file{when}. "
                    "Press u to undo.",
                    markup=False,
                )
            screen.show_snapshot(session.snapshot)

        title = f"Missed in {path}:{line}: what was wrong?"
        await app.push_screen(PromptScreen(title, mark, known, is_old=bool(known)))

    await app.push_screen(ChoiceScreen("Where did it come to light?", _WHERE, ask_text))


def _readers_now(app: "XReviewApp", path: str) -> list[str]:
    from xreview.domain.scorecard.gathering import WAS_READ

    snapshot = app.triage.snapshot
    entries = snapshot.coverage if snapshot else ()
    return [one.reviewer for one in entries if one.path == path and one.reading in WAS_READ]
