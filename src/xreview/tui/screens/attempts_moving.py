"""Moving on the attempts screen: in its panes, from piece to piece, and along the columns."""

from xreview.tui.screens.attempts_panes import AttemptPanes
from xreview.tui.widgets.attempts.state import AttemptView


class AttemptMoving(AttemptPanes):
    """The panes with the keys that move. Its subclasses add the others."""

    def action_cycle(self, steps: int) -> None:
        """Focus another pane."""
        panes = self.panes
        index = panes.index(self.pane) if self.pane in panes else 0
        self.focus_pane(panes[(index + steps) % len(panes)])

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

    def action_scroll(self, columns: int) -> None:
        """Scroll the code sideways."""
        self.piece.move_sideways(columns)

    def action_piece(self, step: int) -> None:
        """Go to the next (1) or previous (-1) piece from any pane."""
        if self.view is not AttemptView.PIECES:
            self.show_view(AttemptView.PIECES)
        self.pieces.move_cursor(step)

    def action_shift(self, step: int) -> None:
        """Show other attempts in the columns, where there isn't room for all."""
        count = len(self._shown.labels) if self._shown else 0
        if count:
            self.first = (self.first + step) % count
            self.refresh_view()
