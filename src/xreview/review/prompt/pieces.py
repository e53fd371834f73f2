"""Cutting a file into pieces that fit into a request."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from xreview.domain.authorship import line_ranges
from xreview.domain.authorship.line_ranges import Ranges
from xreview.domain.change import Line, LineKind, Side
from xreview.review.prompt.compose import estimated_tokens
from xreview.review.prompt.context import Segment, ShownFile
from xreview.review.prompt.rows import LONGEST_ROW, drawn, remark, row
from xreview.review.reply.quote import ShownCode

_HEADING_TOKENS = 60  # of a heading and the lines that say what is not shown, without names
_SEARCHED = 0.3  # the last part of a piece, searched for a good place to cut


@dataclass(frozen=True)
class Piece:
    """A changed file, or a part of a large one.

    Args:
        number, of: the piece's number and the count of pieces; both 1 for a whole file.
        longest: characters after which lines are cut.
    """

    shown: ShownFile
    segments: tuple[Segment, ...]
    number: int
    of: int
    longest: int

    @property
    def path(self) -> str:
        """The file's raw path in the change."""
        return self.shown.file.path

    @cached_property
    def text(self) -> str:
        """The code as the prompt shows it."""
        return drawn(self.shown, self.segments, (self.number, self.of), self.longest)

    @property
    def line_count(self) -> int:
        """The number of lines shown."""
        return sum(map(len, self.segments))

    @property
    def cut_lines(self) -> Ranges:
        """The lines that are not shown to their end."""
        return _numbers(
            [line for part in self.segments for line in part if len(line.text) > self.longest]
        )

    @property
    def changed(self) -> Ranges:
        """The numbers of the changed lines, on the new side if there are any."""
        return changed_numbers(self.segments)

    def lines_of(self, side: Side) -> tuple[str, ...]:
        """The raw lines of one side."""
        gone = LineKind.REMOVED if side is Side.NEW else LineKind.ADDED
        return tuple(line.text for part in self.segments for line in part if line.kind is not gone)


def shown_in(pieces: Iterable[Piece]) -> ShownCode:
    """The code in some pieces, to look up quotes."""
    return ShownCode(
        {(piece.path, side): piece.lines_of(side) for piece in pieces for side in Side}
    )


def changed_numbers(segments: tuple[Segment, ...]) -> Ranges:
    """The numbers of the added lines or, if there are none, of the removed ones."""
    lines = [line for part in segments for line in part]
    added = [line for line in lines if line.kind is LineKind.ADDED]
    return _numbers(added or [line for line in lines if line.kind is LineKind.REMOVED])


def pieces_of(shown: ShownFile, room: int) -> list[Piece]:
    """The file in the fewest pieces of at most `room` tokens; pieces without a change are dropped.

    It is cut between segments or, inside one, before the least indented line.
    """
    longest = min(LONGEST_ROW, room * 3 // 8)
    rows = [(index, line) for index, part in enumerate(shown.segments) for line in part]
    costs = [estimated_tokens(row(line, longest) + remark(line, longest)) + 1 for _, line in rows]
    room -= _HEADING_TOKENS + estimated_tokens(drawn(shown, (), (99, 99)))
    cuts = list(_cuts(rows, costs, room))
    kept: list[tuple[Segment, ...]] = []
    for start, end in cuts:
        parts = groupby(rows[start:end], key=lambda pair: pair[0])
        segments = tuple(tuple(line for _, line in part) for _, part in parts)
        if any(line.kind is not LineKind.CONTEXT for part in segments for line in part):
            kept.append(segments)
    return [
        Piece(shown, segments, number, len(kept), longest)
        for number, segments in enumerate(kept, start=1)
    ]


def _cuts(rows: list[tuple[int, Line]], costs: list[int], room: int) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(rows):
        end, used = start, 0
        previous = rows[start][0]
        while end < len(rows):
            gap = _GAP_TOKENS if rows[end][0] != previous else 0
            if used + costs[end] + gap > room and end > start:
                break
            used += costs[end] + gap
            previous = rows[end][0]
            end += 1
        if end < len(rows):
            end = _good_cut(rows, start, end)
        yield start, end
        start = end


_GAP_TOKENS = 16  # of "~~~ lines 123456-123456 are not shown"


def _good_cut(rows: list[tuple[int, Line]], start: int, end: int) -> int:
    earliest = end - int((end - start) * _SEARCHED)

    def badness(at: int) -> tuple[bool, int, int]:
        text = rows[at][1].text
        indentation = len(text) - len(text.lstrip()) if text.strip() else 10_000
        return rows[at][0] == rows[at - 1][0], indentation, -at

    return min(range(max(earliest, start + 1), end + 1), key=badness)


def _numbers(lines: list[Line]) -> Ranges:
    numbers = (
        (line.old_number if line.kind is LineKind.REMOVED else line.new_number) or 0
        for line in lines
    )
    return line_ranges.merged_ranges((number, number) for number in numbers)
