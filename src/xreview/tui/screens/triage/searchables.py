"""What can be searched on the main screen: the findings, the code, and the two voices."""

import asyncio

from xreview.domain.finding import Finding
from xreview.tui.screens.triage.panes import PanesScreen
from xreview.tui.widgets.diff.search import MatchCount
from xreview.tui.widgets.diff.view import DiffView
from xreview.tui.widgets.findings.filter import mentions
from xreview.tui.widgets.text_pane import TextPane

_FEW = 1_000
"""So many findings are searched at once; more of them in a thread."""


class CodeSearch:
    """A search of the code pane."""

    name = "code"

    def __init__(self, code: DiffView) -> None:
        self._code = code
        self._start = code.bookmark()

    async def seek(self, text: str) -> MatchCount:
        """Mark the matches, and go to the first one from where the cursor was."""
        if not await self._code.search(text):
            self.go_back()
        return await self._code.count_matches()

    async def step(self, text: str, steps: int) -> MatchCount:
        """Mark the matches, and go to the next or previous one."""
        await self._code.search(text, steps, again=True)
        return await self._code.count_matches()

    def go_back(self) -> None:
        """Return the cursor to where it was."""
        self._code.return_to(self._start)


class TextSearch:
    """A search of the review or of the disagreement."""

    def __init__(self, pane: TextPane) -> None:
        self._pane = pane
        self._top = pane.scroll_offset.y
        self.name = pane.id or ""

    async def seek(self, text: str) -> MatchCount:
        """Mark the matches, and go to the first one."""
        count = self._pane.search(text)
        if not count.total:
            self.go_back()
        return count

    async def step(self, text: str, steps: int) -> MatchCount:
        """Mark the matches, and go to the next or previous one."""
        return self._pane.search(text, steps)

    def go_back(self) -> None:
        """Scroll to where it was."""
        self._pane.scroll_to(y=self._top, animate=False)


class FindingSearch:
    """A search of the findings list; it unfolds the group of a match, as long as it is needed."""

    name = "findings"

    def __init__(self, screen: PanesScreen) -> None:
        self._screen = screen
        findings = screen.findings
        self._row, self._top = findings.current_row, findings.scroll_offset.y
        self._start = findings.current
        self._unfolded = ""

    async def seek(self, text: str) -> MatchCount:
        """Mark the matches, and go to the first one from where the cursor was."""
        listed, matches = await self._matches(text)
        if not matches:
            self.go_back()
            return MatchCount(0, 0)
        start = listed.index(self._start) if self._start in listed else 0
        return self._go_to(next((at for at in matches if at >= start), matches[0]), listed, matches)

    async def step(self, text: str, steps: int) -> MatchCount:
        """Mark the matches, and go to the next or previous one."""
        listed, matches = await self._matches(text)
        if not matches:
            return MatchCount(0, 0)
        current = self._screen.findings.current
        start = listed.index(current) if current in listed else -1
        if steps > 0:
            found = next((at for at in matches if at > start), matches[0])
        else:
            found = next((at for at in reversed(matches) if at < start), matches[-1])
        self._unfolded = ""
        return self._go_to(found, listed, matches)

    def go_back(self) -> None:
        """Return the cursor to where it was."""
        self._fold_again()
        self._screen.findings.return_to(self._row, self._top)

    async def _matches(self, text: str) -> tuple[list[Finding], list[int]]:
        """Return the listed findings, and the indexes of those with the text."""
        snapshot = self._screen.snapshot
        self._screen.findings.mark_matches(text)
        if snapshot is None or not text:
            return [], []
        listed = self._screen.arrangement.listed(snapshot.findings, snapshot.triage)
        if len(listed) <= _FEW:
            return listed, _places(listed, text)
        return listed, await asyncio.to_thread(_places, listed, text)

    def _go_to(self, at: int, listed: list[Finding], matches: list[int]) -> MatchCount:
        finding, arrangement = listed[at], self._screen.arrangement
        if (group := arrangement.group_of(finding)) != self._unfolded:
            self._fold_again()
            if arrangement.is_folded(finding):
                self._unfolded = group
                arrangement.fold(group, False)
                self._screen.refresh_list()
        self._screen.findings.go_to(finding)
        return MatchCount(matches.index(at) + 1, len(matches))

    def _fold_again(self) -> None:
        if self._unfolded:
            self._screen.arrangement.fold(self._unfolded, True)
            self._unfolded = ""
            self._screen.refresh_list()


def _places(findings: list[Finding], text: str) -> list[int]:
    return [at for at, finding in enumerate(findings) if mentions(finding, text)]
