"""The text of a file, in which regions, snippets and edits of other tools are located."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import pairwise

from xreview.domain.record import replace
from xreview.imports.statement import Columns, ProposedEdit, Region

QUOTED_LINES = 6
"""The lines quoted of a longer place."""

# Semgrep writes this in place of the code when you aren't logged in to its service.
_NO_SNIPPET = frozenset({"", "requires login"})


class EditRefusal(Enum):
    """Why edits can't be applied, as a sentence to show."""

    ELSEWHERE = "It also changes other lines."
    OVERLAP = "Its edits overlap, so they can't be applied together."
    COLUMNS = "Its columns don't match the file, so it can't be applied."
    NOTHING = "It changes nothing here."


class FileLines:
    """One side of a file. Only line feeds end lines, as in git."""

    def __init__(self, content: bytes) -> None:
        self.text = content.decode("utf-8", "surrogateescape")
        self.lines = self.text.split("\n")
        self._plain = [" ".join(line.split()) for line in self.lines]
        self._starts = [0]
        for line in self.lines[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def span(self, region: Region) -> tuple[int, int]:
        """First and last line of a region, 1-based; they may be past the end of the file."""
        if region.start_line:
            start = region.start_line
            end = max(start, region.end_line)
            # An end at the start of a line is the end of the line before.
            return start, end - 1 if region.end_column == 1 and end > start else end
        begin, end = self._offsets(region)
        start = bisect_right(self._starts, begin)
        return start, max(start, bisect_right(self._starts, max(begin, end - 1)))

    def located(self, start: int, end: int, snippet: str) -> tuple[int, int]:
        """The lines of the snippet: these lines, else the nearest match, else these lines."""
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

    def stands(self, start: int, end: int, snippet: str) -> bool:
        """Whether the snippet is at these lines; True for an empty one."""
        rows = _rows(snippet)
        return not rows or self._is_at(start, end, rows)

    def has_text(self, line: int) -> bool:
        """Whether the line exists and isn't blank."""
        return 1 <= line <= len(self.lines) and bool(self._plain[line - 1])

    def quote(self, start: int, end: int, snippet: str) -> str:
        """The first lines of the place, verbatim; the snippet where the lines differ from it.

        Then the tool has read another version of the file, and grounding searches for the quote.
        """
        if self.stands(start, end, snippet):
            return "\n".join(self.lines[start - 1 : end][:QUOTED_LINES])
        return "\n".join(snippet.strip("\r\n").split("\n")[:QUOTED_LINES])

    def replaced(self, start: int, end: int, edits: Sequence[ProposedEdit]) -> "str | EditRefusal":
        """The lines with all edits applied, or why they can't be applied."""
        if not 1 <= start <= end <= len(self.lines):
            return EditRefusal.ELSEWHERE
        first, last = self._starts[start - 1], self._end_of(end)
        placed = sorted((*self._offsets(edit.region, strictly=True), edit.text) for edit in edits)
        if not all(map(self._fits, edits)):
            return EditRefusal.COLUMNS
        if any(not first <= begin <= stop <= last for begin, stop, _ in placed):
            return EditRefusal.ELSEWHERE
        if any(nxt[0] < one[1] or nxt[:2] == one[:2] for one, nxt in pairwise(placed)):
            return EditRefusal.OVERLAP
        text = before = self.text[first:last]
        for begin, stop, new in reversed(placed):
            text = text[: begin - first] + new + text[stop - first :]
        if text == before:
            return EditRefusal.NOTHING
        if text and before.endswith("\n") and not text.endswith("\n"):
            return EditRefusal.ELSEWHERE  # the next line would be joined to the last
        return text.removesuffix("\n").removesuffix("\r")

    def _fits(self, edit: ProposedEdit) -> bool:
        """Whether an edit removes what its tool means.

        Where the tool quotes the removed text, the file must have it. Where the units of columns
        are unknown, an edit that splits a word (`b =a is Nonee`) must not fit better in others.
        """
        region = edit.region
        begin, stop = self._offsets(region, strictly=True)
        if begin < 0 or stop < begin:
            return False
        if edit.old and _rows(edit.old) != _rows(self.text[begin:stop]):
            return False
        if region.is_certain or not self._splits_words(region, edit.text):
            return True
        others = (replace(region, columns=units) for units in Columns if units != region.columns)
        return all(self._splits_words(other, edit.text) for other in others)

    def _splits_words(self, region: Region, new: str) -> bool:
        """Whether an end of the region splits a word that the new text continues."""
        begin, stop = self._offsets(region, strictly=True)
        if begin < 0 or stop < begin:
            return True
        return self._splits(begin, new[:1]) or (stop > begin and self._splits(stop, new[-1:]))

    def _splits(self, at: int, new: str) -> bool:
        """Whether a word spans this offset and the new text continues it."""
        around = self.text[at - 1 : at + 1] if at else ""
        return len(around) == 2 and all(map(_is_word, around + new))

    def _is_at(self, start: int, end: int, rows: list[str]) -> bool:
        """Whether a snippet matches these lines; it may be a part of them or include others."""
        place = " ".join(filter(None, self._plain[start - 1 : end]))
        snippet = " ".join(rows)
        return snippet in place or (any(map(str.isalnum, place)) and place in snippet)

    def _end_of(self, line: int) -> int:
        """The offset after a line and its line feed."""
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def _offsets(self, region: Region, *, strictly: bool = False) -> tuple[int, int]:
        """Where a region begins and ends, in characters; -1 outside the file.

        `strictly`: also -1 for a column past the end of its line or inside a character.
        """
        if region.start_line:
            last = max(region.start_line, region.end_line)
            units = region.columns
            begin = self._offset(region.start_line, region.start_column or 1, units, strictly)
            if region.end_column:
                return begin, self._offset(last, region.end_column, units, strictly)
            if last > len(self.lines):
                return -1, -1
            return begin, self._starts[last - 1] + len(self.lines[last - 1].rstrip("\r"))
        if region.char_offset >= 0:
            units, at = region.columns, region.char_offset
        elif region.byte_offset >= 0:
            units, at = Columns.UTF8, region.byte_offset
        else:
            return -1, -1
        return (
            _characters(self.text, at, units, strictly),
            _characters(self.text, at + region.length, units, strictly),
        )

    def _offset(self, line: int, column: int, units: Columns, strictly: bool) -> int:
        if line == len(self.lines) + 1 and column == 1:
            return len(self.text)
        if line > len(self.lines):
            return -1
        found = _characters(self.lines[line - 1], column - 1, units, strictly)
        return -1 if found < 0 else self._starts[line - 1] + found


def _characters(text: str, count: int, units: Columns, strictly: bool = False) -> int:
    """How many characters the first `count` units of a text are.

    `strictly`: -1 where the text has fewer units, or the last one splits a character.
    """
    if units is Columns.CODE_POINTS or text.isascii():
        found, is_whole = min(count, len(text)), count <= len(text)
    else:
        encoding, size = ("utf-8", 1) if units is Columns.UTF8 else ("utf-16-le", 2)
        handler = "surrogateescape" if size == 1 else "surrogatepass"
        whole = text.encode(encoding, handler)
        head = whole[: size * count].decode(encoding, handler)
        found = len(head)
        is_whole = size * count <= len(whole) and text.startswith(head)
    return found if is_whole or not strictly else -1


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _rows(snippet: str) -> list[str]:
    if snippet.strip() in _NO_SNIPPET:
        return []
    return [row for line in snippet.split("\n") if (row := " ".join(line.split()))]


def overlaps(ranges: Iterable[range], start: int, end: int) -> bool:
    """Whether one of these lines (inclusive) is in one of the ranges."""
    return any(numbers.start <= end and start < numbers.stop for numbers in ranges)
