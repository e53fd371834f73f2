"""The command palette: every action by its name and id (`/` searches findings and code)."""

from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from xreview.tui.actions import ACTIONS, Action
from xreview.tui.messages import ActionRequested


class ActionProvider(Provider):
    """Offers the actions that work now."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action in ACTIONS:
            yield DiscoveryHit(_name(action), partial(self._ask, action.id), help=action.id)

    async def search(self, query: str) -> Hits:
        """Those whose title or id match."""
        matcher = self.matcher(query)
        for action in ACTIONS:
            name = _name(action)
            score = max(matcher.match(name), matcher.match(action.id))
            if score > 0:
                run = partial(self._ask, action.id)
                yield Hit(score, matcher.highlight(name), run, text=name, help=action.id)

    def _ask(self, id: str) -> None:
        self.screen.post_message(ActionRequested(id))


class ActionPalette(CommandPalette):
    """The palette with the app's own actions only."""

    def __init__(self) -> None:
        super().__init__(providers=[ActionProvider], placeholder="Search for an action …")


def _name(action: Action) -> str:
    return f"{action.group.value}: {action.title}"
