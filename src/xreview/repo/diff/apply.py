"""Applying a diff to a file's content: exactly, or not at all."""

from collections.abc import Iterable

from xreview.domain.change import Hunk, Line, LineKind, Side, parse_hunks


def apply_hunks(body: bytes, content: bytes, start_from: Side = Side.OLD) -> bytes | None:
    """Return the content of a file's other side; None if the diff doesn't match exactly.

    `body` is the hunks, `content` that of the side `start_from`; from the new one they're reverted.
    """
    return apply_parsed(parse_hunks(body), content, start_from)


def apply_parsed(
    hunks: Iterable[Hunk], content: bytes, start_from: Side = Side.OLD
) -> bytes | None:
    """As `apply_hunks`, for some of a file's hunks, in order; the others stay as they are."""
    to = Side.NEW if start_from is Side.OLD else Side.OLD
    rows = _rows(content)
    result: list[bytes] = []
    at = 0
    for hunk in hunks:
        first, count = _place(hunk, start_from)
        start = first - 1 if count else first
        if start < at or start > len(rows):
            return None
        result += rows[at:start]
        expected = _rows_of(hunk, start_from)
        at = start + len(expected)
        if rows[start:at] != expected:
            return None
        result += _rows_of(hunk, to)
    return b"".join(result + rows[at:])


def _place(hunk: Hunk, side: Side) -> tuple[int, int]:
    if side is Side.OLD:
        return hunk.old_start, hunk.old_count
    return hunk.new_start, hunk.new_count


def _rows_of(hunk: Hunk, side: Side) -> list[bytes]:
    absent = LineKind.ADDED if side is Side.OLD else LineKind.REMOVED
    return [line_bytes(line) for line in hunk.lines if line.kind is not absent]


def line_bytes(line: Line) -> bytes:
    """Return a line's content, with its line feed if it has one."""
    text = line.text.encode("utf-8", "surrogateescape")
    return text if line.ends_file_without_newline else text + b"\n"


def _rows(content: bytes) -> list[bytes]:
    """Split into lines as git counts them: only a line feed ends one."""
    *rows, last = content.split(b"\n")
    return [row + b"\n" for row in rows] + ([last] if last else [])
