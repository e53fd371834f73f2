"""Moving around the main screen, filtering, and sorting."""

from typing import TYPE_CHECKING

from textual import on

from xreview.domain.finding import Finding
from xreview.tui.messages import FilterTermClicked, FindingOpened
from xreview.tui.screens.triage.searching import SearchingScreen
from xreview.tui.widgets.findings.filter import Filter, FilterKind, FilterTerm
from xreview.tui.widgets.findings.rows import Heading, Sorting

if TYPE_CHECKING:  # the menus are loaded with the key that opens them
    from xreview.tui.dialogs.filter_menu import FilterMenu, FilterStep


class MovingScreen(SearchingScreen):
    """The panes with the keys that move, filter, and sort. Nothing here changes the session."""

    _said_end = 0
    """The direction in which the end of the list was told last: once is enough."""

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

    async def action_finding(self, step: int) -> None:
        """Go to the next (1) or previous (-1) finding from any pane; the focus stays.

        In the code, go through the places of the finding first. While a search goes on, go to the
        next or previous match of the focused pane.
        """
        if self.is_searching:
            await self.action_match(step)
        elif self._go_to_place(step) or self.findings.go_to_finding(step):
            self._said_end = 0
        elif self._said_end != step:
            self._said_end = step
            self.app.notify(self._end_of_list(step))

    def _go_to_place(self, step: int) -> bool:
        """Show the finding's next (1) or previous (-1) place in the code; return False at its end,
        or if another pane has the focus."""
        finding = self.findings.current if self.pane is self.code else None
        places = finding.places if finding else ()
        at = (
            places.index(self.code.marked_anchor) + step
            if self.code.marked_anchor in places
            else -1
        )
        if not 0 <= at < len(places):
            return False
        self.code.show(places[at])
        return True

    def _end_of_list(self, step: int) -> str:
        if step < 0:
            return "This is the first finding."
        waiting, folded = self.arrangement.waiting.label, self.findings.folded
        new = f" Press {self.take_in_key} for {waiting}." if waiting else ""
        more = f" {folded:,} more in folded groups." if folded else ""
        return f"This is the last finding.{new}{more}"

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

    def reveal(self, finding: Finding) -> bool:
        """Move the list's cursor to a finding, and unfold its group; False if it isn't listed."""
        if self.arrangement.is_folded(finding):
            self.arrangement.fold(self.arrangement.group_of(finding), False)
            self.refresh_list()
        return self.findings.go_to(finding)

    # panes

    def action_show(self, pane: str) -> None:
        """Focus a pane; from the review, its key leads to the disagreement."""
        self.focus_pane("disagreement" if pane == self.pane.id == "review" else pane)

    def action_side_by_side(self) -> None:
        """Show the code unified or side by side."""
        self.code.set_side_by_side(not self.code.side_by_side)

    # find

    async def action_filter(self) -> None:
        """Choose which findings to show; choices of several kinds add up."""
        from xreview.tui.dialogs.choice import ChoiceScreen

        if (menu := self._filter_menu()) is not None:
            choices = menu.choices(self.findings.current)
            title = "Show which findings?"
            await self.app.push_screen(ChoiceScreen(title, choices, self._follow_filter))

    async def _follow_filter(self, step: "FilterStep") -> None:
        """Apply the filter, or ask the next question."""
        from xreview.tui.dialogs.filter_menu import Removal, TextWanted

        match step:
            case Filter():
                self._show_only(step)
            case FilterKind():
                await self._ask_value(step)
            case Removal():
                await self._ask_removal()
            case TextWanted():
                await self._ask_text()

    async def _ask_value(self, kind: FilterKind) -> None:
        from xreview.tui.dialogs.choice import ChoiceScreen

        if (menu := self._filter_menu()) is None:
            return
        left_out = menu.left_out(kind)
        about = [f"{left_out:,} more aren't shown here; filter by a text to find them."]
        title = f"Which {kind.value}?"
        choices = menu.values(kind)
        await self.app.push_screen(
            ChoiceScreen(title, choices, self._follow_filter, about=about if left_out else ())
        )

    async def _ask_removal(self) -> None:
        from xreview.tui.dialogs.choice import ChoiceScreen

        if len(self.arrangement.filter.terms) < 2 or (menu := self._filter_menu()) is None:
            self._show_only(Filter())
            return
        choices = menu.removals()
        await self.app.push_screen(ChoiceScreen("Remove which?", choices, self._follow_filter))

    async def _ask_text(self) -> None:
        from xreview.tui.dialogs.prompt import PromptScreen

        async def add(text: str) -> None:
            if text.strip():
                term = FilterTerm(FilterKind.TEXT, text.strip())
                self._show_only(self.arrangement.filter.toggled(term))

        await self.app.push_screen(PromptScreen("Show findings with the text", add))

    @on(FilterTermClicked)
    def remove_term(self, message: FilterTermClicked) -> None:
        """Remove a part of the filter."""
        terms = self.arrangement.filter.terms
        self._show_only(Filter(terms[: message.index] + terms[message.index + 1 :]))

    def _show_only(self, chosen: Filter) -> None:
        self.arrangement.set_filter(chosen)
        self.refresh_list()

    def _filter_menu(self) -> "FilterMenu | None":
        from xreview.tui.dialogs.filter_menu import FilterMenu

        if (snapshot := self.snapshot) is None:
            return None
        return FilterMenu(self.arrangement.filter, self.arrangement.subjects(snapshot))

    async def action_sort(self) -> None:
        """List the findings that wait; without any, choose how to group and sort."""
        if self.arrangement.waiting.label:
            self.arrangement.take_in()
            self.refresh_list()
            return

        from xreview.tui.dialogs.choice import ChoiceScreen
        from xreview.tui.dialogs.menus import SORTINGS

        async def arrange(sorting: Sorting) -> None:
            self.arrangement.set_sorting(sorting)
            self.refresh_list()

        await self.app.push_screen(ChoiceScreen("Group and sort by", SORTINGS, arrange))
