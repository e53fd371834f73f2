"""Where the rows of the findings list are, and which of them can hold the cursor: pure."""

from bisect import bisect_right
from collections.abc import Sequence

from xreview.domain.finding import Finding
from xreview.tui.widgets.findings.rows import FindingRow, Heading, Row

FINDING_LINES = 2


class ListLayout:
    """The rows of a list, and the lines that they take: two for a finding, one for a heading."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.rows = rows
        self.height = 0
        self._tops: list[int] = []
        for row in rows:
            self._tops.append(self.height)
            self.height += FINDING_LINES if isinstance(row, FindingRow) else 1

    def top(self, index: int) -> int:
        """Return the first line of a row, 0 for a row that doesn't exist."""
        return self._tops[index] if index < len(self._tops) else 0

    def row_at(self, line: int) -> int:
        """Return the index of the row on a line."""
        return bisect_right(self._tops, line) - 1

    def first_finding(self) -> int:
        """Return the index of the first finding, 0 for none."""
        return next((i for i, row in enumerate(self.rows) if isinstance(row, FindingRow)), 0)

    def step(self, index: int, steps: int) -> int:
        """Return the row some findings or folded headings away, or as far as there are any."""
        direction = 1 if steps > 0 else -1
        for _ in range(abs(steps)):
            found = index + direction
            while 0 <= found < len(self.rows) and not self._can_hold_cursor(found):
                found += direction
            if not 0 <= found < len(self.rows):
                break
            index = found
        return index

    def find(self, finding: Finding) -> int | None:
        """Return the index of a finding, None if it isn't listed or its group is folded."""
        for index, row in enumerate(self.rows):
            if isinstance(row, FindingRow) and _is_same(row.finding, finding):
                return index
        return None

    def index_of(self, row: Row, default: int) -> int:
        """Return where a row of an earlier layout is now, or near `default` if it is gone.

        For a heading that was unfolded, return the row below.
        """
        index = self.find(row.finding) if isinstance(row, FindingRow) else self._under(row)
        if index is None:
            index = min(default, max(0, len(self.rows) - 1))
            while index + 1 < len(self.rows) and not self._can_hold_cursor(index):
                index += 1
        return index

    def _under(self, row: Heading) -> int | None:
        for index, other in enumerate(self.rows):
            if isinstance(other, Heading) and other.group == row.group:
                return index if other.is_folded else index + 1
        return None

    def _can_hold_cursor(self, index: int) -> bool:
        row = self.rows[index]
        return isinstance(row, FindingRow) or row.is_folded


def _is_same(left: Finding, right: Finding) -> bool:
    return not set(left.fingerprints).isdisjoint(right.fingerprints)
