"""A pane of text that scrolls: review and disagreement."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from xreview.domain.text import count_of
from xreview.tui.widgets.diff.search import MatchCount, shown_pattern
from xreview.tui.widgets.lasting_focus import LastingFocus

TextPart = str | tuple[str, str]
"""A piece of text, with or without a style, for `Content.assemble`."""


class TextPane(LastingFocus, VerticalScroll, can_focus=True, inherit_bindings=False):
    """Shows text laid out for its room; keeps its scroll position for the same subject.

    Its lower border says how much goes on below.
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._subject: object = None
        self._title: Callable[[int], Content] = lambda _: Content("")
        self._draw: Callable[[Size], Content] = lambda _: Content("")
        self._below = 0
        self._text = self._shown = Content("")
        self._shown_title = Content("")
        self._searched = ""
        self._match = -1
        self._body = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Create the text."""
        yield self._body

    def show(
        self, title: Callable[[int], Content], draw: Callable[[Size], Content], subject: object
    ) -> None:
        """Show text about `subject`, from the top if it is new.

        `title` gets the width and `draw` the room; both are 0 if not known yet.
        """
        self._title, self._draw = title, draw
        self._lay_out()
        if subject != self._subject:
            self._subject = subject
            self._match = -1
            self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Lay the text out again, and say how much goes on below."""
        self._lay_out()
        self._tell_below()

    def _lay_out(self) -> None:
        room = self.scrollable_content_region.size
        title = self._title(room.width)
        if not title.is_same(self._shown_title):
            self._shown_title = title
            self.border_title = title
        self._text = self._draw(room)
        self._draw_matches()

    def search(self, text: str, step: int = 0) -> MatchCount:
        """Mark the matches of a text, and go to the next (1) or previous (-1) one, or with 0 to
        the first."""
        if text != self._searched:
            self._searched, self._match = text, -1
        elif not text:
            return MatchCount(0, 0)
        if not (places := self._matches()):
            self._match = -1
        elif step < 0 and self._match < 0:
            self._match = len(places) - 1
        else:
            self._match = (self._match + step) % len(places) if step else 0
        self._draw_matches()
        if not places:
            return MatchCount(0, 0)
        self._show_offset(places[self._match][1])
        return MatchCount(self._match + 1, len(places))

    def _matches(self) -> list[tuple[int, int]]:
        if not self._searched:
            return []
        return [found.span() for found in shown_pattern(self._searched).finditer(self._text.plain)]

    def _draw_matches(self) -> None:
        shown = self._text
        for number, (start, end) in enumerate(self._matches()):
            style = "$diff-search-text on $diff-search"
            style += " underline" if number == self._match else ""
            shown = shown.stylize(style, start, end)
        if not shown.is_same(self._shown):
            self._shown = shown
            self._body.update(shown)

    def _show_offset(self, end: int) -> None:
        """Scroll to the line on which the text up to `end` ends, if it isn't in view."""
        width, text = self.scrollable_content_region.width, self._text.plain
        while end < len(text) and not text[end].isspace():
            end += 1  # a word isn't cut, so only whole ones are laid out as they are shown
        row = len(self._text[:end].wrap(width)) - 1 if width else 0
        top, height = round(self.scroll_y), self.scrollable_content_region.height
        if not top <= row < top + height:
            self.scroll_to(y=max(0, row - height // 2), animate=False)

    def watch_virtual_size(self) -> None:
        """Say how much of a new text goes on below; after a resize, `on_resize` does."""
        self._tell_below()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say how much is left."""
        super().watch_scroll_y(old_value, new_value)
        self._tell_below()

    def _tell_below(self) -> None:
        below = max(0, self.max_scroll_y - round(self.scroll_y))
        if below != self._below:
            self._below = below
            self.border_subtitle = f"↓ {count_of(below, 'more line')}" if below else ""

    def move_cursor(self, steps: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=steps, animate=False)

    def page(self, pages: int) -> None:
        """Scroll by screens."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

    def go_home(self) -> None:
        """Scroll to the top."""
        self.scroll_home(animate=False)

    def go_to_end(self) -> None:
        """Scroll to the end."""
        self.scroll_end(animate=False)
