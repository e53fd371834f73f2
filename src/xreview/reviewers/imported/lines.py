"""A file's text, and what regions, snippets and edits of other tools are in it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from xreview.reviewers.imported.problem import Columns, Edit, Region

QUOTED_LINES = 6
"""How many lines of a longer place are quoted."""

# Semgrep writes this for the code where nobody is logged in to its service.
_NO_SNIPPET = frozenset({"", "requires login"})


class FileLines:
    """One side of a file. Lines end at line feeds only, as in git."""

    def __init__(self, content: bytes) -> None:
        self.text = content.decode("utf-8", "surrogateescape")
        self.lines = self.text.split("\n")
        self._plain = [" ".join(line.split()) for line in self.lines]
        self._starts = [0]
        for line in self.lines[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def span(self, region: Region) -> tuple[int, int]:
        """First and last line of a region, 1-based; they may lie behind the end of the file."""
        if region.start_line:
            start = region.start_line
            end = max(start, region.end_line)
            # An end at a line's beginning is the end of the line before.
            return start, end - 1 if region.end_column == 1 and end > start else end
        begin, end = self._offsets(region)
        start = bisect_right(self._starts, begin)
        return start, max(start, bisect_right(self._starts, max(begin, end - 1)))

    def located(self, start: int, end: int, snippet: str) -> tuple[int, int]:
        """Where the snippet stands: at these lines, else nearest to them, else these lines."""
        rows = _rows(snippet)
        if not rows or self._is_at(start, end, rows):
            return start, end
        first = rows[0]
        found = [
            index + 1
            for index, line in enumerate(self._plain)
            if line == first and self._plain[index : index + len(rows)] == rows
        ]
        if not found:
            return start, end
        nearest = min(found, key=lambda line: (abs(line - start), line))
        return nearest, nearest + len(rows) - 1

    def has_text(self, line: int) -> bool:
        """Whether there is such a line with more than white space."""
        return 1 <= line <= len(self.lines) and bool(self._plain[line - 1])

    def quote(self, start: int, end: int, snippet: str) -> str:
        """The first lines of the place, verbatim; the snippet where that is not what stands there.

        Then the tool has read another version of the file, and the quote can be looked for.
        """
        rows = _rows(snippet)
        if not rows or self._is_at(start, end, rows):
            return "\n".join(self.lines[start - 1 : end][:QUOTED_LINES])
        return "\n".join(snippet.strip("\r\n").split("\n")[:QUOTED_LINES])

    def replaced(self, start: int, end: int, edits: Sequence[Edit]) -> str | None:
        """What the lines become by the edits; None where these reach outside of the lines."""
        if not 1 <= start <= end <= len(self.lines):
            return None
        first, last = self._starts[start - 1], self._end_of(end)
        text = self.text[first:last]
        placed = sorted((*self._offsets(edit.region), edit.text) for edit in edits)
        done = last
        for begin, stop, new in reversed(placed):
            if not first <= begin <= stop <= done:
                return None
            text = text[: begin - first] + new + text[stop - first :]
            done = begin
        before = self.text[first:last]
        if text == before or (text and before.endswith("\n") and not text.endswith("\n")):
            return None  # nothing changes, or what follows would be drawn into the last line
        return text.removesuffix("\n").removesuffix("\r")

    def _is_at(self, start: int, end: int, rows: list[str]) -> bool:
        """Whether a snippet is of these lines; it may be a part of them or hold lines around."""
        place = " ".join(filter(None, self._plain[start - 1 : end]))
        snippet = " ".join(rows)
        return snippet in place or (any(map(str.isalnum, place)) and place in snippet)

    def _end_of(self, line: int) -> int:
        """The offset behind a line and its line feed."""
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def _offsets(self, region: Region) -> tuple[int, int]:
        """Where a region begins and ends, in characters; (-1, -1) where that is not in the file."""
        if region.start_line:
            last = max(region.start_line, region.end_line)
            begin = self._offset(region.start_line, region.start_column or 1, region.columns)
            if region.end_column:
                return begin, self._offset(last, region.end_column, region.columns)
            if last > len(self.lines):
                return -1, -1
            return begin, self._starts[last - 1] + len(self.lines[last - 1].rstrip("\r"))
        if region.char_offset >= 0:
            units, begin = region.columns, region.char_offset
        elif region.byte_offset >= 0:
            units, begin = Columns.UTF8, region.byte_offset
        else:
            return -1, -1
        end = begin + region.length
        return _characters(self.text, begin, units), _characters(self.text, end, units)

    def _offset(self, line: int, column: int, units: Columns) -> int:
        if line == len(self.lines) + 1 and column == 1:
            return len(self.text)
        if line > len(self.lines):
            return -1
        return self._starts[line - 1] + _characters(self.lines[line - 1], column - 1, units)


def _characters(text: str, count: int, units: Columns) -> int:
    """How many characters the first `count` units of a text are; at most all."""
    if units is Columns.CODE_POINTS or text.isascii():
        return min(count, len(text))
    if units is Columns.UTF8:
        head = text.encode("utf-8", "surrogateescape")[:count]
        return len(head.decode("utf-8", "surrogateescape"))
    head = text.encode("utf-16-le", "surrogatepass")[: 2 * count]
    return len(head.decode("utf-16-le", "surrogatepass"))


def _rows(snippet: str) -> list[str]:
    if snippet.strip() in _NO_SNIPPET:
        return []
    return [row for line in snippet.split("\n") if (row := " ".join(line.split()))]


def overlaps(ranges: Iterable[range], start: int, end: int) -> bool:
    """Whether one of these lines (inclusive) is in one of the ranges."""
    return any(numbers.start <= end and start < numbers.stop for numbers in ranges)
