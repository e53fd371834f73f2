"""The footer: the keys that work now."""

from collections.abc import Collection, Sequence

from textual import events
from textual.content import Content
from textual.reactive import var
from textual.style import Style
from textual.widgets import Static

from xreview.tui.actions import ACTIONS, Action, Need
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.messages import ActionRequested

_VITAL = ("finding.accept", "finding.reject", "code.go", "pane.next", "app.help")
"""Shown at any width: the decision, the way to the code, and to all other keys."""


class KeyBar(Static):
    """One line of keys; clicking one runs its action.

    `selected` is the number of findings that a decision is about, 0 for the one under the cursor.
    `vital` are the ids of the actions that are shown at any width.
    """

    works_now: var[frozenset[str]] = var(frozenset)
    selected: var[int] = var(0)

    def __init__(
        self,
        key_map: KeyMap,
        *,
        id: str,
        actions: Sequence[Action] = ACTIONS,
        vital: Collection[str] = _VITAL,
    ) -> None:
        super().__init__("", id=id, markup=False)
        self._key_map = key_map
        self._actions = sorted(
            (one for one in actions if one.in_footer), key=lambda one: one.in_footer
        )
        self._vital = vital

    def on_mount(self) -> None:
        """Take the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

    def on_unmount(self) -> None:
        """Follow the theme no longer: a signal keeps alive what it tells."""
        self.app.theme_changed_signal.unsubscribe(self)

    def watch_works_now(self) -> None:
        """Show other keys."""
        self._draw()

    def watch_selected(self) -> None:
        """Show how many findings the keys are about."""
        self._draw()

    def on_resize(self) -> None:
        """Show as many keys as fit."""
        self._draw()

    def _draw(self) -> None:
        self.update(self._content(), layout=False)  # always one line

    def _content(self) -> Content:
        shown = [action for action in self._actions if action.id in self.works_now]
        pieces = [(action, piece) for action in shown if (piece := self._piece(action))]
        room = self.size.width - sum(
            len(piece) for action, piece in pieces if action.id in self._vital
        )
        fitting: list[Content] = []
        for action, piece in pieces:
            if action.id not in self._vital:
                if len(piece) > room:
                    continue
                room -= len(piece)
            fitting.append(piece)
        return Content("").join(fitting)

    def _piece(self, action: Action) -> Content | None:
        if not (keys := self._key_map[action.id]):
            return None
        click = Style.from_meta({"action_id": action.id})
        key = (f" {key_label(keys[0])}", Style.parse("bold $text-accent") + click)
        count = f" {self.selected}" if self.selected and action.needs is Need.CHOSEN else ""
        return Content.assemble(key, (f" {action.label}{count} ", click))

    def on_click(self, event: events.Click) -> None:
        """Request the clicked action."""
        if id := event.style.meta.get("action_id"):
            self.post_message(ActionRequested(id))
