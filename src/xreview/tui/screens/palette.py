"""The command palette: every action by name and id."""

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.worker import Worker

from xreview.tui.actions import ACTIONS, Action
from xreview.tui.keys import key_label
from xreview.tui.messages import ActionRequested

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

_KEYS_WIDTH = 13
"""Columns for the keys: as wide as "Shift+Tab" and most pairs."""


class ActionProvider(Provider):
    """Offers all actions, each with its keys."""

    async def discover(self) -> Hits:
        """List every action before anything is typed."""
        for action in ACTIONS:
            name = Content(_name(action))
            yield DiscoveryHit(
                self._with_keys(name, action),
                partial(self._ask, action.id),
                text=name.plain,
                help=action.id,
            )

    async def search(self, query: str) -> Hits:
        """List the actions whose title or id matches."""
        matcher = self.matcher(query)
        for action in ACTIONS:
            name = _name(action)
            score = max(matcher.match(name), matcher.match(action.id))
            if score > 0:
                run = partial(self._ask, action.id)
                found = self._with_keys(matcher.highlight(name), action)
                yield Hit(score, found, run, text=name, help=action.id)

    def _with_keys(self, name: Content, action: Action) -> Content:
        app = cast("XReviewApp", self.app)
        keys = " ".join(map(key_label, app.key_map[action.id]))
        return Content.assemble((f"{keys:>{_KEYS_WIDTH}}  ", "bold $text-accent"), name)

    def _ask(self, id: str) -> None:
        self.screen.post_message(ActionRequested(id))


def _name(action: Action) -> str:
    return f"{action.group.value}: {action.title}"


class ActionPalette(CommandPalette):
    """Textual's palette. Closed at once, it may still begin to list commands, and fails then."""

    def run_worker(self, *given: Any, **named: Any) -> Worker[Any]:
        """Run a worker that doesn't end the app."""
        return super().run_worker(*given, **(named | {"exit_on_error": False}))


async def open_palette(app: "XReviewApp") -> None:
    """Show the palette."""
    await app.push_screen(
        ActionPalette(providers=[ActionProvider], placeholder="Search for an action …")
    )
