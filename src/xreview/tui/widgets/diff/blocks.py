"""Blocks of a diff body, cut without parsing and split into rows only when drawn. Pure."""

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from xreview.domain.change import Side

BLOCK_BYTES = 8192
"""The size of a block: about 200 lines of code, which are lexed together."""


class RowKind(IntEnum):
    """The kind of a row. `OTHER` is a line of the body outside of hunks, `REST` stands for the
    unchanged lines below the last hunk."""

    FILE = 0
    NOTICE = 1
    HUNK = 2
    CONTEXT = 3
    ADDED = 4
    REMOVED = 5
    NO_NEWLINE = 6
    OTHER = 7
    REST = 8


CODE = frozenset((RowKind.CONTEXT, RowKind.ADDED, RowKind.REMOVED))
"""The kinds that are lines of the file."""


class DiffRow(NamedTuple):
    """A row: kind, 1-based line numbers, and byte range in the body without mark and line feed."""

    kind: RowKind
    old: int | None = None
    new: int | None = None
    start: int = 0
    end: int = 0

    @property
    def place(self) -> tuple[Side, int] | None:
        """Side and line number of the row: on the new side unless the line was removed."""
        if self.new is not None:
            return Side.NEW, self.new
        if self.old is not None:
            return Side.OLD, self.old
        return None


class RowBlock(NamedTuple):
    """A run of rows of one hunk.

    Args:
        row: its first row in the file. size: number of rows.
        start, end: byte offsets.
        old, new: line numbers of its first line of code.
        old_end, new_end: line numbers after the hunk's last line; 0 outside of hunks.
        hunk: index of the hunk, -1 before the first.
        has_header: whether the first row is the hunk header.
    """

    row: int
    size: int
    start: int
    end: int
    old: int
    new: int
    old_end: int
    new_end: int
    hunk: int
    has_header: bool


def end_of_block(body: bytes, start: int) -> int:
    """Return where the block from `start` ends: at the next hunk, or when it's long enough.

    A long hunk is cut before a nearby context line, so that a run of removed and added lines stays
    together.
    """
    stop = start + BLOCK_BYTES
    hunk = body.find(b"\n@@ ", start, stop + BLOCK_BYTES)
    if hunk >= 0:
        return hunk + 1
    if stop + BLOCK_BYTES >= len(body):
        return len(body)
    context = body.find(b"\n ", stop, stop + BLOCK_BYTES)
    if context >= 0:
        return context + 1
    line = body.find(b"\n", stop)
    if line < 0:
        return len(body)
    # A "\ No newline" row stays with its line.
    if body.startswith(b"\\", line + 1):
        line = body.find(b"\n", line + 1)
        return len(body) if line < 0 else line + 1
    return line + 1


def numbers_after(body: bytes, block: RowBlock) -> tuple[int, int, int, int]:
    """Return the old and new line numbers after a block, and those after its hunk."""
    start, end = block.start, block.end
    # From one byte earlier, to include the line feed before the first mark.
    added = body.count(b"\n+", max(0, start - 1), end)
    removed = body.count(b"\n-", max(0, start - 1), end)
    unended = body.count(b"\n\\", max(0, start - 1), end)
    context = block.size - added - removed - unended - block.has_header
    old, new = block.old + context + removed, block.new + context + added
    return min(old, block.old_end), min(new, block.new_end), block.old_end, block.new_end


def parse_block(body: bytes, block: RowBlock) -> Iterator[DiffRow]:
    """Yield the rows of a block in order. Safe in any thread."""
    at, old, new = block.start, block.old, block.new
    for index in range(block.size):
        end = body.find(b"\n", at, block.end)
        end = block.end if end < 0 else end
        mark = body[at : at + 1] if at < end else b""
        if index == 0 and block.has_header:
            yield DiffRow(RowKind.HUNK, None, None, at, end)
        elif mark == b"\\":
            yield DiffRow(RowKind.NO_NEWLINE, None, None, at, end)
        elif old >= block.old_end and new >= block.new_end:
            yield DiffRow(RowKind.OTHER, None, None, at, end)
        elif mark == b"+":
            yield DiffRow(RowKind.ADDED, None, new, at + 1, end)
            new += 1
        elif mark == b"-":
            yield DiffRow(RowKind.REMOVED, old, None, at + 1, end)
            old += 1
        elif mark in (b" ", b""):
            yield DiffRow(RowKind.CONTEXT, old, new, min(at + 1, end), end)
            old, new = old + 1, new + 1
        else:
            yield DiffRow(RowKind.OTHER, None, None, at, end)
        at = end + 1
