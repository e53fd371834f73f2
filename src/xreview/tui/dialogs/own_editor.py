"""The editor of an own finding: its text, and what to put in place of the quoted lines."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from xreview.domain.record import dataclass, replace
from xreview.domain.text import visible
from xreview.tui.dialogs.dialog import Dialog, framed

if TYPE_CHECKING:  # loads the reviewers, which the first frame does without
    from xreview.domain.report import Report
    from xreview.review.session.own_draft import OwnDraft

NO_TITLE = "Write what is wrong in the first line, or press Esc."


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft that isn't saved; `report` is the own finding that it edits, None for a new one."""

    draft: "OwnDraft"
    report: "Report | None" = None


class OwnEditorScreen(Dialog):
    """Edits a draft. Escape keeps it for later if it has text."""

    DEFAULT_CSS = """
    OwnEditorScreen > Vertical { width: 100; }
    OwnEditorScreen TextArea, OwnEditorScreen TextArea:focus {
        border: none; padding: 0; height: 6; background: $surface;
    }
    OwnEditorScreen #replacement, OwnEditorScreen #replacement:focus { height: 5; }
    OwnEditorScreen .label { color: $text-muted; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "keep", "keep the draft", priority=True),
        Binding("ctrl+d,f2", "save", "save", priority=True),
        Binding("tab,shift+tab", "switch", "other field", priority=True),
    ]

    def __init__(
        self,
        kept: KeptDraft,
        on_save: Callable[[KeptDraft], Awaitable[object]],
        on_escape: Callable[[KeptDraft], object],
    ) -> None:
        super().__init__()
        self._kept = kept
        self._on_save = on_save
        self._on_escape = on_escape
        draft = kept.draft
        code = draft.quote if draft.replacement is None else draft.replacement
        self._text = TextArea(draft.text, id="text", show_line_numbers=False)
        self._replacement = TextArea(
            code, id="replacement", show_line_numbers=False, soft_wrap=False
        )

    def compose(self) -> ComposeResult:
        """Create the two fields."""
        draft = self._kept.draft
        what = f"{draft.severity.word} · {draft.category.value}"
        yield framed(
            Static("What is wrong: first line is the title", classes="label", markup=False),
            self._text,
            Static("Replace the lines with (unchanged: no suggestion)", classes="label"),
            self._replacement,
            title=visible(f"Own finding · {what} · {draft.path}:{draft.start_line}"),
            keys="Ctrl+D saves · Tab other field · Esc keeps the draft",
        )

    def on_mount(self) -> None:
        """Start at the end of the text."""
        self.set_focus(self._text)
        self._text.move_cursor(self._text.document.end)

    def action_switch(self) -> None:
        """Go to the other field."""
        self.set_focus(self._replacement if self.focused is self._text else self._text)

    async def action_save(self) -> None:
        """Save the finding; without a title, stay."""
        kept = await self._typed()
        if not kept.draft.title:
            self.app.notify(NO_TITLE, severity="warning")
            return
        self.app.pop_screen()
        await self._on_save(kept)

    async def action_keep(self) -> None:
        """Close the editor, and keep what was typed."""
        kept = await self._typed()
        self.app.pop_screen()
        self._on_escape(kept)

    async def _typed(self) -> KeptDraft:
        # Letters typed just before the key may still wait in the field's own queue.
        for field in (self._text, self._replacement):
            written = asyncio.Event()
            field.call_later(written.set)
            await written.wait()
        draft = replace(self._kept.draft, text=self._text.text, replacement=self._replacement.text)
        return replace(self._kept, draft=draft)
