"""Ranges of lines as sets: 1-based, inclusive, and possibly absurdly large."""

from collections.abc import Iterable

from xreview.domain.text import count_of

_NAMED = 5

Ranges = tuple[tuple[int, int], ...]
"""Sorted and disjoint."""


def merged_ranges(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges sorted and merged; a range that ends before it begins is dropped."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if end < start:
            continue
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def count(ranges: Ranges) -> int:
    """How many lines these are."""
    return sum(end - start + 1 for start, end in ranges)


def without(ranges: Ranges, taken: Ranges) -> Ranges:
    """The part of `ranges` that isn't in `taken`."""
    left: list[tuple[int, int]] = []
    at = 0
    for start, end in ranges:
        while at < len(taken) and taken[at][1] < start:
            at += 1
        position = at
        while position < len(taken) and taken[position][0] <= end:
            if start < taken[position][0]:
                left.append((start, taken[position][0] - 1))
            start = taken[position][1] + 1
            position += 1
        if start <= end:
            left.append((start, end))
    return tuple(left)


def in_words(ranges: Ranges) -> str:
    """The first few ranges in words: `lines 1-5, 9 and 3 more places`."""
    told = [str(start) if start == end else f"{start}-{end}" for start, end in ranges]
    words = f"{'line' if count(ranges) == 1 else 'lines'} {', '.join(told[:_NAMED])}"
    more = len(told) - _NAMED
    return f"{words} and {count_of(more, 'more place')}" if more > 0 else words
