"""Moving around the main screen, and searching, filtering, and sorting."""

from xreview.domain.finding import Finding
from xreview.domain.text import visible
from xreview.tui.dialogs.choice import ChoiceScreen
from xreview.tui.dialogs.menus import SORTINGS, FilterChange, filter_choices
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.messages import FindingOpened
from xreview.tui.screens.triage.panes import PanesScreen
from xreview.tui.widgets.diff.view import DiffView
from xreview.tui.widgets.findings.rows import Heading, Sorting


class MovingScreen(PanesScreen):
    """The panes with the keys that move and search. Nothing here changes the session."""

    _searched = ""

    # move

    def action_move(self, steps: int) -> None:
        """Move by findings or lines."""
        self.pane.move_cursor(steps)

    def action_page(self, pages: int) -> None:
        """Move by screens."""
        self.pane.page(pages)

    def action_first(self) -> None:
        """Go to the first row."""
        self.pane.go_home()

    def action_last(self) -> None:
        """Go to the last row."""
        self.pane.go_to_end()

    def action_scroll(self, columns: int) -> None:
        """Scroll the code sideways."""
        self.code.move_sideways(columns)

    def action_hunk(self, step: int) -> None:
        """Go to the next (1) or previous (-1) hunk."""
        self.code.go_to_hunk(step)

    def action_file(self, step: int) -> None:
        """Go to the next (1) or previous (-1) file."""
        self.code.go_to_file(step)

    def action_finding(self, step: int) -> None:
        """Go to the next (1) or previous (-1) finding from any pane; the focus stays."""
        self.findings.move_cursor(step)

    def action_go_to_code(self) -> None:
        """Go from a finding to its code, or from the code back; unfold a folded group."""
        row = self.findings.current_row
        if self.pane is self.findings and isinstance(row, Heading):
            self.arrangement.fold(row.group, not row.is_folded)
            self.refresh_list()
            return
        if self.pane is self.code:
            self.focus_pane("findings")
            return
        if (finding := self.findings.current) is not None:
            self.post_message(FindingOpened(finding))
        else:
            self.focus_pane("code")

    # panes

    def action_show(self, pane: str) -> None:
        """Focus a pane; from the review, its key leads to the disagreement."""
        self.focus_pane("disagreement" if pane == self.pane.id == "review" else pane)

    def action_side_by_side(self) -> None:
        """Show the code unified or side by side."""
        self.code.set_side_by_side(not self.code.side_by_side)

    # find

    async def action_search(self) -> None:
        """Search the code if it has the focus, else the findings."""
        where = "code" if isinstance(self.pane, DiffView) else "findings"

        async def search(text: str) -> None:
            if text:
                self._searched = text
                await self.action_match(1)

        await self.app.push_screen(
            PromptScreen(f"Search the {where}", search, self._searched, is_old=True)
        )

    async def action_match(self, step: int) -> None:
        """Go to the next (1) or previous (-1) match."""
        if not self._searched:
            self.app.notify("No search yet. Press / to search.")
            return
        if isinstance(self.pane, DiffView):
            where = "code"
            found = await self.code.search(self._searched, step, again=True)
        else:
            where = "findings"
            found = self._search_findings(step)
        if not found:
            self.app.notify(f"“{visible(self._searched)}” not found in the {where}.", markup=False)

    def _search_findings(self, step: int) -> bool:
        """Go to the next finding that contains the text, and unfold its group."""
        if (snapshot := self.snapshot) is None:
            return False
        listed = self.arrangement.listed(snapshot.findings, snapshot.triage)
        current, wanted = self.findings.current, self._searched.casefold()
        start = listed.index(current) if current in listed else -1
        for count in range(1, len(listed) + 1):
            finding = listed[(start + step * count) % len(listed)]
            if _contains(finding, wanted):
                if self.arrangement.is_folded(finding):
                    self.arrangement.fold(self.arrangement.group_of(finding), False)
                    self.refresh_list()
                return self.findings.go_to(finding)
        return False

    async def action_filter(self) -> None:
        """Choose which findings to show; choices add up."""
        choices = filter_choices(self.findings.current)

        async def show(change: FilterChange) -> None:
            self.arrangement.set_filter(change(self.arrangement.filter))
            self.refresh_list()

        await self.app.push_screen(ChoiceScreen("Show which findings?", choices, show))

    async def action_sort(self) -> None:
        """Choose how to group and sort the findings."""

        async def arrange(sorting: Sorting) -> None:
            self.arrangement.set_sorting(sorting)
            self.refresh_list()

        await self.app.push_screen(ChoiceScreen("Group and sort by", SORTINGS, arrange))


def _contains(finding: Finding, wanted: str) -> bool:
    text = " ".join(
        (report.title + report.claim + report.anchor.path + report.anchor.quote)
        for report in finding.reports
    )
    return wanted in text.casefold()
