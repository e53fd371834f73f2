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
from xreview.tui.screens.choice import ChoiceScreen, MenuChoice
from xreview.tui.screens.export import Chosen, ExportScreen, Target
from xreview.tui.screens.prompt import PromptScreen

if TYPE_CHECKING:  # brings the journal with it
    from xreview.export.document import ExportDocument
    from xreview.review.session.session import ReviewSession

AnyScreen = Screen[Any]


def format_choices() -> tuple[MenuChoice[str], ...]:
    """The formats, the default one first."""
    from xreview.export.format import DEFAULT_FORMAT, export_formats

    default_first = sorted(export_formats().values(), key=lambda one: one.name != DEFAULT_FORMAT)
    return tuple(MenuChoice(one.key, one.name, one.purpose, one.name) for one in default_first)


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
        screen = ChoiceScreen("Export", format_choices(), self._ask_findings)
        await self._screen.app.push_screen(screen)

    async def _ask_findings(self, format: str) -> None:
        from xreview.export.format import export_format
        from xreview.review.record.document import exportable

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

        screen = ExportScreen(export_format(format), found.document.entries, chosen, self.ask)
        await self._screen.app.push_screen(screen)

    async def _ask_file(self, format: str, choice: Chosen, document: "ExportDocument") -> None:
        from xreview.export.format import export_format

        async def write(name: str) -> None:
            if name.strip():
                await self._write(format, choice, document, name.strip())
            else:
                self._refuse("A file needs a name. Nothing was written.")

        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        suggestion = f"xreview-{stamp}{export_format(format).suffix}"
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
    from xreview.export.entry_filter import select
    from xreview.export.format import export_format

    selected = select(document, standings=choice.standings, severities=choice.severities)
    chosen = export_format(format)
    return chosen.render(selected), sum(one.standing in chosen.holds for one in selected.entries)


def _selection(choice: Chosen) -> Mapping[str, str]:
    said: dict[str, str] = {}
    if choice.standings is not None:
        said["decisions"] = ",".join(sorted(choice.standings))
    if choice.severities is not None:
        said["severities"] = ",".join(sorted(one.word for one in choice.severities))
    return said
