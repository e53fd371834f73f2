"""The list of pieces, conflicting first, then by file: one virtual widget for any number."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xreview.domain.attempt.piece import AttemptPiece, PieceKind, PieceRef
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.attempts.words import KIND_MEANINGS, piece_place, piece_size
from xreview.tui.widgets.diff.palette import Ground, Palette
from xreview.tui.widgets.fixing.cutting import cut_to, named_and_placed
from xreview.tui.widgets.lasting_focus import LastingFocus
from xreview.tui.widgets.row_list import over_headings

UNDECIDED = "?"
BASE = "·"
NOT_CHOSEN = " "
PIECE_MARKS = {
    "A B …": "this attempt is chosen for the piece",
    BASE: "the base is kept",
    UNDECIDED: "a conflict without a choice",
}
"""For the help page."""


@dataclass(frozen=True, slots=True)
class KindHeading:
    """The title of the pieces of a kind."""

    kind: PieceKind
    count: int


PieceRow = KindHeading | AttemptPiece


def piece_rows(pieces: Sequence[AttemptPiece]) -> list[PieceRow]:
    """Return the pieces under the headings of their kinds, conflicting first."""
    by_kind: dict[PieceKind, list[AttemptPiece]] = {kind: [] for kind in PieceKind}
    for piece in pieces:
        by_kind[piece.kind].append(piece)
    rows: list[PieceRow] = []
    for kind, found in by_kind.items():
        if found:
            rows += [KindHeading(kind, len(found)), *found]
    return rows


class PieceList(LastingFocus, ScrollView, can_focus=True, inherit_bindings=False):
    """Shows pieces, one to a line, with a cursor on one of them."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    PieceList { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        background: $diff-context; }
    """

    @dataclass
    class PieceHighlighted(Message):
        """The cursor moved to another piece, or there is none."""

        piece: AttemptPiece | None

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.auto_links = False
        self.empty_text = ""
        self._shown: ShownTrial | None = None
        self._pieces: Sequence[AttemptPiece] = ()
        self._rows: list[PieceRow] = []
        self._cursor = 0
        self._palette = Palette({})

    def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._use_theme())
        self._use_theme()

    def on_unmount(self) -> None:
        """Follow the theme no longer: a signal keeps alive what it tells."""
        self.app.theme_changed_signal.unsubscribe(self)

    def _use_theme(self) -> None:
        self._palette = Palette(self.app.theme_variables)
        self.refresh()

    @property
    def current(self) -> AttemptPiece | None:
        """The piece under the cursor."""
        row = self._rows[self._cursor] if self._cursor < len(self._rows) else None
        return row if isinstance(row, AttemptPiece) else None

    def show_trial(self, shown: ShownTrial) -> None:
        """Show the pieces and choices of a trial; the cursor stays on its piece."""
        before = self.current
        self._shown = shown
        if shown.pieces is not self._pieces:
            self._pieces = shown.pieces
            self._rows = piece_rows(shown.pieces)
            self._cursor = self._index_of(before.ref if before else None)
            self.virtual_size = Size(self.size.width, len(self._rows))
        self.refresh()
        if self.current != before:
            self.post_message(self.PieceHighlighted(self.current))

    def _index_of(self, ref: PieceRef | None) -> int:
        pieces = ((i, row) for i, row in enumerate(self._rows) if isinstance(row, AttemptPiece))
        first = 0
        for index, piece in pieces:
            if piece.ref == ref:
                return index
            first = first or index
        return first

    def move_cursor(self, steps: int) -> None:
        """Move by pieces, over headings."""
        self._cursor = over_headings(self._rows, KindHeading, self._cursor, steps)
        self._moved()

    def page(self, pages: int) -> None:
        """Move by screens."""
        self.move_cursor(pages * max(1, self.size.height - 1))

    def go_home(self) -> None:
        """Go to the first piece."""
        self.move_cursor(-len(self._rows))

    def go_to_end(self) -> None:
        """Go to the last piece."""
        self.move_cursor(len(self._rows))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked piece."""
        offset = event.get_content_offset(self)
        index = -1 if offset is None else self.scroll_offset.y + offset.y
        if 0 <= index < len(self._rows) and isinstance(self._rows[index], AttemptPiece):
            self._cursor = index
            self._moved()

    def _moved(self) -> None:
        self.refresh()
        self.post_message(self.PieceHighlighted(self.current))
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self._cursor <= top:
            self.scroll_to(y=max(0, self._cursor - 1), animate=False)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)

    def on_focus(self) -> None:
        """Highlight the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Highlight the cursor less."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a row."""
        width = self.scrollable_content_region.width
        index = self.scroll_offset.y + y
        plain = self._palette.plain("syntax-text", Ground.CONTEXT)
        if not self._rows:
            text = cut_to(self.empty_text, width - 2) if y == 0 else ""
            return Strip([Segment(f" {text}", plain)]).adjust_cell_length(width, plain)
        if index >= len(self._rows) or self._shown is None:
            return Strip.blank(width, plain)
        row = self._rows[index]
        if isinstance(row, KindHeading):
            return self._heading(row, width)
        return self._piece(self._shown, row, width, is_here=index == self._cursor)

    def _heading(self, row: KindHeading, width: int) -> Strip:
        style = self._palette.plain("diff-file-text", Ground.FILE, bold=True)
        title = f" {row.kind.value.capitalize()} · {count_of(row.count, 'piece')}"
        text = cut_to(f"{title}   {KIND_MEANINGS[row.kind]}", width)
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def _piece(self, shown: ShownTrial, row: AttemptPiece, width: int, *, is_here: bool) -> Strip:
        ground = Ground.CURSOR if is_here and self.has_focus else Ground.CONTEXT
        sign = choice_sign(shown, row)
        told = f"{row.words} · {piece_size(row)}"
        title, about = named_and_placed(piece_place(row), told, width - 5)
        gap = max(1, width - 5 - cell_len(title) - cell_len(about))
        bold = self._palette.plain("diff-quote-sign", ground, bold=True)
        usual = self._palette.plain("syntax-text", ground, bold=is_here)
        muted = self._palette.plain("diff-note", ground)
        segments = [
            Segment("▸ " if is_here else "  ", usual),
            Segment(f"{sign} ", bold),
            Segment(title, usual),
            Segment(" " * gap, usual),
            Segment(f"{about} ", muted),
        ]
        return Strip(segments).adjust_cell_length(width, usual)


def choice_sign(shown: ShownTrial, piece: AttemptPiece) -> str:
    """Return what is chosen for a piece, as one character."""
    chosen = shown.choice.get(piece.ref)
    if chosen is None:
        return UNDECIDED if piece.kind is PieceKind.CONFLICTING else NOT_CHOSEN
    return chosen or BASE
