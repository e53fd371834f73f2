"""Showing unchanged lines around the hunks of a file, as git does with more context. Pure.

An expanded diff is a diff like any other: its hunks are longer, and meet where nothing is left out.
"""

from collections.abc import Sequence

from xreview.domain.change import FileDiff, Hunk, LineKind, parse_hunks
from xreview.domain.record import dataclass, replace

MOST_LINES = 2000
"""The most unchanged lines that are shown at once."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A file with more unchanged lines.

    Args:
        hunk: the hunk above which they are, None below the last one.
        lines: how many there are.
        is_closed: whether nothing is hidden there any more.
        rows: how many more rows the body has; fewer than lines if a hunk header went.
    """

    file: FileDiff
    hunk: int | None
    lines: int
    is_closed: bool
    rows: int


@dataclass(frozen=True, slots=True)
class NewSide:
    """The lines of a file after the change, without line feeds."""

    lines: tuple[bytes, ...]
    ends_in_newline: bool


def new_side_of(file: FileDiff, content: bytes) -> NewSide | None:
    """Return the new side of a file; None if the diff isn't of this content.

    Lines end as in the diff, in which git can have converted CRLF to LF.
    """
    for text in (content, content.replace(b"\r\n", b"\n")):
        *lines, last = text.split(b"\n")
        if last:
            lines.append(last)
        if _fits(file, lines):
            return NewSide(tuple(lines), not last)
    return None


def _fits(file: FileDiff, lines: Sequence[bytes]) -> bool:
    shift: int | None = None
    for hunk in file.hunks:
        news = [
            line.text.encode("utf-8", "surrogateescape")
            for line in hunk.lines
            if line.kind is not LineKind.REMOVED
        ]
        first = _first_new(hunk)
        if news != lines[first - 1 : first - 1 + len(news)] or len(news) != hunk.new_count:
            return False
        # The lines between two hunks are the same on both sides.
        before = _first_old(hunk) - first
        if before != (shift or 0):
            return False
        shift = before + hunk.old_count - hunk.new_count
    return True


def _first_new(hunk: Hunk) -> int:
    return hunk.new_start + (hunk.new_count == 0)


def _first_old(hunk: Hunk) -> int:
    return hunk.old_start + (hunk.old_count == 0)


def expand_above(file: FileDiff, new_side: NewSide, most: int | None, *, index: int) -> Expansion:
    """Show the last `most` of the unchanged lines above a hunk.

    With None, show all up to the function that the hunk is in, by git's words in its header, or
    else all that are hidden.
    """
    lines, starts = new_side.lines, _header_offsets(file.body)
    hunk, at = _hunk_at(file.body, starts, index), starts[index]
    above = _hunk_at(file.body, starts, index - 1) if index else None
    end = _first_new(hunk) - 1
    start = _first_new(above) + above.new_count - 1 if above else 0
    wanted = _up_to_function(lines, start, end, hunk.section) if most is None else most
    taken = lines[end - min(wanted, end - start, MOST_LINES) : end]
    count = len(taken)
    code = file.body[_after_header(file.body, at) :]
    shown = b"".join(b" " + line + b"\n" for line in taken)
    is_closed = count == end - start
    if above is not None and is_closed:
        longer = replace(
            above,
            old_count=above.old_count + count + hunk.old_count,
            new_count=above.new_count + count + hunk.new_count,
            old_start=_first_old(above),
            new_start=_first_new(above),
        )
        first = starts[index - 1]
        head = file.body[:first] + _header(longer)
        body = head + file.body[_after_header(file.body, first) : at] + shown + code
        return Expansion(replace(file, body=body), index, count, is_closed, count - 1)
    section = hunk.section
    if any(_is_headed(line, section) for line in taken):
        section = ""
    longer = replace(
        hunk,
        old_start=_first_old(hunk) - count,
        new_start=_first_new(hunk) - count,
        old_count=hunk.old_count + count,
        new_count=hunk.new_count + count,
        section=section,
    )
    body = file.body[:at] + _header(longer) + shown + code
    return Expansion(replace(file, body=body), index, count, is_closed, count)


def expand_below(file: FileDiff, new_side: NewSide, most: int | None) -> Expansion:
    """Show the first `most` of the unchanged lines below the last hunk; with None, all."""
    lines, starts = new_side.lines, _header_offsets(file.body)
    hunk, at = _hunk_at(file.body, starts, len(starts) - 1), starts[-1]
    end = _first_new(hunk) + hunk.new_count - 1
    hidden = len(lines) - end
    taken = lines[end : end + min(hidden if most is None else most, MOST_LINES)]
    count = len(taken)
    longer = replace(
        hunk,
        old_start=_first_old(hunk) if count else hunk.old_start,
        new_start=_first_new(hunk) if count else hunk.new_start,
        old_count=hunk.old_count + count,
        new_count=hunk.new_count + count,
    )
    code = file.body[_after_header(file.body, at) :]
    if not code.endswith(b"\n"):
        code += b"\n"
    shown = b"".join(b" " + line + b"\n" for line in taken)
    is_closed = count == hidden
    rows = count
    if is_closed and count and not new_side.ends_in_newline:
        shown, rows = shown + b"\\ No newline at end of file\n", count + 1
    body = file.body[:at] + _header(longer) + code + shown
    return Expansion(replace(file, body=body), None, count, is_closed, rows)


def _up_to_function(lines: Sequence[bytes], start: int, end: int, section: str) -> int:
    lowest = max(start, end - MOST_LINES)
    for index in range(end - 1, lowest - 1, -1):
        if _is_headed(lines[index], section):
            return end - index
    return end - start


def _is_headed(line: bytes, section: str) -> bool:
    """Whether a line is the one that git shows, cut, as the function around a hunk."""
    wanted = section.strip().encode("utf-8", "surrogateescape")
    return bool(wanted) and line.strip().startswith(wanted)


def _header_offsets(body: bytes) -> list[int]:
    starts = [0] if body.startswith(b"@@ ") else []
    at = body.find(b"\n@@ ")
    while at >= 0:
        starts.append(at + 1)
        at = body.find(b"\n@@ ", at + 1)
    return starts


def _hunk_at(body: bytes, starts: Sequence[int], index: int) -> Hunk:
    """The numbers of a hunk, without its lines."""
    end = _after_header(body, starts[index])
    return next(parse_hunks(body[starts[index] : end]))


def _after_header(body: bytes, at: int) -> int:
    return body.find(b"\n", at) + 1 or len(body)


def _header(hunk: Hunk) -> bytes:
    return hunk.header.encode("utf-8", "surrogateescape") + b"\n"
