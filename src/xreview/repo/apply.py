"""Applying a diff to a file's content: exactly, or not at all."""

from xreview.domain.change import Hunk, Line, LineKind, Side, parse_hunks


def applied(body: bytes, content: bytes) -> bytes | None:
    """The new content of a file.

    Args:
        body: the hunks of the file's diff.
        content: the old content.

    None where a line of context, or one to be removed, is not where the diff says.
    """
    rows = _rows(content)
    result: list[bytes] = []
    at = 0
    for hunk in parse_hunks(body):
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        if start < at or start > len(rows):
            return None
        result += rows[at:start]
        old, new = side_of(hunk, Side.OLD), side_of(hunk, Side.NEW)
        at = start + len(old)
        if rows[start:at] != old:
            return None
        result += new
    return b"".join(result + rows[at:])


def side_of(hunk: Hunk, side: Side) -> list[bytes]:
    """The lines of a hunk on one side, with their line feeds."""
    absent = LineKind.ADDED if side is Side.OLD else LineKind.REMOVED
    return [_bytes(line) for line in hunk.lines if line.kind is not absent]


def _bytes(line: Line) -> bytes:
    text = line.text.encode("utf-8", "surrogateescape")
    return text if line.ends_file_without_newline else text + b"\n"


def _rows(content: bytes) -> list[bytes]:
    """Lines as git counts them: only a line feed ends one."""
    *rows, last = content.split(b"\n")
    return [row + b"\n" for row in rows] + ([last] if last else [])
