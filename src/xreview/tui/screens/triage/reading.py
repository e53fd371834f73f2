"""Reading the code on the main screen: unchanged lines on demand, and viewed files."""

from typing import TYPE_CHECKING

from textual import on

from xreview.domain.text import visible
from xreview.tui.screens.triage.empty import STILL_READING
from xreview.tui.screens.triage.files import FilesScreen
from xreview.tui.widgets.diff.gaps import DiffGaps

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.review.session.session import ReviewSession


class ReadingScreen(FilesScreen):
    """The panes with the keys for reading. `session` is set once the whole change is read."""

    session: "ReviewSession | None" = None

    def action_go_to_code(self) -> None:
        """Unfold what is hidden under the cursor of the code, else go to the code or back."""
        if self.pane is self.code and (self.code.toggle_fold() or self.code.show_hidden()):
            return
        super().action_go_to_code()

    def action_expand_all(self) -> None:
        """Show all unchanged lines under the cursor, up to the function around the hunk."""
        if self.pane is self.code and not self.code.show_hidden(None):
            self.app.notify("No unchanged lines are hidden here. Go to a line with ⋯.")

    @on(DiffGaps.LinesNotShown)
    def tell_not_shown(self, message: DiffGaps.LinesNotShown) -> None:
        """Say why unchanged lines aren't shown."""
        self.app.notify(visible(message.why), severity="warning", markup=False)

    async def action_viewed(self) -> None:
        """Mark the file under the cursor as viewed and go to the next, or mark it as not viewed."""
        path = self.code.path_under_cursor
        if (session := self.session) is None or path is None:
            self.app.notify(STILL_READING, severity="warning")
            return
        file = next(file for file in session.snapshot.files if file.path == path)
        is_viewed = path not in session.snapshot.viewed
        await session.mark_viewed(file, is_viewed)
        self.show_snapshot(session.snapshot)
        if not is_viewed:
            return
        self.code.fold(path)
        if not self.code.go_to_next_unviewed():
            self.app.notify("All files are viewed.")
