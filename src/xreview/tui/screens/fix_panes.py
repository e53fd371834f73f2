"""The panes of the fix screen: the findings by outcome, what is known of one, and the patch."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from xreview.tui.actions import ALL_ACTIONS, FIX_ACTIONS, SHARED_ACTIONS
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.widgets.diff.gaps import DiffGaps
from xreview.tui.widgets.diff.view import DiffView
from xreview.tui.widgets.fixing.parts import Parts, PatchParts
from xreview.tui.widgets.fixing.rows import FixRow, fix_rows
from xreview.tui.widgets.fixing.state import ShownFix, first_part
from xreview.tui.widgets.fixing.words import empty_words, progress_parts, title_parts
from xreview.tui.widgets.key_bar import KeyBar
from xreview.tui.widgets.row_list import RowList
from xreview.tui.widgets.text_pane import TextPane, TextPart

METHODS = {action.id: action.method for action in FIX_ACTIONS} | SHARED_ACTIONS
"""The action methods behind the keys, by the ids of the actions."""

_VITAL = ("fix.apply", "fix.apply-part", "fix.cancel", "fix.leave", "app.help")
_BAR = tuple(one for one in ALL_ACTIONS if one.id in METHODS and not one.id.startswith("cursor."))
_ORDER = ("findings", "code", "review")


class FixPanes(Screen[None]):
    """Shows a fix. Its subclass adds what the keys do."""

    CSS_PATH = "fix.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-single"),
        (80, "-narrow"),
        (120, "-wide"),
    ]

    def __init__(
        self, key_map: KeyMap, *, side_by_side: bool, wraps: bool | None, tab_size: int
    ) -> None:
        super().__init__()
        self.list: RowList[FixRow] = RowList(id="findings")
        self._tab_size = tab_size
        self.code = self._code_pane(side_by_side, wraps)
        self._about = TextPane(id="review")
        self._panes = Container(Container(self.list, self._about, id="told"), id="fix-panes")
        self._header = Static("", id="status", markup=False)
        self._keys = KeyBar(key_map, id="keys", actions=_BAR, vital=_VITAL)
        self._fix: ShownFix | None = None
        self._waiting: tuple[str, ...] = ()
        keys = key_map["question.open"]
        self._answer_key = f" ({key_label(keys[0])})" if keys else ""

    def compose(self) -> ComposeResult:
        """Create header, panes, and footer."""
        yield self._header
        yield self._panes
        yield self._keys

    def _code_pane(self, side_by_side: bool, wraps: bool | None) -> DiffView:
        pane = DiffView(id="code")
        pane.use_tab_size(self._tab_size)
        pane.border_title = "Patch"
        pane.set_side_by_side(side_by_side)
        pane.set_wraps(wraps)
        return pane

    async def on_mount(self) -> None:
        """Start in the list."""
        await self._panes.mount(self.code)
        self.list.border_title = "Findings"
        self.list.focus()

    # showing

    async def show_fix(self, fix: ShownFix, seconds: float, waiting: tuple[str, ...]) -> None:
        """Show a newer state; `waiting` are the questions of the review that wait."""
        before, self._fix, self._waiting = self._fix, fix, waiting
        self.show_header(seconds)
        if before is None or before.snapshot.files != fix.snapshot.files:
            await self._show_patch(fix)
        self.code.empty_text = empty_words(fix)
        self.list.empty_text = "Nothing was handed over."
        self.list.show_rows(fix_rows(fix))
        self._show_row(self.list.current)
        self.refresh_keys()

    def show_header(self, seconds: float) -> None:
        """Show the two lines at the top."""
        if self._fix is None:
            return
        width = self.size.width
        asked: list[TextPart] = []
        if self._waiting:
            asked = [
                (
                    f" ? {len(self._waiting)} waiting{self._answer_key} ",
                    "bold reverse $text-warning",
                )
            ]
        first = title_parts(self._fix, width)
        second = progress_parts(self._fix, seconds, width - sum(len(one[0]) for one in asked))
        self._header.update(Content.assemble(*first, "\n", *asked, *second))

    async def _show_patch(self, fix: ShownFix) -> None:
        """Replace the code pane, since a pane only grows."""
        old = self.code
        had_focus = old.has_focus
        self.code = self._code_pane(old.side_by_side, old.chosen_wraps)
        self.code.empty_text = empty_words(fix)
        await old.remove()
        await self._panes.mount(self.code)
        self.code.append_files(fix.snapshot.files)
        self.code.finish()
        if had_focus:
            self.set_focus(self.code)

    @on(RowList.RowHighlighted)
    def show_highlighted(self) -> None:
        """Show what belongs to the row under the cursor."""
        row = self.list.current
        self._show_row(row)
        part = first_part(row.parts) if row else None
        if part is not None and self._fix is not None:
            finding, patch = row and row.finding, self._fix.patch
            anchor = patch.lines_of(part, finding.anchor) if finding else patch.anchor(part)
            if anchor is None:
                self.code.go_to_path(part.path)
            else:
                self.code.show(anchor)
        self.refresh_keys()

    def _show_row(self, row: FixRow | None) -> None:
        title = Content(row.title if row else "")
        self._about.show(lambda _: title, lambda _: _about(row), row and row.key)

    @on(DiffGaps.ContentWanted)
    def refuse_content(self, message: DiffGaps.ContentWanted) -> None:
        """Say where the rest of a file is: the app would show that of the user's files."""
        message.stop()
        message.view.give_up(message.index, "The patch has no more lines. Open the file instead.")

    def refresh_keys(self) -> None:
        """Show the keys that work now."""

    # panes

    @property
    def pane(self) -> RowList[FixRow] | DiffView | TextPane:
        """The focused pane."""
        focused = self.focused
        return focused if isinstance(focused, DiffView | TextPane) else self.list

    @property
    def pointed(self) -> Parts:
        """The parts under the cursor: the hunk in the code, else what the row is about."""
        fix = self._fix
        if fix is None:
            return frozenset()
        if self.pane is self.code:
            place = self.code.place_under_cursor()
            part = fix.patch.at(*place) if place else None
            return frozenset({part} if part else ())
        row = self.list.current
        return row.parts if row is not None and row.is_offered else frozenset()

    @property
    def patch(self) -> PatchParts:
        """The parts of the patch."""
        return self._fix.patch if self._fix else PatchParts(())

    def focus_pane(self, id: str) -> None:
        """Focus a pane."""
        # Not by `focus()`, which waits: the next key already belongs to this pane.
        self.set_focus(self.query_one(f"#{id}", Widget))

    def on_descendant_focus(self) -> None:
        """Show the focused pane where there is room for one only."""
        self.set_class(self.pane is self.code, "-code")
        self.refresh_keys()

    def action_cycle(self, steps: int) -> None:
        """Focus another pane."""
        index = _ORDER.index(self.pane.id or _ORDER[0])
        self.focus_pane(_ORDER[(index + steps) % len(_ORDER)])


def _about(row: FixRow | None) -> Content:
    if row is None:
        return Content("")
    parts: list[TextPart] = [(f"{row.place}\n", "$text-muted")] if row.place else []
    parts += [(f"{row.sign} ", row.style), f"{row.evidence}\n"] if row.evidence else []
    parts += [(f"{row.label}\n", "bold $text-success")] if row.label else []
    parts += [(f"\n{text}\n", "") for text in row.about]
    return Content.assemble(*parts)
