"""Moving about the main screen, and finding things in it."""

from xreview.domain.finding import Finding
from xreview.domain.text import visible
from xreview.tui.dialogs.choice import ChoiceScreen
from xreview.tui.dialogs.menus import SORTINGS, FilterChange, filter_choices
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.messages import FindingOpened
from xreview.tui.screens.triage.panes import PanesScreen
from xreview.tui.widgets.diff.view import DiffView
from xreview.tui.widgets.findings.rows import Heading, Sorting

_SIDEWAYS = 8


class MovingScreen(PanesScreen):
    """The panes with the keys that move and search. Nothing here changes the session."""

    _searched = ""

    # move

    def action_cursor_down(self) -> None:
        """One finding or line down."""
        self.pane.move_cursor(1)

    def action_cursor_up(self) -> None:
        """One finding or line up."""
        self.pane.move_cursor(-1)

    def action_page_down(self) -> None:
        """One screen down."""
        self.pane.page(1)

    def action_page_up(self) -> None:
        """One screen up."""
        self.pane.page(-1)

    def action_first(self) -> None:
        """To the first row."""
        self.pane.go_home()

    def action_last(self) -> None:
        """To the last row."""
        self.pane.go_to_end()

    def action_scroll_left(self) -> None:
        """Show what is left of the code pane."""
        self.code.move_sideways(-_SIDEWAYS)

    def action_scroll_right(self) -> None:
        """Show what is right of the code pane."""
        self.code.move_sideways(_SIDEWAYS)

    def action_hunk_next(self) -> None:
        """The next hunk."""
        self.code.go_to_hunk(1)

    def action_hunk_previous(self) -> None:
        """The hunk before."""
        self.code.go_to_hunk(-1)

    def action_file_next(self) -> None:
        """The next file."""
        self.code.go_to_file(1)

    def action_file_previous(self) -> None:
        """The file before."""
        self.code.go_to_file(-1)

    def action_go_to_code(self) -> None:
        """From a finding to its code; on a folded group: unfold it; in the code: back."""
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

    def action_pane_next(self) -> None:
        """The next pane."""
        self.cycle_panes(1)

    def action_pane_previous(self) -> None:
        """The pane before."""
        self.cycle_panes(-1)

    def action_pane_findings(self) -> None:
        """The findings list."""
        self.focus_pane("findings")

    def action_pane_code(self) -> None:
        """The code."""
        self.focus_pane("code")

    def action_pane_review(self) -> None:
        """The review, and the disagreement when it is there already."""
        self.focus_pane("disagreement" if self.pane.id == "review" else "review")

    def action_zoom(self) -> None:
        """The focused pane alone, or all again."""
        self.toggle_zoom()

    def action_side_by_side(self) -> None:
        """The code unified, or side by side."""
        self.code.set_side_by_side(not self.code.side_by_side)

    # find

    async def action_search(self) -> None:
        """Search the findings, or the code if the focus is there."""
        where = "code" if isinstance(self.pane, DiffView) else "findings"

        async def search(text: str) -> None:
            if text:
                self._searched = text
                await self._search(1)

        await self.app.push_screen(
            PromptScreen(f"Search the {where}", search, self._searched, is_old=True)
        )

    async def action_search_next(self) -> None:
        """The next match of the last search."""
        await self._search(1)

    async def action_search_previous(self) -> None:
        """The match before."""
        await self._search(-1)

    async def _search(self, step: int) -> None:
        if not self._searched:
            self.app.notify("Nothing was searched for yet: / does.")
            return
        if isinstance(self.pane, DiffView):
            where = "code"
            found = await self.code.search(self._searched, step, again=True)
        else:
            where = "findings"
            found = self._search_findings(step)
        if not found:
            self.app.notify(f"“{visible(self._searched)}” is not in the {where}.", markup=False)

    def _search_findings(self, step: int) -> bool:
        """Go to the next finding with the text; one in a folded group unfolds it."""
        if (snapshot := self.snapshot) is None:
            return False
        listed = self.arrangement.listed(snapshot.findings, snapshot.triage)
        current, wanted = self.findings.current, self._searched.casefold()
        start = listed.index(current) if current in listed else -1
        for count in range(1, len(listed) + 1):
            finding = listed[(start + step * count) % len(listed)]
            if _says(finding, wanted):
                if self.arrangement.is_folded(finding):
                    self.arrangement.fold(self.arrangement.group_of(finding), False)
                    self.refresh_list()
                return self.findings.go_to(finding)
        return False

    async def action_filter(self) -> None:
        """Choose which findings are shown; several choices add up."""
        choices = filter_choices(self.findings.current)

        async def show(change: FilterChange) -> None:
            self.arrangement.set_filter(change(self.arrangement.filter))
            self.refresh_list()

        await self.app.push_screen(ChoiceScreen("Show which findings?", choices, show))

    async def action_sort(self) -> None:
        """Choose how findings are grouped and ordered."""

        async def arrange(sorting: Sorting) -> None:
            self.arrangement.set_sorting(sorting)
            self.refresh_list()

        await self.app.push_screen(ChoiceScreen("Group and order by", SORTINGS, arrange))


def _says(finding: Finding, wanted: str) -> bool:
    said = " ".join(
        (report.title + report.claim + report.anchor.path + report.anchor.quote)
        for report in finding.reports
    )
    return wanted in said.casefold()
