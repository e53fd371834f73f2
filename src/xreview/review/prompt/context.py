"""Choosing the lines of a changed file that a reviewer sees.

The change itself is always shown, together with context from the new side: the whole file if it is
small, else the function around each changed line (the outermost that isn't too long), else the
class, else some lines before and after. If the content is missing or no longer fits the diff, only
the hunks are shown.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xreview.domain.authorship import line_ranges
from xreview.domain.authorship.line_ranges import Ranges
from xreview.domain.change import FileDiff, Hunk, Line, LineKind
from xreview.domain.record import dataclass
from xreview.review.prompt.blocks import Blocks, CodeBlock

WHOLE_FILE_LINES = 150
"""A file of at most this many lines is shown whole."""

WHOLE_BLOCK_LINES = 200
"""A function or class of at most this many lines is shown whole."""

NEAR_LINES = 15
"""Lines shown before and after a change that is in no whole block."""

_SMALL_GAP = 2

Segment = tuple[Line, ...]
"""Consecutive lines."""


@dataclass(frozen=True)
class ShownFile:
    """A file of the change as a request shows it: lines in order, with gaps between the segments,
    and the number of lines of the new side; None if unknown."""

    file: FileDiff
    segments: tuple[Segment, ...]
    line_count: int | None


async def shown_file(file: FileDiff, content: str | None, blocks: Blocks) -> ShownFile:
    """The file with the context of its changes; `content` is the new side, if available."""
    hunks = tuple(file.hunks)
    lines = None if content is None else _lines_of(content)
    if lines is None or not _agree(hunks, lines):
        return ShownFile(file, tuple(hunk.lines for hunk in hunks), None)
    own = line_ranges.merged_ranges(_own_lines(hunks, len(lines)))
    if len(lines) <= WHOLE_FILE_LINES or not own:
        ranges: Ranges = ((1, len(lines)),) if lines else ()
    elif content is not None and line_ranges.count(own) < len(lines):
        touched = _touched(hunks, len(lines))
        around = await blocks.around(file.path, content, touched)
        wanted = line_ranges.merged_ranges((*own, *_around(touched, around, len(lines))))
        ranges = _without_small_gaps(wanted)
    else:
        ranges = own
    return ShownFile(file, tuple(_woven(hunks, lines, ranges)), len(lines))


def _lines_of(content: str) -> list[str]:
    lines = content.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _placed(hunks: Iterable[Hunk]) -> Iterator[tuple[int, Line]]:
    """Each line with its new number; a removed line has that of the line after it."""
    for hunk in hunks:
        number = hunk.new_start if hunk.new_count else hunk.new_start + 1
        for line in hunk.lines:
            yield number, line
            number += line.kind is not LineKind.REMOVED


def _agree(hunks: Iterable[Hunk], lines: Sequence[str]) -> bool:
    """Whether the file contains the new side of the hunks."""
    for number, line in _placed(hunks):
        if line.kind is LineKind.REMOVED:
            continue
        # git may have converted line ends in the diff.
        if number > len(lines) or lines[number - 1].rstrip("\r") != line.text.rstrip("\r"):
            return False
    return True


def _own_lines(hunks: Iterable[Hunk], count: int) -> Iterable[tuple[int, int]]:
    for hunk in hunks:
        last = hunk.new_start + max(hunk.new_count, 1) - 1
        yield max(1, min(hunk.new_start, count)), min(last, count)


def _touched(hunks: Iterable[Hunk], count: int) -> list[int]:
    """The added lines, and the lines before and after removed ones."""
    found: set[int] = set()
    for number, line in _placed(hunks):
        if line.kind is LineKind.ADDED:
            found.add(number)
        elif line.kind is LineKind.REMOVED:
            found |= {max(1, number - 1), min(number, count)}
    return sorted(found)


def _around(
    touched: Sequence[int], blocks: Sequence[CodeBlock], count: int
) -> Iterable[tuple[int, int]]:
    """The ranges to show around touched lines: the outermost blocks that are short enough."""
    ranked = sorted(blocks, key=lambda block: (not block.is_function, block.start, -block.end))
    bare = list(touched)
    for block in ranked:
        if block.end - block.start >= WHOLE_BLOCK_LINES:
            continue
        held = slice(bisect_left(bare, block.start), bisect_right(bare, block.end))
        if bare[held]:
            del bare[held]
            yield block.start, min(block.end, count)
    for block in blocks:  # the first lines of all enclosing blocks say where a line is
        yield block.start, block.start
    for line in bare:
        yield max(1, line - NEAR_LINES), min(count, line + NEAR_LINES)


def _without_small_gaps(ranges: Ranges) -> Ranges:
    """The ranges with gaps of a line or two filled: a note about a gap is no shorter."""
    found: list[tuple[int, int]] = []
    for start, end in ranges:
        if found and start - found[-1][1] - 1 <= _SMALL_GAP:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def _woven(hunks: Iterable[Hunk], lines: Sequence[str], ranges: Ranges) -> Iterable[Segment]:
    """The ranges of the new side, with removed lines in their places."""
    changed: dict[int, Line] = {}
    removed: dict[int, list[Line]] = {}
    for number, line in _placed(hunks):
        if line.kind is LineKind.REMOVED:
            removed.setdefault(number, []).append(line)
        else:
            changed[number] = line
    if not lines:
        yield from map(tuple, removed.values())
    for start, end in ranges:
        yield tuple(_segment(start, end, lines, changed, removed))


def _segment(
    start: int,
    end: int,
    lines: Sequence[str],
    changed: Mapping[int, Line],
    removed: Mapping[int, Sequence[Line]],
) -> Iterable[Line]:
    for number in range(start, end + 1):
        yield from removed.get(number, ())
        line = changed.get(number)
        is_added = line is not None and line.kind is LineKind.ADDED
        kind = LineKind.ADDED if is_added else LineKind.CONTEXT
        old = line.old_number if line is not None else None
        yield Line(kind, old, number, lines[number - 1])
    yield from removed.get(end + 1, ())
