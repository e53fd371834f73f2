"""Where the rows of the findings list are, and which of them can hold the cursor: pure."""

from bisect import bisect_right
from collections.abc import Sequence

from xreview.domain.finding import Finding
from xreview.tui.widgets.findings.rows import FindingRow, Heading, Row
from xreview.tui.widgets.findings.titles import title_height


class ListLayout:
    """The rows of a list, and the lines they take: one for a heading; for a finding, those of its
    title and one for its place. `count` includes the findings of folded groups."""

    def __init__(self, rows: Sequence[Row] = (), width: int = 0) -> None:
        self.rows = rows
        self.width = width
        self.height = 0
        self.count = sum(row.count for row in rows if isinstance(row, Heading))
        self._tops: list[int] = []
        for row in rows:
            self._tops.append(self.height)
            self.height += title_height(row, width) + 1 if isinstance(row, FindingRow) else 1

    def top(self, index: int) -> int:
        """Return the first line of a row, 0 for a row that doesn't exist."""
        return self._tops[index] if index < len(self._tops) else 0

    def bottom(self, index: int) -> int:
        """Return the line after a row."""
        return self._tops[index + 1] if index + 1 < len(self._tops) else self.height

    def row_at(self, line: int) -> int:
        """Return the index of the row on a line."""
        return bisect_right(self._tops, line) - 1

    def scroll_to_keep(self, index: int, line: int, height: int) -> int:
        """Return the first line to show so that a row begins on this line of the screen, or on the
        nearest one with room for it."""
        last = max(0, height - (self.bottom(index) - self.top(index)))
        return max(0, self.top(index) - min(max(0, line), last))

    def scroll_to_show(self, index: int, first: int, height: int) -> int:
        """Return the first line to show, `first` if the row is on the screen then."""
        top, bottom = self.top(index), self.bottom(index)
        if top < first:
            # Also show the heading above a group's first finding, if there is room.
            return max(0, min(top, max(top - 1, bottom - height)))
        return min(top, bottom - height) if bottom > first + height else first

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

    def next_finding(self, index: int, steps: int) -> int | None:
        """Return the next (1) or previous (-1) row of a finding; None at the end."""
        found = index + steps
        while 0 <= found < len(self.rows):
            if isinstance(self.rows[found], FindingRow):
                return found
            found += steps
        return None

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

    def near(self, line: int, steps: int) -> int:
        """Return the row at a line, or the nearest in a direction, that can hold the cursor."""
        index = max(0, min(self.row_at(line), len(self.rows) - 1))
        for direction in (0, steps, -steps):
            found = self.step(index, direction)
            if found < len(self.rows) and self._can_hold_cursor(found):
                return found
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
