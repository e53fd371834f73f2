"""Cutting a file into pieces that fit into a request, and drawing their lines as text.

A line is a mark, a number, a bar, and the code:

    === "src/pay.py" (modified), 210 lines
    ~~~ lines 1-11 are not shown
        12|def pay(amount):
    -   13|    charge(amount)
    +   13|    charge(amount, key=order.id)

Code never begins a line, so it can't pass for another part of the prompt: characters that some
readers take for a line end (CR, form feed, U+2028) are shown as signs, like invisible ones. A
remark below a line warns of deceptive characters. The name of a file is a JSON string on one line.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby

from xreview.domain.authorship import line_ranges
from xreview.domain.authorship.line_ranges import Ranges
from xreview.domain.change import FileDiff, FileStatus, Line, LineKind, Side
from xreview.domain.record import dataclass
from xreview.domain.text import visible
from xreview.hardening.lookalikes import told
from xreview.review.prompt.compose import estimated_tokens
from xreview.review.prompt.context import Segment, ShownFile
from xreview.review.reply.quote import ShownCode, shown_line

_HEADING_TOKENS = 60  # of a heading and the lines that say what is not shown, without names
_SEARCHED = 0.3  # the last part of a piece, searched for a good place to cut


@dataclass(frozen=True)
class Piece:
    """A changed file, or part `number` of `of` parts; lines are cut after `longest` characters."""

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


LONGEST_ROW = 5_000
"""Characters of one line of code."""


def prompt_name(path: str) -> str:
    """A path as a JSON string, in ASCII if any character in it is deceptive."""
    is_plain = path.isprintable() and visible(path) == path
    return json.dumps(path, ensure_ascii=not is_plain)


def row(line: Line, longest: int = LONGEST_ROW) -> str:
    """One line of code, cut at `longest` characters."""
    number = line.old_number if line.kind is LineKind.REMOVED else line.new_number
    text = shown_line(line.text)
    if len(text) > longest:
        text = f"{text[:longest]} ~~~ {len(text) - longest:,} more characters are not shown"
    return f"{line.kind.value}{number or 0:>5}|{text}"


def remark(line: Line, longest: int = LONGEST_ROW) -> str:
    """The warning below a line with deceptive characters; "" for other lines."""
    said = told(line.text[:longest])
    number = line.old_number if line.kind is LineKind.REMOVED else line.new_number
    return f"~~~ line {number or 0} above {said}" if said else ""


def file_heading(file: FileDiff, line_count: int | None, part: tuple[int, int] = (1, 1)) -> str:
    """The line above a file: with the line count of its new side (None if unknown), and which part
    of how many it is."""
    was = f", was {prompt_name(file.old_path)}" if file.old_path not in (None, file.path) else ""
    said = [f"=== {prompt_name(file.path)} ({file.status.word}{was})"]
    if line_count is not None and file.status is not FileStatus.DELETED:
        said.append(f"{line_count} lines")
    if part[1] > 1:
        said.append(f"part {part[0]} of {part[1]}: the others are reviewed separately")
    if file.notice:
        said.append(visible(file.notice))
    return ", ".join(said)


def drawn(
    shown: ShownFile,
    segments: Sequence[Segment],
    part: tuple[int, int] = (1, 1),
    longest: int = LONGEST_ROW,
) -> str:
    """Segments of a file as text, with a heading and notes about gaps."""
    rows = [file_heading(shown.file, shown.line_count, part)]
    following = 1
    for segment in segments:
        first, last = _new_side(segment)
        if first is not None and first > following:
            rows.append(f"~~~ {_lines(following, first - 1)} not shown")
        for line in segment:
            rows += filter(None, (row(line, longest), remark(line, longest)))
        following = following if last is None else last + 1
    if shown.line_count is not None and following <= shown.line_count:
        rows.append(f"~~~ {_lines(following, shown.line_count)} not shown")
    return "\n".join(rows)


def _new_side(segment: Segment) -> tuple[int | None, int | None]:
    numbers = [line.new_number for line in segment if line.new_number is not None]
    return (numbers[0], numbers[-1]) if numbers else (None, None)


def _lines(first: int, last: int) -> str:
    return f"line {first} is" if first == last else f"lines {first}-{last} are"
