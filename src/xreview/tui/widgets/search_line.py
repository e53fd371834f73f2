"""The line that stands in place of the footer while a search goes on."""

from textual.content import Content
from textual.widgets import Static

from xreview.domain.text import shorten, visible
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.widgets.diff.search import MatchCount

_LONGEST = 30
_KEYS = (
    ("next", ("finding.next", "find.next")),
    ("previous", ("finding.previous", "find.previous")),
    ("end the search", ("selection.clear",)),
)


class SearchLine(Static):
    """Says what is searched for, which match the cursor is on, and the keys."""

    def __init__(self, key_map: KeyMap, *, id: str) -> None:
        super().__init__("", id=id, markup=False)
        self._key_map = key_map

    def show(self, text: str, where: str, count: MatchCount) -> None:
        """Show the state of a search."""
        wanted = f"“{visible(shorten(text, _LONGEST))}”"
        parts = [f" {wanted} ", (count.label, "bold"), f" in the {where} "]
        for name, actions in _KEYS:
            keys = [key for action in actions for key in self._key_map[action]]
            if keys:
                parts += [(f" {key_label(keys[0])}", "bold $text-accent"), f" {name} "]
        self.update(Content.assemble(*parts))
