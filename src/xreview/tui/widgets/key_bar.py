"""The footer: the keys that work now."""

from textual import events
from textual.content import Content
from textual.reactive import var
from textual.style import Style
from textual.widgets import Static

from xreview.tui.actions import ACTIONS, Action, Need
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.messages import ActionRequested

_VITAL = ("finding.accept", "finding.reject", "code.go", "pane.next", "app.help")
"""Shown on any screen: the decision, the way to the code, and to all other keys."""


class KeyBar(Static):
    """One line of keys; clicking one runs its action.

    `selected` is the number of findings that a decision is about, 0 for the one under the cursor.
    """

    works_now: var[frozenset[str]] = var(frozenset)
    selected: var[int] = var(0)

    def __init__(self, key_map: KeyMap, *, id: str) -> None:
        super().__init__("", id=id, markup=False)
        self._key_map = key_map

    def on_mount(self) -> None:
        """Take the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

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
        self.update(self._content())

    def _content(self) -> Content:
        shown = sorted(
            (action for action in ACTIONS if action.in_footer and action.id in self.works_now),
            key=lambda action: action.in_footer,
        )
        pieces = [(action, piece) for action in shown if (piece := self._piece(action))]
        room = self.size.width - sum(len(piece) for action, piece in pieces if action.id in _VITAL)
        fitting: list[Content] = []
        for action, piece in pieces:
            if action.id not in _VITAL:
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
