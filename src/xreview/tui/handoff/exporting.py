"""Exporting from the app, in three questions: the format, which findings, and the file name."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.notifications import SeverityLevel
from textual.screen import Screen

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.handoff.clipboard import copy_text
from xreview.tui.screens.export import ExportChoice, ExportScreen, ExportTarget

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.export.document import ExportDocument
    from xreview.review.session.session import ReviewSession


def format_choices() -> list[MenuChoice[str]]:
    """Return a choice for each export format, the default one first."""
    from xreview.export.format import DEFAULT_FORMAT, export_formats

    default_first = sorted(export_formats().values(), key=lambda one: one.name != DEFAULT_FORMAT)
    return [MenuChoice(one.key, one.name, one.purpose, one.name) for one in default_first]


@dataclass(frozen=True)
class Exporting:
    """One export of a running session."""

    screen: Screen[Any]
    session: "ReviewSession"
    journal: Path
    environ: Mapping[str, str]

    async def ask(self) -> None:
        """Ask for the format, then for the rest, and export."""
        screen = ChoiceScreen("Export", format_choices(), self._ask_findings)
        await self.screen.app.push_screen(screen)

    async def _ask_findings(self, format: str) -> None:
        from xreview.export.format import export_format
        from xreview.review.record.document import exportable

        try:
            found = await exportable(self.session, self.journal)
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

        screen = ExportScreen(export_format(format), found.document.entries, chosen, self.ask)
        await self.screen.app.push_screen(screen)

    async def _ask_file(
        self, format: str, choice: ExportChoice, document: "ExportDocument"
    ) -> None:
        from xreview.export.format import export_format

        async def write(name: str) -> None:
            if name.strip():
                await self._write(format, choice, document, name.strip())
            else:
                self._say("A file name is required. Nothing was written.", "error")

        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        suggestion = f"xreview-{stamp}{export_format(format).suffix}"
        title = f"Write {format} to which file?"
        await self.screen.app.push_screen(PromptScreen(title, write, suggestion))

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
        self.screen.app.notify(
            f"{count_of(count, 'finding')} written to {visible(str(target))}", markup=False
        )

    async def _copy(self, format: str, choice: ExportChoice, document: "ExportDocument") -> None:
        try:
            text, count = _rendered(format, choice, document)
        except XReviewError as error:
            self._say(str(error), "error")
            return
        await self._keep(format, "clipboard", choice, count)
        repository = self.session.snapshot.source.repository
        what = count_of(count, "finding")
        copying = copy_text(self.screen, text, what, self.environ, repository)
        self.screen.run_worker(copying, group="copy", exclusive=True)

    async def _keep(self, format: str, target: str, choice: ExportChoice, count: int) -> None:
        await self.session.write_exported(format, target, count, _selection(choice))

    def _say(self, sentence: str, severity: SeverityLevel) -> None:
        self.screen.app.notify(visible(sentence), severity=severity, markup=False)


def absolute_path(name: str) -> Path:
    """Return the path that a user typed. Raises UsageError for an unknown `~user`."""
    try:
        return Path(name).expanduser().absolute()
    except RuntimeError as error:
        raise UsageError(f"{name} can't be written: {error}", "Type the full path.") from error


def _rendered(format: str, choice: ExportChoice, document: "ExportDocument") -> tuple[str, int]:
    """Return the export, safe to print, and how many findings are in it."""
    from xreview.export.entry_filter import select
    from xreview.export.format import export_format

    selected = select(document, standings=choice.standings, severities=choice.severities)
    chosen = export_format(format)
    return chosen.render(selected), sum(one.standing in chosen.holds for one in selected.entries)


def _selection(choice: ExportChoice) -> Mapping[str, str]:
    selection: dict[str, str] = {}
    if choice.standings is not None:
        selection["decisions"] = ",".join(sorted(choice.standings))
    if choice.severities is not None:
        selection["severities"] = ",".join(sorted(one.word for one in choice.severities))
    return selection
