"""The panes of the main screen: layout, focus, and what they show of a snapshot."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from xreview.config.remembered import Split
from xreview.domain.finding import Finding
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.actions import ACTIONS
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.messages import (
    FilesArrived,
    FindingHighlighted,
    FindingOpened,
    OpinionArrived,
    PrecedentsRead,
    ReviewUpdated,
    SnapshotShown,
    SplitsMoved,
)
from xreview.tui.screens.triage.empty import READING_CHANGE, empty_findings
from xreview.tui.screens.triage.finished import finished_words
from xreview.tui.screens.triage.grid import PaneGrid
from xreview.tui.screens.triage.pace import Pace
from xreview.tui.screens.triage.rebinding import rebind
from xreview.tui.screens.triage.splits import TITLES, PaneSplits, PaneView
from xreview.tui.screens.triage.voices import Voices
from xreview.tui.screens.triage.working_keys import working_actions
from xreview.tui.terminal.app import TerminalApp
from xreview.tui.terminal.compositor import SparingCompositor
from xreview.tui.widgets.diff.view import DiffView, Showing
from xreview.tui.widgets.file_tree import FileTree
from xreview.tui.widgets.findings.arrangement import Arrangement
from xreview.tui.widgets.findings.chips import CORNERS, list_subtitle
from xreview.tui.widgets.findings.list import FindingList
from xreview.tui.widgets.findings.marks import finding_marks, fix_mark, thread_mark
from xreview.tui.widgets.findings.paint import proposal_label
from xreview.tui.widgets.key_bar import KeyBar
from xreview.tui.widgets.search_line import SearchLine
from xreview.tui.widgets.status_bar import StatusBar
from xreview.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from textual.timer import Timer

    # loads the journal, which the first frame does without
    from xreview.review.past.precedents import Precedents

Pane = FindingList | DiffView | TextPane | FileTree
_ORDER = tuple(TITLES)
_WORTH_SAYING = frozenset({Showing.NEAREST, Showing.FILE, Showing.ABSENT})


class PanesScreen(Screen[None]):
    """Shows a snapshot. Its subclasses add what the keys do."""

    # Priority bindings run in order, each action awaited: no key overtakes a decision that is
    # being saved. This screen has no text field that they could disturb.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(action.keys), action.method, action.title, id=action.id, priority=True)
        for action in ACTIONS
    ]

    def __init__(
        self,
        key_map: KeyMap,
        *,
        side_by_side: bool,
        tab_size: int,
        splits: Iterable[Split] = (),
    ) -> None:
        super().__init__()
        self._compositor = SparingCompositor()
        # Once: a key map of the app is applied to every binding again with each key.
        rebind(self._bindings, key_map)
        self.snapshot: ReviewSnapshot | None = None
        self.precedents: Precedents | None = None
        self.arrangement = Arrangement()
        self.findings = FindingList(id="findings")
        self.findings.empty_text = READING_CHANGE
        self.code = _code_pane(tab_size)
        self._tab_size = tab_size
        self._key_map = key_map
        self._voices = Voices(key_map)
        voices = (self._voices.review, self._voices.disagreement)
        self._grid = PaneGrid(self.findings, self.code, *voices, id="panes")
        self._grid.splits = PaneSplits(splits)
        self._status = StatusBar(key_map, id="status")
        self._keys = KeyBar(key_map, id="keys")
        self.search_line = SearchLine(key_map, id="searched")
        self._side_by_side = side_by_side
        self._place_note = ""
        self._newest: ReviewSnapshot | None = None
        self._pace = Pace()
        self._pausing: Timer | None = None
        self.take_in_key = " ".join(map(key_label, key_map["find.sort"][:1]))

    def compose(self) -> ComposeResult:
        """Create header, panes, and footer."""
        yield self._status
        yield self._grid
        yield self._keys
        yield self.search_line

    def on_mount(self) -> None:
        """Start in the list, where you decide."""
        self.code.set_side_by_side(self._side_by_side)
        self.findings.focus()

    def _compositor_refresh(self) -> None:
        # Rendered, but not shown, a frame would delay the one that is.
        if not (isinstance(self.app, TerminalApp) and self.app.is_painting_held):
            super()._compositor_refresh()

    # messages of the app

    @on(FilesArrived)
    def show_files(self, message: FilesArrived) -> None:
        """Show more of the change."""
        self.code.append_files(message.files)

    @on(ReviewUpdated)
    def show_update(self, message: ReviewUpdated) -> None:
        """Show a newer snapshot; while reviewers run, at a pace that leaves time for keys."""
        self._newest = message.snapshot
        self._show_newest()

    def _show_newest(self) -> None:
        if (newest := self._newest) is None:
            return
        is_one_of_many = newest.is_running and self.snapshot and self.snapshot.findings
        wait = self._pace.wait(time.monotonic()) if is_one_of_many else 0
        if self._pausing is not None:
            self._pausing.stop()
            self._pausing = None
        if wait:
            self._pausing = self.set_timer(wait, self._show_newest)
        else:
            self.show_snapshot(newest)

    def show_snapshot(self, snapshot: ReviewSnapshot) -> None:
        """Update all panes from a snapshot."""
        before, self.snapshot = self.snapshot, snapshot
        self._newest = None
        self._pace.shown = time.monotonic()
        if snapshot.is_collected and not (before and before.is_collected):
            self.code.finish()
        self.code.set_viewed(snapshot.viewed)
        self._status.show(snapshot)
        self.arrangement.apart.use(snapshot.files)
        self.refresh_list()
        if (
            before is None
            or before.findings != snapshot.findings
            or before.triage != snapshot.triage
            or before.fixes != snapshot.fixes
            or before.threads != snapshot.threads
        ):
            self.code.set_marks(finding_marks(snapshot.findings, snapshot.triage))
            self._show_texts(self.findings.current)
        self.post_message(SnapshotShown(snapshot))

    def show_questions(self, titles: tuple[str, ...]) -> None:
        """Show in the header which questions of the review wait."""
        self._status.ask(titles)

    def refresh_list(self) -> None:
        """Arrange the findings again by filter, sort order, and folds."""
        if (snapshot := self.snapshot) is None:
            return
        self.arrangement.use(snapshot)
        self.findings.fix_mark = lambda one: fix_mark(snapshot, one)
        self.findings.thread_mark = lambda one: thread_mark(snapshot, one)
        self.findings.proposed = lambda one: proposal_label(snapshot.proposed(one))
        current = self.findings.current
        if self.findings.is_being_read:
            self.arrangement.begin()
        rows = self.arrangement.arrange(snapshot.findings, snapshot.triage, current)
        closing = finished_words(snapshot, self._key_map)
        label = self.arrangement.filter.label
        empty = empty_findings(snapshot, label) if label or not closing else ""
        self.findings.empty_text = "\n\n".join(filter(None, (empty, closing)))
        self.findings.show_rows(rows, snapshot.triage, snapshot.pending.subjects, closing)
        self._show_list_titles()
        self.refresh_keys()

    def _show_list_titles(self) -> None:
        self.findings.filtered_by = self.arrangement.filter.terms
        self.findings.border_subtitle = list_subtitle(
            self.findings.summary,
            self.arrangement.sorting.value,
            self.arrangement.waiting.label,
            self.take_in_key,
            self.findings.size.width - CORNERS,
        )

    def begin_reading(self) -> None:
        """Note that you pressed a key: from now on, nothing in the list moves."""
        self._pace.key = time.monotonic()
        if self.findings.current_row is not None:
            self.findings.is_being_read = True
            self.arrangement.begin()

    @on(PrecedentsRead)
    def show_precedents(self, message: PrecedentsRead) -> None:
        """Show what the journal knows about the findings; keep opinions that arrived meanwhile."""
        self.precedents = message.precedents.with_opinions_of(self.precedents)
        self.refresh_list()
        self._show_texts(self.findings.current)

    @on(OpinionArrived)
    def show_opinion(self, message: OpinionArrived) -> None:
        """Show a third vendor's opinion."""
        from xreview.review.past.precedents import NO_PRECEDENTS

        known = self.precedents or NO_PRECEDENTS
        self.precedents = known.with_opinion(message.opinion)
        self._show_texts(self.findings.current)

    # messages of the panes

    @on(FindingHighlighted)
    def show_finding(self, message: FindingHighlighted) -> None:
        """Update the other panes for the finding under the cursor."""
        self._show_texts(message.finding)
        if message.is_chosen or not self._is_code_read:
            self._show_place(message.finding)
        else:
            self.code.mark(self.code.place_in(message.finding))
            self._tell_showing(Showing.NOTHING)
        self.refresh_keys()

    @property
    def _is_code_read(self) -> bool:
        """Whether the user moved in the code, which then stays where it is."""
        return self.pane is self.code and self.code.cursor_line > 0

    @on(FindingOpened)
    def open_finding(self, message: FindingOpened) -> None:
        """Go to the code of a finding."""
        self._show_place(message.finding)
        self.focus_pane("code")

    @on(DiffView.AnchorSettled)
    def tell_showing(self, message: DiffView.AnchorSettled) -> None:
        """Say whether the code of the finding under the cursor is shown."""
        self._tell_showing(message.showing)

    def _show_place(self, finding: Finding | None) -> None:
        self._tell_showing(self.code.show(self.code.place_in(finding)))

    def _tell_showing(self, showing: Showing) -> None:
        note = showing.value if showing in _WORTH_SAYING else ""
        if note != self._place_note:
            self._place_note = note
            self.code.border_subtitle = note

    def _show_texts(self, finding: Finding | None) -> None:
        if (snapshot := self.snapshot) is None:
            return
        if finding is None:
            self._voices.show_row(self.findings.current_row)
        else:
            self._voices.show(finding, snapshot, self.precedents, is_whole=self.is_zoomed)

    # panes

    @property
    def pane(self) -> Pane:
        """The focused pane."""
        focused = self.focused
        return focused if isinstance(focused, Pane) else self.findings

    @property
    def pane_id(self) -> str:
        """The id of the focused pane; the files stand beside the code."""
        return "code" if isinstance(self.pane, FileTree) else self.pane.id or _ORDER[0]

    def focus_pane(self, id: str) -> None:
        """Focus a pane, and show it if only one is shown at a time."""
        # Not by `focus()`, which waits: the next key already belongs to this pane.
        self.set_focus(self.query_one(f"#{id}", Widget))

    def on_descendant_focus(self) -> None:
        """Show the focused pane where there is room for one only, or while one is zoomed."""
        self._view(is_zoomed=self._grid.view.is_zoomed)

    def _view(self, *, is_zoomed: bool) -> None:
        self._grid.view = PaneView(self.pane_id, is_zoomed)
        self.refresh_keys()

    async def renew_code(self) -> None:
        """Replace the code pane with an empty one that has the same layout."""
        old, self.code = self.code, _code_pane(self._tab_size)
        had_focus = old.has_focus
        await old.remove()
        # Textual's cache of queries would keep the old pane, with its whole change.
        self._query_one_cache.clear()  # pyright: ignore[reportPrivateUsage]
        await self._grid.mount(self.code, after=self.findings)
        self.code.set_side_by_side(old.side_by_side)
        self.code.set_wraps(old.chosen_wraps)
        self._tell_showing(Showing.NOTHING)
        (self.code if had_focus else self.pane).focus()

    @property
    def is_zoomed(self) -> bool:
        """Whether the focused pane has the whole screen; the two voices share it."""
        return self._grid.view.is_zoomed

    def action_zoom(self) -> None:
        """Show the focused pane on the whole screen, or all panes again."""
        self._view(is_zoomed=not self.is_zoomed)
        self._show_texts(self.findings.current)

    def action_split(self, percent: int) -> None:
        """Give the focused pane more room, or less."""
        if self._grid.split(percent):
            self.post_message(SplitsMoved(self._grid.splits.moved))
        else:
            self.app.notify("This pane already has the whole screen.")

    def action_cycle(self, steps: int) -> None:
        """Focus another pane, in reading order."""
        index = _ORDER.index(self.pane_id)
        self.focus_pane(_ORDER[(index + steps) % len(_ORDER)])

    # keys

    def refresh_keys(self) -> None:
        """Show the keys that work now."""
        self._keys.selected = len(self.findings.selected)
        self._keys.works_now = working_actions(self.findings, self.snapshot, self.pane.id or "")


def _code_pane(tab_size: int) -> DiffView:
    pane = DiffView(id="code")
    pane.use_tab_size(tab_size)
    pane.border_title = TITLES["code"]
    return pane
