"""Which removed line an added line replaces, by likeness rather than by position: pure.

A line that only moved or was only indented anew pairs with itself, so that an inserted line doesn't
shift all pairs after it. The cost is bounded: long runs and long lines are paired by position.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.blocks import DiffRow, RowKind
from xreview.tui.widgets.diff.passage import NumberedRow
from xreview.tui.widgets.diff.words import (
    CharacterRanges,
    changed_words,
    code_words,
    is_reindented,
)

_MOST_COMPARED = 1600
"""Pairs of lines that are compared in one run, like 40 removed and 40 added lines."""

_LEAST_LIKENESS = 0.4

Pairs = list[tuple[int, int]]
"""Indices of a removed and of an added line."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """What differs in one of two paired lines: words, or only the indentation."""

    words: CharacterRanges = ()
    is_reindented: bool = False


NO_CHANGE = LineChange()


def line_changes(rows: Sequence[NumberedRow], texts: Mapping[int, str]) -> dict[int, LineChange]:
    """Return what differs in the removed and added lines that have a counterpart, by row."""
    changes: dict[int, LineChange] = {}
    for removed, added in _runs(rows):
        old = [texts[number].removesuffix("\r") for number in removed]
        new = [texts[number].removesuffix("\r") for number in added]
        for left, right in pair_lines(old, new):
            only_indent = is_reindented(old[left], new[right])
            for number, words in zip(
                (removed[left], added[right]), changed_words(old[left], new[right]), strict=True
            ):
                changes[number] = LineChange(words, only_indent)
    return changes


def _runs(rows: Sequence[NumberedRow]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the row numbers of removed lines and of the added lines right after them."""
    removed: list[int] = []
    added: list[int] = []
    for number, row in (*rows, (-1, DiffRow(RowKind.CONTEXT))):
        if row.kind is RowKind.NO_NEWLINE:
            continue
        if row.kind is RowKind.ADDED:
            added.append(number)
            continue
        if removed and added:
            yield removed, added
        if added or row.kind is not RowKind.REMOVED:
            removed, added = [], []
        if row.kind is RowKind.REMOVED:
            removed.append(number)


def pair_lines(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Return the pairs of like lines; each line is in at most one pair."""
    pairs = _same(old, new)
    left, right = {one for one, _ in pairs}, {other for _, other in pairs}
    olds = [index for index in range(len(old)) if index not in left]
    news = [index for index in range(len(new)) if index not in right]
    if len(olds) * len(news) > _MOST_COMPARED or len(olds) == len(news) == 1:
        return [*pairs, *zip(olds, news, strict=False)]
    return [*pairs, *_alike(old, new, olds, news)]


def _same(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Pair the lines that are the same apart from their indentation, in order."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index in reversed(range(len(new))):
        places[new[index].strip()].append(index)
    return [
        (index, found.pop())
        for index, line in enumerate(old)
        if line.strip() and (found := places.get(line.strip()))
    ]


def _alike(
    old: Sequence[str], new: Sequence[str], olds: Sequence[int], news: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pair the likest lines first, of equally like ones those that are nearest."""
    old_words = {index: Counter(code_words(old[index])) for index in olds}
    new_words = {index: Counter(code_words(new[index])) for index in news}
    scored = (
        (-likeness, abs(olds.index(one) - news.index(other)), one, other)
        for one, other in product(olds, news)
        if (likeness := _likeness(old_words[one], new_words[other])) >= _LEAST_LIKENESS
    )
    left, right = set(olds), set(news)
    for _likeness_of, _away, one, other in sorted(scored):
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            yield one, other


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return how much of two lines is in both, 0 to 1, by characters (Dice's coefficient)."""
    total = _size(one) + _size(other)
    return 2 * _size(one & other) / total if total else 0.0


def _size(words: Counter[str]) -> int:
    return sum(len(word) * count for word, count in words.items())
