"""Average linkage: the two groups whose members are most alike on average become one, again and
again, until no two are alike enough."""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

_DIGITS = 9
"""Likenesses that differ by less than rounding are equal; then the first in order go first."""


def linked(rows: Sequence[Mapping[int, float]], enough: float) -> list[list[int]]:
    """Groups of indexes, each in order, ordered by their first.

    Args:
        rows: symmetric; how alike each is to others, 0 where missing.
        enough: two groups become one if their members are at least that alike on average.
    """
    groups: dict[int, list[int]] = {index: [index] for index in range(len(rows))}
    sums = [
        {other: alike for other, alike in row.items() if other != i} for i, row in enumerate(rows)
    ]
    versions = [0] * len(rows)
    heap = [
        (-round(alike, _DIGITS), i, j, 0, 0)
        for i, row in enumerate(sums)
        for j, alike in row.items()
        if i < j and alike >= enough
    ]
    heapify(heap)
    while heap:
        _, i, j, seen_i, seen_j = heappop(heap)
        if i not in groups or j not in groups or (versions[i], versions[j]) != (seen_i, seen_j):
            continue
        groups[i] += groups.pop(j)
        versions[i] += 1
        _join(sums, i, j)
        for other, alike in sums[i].items():
            average = alike / (len(groups[i]) * len(groups[other]))
            if average >= enough:
                low, high = min(i, other), max(i, other)
                entry = (-round(average, _DIGITS), low, high, versions[low], versions[high])
                heappush(heap, entry)
    return [sorted(group) for _, group in sorted(groups.items())]


def _join(sums: list[dict[int, float]], kept: int, gone: int) -> None:
    """What the other groups have in common with `gone` is now with `kept`."""
    for other, alike in sums[gone].items():
        del sums[other][gone]
        if other != kept:
            total = sums[kept].get(other, 0.0) + alike
            sums[kept][other] = sums[other][kept] = total
    sums[gone] = {}
