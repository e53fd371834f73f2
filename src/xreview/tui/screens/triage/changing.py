"""Changing the session on the main screen, and undoing it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast

from xreview.domain.errors import JournalError
from xreview.domain.finding import Finding
from xreview.domain.state import Triage
from xreview.domain.text import count_of, visible
from xreview.tui.screens.triage.empty import STILL_READING
from xreview.tui.screens.triage.reading import ReadingScreen

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.review.session.session import ReviewSession
    from xreview.tui.app import XReviewApp


class ChangingScreen(ReadingScreen):
    """The panes with undo and redo."""

    def show_fix(self, words: str) -> None:
        """Show in the header what a fix does or did; "" for no fix."""
        self._status.tell_fix(words)

    def show_attempts(self, words: str) -> None:
        """Show in the header how far attempts are; "" for none."""
        self._status.tell_attempts(words)

    async def action_undo(self) -> None:
        """Undo the last decision, or what was applied of a fix since."""
        before = self.snapshot.triage if self.snapshot else Triage()
        applied = self.snapshot.last_applied if self.snapshot else None
        if applied is not None:
            from xreview.tui.screens.fix import revert_fix

            await revert_fix(cast("XReviewApp", self.app), applied)
            return
        self.app.clear_notifications()  # "Press u to undo" no longer holds
        await self._change(lambda session: session.undo(), "Nothing to undo in this session.")
        self._go_to_undone(before)

    def _go_to_undone(self, before: Triage) -> None:
        """Move the cursor to the finding that is open again; say so if there are several."""
        if (snapshot := self.snapshot) is None or before == snapshot.triage:
            return
        undone = [
            finding
            for finding in snapshot.findings
            if before.decided(finding) != snapshot.triage.decided(finding)
        ]
        if undone and self.findings.current not in undone:
            self.findings.go_to(undone[0])
        if len(undone) > 1:
            self.app.notify(f"{count_of(len(undone), 'decision')} undone. Press U to redo.")

    async def undo_escalation(self, finding: Finding) -> None:
        """Undo the action that escalated a finding, though others came after it."""
        decided = self.snapshot.triage.decided(finding) if self.snapshot else None
        if decided is not None:
            await self._change(lambda session: session.undo(decided.action))
            self.findings.go_to(finding)
            self.app.notify("Escalation undone.")

    async def action_redo(self) -> None:
        """Redo the decision that was undone last."""
        await self._change(lambda session: session.redo(), "Nothing to redo.")

    async def _change(
        self, change: Callable[["ReviewSession"], Awaitable[bool | None]], nothing: str = ""
    ) -> bool:
        if (session := self.session) is None:
            self.app.notify(STILL_READING, severity="warning")
            return False
        changed = None
        try:
            changed = await change(session)
        except JournalError as error:
            self.tell_unsaved(error)
        if changed is False:
            self.app.notify(nothing)
        self.show_snapshot(session.snapshot)
        return True

    def tell_unsaved(self, error: JournalError) -> None:
        """Say that what the user did isn't on disk yet."""
        self.app.notify(f"Not saved yet. {visible(str(error))}", severity="error", markup=False)
