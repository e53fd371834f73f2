"""Average linkage: join the two groups most alike on average, until no two are alike enough."""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

_DIGITS = 9
"""Decimal places: closer likenesses count as equal, and the first in order are joined first."""


def linked(rows: Sequence[Mapping[int, float]], enough: float) -> list[list[int]]:
    """Groups of indexes, sorted.

    Args:
        rows: symmetric likenesses; 0 if missing.
        enough: the least average likeness of two groups that are joined.
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
    """Add the likenesses of `gone` to those of `kept`."""
    for other, alike in sums[gone].items():
        del sums[other][gone]
        if other != kept:
            total = sums[kept].get(other, 0.0) + alike
            sums[kept][other] = sums[other][kept] = total
    sums[gone] = {}
