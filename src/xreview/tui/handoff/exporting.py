"""Exporting from the app, in three questions: the format, which findings, and the file name.

Each question has a default for Enter; Escape goes back.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from textual.notifications import SeverityLevel
from textual.screen import Screen

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.text import count_of, visible
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.handoff.clipboard import COPIED
from xreview.tui.screens.export import ExportChoice, ExportScreen, ExportTarget

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.export.base import ExportDocument
    from xreview.review.session.session import ReviewSession

_MENU = {
    "markdown": ("m", "to read, or as a pull request comment"),
    "prompt": ("p", "accepted findings, for a coding agent"),
    "html": ("h", "one page to read or print"),
    "json": ("j", "everything, for other programs"),
    "jsonl": ("l", "one finding per line"),
    "csv": ("c", "for a spreadsheet"),
    "sarif": ("s", "for code scanning"),
    "rdjson": ("r", "for reviewdog"),
    "github": ("g", "accepted findings, as a pending review"),
}
"""Key and meaning of the formats, in the order of the menu."""


def format_choices() -> list[MenuChoice[str]]:
    """Return a choice for each export format; one that isn't in `_MENU` gets a free key."""
    from xreview.export.base import exporters

    free = iter(sorted(set(ascii_lowercase) - {key for key, _ in _MENU.values()}))
    others = {name: (next(free), "") for name in exporters() if name not in _MENU}
    return [
        MenuChoice(key, name, meaning, name) for name, (key, meaning) in (_MENU | others).items()
    ]


class Exporting:
    """One export of a running session.

    Args:
        screen: below the questions.
        journal: the journal file to export from.
    """

    def __init__(self, screen: Screen[Any], session: "ReviewSession", journal: Path) -> None:
        self._screen = screen
        self._session = session
        self._journal = journal

    async def ask(self) -> None:
        """Ask for the format, then for the rest, and export."""
        screen = ChoiceScreen("Export", format_choices(), self._ask_findings)
        await self._screen.app.push_screen(screen)

    async def _ask_findings(self, format: str) -> None:
        from xreview.export.base import exporter
        from xreview.review.record.exporting import exportable

        try:
            found = await exportable(self._session, self._journal)
        except XReviewError as error:
            self._say(str(error), "error")
            return
        if found.trouble:
            self._say(found.trouble, "warning")

        async def chosen(choice: ExportChoice) -> None:
            if choice.target is ExportTarget.CLIPBOARD:
                await self._copy(format, choice, found.document)
            else:
                await self._ask_file(format, choice, found.document)

        screen = ExportScreen(exporter(format), found.document.entries, chosen, self.ask)
        await self._screen.app.push_screen(screen)

    async def _ask_file(
        self, format: str, choice: ExportChoice, document: "ExportDocument"
    ) -> None:
        from xreview.export.base import exporter

        async def write(name: str) -> None:
            if name.strip():
                await self._write(format, choice, document, name.strip())
            else:
                self._say("A file name is required. Nothing was written.", "error")

        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        suggestion = f"xreview-{stamp}{exporter(format).suffix}"
        title = f"Write {format} to which file?"
        await self._screen.app.push_screen(PromptScreen(title, write, suggestion))

    async def _write(
        self, format: str, choice: ExportChoice, document: "ExportDocument", name: str
    ) -> None:
        from xreview.export.file import write_file

        try:
            target = absolute_path(name)
            text, count = _rendered(format, choice, document)
            await asyncio.to_thread(write_file, target, text)
        except XReviewError as error:
            self._say(str(error), "error")
            await self._ask_file(format, choice, document)
            return
        await self._keep(format, str(target), choice, count)
        self._screen.app.notify(
            f"{count_of(count, 'finding')} written to {visible(str(target))}", markup=False
        )

    async def _copy(self, format: str, choice: ExportChoice, document: "ExportDocument") -> None:
        try:
            text, count = _rendered(format, choice, document)
        except XReviewError as error:
            self._say(str(error), "error")
            return
        self._screen.app.copy_to_clipboard(text)
        await self._keep(format, "clipboard", choice, count)
        self._screen.app.notify(COPIED.format(count_of(count, "finding")))

    async def _keep(self, format: str, target: str, choice: ExportChoice, count: int) -> None:
        await self._session.write_exported(format, target, count, _selection(choice))

    def _say(self, sentence: str, severity: SeverityLevel) -> None:
        self._screen.app.notify(visible(sentence), severity=severity, markup=False)


def absolute_path(name: str) -> Path:
    """Return the path that a user typed. Raises UsageError for an unknown `~user`."""
    try:
        return Path(name).expanduser().absolute()
    except RuntimeError as error:
        raise UsageError(f"{name} can't be written: {error}", "Type the full path.") from error


def _rendered(format: str, choice: ExportChoice, document: "ExportDocument") -> tuple[str, int]:
    """Return the export, safe to print, and how many findings are in it."""
    from xreview.export.base import exporter
    from xreview.export.selection import select

    selected = select(document, standings=choice.standings, severities=choice.severities)
    chosen = exporter(format)
    return chosen.render(selected), sum(one.standing in chosen.holds for one in selected.entries)


def _selection(choice: ExportChoice) -> Mapping[str, str]:
    selection: dict[str, str] = {}
    if choice.standings is not None:
        selection["decisions"] = ",".join(sorted(choice.standings))
    if choice.severities is not None:
        selection["severities"] = ",".join(sorted(one.word for one in choice.severities))
    return selection
