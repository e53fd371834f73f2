"""Searching on the main screen."""

from typing import TYPE_CHECKING

from xreview.domain.text import visible
from xreview.tui.screens.triage.panes import PanesScreen
from xreview.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:  # the search is loaded with its key
    from xreview.tui.dialogs.search_bar import Searchable
    from xreview.tui.widgets.diff.search import MatchCount


class SearchingScreen(PanesScreen):
    """The panes with a search of the focused one. Nothing here changes the session."""

    is_searching = False
    """Whether a search goes on: its matches are marked, and the next one is a key away."""
    _searched = ""

    async def action_search(self) -> None:
        """Search the focused pane while you type; from the files, the findings."""
        from xreview.tui.dialogs.search_bar import SearchBar

        await self.end_search()
        searchable = self._searchable()

        async def end(text: str) -> None:
            if text:
                await self._keep_search(searchable, text)
            else:
                searchable.go_back()
                await self.end_search()

        await self.app.push_screen(SearchBar(searchable, self._searched, end))

    async def action_match(self, step: int) -> None:
        """Go to the next (1) or previous (-1) match in the focused pane."""
        if not self._searched:
            self.app.notify("No search yet. Press / to search.")
            return
        searchable = self._searchable()
        self._tell(searchable, await searchable.step(self._searched, step))

    async def end_search(self) -> bool:
        """End the search; return whether there was one."""
        was_searching, self.is_searching = self.is_searching, False
        self.findings.mark_matches("")
        await self.code.search("")
        for pane in self.query(TextPane):
            pane.search("")
        self.remove_class("-searching")
        return was_searching

    async def _keep_search(self, searchable: "Searchable", text: str) -> None:
        self._searched = text
        count = await searchable.seek(text)
        if not count.total:
            searchable.go_back()
        self._tell(searchable, count)

    def _tell(self, searchable: "Searchable", count: "MatchCount") -> None:
        """Show where the search is; if nothing is found, say so."""
        if not count.total:
            said = f"“{visible(self._searched)}” not found in the {searchable.name}."
            self.app.notify(said, markup=False)
        self.is_searching = count.total > 0
        self.set_class(self.is_searching, "-searching")
        self.search_line.show(self._searched, searchable.name, count)

    def _searchable(self) -> "Searchable":
        from xreview.tui.screens.triage.searchables import CodeSearch, FindingSearch, TextSearch

        pane = self.pane
        if isinstance(pane, TextPane):
            return TextSearch(pane)
        return CodeSearch(self.code) if pane is self.code else FindingSearch(self)
