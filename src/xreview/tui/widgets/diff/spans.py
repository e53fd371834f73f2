"""Ranges of characters in a drawn line: what they cover, and how they are cut. Pure."""

from collections.abc import Iterable, Sequence
from re import Pattern

from xreview.tui.widgets.diff.highlight import SyntaxSpan
from xreview.tui.widgets.diff.text import ShownText


def advance(spans: Sequence[SyntaxSpan], index: int, at: int) -> int:
    """Return the index of the first span from `index` on that doesn't end before `at`."""
    while index < len(spans) and spans[index][1] <= at:
        index += 1
    return index


def covers(spans: Sequence[SyntaxSpan], index: int, at: int) -> bool:
    """Whether the span at an index covers a character, if none before it does."""
    return index < len(spans) and spans[index][0] <= at


def clipped(
    spans: Iterable[SyntaxSpan], text: ShownText, start: int, size: int
) -> list[SyntaxSpan]:
    """Return spans of the raw text as spans of the window."""
    clipped: list[SyntaxSpan] = []
    for raw_from, raw_to, group in spans:
        a, b = text.shown_index(raw_from) - start, text.shown_index(raw_to) - start
        if b > 0 and a < size:
            clipped.append((max(0, a), min(size, b), group))
    return clipped


def matches_in(pattern: Pattern[str] | None, text: str) -> list[SyntaxSpan]:
    """Return where a pattern matches in a text."""
    if pattern is None:
        return []
    return [(*match.span(), "") for match in pattern.finditer(text) if match[0]]
