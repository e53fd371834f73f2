"""The footer: the keys that work now."""

from textual import events
from textual.content import Content
from textual.reactive import var
from textual.style import Style
from textual.widgets import Static

from xreview.tui.actions import ACTIONS, Action
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.messages import ActionRequested


class KeyBar(Static):
    """One line of keys; clicking one runs its action."""

    works_now: var[frozenset[str]] = var(frozenset)

    def __init__(self, key_map: KeyMap, *, id: str) -> None:
        super().__init__("", id=id, markup=False)
        self._key_map = key_map

    def watch_works_now(self) -> None:
        """Show other keys."""
        self.update(self._content())

    def on_resize(self) -> None:
        """Show as many keys as fit."""
        self.update(self._content())

    def _content(self) -> Content:
        shown = sorted(
            (action for action in ACTIONS if action.in_footer and action.id in self.works_now),
            key=lambda action: action.in_footer,
        )
        pieces = [(action, piece) for action in shown if (piece := self._piece(action))]
        room = self.size.width - sum(len(piece) for action, piece in pieces if _is_vital(action))
        fitting: list[Content] = []
        for action, piece in pieces:
            if not _is_vital(action):
                if len(piece) > room:
                    continue
                room -= len(piece)
            fitting.append(piece)
        return Content("").join(fitting)

    def _piece(self, action: Action) -> Content | None:
        if not (keys := self._key_map[action.id]):
            return None
        click = Style.from_meta({"action_id": action.id})
        label = (f" {key_label(keys[0])}", Style.parse("bold $text-accent") + click)
        return Content.assemble(label, (f" {action.title.rstrip('…')} ", click))

    def on_click(self, event: events.Click) -> None:
        """Request the clicked action."""
        if id := event.style.meta.get("action_id"):
            self.post_message(ActionRequested(id))


def _is_vital(action: Action) -> bool:
    """Whether it's shown on any screen, because it leads to all other keys."""
    return action.id == "app.help"
