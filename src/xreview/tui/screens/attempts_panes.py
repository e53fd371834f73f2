"""The panes of the attempts screen: the table, and below it one attempt, the points where they
part, their pieces, or the graft."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from xreview.domain.attempt.piece import AttemptPiece
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.tui.actions import ALL_ACTIONS, ATTEMPT_ACTIONS, ATTEMPT_SHARED_ACTIONS
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.widgets.attempts.about import about_attempt
from xreview.tui.widgets.attempts.graft_text import graft_content
from xreview.tui.widgets.attempts.piece_columns import BaseLines, changing_labels, piece_columns
from xreview.tui.widgets.attempts.piece_list import PieceList
from xreview.tui.widgets.attempts.piece_view import PieceView
from xreview.tui.widgets.attempts.points_text import PointRow, points_content
from xreview.tui.widgets.attempts.state import AttemptView, ShownTrial
from xreview.tui.widgets.attempts.table import AttemptTable, attempt_rows
from xreview.tui.widgets.attempts.words import piece_place, trial_progress, trial_title
from xreview.tui.widgets.key_bar import KeyBar
from xreview.tui.widgets.row_list import RowList
from xreview.tui.widgets.text_pane import TextPane

ATTEMPT_METHODS = {action.id: action.method for action in ATTEMPT_ACTIONS} | ATTEMPT_SHARED_ACTIONS
"""The action methods behind the keys, by the ids of the actions."""

_NARROWEST = 20
LOW = 40
"""Rows of a screen below which the table gives its room to the view below it."""

_VITAL = (
    "attempts.read",
    "attempts.take",
    "attempts.choose",
    "attempts.check",
    "attempts.take-graft",
    "attempts.cancel",
    "attempts.cancel-all",
    "attempts.leave",
    "app.help",
)
_BAR = tuple(
    one for one in ALL_ACTIONS if one.id in ATTEMPT_METHODS and not one.id.startswith("cursor.")
)
NO_PIECES = "No attempt changed anything yet, so that there is nothing to compare."
AttemptPane = AttemptTable | TextPane | PieceList | PieceView


class AttemptPanes(Screen[None]):
    """Shows a trial. Its subclass adds what the keys do."""

    CSS_PATH = "attempts.tcss"

    def __init__(self, key_map: KeyMap, *, tab_size: int) -> None:
        super().__init__()
        self._key_map = key_map
        self.view = AttemptView.ATTEMPT
        self.first = 0
        """The attempt in the first column, where there isn't room for all."""
        self._shown: ShownTrial | None = None
        self._since = 0.0
        self._seconds = 0.0
        self._points: tuple[object, Sequence[PointRow]] = (None, ())
        self._base_lines = BaseLines()
        self.table = AttemptTable(id="attempts")
        self.about = TextPane(id="about-attempt")
        self.points = TextPane(id="points")
        self.pieces = PieceList(id="pieces")
        self.piece = PieceView(id="piece", tab_size=tab_size)
        self.graft = TextPane(id="graft")
        for pane in (self.table, self.about, self.points, self.pieces, self.piece, self.graft):
            pane.add_class("pane")
        self._header = Static("", id="status", markup=False)
        self._keys = KeyBar(key_map, id="keys", actions=_BAR, vital=_VITAL)

    def compose(self) -> ComposeResult:
        """Create header, panes, and footer."""
        yield self._header
        yield self.table
        pieces = Container(self.pieces, self.piece, id="pieces-panes")
        yield Container(self.about, self.points, pieces, self.graft, id="attempt-body")
        yield self._keys

    def on_mount(self) -> None:
        """Start in the table."""
        self.table.border_title = "Attempts"
        self.table.empty_text = "The writers are being looked for."
        self.pieces.empty_text = NO_PIECES
        self._use_view()
        self.set_focus(self.table)

    def on_resize(self) -> None:
        """Show what fits."""
        self.set_class(self.size.height < LOW, "-low")
        if self._shown is not None:
            self.show_trial(self._shown, self._since, self._seconds)
        if not self._is_seen(self.pane):
            self.focus_pane(self.panes[0])

    # showing

    def show_trial(self, shown: ShownTrial, since: float, seconds: float) -> None:
        """Show a newer state.

        Args:
            since: seconds since its snapshot. seconds: how long the attempts take or took.
        """
        self._shown, self._since, self._seconds = shown, since, seconds
        self._show_header()
        self.table.show_rows(attempt_rows(shown, since))
        self.refresh_view()
        self.refresh_keys()

    def show_time(self, since: float, seconds: float) -> None:
        """Show that time passes."""
        if self._shown is not None:
            self._since, self._seconds = since, seconds
            self._show_header()
            self.table.show_rows(attempt_rows(self._shown, since))

    def _show_header(self) -> None:
        if (shown := self._shown) is None:
            return
        width = self.size.width
        first = trial_title(shown, width, self.key("attempts.reveal"))
        second = trial_progress(shown, self._seconds, width)
        self._header.update(Content.assemble(*first, "\n", *second))

    def refresh_view(self) -> None:
        """Show the view below the table; the others are drawn once they are looked at."""
        if (shown := self._shown) is None:
            return
        attempt = self.current
        match self.view:
            case AttemptView.ATTEMPT:
                label = f"Attempt {attempt.label}" if attempt else "Attempts"
                title = Content(f"{label} ({self._tabs})")
                text = about_attempt(shown, attempt)
                self.about.show(lambda _: title, lambda _: text, label)
            case AttemptView.POINTS:
                rows, switch = self._point_rows(shown), self._switch
                self.points.show(
                    lambda _: Content(f"Where they part ({self._tabs})"),
                    lambda room: points_content(
                        shown, rows, self.first, max(20, room.width), switch
                    ),
                    shown.snapshot.id,
                )
            case AttemptView.PIECES:
                self.pieces.border_title = f"Pieces ({self._tabs})"
                self.pieces.show_trial(shown)
                self._show_piece()
            case AttemptView.GRAFT:
                text = graft_content(shown, self._graft_keys)
                self.graft.show(
                    lambda _: Content(f"Graft ({self._tabs})"), lambda _: text, shown.snapshot.id
                )

    def _show_piece(self) -> None:
        shown, piece = self._shown, self.pieces.current
        if shown is None or piece is None:
            self.piece.show(None, "", ())
            self.piece.empty_text = NO_PIECES
            self.piece.border_title = ""
            return
        width = self.size.width - 3
        columns = piece_columns(shown, piece, self._base_lines, self.first, width)
        self.piece.border_title = Content(f"{piece_place(piece)} · {piece.words}")
        hidden = len(changing_labels(shown, piece)) - sum(bool(one.label) for one in columns)
        self.piece.border_subtitle = f"{self._switch}: {hidden} more" if hidden > 0 else ""
        self.piece.show(piece.ref, piece.ref.path, columns)

    def _point_rows(self, shown: ShownTrial) -> Sequence[PointRow]:
        """Align what is said, once for each set of statements."""
        said = {one.label: one.statement for one in shown.snapshot.attempts if one.statement}
        if self._points[0] != said:
            self._points = (said, self.aligned(shown))
        return self._points[1]

    def aligned(self, shown: ShownTrial) -> Sequence[PointRow]:
        """Return the points of the statements, aligned."""
        raise NotImplementedError

    @property
    def _tabs(self) -> str:
        ids = ("attempts.one", "attempts.points", "attempts.pieces", "attempts.graft")
        names = ("attempt", "points", "pieces", "graft")
        others = [
            f"{self.key(id)} {name}"
            for id, name, view in zip(ids, names, AttemptView, strict=True)
            if view is not self.view
        ]
        return " · ".join(others)

    @property
    def _switch(self) -> str:
        """The keys that show other attempts in the columns."""
        return f"{self.key('attempts.shift-left')} {self.key('attempts.shift-right')}".strip()

    @property
    def _graft_keys(self) -> dict[str, str]:
        names = {"pieces": "pieces", "check": "check", "take": "take-graft"}
        return {name: self.key(f"attempts.{id}") or "its key" for name, id in names.items()}

    def key(self, action: str) -> str:
        """Return the key of an action, as it's shown; "" for none."""
        return next(map(key_label, self._key_map[action]), "")

    @on(RowList.RowHighlighted)
    def show_highlighted(self) -> None:
        """Show the attempt under the cursor."""
        if self.view is AttemptView.ATTEMPT:
            self.refresh_view()
        self.refresh_keys()

    @on(PieceList.PieceHighlighted)
    def show_highlighted_piece(self) -> None:
        """Show the piece under the cursor."""
        self._show_piece()
        self.refresh_keys()

    def refresh_keys(self) -> None:
        """Show the keys that work now."""

    # panes

    @property
    def current(self) -> AttemptSnapshot | None:
        """The attempt under the cursor."""
        row = self.table.current
        return self._shown.attempt(row.key) if self._shown and row else None

    @property
    def current_piece(self) -> AttemptPiece | None:
        """The piece under the cursor, where pieces are shown."""
        return self.pieces.current if self.view is AttemptView.PIECES else None

    @property
    def panes(self) -> list[AttemptPane]:
        """The panes that are seen, in the order of Tab."""
        below: dict[AttemptView, list[AttemptPane]] = {
            AttemptView.ATTEMPT: [self.about],
            AttemptView.POINTS: [self.points],
            AttemptView.PIECES: [self.pieces, self.piece],
            AttemptView.GRAFT: [self.graft],
        }
        is_low = self.size.height < LOW and self.view is not AttemptView.ATTEMPT
        return [*([] if is_low else [self.table]), *below[self.view]]

    def _is_seen(self, pane: AttemptPane) -> bool:
        return pane in self.panes

    @property
    def pane(self) -> AttemptPane:
        """The focused pane."""
        focused = self.focused
        is_pane = isinstance(focused, AttemptTable | TextPane | PieceList | PieceView)
        return focused if is_pane else self.table

    def focus_pane(self, pane: Widget) -> None:
        """Focus a pane."""
        # Not by `focus()`, which waits: the next key already belongs to this pane.
        self.set_focus(pane)

    def show_view(self, view: AttemptView) -> None:
        """Show another view below the table, and focus it."""
        self.view = view
        self._use_view()
        self.refresh_view()
        self.focus_pane(self.panes[-1] if view is not AttemptView.PIECES else self.pieces)
        if view is AttemptView.ATTEMPT:
            self.focus_pane(self.table)
        self.refresh_keys()

    def _use_view(self) -> None:
        for view in AttemptView:
            self.set_class(view is self.view, f"-{view.name.lower()}")

    def on_descendant_focus(self) -> None:
        """Show the keys of the focused pane."""
        self.refresh_keys()
