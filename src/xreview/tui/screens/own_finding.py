"""Writing, editing and removing a finding of your own."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from xreview.domain.errors import JournalError, XReviewError
from xreview.domain.record import dataclass, replace
from xreview.domain.report import Category, Report, Severity
from xreview.domain.text import visible
from xreview.review.session.own_draft import OwnDraft, draft_of, first_change
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.dialogs.own_editor import KeptDraft, OwnEditorScreen
from xreview.tui.screens.triage.empty import STILL_READING

if TYPE_CHECKING:
    from xreview.review.session.session import ReviewSession
    from xreview.tui.app import XReviewApp
    from xreview.tui.flow import Flow

SEVERITIES = [
    MenuChoice("c", "critical", "", Severity.CRITICAL),
    MenuChoice("h", "high", "", Severity.HIGH),
    MenuChoice("m", "medium", "", Severity.MEDIUM),
    MenuChoice("l", "low", "", Severity.LOW),
]
_CATEGORY_KEYS = {
    Category.SECURITY: "s",
    Category.CONCURRENCY: "c",
    Category.ERROR_HANDLING: "e",
    Category.DATA_INTEGRITY: "d",
    Category.TIMING: "t",
    Category.EDGE_CASE: "x",
    Category.PERFORMANCE: "p",
    Category.SIMPLIFICATION: "m",
    Category.CONSISTENCY: "n",
    Category.OVER_ENGINEERING: "o",
    Category.DOCUMENTATION: "w",
}
CATEGORIES = [MenuChoice(key, one.value, "", one) for one, key in _CATEGORY_KEYS.items()]
_KEPT = "Draft kept. Press c to go on with it."


async def open_own_finding(app: "XReviewApp") -> None:
    """Write a finding on the code under the cursor, or edit the own finding in the list."""
    session, flow = app.triage.session, app.flow
    if session is None or flow is None:
        app.notify(STILL_READING, severity="warning")
        return
    writing = _Writing(app, session, flow)
    if app.kept_draft is not None:
        await writing.edit(app.kept_draft)
        return
    screen = app.triage
    finding = screen.findings.current if screen.pane is screen.findings else None
    own = session.own_in(finding) if finding is not None else None
    if own is not None:
        await writing.ask_what(own)
    else:
        await writing.begin()


@dataclass(frozen=True)
class _Writing:
    """The dialogs of one finding, one after the other."""

    app: "XReviewApp"
    session: "ReviewSession"
    flow: "Flow"

    async def begin(self) -> None:
        """Ask about severity, category and text of a new finding."""
        place = self._place()
        if place is None:
            self.app.notify("Go to a line of code that isn't blank first.", severity="warning")
            return

        async def ask_category(severity: Severity) -> None:
            async def write(category: Category) -> None:
                await self.edit(KeptDraft(replace(place, severity=severity, category=category)))

            await self.app.push_screen(ChoiceScreen("Which kind of problem?", CATEGORIES, write))

        title = f"Own finding on {place.path}:{place.start_line}: how bad is it?"
        await self.app.push_screen(ChoiceScreen(title, SEVERITIES, ask_category, 2))

    def _place(self) -> OwnDraft | None:
        """A draft without text for the chosen lines, without blank ones around them."""
        chosen = self.app.triage.code.chosen_range()
        if chosen is None:
            return None
        side, start, text = chosen.side, chosen.start_line, chosen.text
        if chosen.is_whole_file:
            files = (file for file in self.session.snapshot.files if file.path == chosen.path)
            found = next((line for file in files if (line := first_change(file))), None)
            if found is None:
                return None
            side, start, text = found
        rows = text.split("\n")
        while rows and not rows[0].strip():
            del rows[0]
            start += 1
        while rows and not rows[-1].strip():
            del rows[-1]
        if not rows:
            return None
        end, quote = start + len(rows) - 1, "\n".join(rows)
        medium, category = Severity.MEDIUM, Category.EDGE_CASE
        return OwnDraft(chosen.path, side, start, end, quote, "", medium, category)

    async def ask_what(self, own: Report) -> None:
        """Ask what to change of an own finding."""
        draft = draft_of(own)

        async def grade(severity: Severity) -> None:
            await self.save(KeptDraft(replace(draft, severity=severity), own))

        async def sort(category: Category) -> None:
            await self.save(KeptDraft(replace(draft, category=category), own))

        async def take(what: str) -> None:
            if what == "text":
                await self.edit(KeptDraft(draft, own))
            elif what == "severity":
                await self.app.push_screen(ChoiceScreen("How bad is it?", SEVERITIES, grade, 2))
            elif what == "category":
                await self.app.push_screen(ChoiceScreen("Which kind of problem?", CATEGORIES, sort))
            elif what == "remove":
                if await self._kept_on_disk(self.session.remove_finding(own)):
                    self.app.notify("Finding removed. Press u to undo.")
            else:
                await self.begin()

        choices = [
            MenuChoice("t", "text", "and the suggested replacement", "text"),
            MenuChoice("s", "severity", own.severity.word, "severity"),
            MenuChoice("k", "kind", own.category.value, "category"),
            MenuChoice("x", "remove", "undo with u", "remove"),
            MenuChoice("n", "new", "another finding on the line in the code", "new"),
        ]
        await self.app.push_screen(ChoiceScreen(f"Your finding: {own.title}", choices, take))

    async def edit(self, kept: KeptDraft) -> None:
        """Open the editor."""
        self.app.kept_draft = None
        await self.app.push_screen(OwnEditorScreen(kept, self.save, self._keep))

    def _keep(self, kept: KeptDraft) -> None:
        before = draft_of(kept.report) if kept.report else None
        if kept.draft.title and kept.draft != before:
            self.app.kept_draft = kept
            self.app.notify(_KEPT)

    async def save(self, kept: KeptDraft) -> None:
        """Write the finding or its edit, and select it in the list."""
        draft, report = kept.draft, kept.report
        if report is None:
            writing = self.flow.write_finding(draft)
        else:
            writing = self.session.edit_finding(report, draft)
        if not await self._kept_on_disk(writing):
            self._keep(kept)

    async def _kept_on_disk(self, work: Awaitable[str | None]) -> bool:
        """Do it and show the session; return False if there is nothing to save."""
        name: str | None = None
        try:
            name = await work
        except JournalError as error:
            self.app.triage.tell_unsaved(error)
        except XReviewError as error:
            self.app.notify(visible(str(error)), severity="error", markup=False)
            return False
        screen, snapshot = self.app.triage, self.session.snapshot
        screen.show_snapshot(snapshot)
        for finding in snapshot.findings:
            if name is not None and name in finding.fingerprints:
                screen.reveal(finding)
        return True
