"""The command palette: every action by name and id."""

from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from xreview.tui.actions import ACTIONS, Action
from xreview.tui.messages import ActionRequested

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp


class ActionProvider(Provider):
    """Offers all actions."""

    async def discover(self) -> Hits:
        """List every action before anything is typed."""
        for action in ACTIONS:
            yield DiscoveryHit(_name(action), partial(self._ask, action.id), help=action.id)

    async def search(self, query: str) -> Hits:
        """List the actions whose title or id matches."""
        matcher = self.matcher(query)
        for action in ACTIONS:
            name = _name(action)
            score = max(matcher.match(name), matcher.match(action.id))
            if score > 0:
                run = partial(self._ask, action.id)
                yield Hit(score, matcher.highlight(name), run, text=name, help=action.id)

    def _ask(self, id: str) -> None:
        self.screen.post_message(ActionRequested(id))


def _name(action: Action) -> str:
    return f"{action.group.value}: {action.title}"


async def open_palette(app: "XReviewApp") -> None:
    """Show the palette."""
    await app.push_screen(
        CommandPalette(providers=[ActionProvider], placeholder="Search for an action …")
    )
