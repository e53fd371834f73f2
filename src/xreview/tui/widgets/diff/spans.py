"""Ranges of characters in a drawn line: what they cover, and how they are cut. Pure."""

from collections.abc import Iterable, Sequence
from re import Pattern

from xreview.tui.widgets.diff.highlight import SyntaxSpan
from xreview.tui.widgets.diff.text import ShownText, TextWindow

_AROUND = 200
"""Characters before and after a window that are searched too."""


def span_after(spans: Sequence[SyntaxSpan], index: int, at: int) -> int:
    """Return the index of the first span from `index` on that doesn't end before `at`."""
    while index < len(spans) and spans[index][1] <= at:
        index += 1
    return index


def span_covers(spans: Sequence[SyntaxSpan], index: int, at: int) -> bool:
    """Whether the span at an index span_covers a character, if none before it does."""
    return index < len(spans) and spans[index][0] <= at


def clip_spans(
    spans: Iterable[SyntaxSpan], text: ShownText, start: int, size: int
) -> list[SyntaxSpan]:
    """Return spans of the raw text as spans of the window."""
    clipped: list[SyntaxSpan] = []
    for raw_from, raw_to, group in spans:
        a, b = text.shown_index(raw_from) - start, text.shown_index(raw_to) - start
        if b > 0 and a < size:
            clipped.append((max(0, a), min(size, b), group))
    return clipped


def matches_in(
    pattern: Pattern[str] | None, text: ShownText, window: TextWindow
) -> list[SyntaxSpan]:
    """Return where a pattern matches in a window, also if the match begins or ends outside."""
    if pattern is None:
        return []
    size = len(window.text)
    start = max(0, window.start - _AROUND)
    shift = window.start - start
    around = text.piece(start, window.start + size + _AROUND)
    found = ((match.start() - shift, match.end() - shift) for match in pattern.finditer(around))
    return [(max(0, a), min(size, b), "") for a, b in found if a < b and b > 0 and a < size]
