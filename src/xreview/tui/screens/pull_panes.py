"""The panes of a pull request's screen: a list of what to post or to answer, and all of one."""

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import ReviewThread
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.actions import ALL_ACTIONS, PULL_ACTIONS, PULL_SHARED_ACTIONS
from xreview.tui.handoff.clipboard import accepted_findings
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.widgets.key_bar import KeyBar
from xreview.tui.widgets.pull.rows import PullRow, PullRows, post_rows, thread_rows
from xreview.tui.widgets.pull.state import PullTab, ShownPull, decided_threads
from xreview.tui.widgets.pull.words import empty_list_words, pull_title, tab_parts, told_parts
from xreview.tui.widgets.pull.working import working_pull_actions
from xreview.tui.widgets.row_list import RowList
from xreview.tui.widgets.text_pane import TextPane

PULL_METHODS = {action.id: action.method for action in PULL_ACTIONS} | PULL_SHARED_ACTIONS
"""The action methods behind the keys, by the ids of the actions."""

_VITAL = ("pull.begin", "pull.send", "pull.leave", "app.help")
_BAR = tuple(
    one for one in ALL_ACTIONS if one.id in PULL_METHODS and not one.id.startswith("cursor.")
)
_TITLES = {PullTab.POST: "To post", PullTab.THREADS: "Threads"}


class PullPanes(Screen[None]):
    """Shows a pull request. Its subclass adds what the keys do."""

    CSS_PATH = "pull.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-narrow"),
        (120, "-wide"),
    ]

    def __init__(self, key_map: KeyMap) -> None:
        super().__init__()
        self.list: RowList[PullRow] = RowList(id="findings")
        self.about = TextPane(id="review")
        self.tab = PullTab.POST
        self._shown = ShownPull()
        self._snapshot: ReviewSnapshot | None = None
        self._header = Static("", id="status", markup=False)
        self._told = Static("", id="pull-told", markup=False)
        self._threads_key = next(map(key_label, key_map["pull.threads"]), "its key")
        self._keys = KeyBar(key_map, id="keys", actions=_BAR, vital=_VITAL)

    def compose(self) -> ComposeResult:
        """Create header, panes, and footer."""
        yield self._header
        yield self._told
        yield Container(self.list, self.about, id="pull-panes")
        yield self._keys

    def on_mount(self) -> None:
        """Start in the list."""
        self.list.focus()

    # showing

    def show_pull(self, snapshot: ReviewSnapshot, shown: ShownPull) -> None:
        """Show a newer state."""
        self._snapshot, self._shown = snapshot, shown
        accepted = accepted_findings(snapshot)
        self.list.border_title = _TITLES[self.tab]
        self.list.empty_text = empty_list_words(self.tab, shown, len(accepted), self._threads_key)
        self.list.show_rows(self._rows(snapshot, shown))
        self._show_header()
        told = Content.assemble(*told_parts(shown)).rstrip()
        self._told.update(told)
        self._told.display = bool(told)
        self._show_row()

    def _rows(self, snapshot: ReviewSnapshot, shown: ShownPull) -> PullRows:
        if self.tab is PullTab.THREADS:
            return thread_rows(snapshot, shown, self.reply_of, partial(_verdict_words, snapshot))
        if shown.preview is None:
            return []
        return post_rows(shown.preview, shown.links, snapshot.findings)

    def reply_of(self, finding: Finding, thread: ReviewThread) -> str:
        """Return the reply that is offered in a thread."""
        raise NotImplementedError

    def _show_header(self) -> None:
        snapshot, shown = self._snapshot, self._shown
        if snapshot is None or snapshot.pull is None:
            return
        pull = shown.preview.pull if shown.preview else snapshot.pull
        threads = len(decided_threads(snapshot, shown))
        first = pull_title(pull, self.size.width)
        second = tab_parts(self.tab, threads, shown)
        self._header.update(Content.assemble(*first, "\n", *second))

    def on_resize(self) -> None:
        """Cut the title for the new width."""
        self._show_header()

    @on(RowList.RowHighlighted)
    def show_highlighted(self) -> None:
        """Show what belongs to the row under the cursor."""
        self._show_row()

    def _show_row(self) -> None:
        row = self.list.current
        title = Content(row.title if row else "")
        text = Content.assemble(*row.about) if row else Content("")
        self.about.show(lambda _: title, lambda _: text, row and row.key)
        self._keys.works_now = working_pull_actions(self._shown, self.tab, row)

    # panes

    @property
    def pane(self) -> RowList[PullRow] | TextPane:
        """The focused pane."""
        return self.about if self.focused is self.about else self.list

    def show_tab(self, tab: PullTab) -> None:
        """List the other things."""
        self.tab = tab
        if self._snapshot is not None:
            self.show_pull(self._snapshot, self._shown)
        # Not by `focus()`, which waits: the next key already belongs to the list.
        self.set_focus(self.list)

    def action_cycle(self, steps: int) -> None:
        """Focus the other pane."""
        self.set_focus(self.about if self.pane is self.list else self.list)

    def action_move(self, steps: int) -> None:
        """Move by rows or lines."""
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


def _verdict_words(snapshot: ReviewSnapshot, finding: Finding) -> str:
    decided = snapshot.triage.decided(finding)
    return decided.decision.label if decided else ""
