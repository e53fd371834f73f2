"""`E`: which findings go where, in which format. Errors become notices, and nothing is a dead end.

Three questions, each with an answer that Enter takes: the format; the findings and the place; the
name of the file. Escape goes back by one.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.text import count_of, visible
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.screens.export import Chosen, ExportScreen, Target

if TYPE_CHECKING:  # brings the journal with it
    from xreview.export.base import ExportDocument
    from xreview.review.session.session import ReviewSession

AnyScreen = Screen[Any]

FORMATS = (
    MenuChoice("m", "markdown", "to read, or for a pull request's comment", "markdown"),
    MenuChoice("p", "prompt", "the accepted findings, for a coding agent", "prompt"),
    MenuChoice("h", "html", "one page to read or to print", "html"),
    MenuChoice("j", "json", "everything, for other programs", "json"),
    MenuChoice("l", "jsonl", "one finding a line", "jsonl"),
    MenuChoice("c", "csv", "for a spreadsheet", "csv"),
    MenuChoice("s", "sarif", "for code scanning", "sarif"),
    MenuChoice("r", "rdjson", "for reviewdog", "rdjson"),
    MenuChoice("g", "github", "a pending pull-request review of the accepted ones", "github"),
)


class Exporting:
    """One export of a running session, from the first question to the notice that it is written.

    Args:
        screen: over which the questions are asked.
        journal: the journal's file, which everything is exported from.
    """

    def __init__(self, screen: AnyScreen, session: "ReviewSession", journal: Path) -> None:
        self._screen = screen
        self._session = session
        self._journal = journal

    async def ask(self) -> None:
        """Ask for the format first."""
        screen = ChoiceScreen("Export", FORMATS, self._ask_findings)
        await self._screen.app.push_screen(screen)

    async def _ask_findings(self, format: str) -> None:
        from xreview.export.base import exporter
        from xreview.review.record.exporting import exportable

        try:
            found = await exportable(self._session, self._journal)
        except XReviewError as error:
            self._refuse(str(error))
            return
        if found.trouble:
            self._warn(found.trouble)

        async def chosen(choice: Chosen) -> None:
            if choice.target is Target.CLIPBOARD:
                await self._copy(format, choice, found.document)
            else:
                await self._ask_file(format, choice, found.document)

        screen = ExportScreen(exporter(format), found.document.entries, chosen, self.ask)
        await self._screen.app.push_screen(screen)

    async def _ask_file(self, format: str, choice: Chosen, document: "ExportDocument") -> None:
        from xreview.export.base import exporter

        async def write(name: str) -> None:
            if name.strip():
                await self._write(format, choice, document, name.strip())
            else:
                self._refuse("A file needs a name. Nothing was written.")

        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        suggestion = f"xreview-{stamp}{exporter(format).suffix}"
        title = f"Write {format} to which file?"
        await self._screen.app.push_screen(PromptScreen(title, write, suggestion))

    async def _write(
        self, format: str, choice: Chosen, document: "ExportDocument", name: str
    ) -> None:
        from xreview.export.file import write_file

        try:
            target = _target(name)
            text, count = _rendered(format, choice, document)
            await asyncio.to_thread(write_file, target, text)
        except XReviewError as error:
            self._refuse(str(error))
            await self._ask_file(format, choice, document)
            return
        await self._keep(format, str(target), choice, count)
        self._screen.app.notify(
            f"{count_of(count, 'finding')} written: {visible(str(target))}", markup=False
        )

    async def _copy(self, format: str, choice: Chosen, document: "ExportDocument") -> None:
        try:
            text, count = _rendered(format, choice, document)
        except XReviewError as error:
            self._refuse(str(error))
            return
        self._screen.app.copy_to_clipboard(text)
        await self._keep(format, "clipboard", choice, count)
        self._screen.app.notify(
            f"{count_of(count, 'finding')} sent to the terminal's clipboard. "
            "If it is not there, the terminal or tmux does not allow it: write a file instead."
        )

    async def _keep(self, format: str, target: str, choice: Chosen, count: int) -> None:
        await self._session.write_exported(format, target, count, _selection(choice))

    def _refuse(self, sentence: str) -> None:
        self._screen.app.notify(visible(sentence), severity="error", markup=False)

    def _warn(self, sentence: str) -> None:
        self._screen.app.notify(visible(sentence), severity="warning", markup=False)


def _target(name: str) -> Path:
    try:
        return Path(name).expanduser().absolute()
    except RuntimeError as error:  # there is no such user, or no home
        raise UsageError(f"{name} can't be written: {error}", "Write the path out.") from error


def _rendered(format: str, choice: Chosen, document: "ExportDocument") -> tuple[str, int]:
    """The export, neutral, and how many findings are in it."""
    from xreview.export.base import exporter
    from xreview.export.selection import select

    selected = select(document, standings=choice.standings, severities=choice.severities)
    chosen = exporter(format)
    return chosen.render(selected), sum(one.standing in chosen.holds for one in selected.entries)


def _selection(choice: Chosen) -> Mapping[str, str]:
    said: dict[str, str] = {}
    if choice.standings is not None:
        said["decisions"] = ",".join(sorted(choice.standings))
    if choice.severities is not None:
        said["severities"] = ",".join(sorted(one.word for one in choice.severities))
    return said
