"""Orders of hunks to read, and how many of the lines that need a fix later each one finds early."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from features import features_of
from traced import CONTEXT, YEAR, TracedHunk

WARM_UP = 0.15
"""The first changes of a history only count as the past of the others."""

LONGEST_HUNK = 2000
"""Lines; a longer one is code brought in from elsewhere."""


@dataclass(frozen=True, slots=True)
class Row:
    """A hunk that can be ordered. `fixed`: how many of its `added` lines needed a fix later."""

    change: int
    features: dict[str, float]
    added: int
    removed: int
    fixed: int

    @property
    def shown(self) -> int:
        """The lines that a user reads: those of the hunk with its context."""
        return self.added + self.removed + 2 * CONTEXT


Effort = Callable[[Row], int]
EFFORTS: dict[str, Effort] = {"added": lambda row: row.added, "shown": lambda row: row.shown}
"""The price of reading a hunk, in lines."""


def rows_of(hunks: Sequence[TracedHunk]) -> list[Row]:
    """Return the hunks whose past is long enough, and whose future is known for a year."""
    if not hunks:
        return []
    last = max(hunk.change.at for hunk in hunks)
    first = WARM_UP * max(hunk.change.number for hunk in hunks)
    return [
        Row(
            hunk.change.number,
            features_of(hunk),
            len(hunk.added),
            len(hunk.removed),
            len(hunk.fixed),
        )
        for hunk in hunks
        if 0 < len(hunk.added) <= LONGEST_HUNK
        and hunk.change.number > first
        and hunk.change.at < last - YEAR
    ]


def recall(rows: Sequence[Row], scores: Sequence[float], effort: Effort, budget: float) -> float:
    """Return the share of the lines fixed later that are in the first `budget` of the lines, from
    the highest score. A hunk that doesn't fit in counts in part.
    """
    left = budget * sum(map(effort, rows))
    found = 0.0
    for at in sorted(range(len(rows)), key=lambda at: -scores[at]):
        price = effort(rows[at])
        found += rows[at].fixed * min(1.0, left / price)
        left -= price
        if left <= 0:
            break
    return found / sum(row.fixed for row in rows)


def recalls_within(
    rows: Sequence[Row], scores: Sequence[float], effort: Effort, budget: float, least: int = 5
) -> list[float]:
    """Return the recall in each change that has `least` hunks and needed a fix later."""
    changes: dict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        changes[row.change].append(at)
    return [
        recall([rows[at] for at in inside], [scores[at] for at in inside], effort, budget)
        for inside in changes.values()
        if len(inside) >= least and any(rows[at].fixed for at in inside)
    ]
