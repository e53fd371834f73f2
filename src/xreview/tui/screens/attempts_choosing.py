"""The attempts screen's way to a graft: choosing pieces, and having the combination checked."""

from textual.binding import Binding, BindingsMap

from xreview.domain.text import count_of
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.handoff.attempts import AttemptDesk
from xreview.tui.handoff.attempts_taking import AttemptTaking
from xreview.tui.keys import attempts_screen_keys
from xreview.tui.screens.attempts_moving import AttemptMoving
from xreview.tui.screens.attempts_panes import ATTEMPT_METHODS
from xreview.tui.widgets.attempts.state import AttemptView

NO_PIECE = "Go to a piece first: press {pieces}."
_EVERY_SHARED = "*"
_NOTHING = ""


class AttemptChoosing(AttemptMoving):
    """Adds the keys of a graft to those that move. Its subclass adds the others."""

    def __init__(self, desk: AttemptDesk) -> None:
        app = desk.app
        keys = attempts_screen_keys(app.key_map)
        super().__init__(keys, tab_size=app.options.settings.tab_size)
        # Made here, as the fix screen does: some of these keys do something else elsewhere.
        self._bindings = BindingsMap(
            Binding(",".join(keys[id]), method, show=False, priority=True)
            for id, method in ATTEMPT_METHODS.items()
            if keys[id]
        )
        self._desk = desk
        self._taking = AttemptTaking(desk)

    async def action_choose(self, label: str) -> None:
        """Choose an attempt, or "" for the base, for the piece; elsewhere, go to the attempt."""
        shown, piece = self._desk.shown, self.current_piece
        if shown is None or (label and label not in shown.labels):
            return
        if piece is None:
            self._go_to(label)
            return
        if label and piece.version_of(label) is None:
            self._desk.say(f"{label} leaves this as it is: the base is kept.")
        self._desk.show(shown.choosing(piece, label))
        if self.pane is self.pieces:
            self.pieces.move_cursor(1)

    def _go_to(self, label: str) -> None:
        labels = self._desk.shown.labels if self._desk.shown else ()
        if label and self.view in (AttemptView.ATTEMPT, AttemptView.POINTS):
            self.table.go_home()
            self.table.move_cursor(labels.index(label))
            self.first = labels.index(label)
            self.show_view(self.view)

    async def action_choose_from(self) -> None:
        """Offer the versions of the piece, also of attempts without a key of their own."""
        shown, piece = self._desk.shown, self.current_piece
        if shown is None or piece is None:
            self._desk.say(NO_PIECE.format(pieces=self.key("attempts.pieces")))
            return
        choices = [
            MenuChoice(label.lower(), label, one.whole or count_of(len(one.lines), "line"), label)
            for one in piece.versions
            for label in one.labels
        ]
        choices.append(MenuChoice("0", "base", "as before the attempts", ""))
        await self.app.push_screen(
            ChoiceScreen("Choose for this piece", choices, self.action_choose)
        )

    async def action_choose_all(self) -> None:
        """Offer to choose all of an attempt, what all share, or nothing."""
        shown = self._desk.shown
        if shown is None or not shown.pieces:
            self._desk.say("There are no pieces yet.")
            return
        compared = shown.snapshot.comparison
        labels = compared.labels if compared else ()
        choices = [
            MenuChoice(one.lower(), one, f"everything of {one}, nothing of others", one)
            for one in labels
        ]
        choices += [
            MenuChoice(
                "1", "shared", "what all change alike, besides what is chosen", _EVERY_SHARED
            ),
            MenuChoice("0", "nothing", "forget all choices", _NOTHING),
        ]
        await self.app.push_screen(ChoiceScreen("Choose many pieces", choices, self._choose_many))

    async def _choose_many(self, wanted: str) -> None:
        if (shown := self._desk.shown) is None:
            return
        if wanted == _EVERY_SHARED:
            self._desk.show(shown.choosing_shared())
        elif wanted == _NOTHING:
            self._desk.show(shown.choosing_nothing())
        else:
            self._desk.show(shown.choosing_all(wanted))

    async def action_check(self) -> None:
        """Check what is chosen; ask first where a conflict isn't decided."""
        shown = self._desk.shown
        if shown is None or not shown.chosen:
            self._desk.say(f"Nothing is chosen yet. Press {self.key('attempts.pieces')}.")
            return
        self.show_view(AttemptView.GRAFT)
        self._desk.check()

    async def action_take_graft(self) -> None:
        """Take the checked combination into your files."""
        await self._taking.take_graft()
