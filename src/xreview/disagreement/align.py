"""From reports to groups about one problem.

Reports are in one group if, on average, they say the same about the same place. The same problem in
another file is another problem: it must be fixed there too, and is decided separately.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from xreview.disagreement.likeness import SAME_PROBLEM, are_apart, likeness
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import Wording, wording
from xreview.domain.report import Report

ReportGroup = tuple[Report, ...]
"""Reports of one problem, the worst and surest first."""


def align(reports: Iterable[Report]) -> list[ReportGroup]:
    """Group the reports of a change, ordered by place, whatever order they came in.

    A report that a reviewer repeats (same file and fingerprint) is kept once. Reports whose
    `anchor.path` is "" are compared by their words alone.
    """
    unique = once(reports)
    return aligned(unique, [wording(report) for report in unique])


def aligned(reports: Sequence[Report], wordings: Sequence[Wording]) -> list[ReportGroup]:
    """As `align`, for reports in the order of `once` whose wordings are known."""
    vocabulary = Vocabulary(wordings)
    by_path: dict[str, list[int]] = {}
    for index, report in enumerate(reports):
        by_path.setdefault(report.anchor.path, []).append(index)
    return [
        group
        for indexes in by_path.values()
        for group in grouped(
            [reports[index] for index in indexes],
            [wordings[index] for index in indexes],
            vocabulary,
        )
    ]


def grouped(
    reports: Sequence[Report], wordings: Sequence[Wording], vocabulary: Vocabulary
) -> list[ReportGroup]:
    """The groups in the reports of one file, given in the order of `once`."""
    if len(reports) == 1:
        return [(reports[0],)]

    def apart(i: int, j: int) -> bool:
        return are_apart(reports[i], reports[j])

    groups = linked(likeness(reports, wordings, vocabulary), SAME_PROBLEM, apart)
    return [led([reports[index] for index in group]) for group in groups]


def once(reports: Iterable[Report]) -> list[Report]:
    """Each reviewer's report of a problem in a file once, in an order that ignores arrival."""
    unique: dict[tuple[str, str, str], Report] = {}
    for report in sorted(reports, key=place_of, reverse=True):
        unique[report.anchor.path, report.reviewer.name, report.fingerprint] = report
    return sorted(unique.values(), key=place_of)


def led(reports: Iterable[Report]) -> ReportGroup:
    """The reports of a group, the one that leads first."""
    return tuple(sorted(reports, key=_lead_first))


def place_of(report: Report) -> tuple[object, ...]:
    """The sort key of reports: their place, then their content."""
    anchor = report.anchor
    return (
        anchor.path,
        anchor.side.value,
        anchor.start_line,
        anchor.end_line,
        report.fingerprint,
        report.reviewer.name,
        not report.anchored,
        -report.severity,
        -report.confidence,
        report.title,
        report.claim,
        report.scenario,
        anchor.quote,
        report.reviewer.model,
        report.category.value,
        report.rule,
    )


def _lead_first(report: Report) -> tuple[object, ...]:
    return (
        not report.anchored,
        -report.severity,
        -report.confidence,
        report.reviewer.name,
        *place_of(report),
    )


_DIGITS = 9
"""Decimal places: closer likenesses count as equal, and the first in order are joined first."""


def _never(_left: int, _right: int) -> bool:
    return False


def linked(
    rows: Sequence[Mapping[int, float]],
    enough: float,
    apart: Callable[[int, int], bool] = _never,
) -> list[list[int]]:
    """Groups of indexes, sorted: the two most alike on average are joined first, as long as their
    likeness is `enough` and no two of their members are `apart`. `rows` are symmetric; 0 if
    missing."""
    groups = {index: [index] for index in range(len(rows))}
    for _, kept, gone in joins(rows, enough, apart):
        groups[kept] += groups.pop(gone)
    return [sorted(group) for _, group in sorted(groups.items())]


def joins(
    rows: Sequence[Mapping[int, float]],
    enough: float,
    apart: Callable[[int, int], bool] = _never,
) -> Iterator[tuple[float, int, int]]:
    """The joins that make the groups of `linked`, in their order: how alike the two groups are on
    average, and the lowest index in each; that of the joined group is the first."""
    groups: dict[int, list[int]] = {index: [index] for index in range(len(rows))}
    sums = [dict(row) for row in rows]
    for i, row in enumerate(sums):
        row.pop(i, None)
    versions = [0] * len(rows)
    heap = [
        (-round(alike, _DIGITS), i, j, 0, 0)
        for i, row in enumerate(sums)
        for j, alike in row.items()
        if i < j and alike >= enough
    ]
    heapify(heap)
    while heap:
        unlike, i, j, seen_i, seen_j = heappop(heap)
        if i not in groups or j not in groups or (versions[i], versions[j]) != (seen_i, seen_j):
            continue
        if any(apart(one, other) for one in groups[i] for other in groups[j]):
            continue
        yield -unlike, i, j
        groups[i] += groups.pop(j)
        versions[i] += 1
        _join(sums, i, j)
        for other, alike in sums[i].items():
            average = alike / (len(groups[i]) * len(groups[other]))
            if average >= enough:
                low, high = min(i, other), max(i, other)
                entry = (-round(average, _DIGITS), low, high, versions[low], versions[high])
                heappush(heap, entry)


def _join(sums: list[dict[int, float]], kept: int, gone: int) -> None:
    """Add the likenesses of `gone` to those of `kept`."""
    for other, alike in sums[gone].items():
        del sums[other][gone]
        if other != kept:
            total = sums[kept].get(other, 0.0) + alike
            sums[kept][other] = sums[other][kept] = total
    sums[gone] = {}
