"""The edits in a file's diff, without the lines around them."""

import re
from collections.abc import Iterator

from xreview.domain.record import dataclass, field

ENCODING = "utf-8"
ERRORS = "surrogateescape"
"""How lines are decoded, so that encoding them restores the bytes."""

_HEADER = re.compile(r"@@ -(\d{1,18})(?:,(\d{1,18}))? ", re.ASCII)


@dataclass(frozen=True, slots=True)
class BaseEdit:
    """One run of lines of the base that an attempt changes.

    Args:
        start, end: the lines of the old file that go, from 0, the end excluded.
        removed, added: the lines that go and that come, without line feeds.
        was_cut, is_cut: whether the last of these ends the file without a line feed.
    """

    start: int
    end: int
    removed: list[str]
    added: list[str]
    was_cut: bool = False
    is_cut: bool = False

    @property
    def growth(self) -> int:
        """How many lines longer the file is after it."""
        return len(self.added) - len(self.removed)


@dataclass(slots=True)
class _Run:
    """The changed lines since the last one that wasn't."""

    removed: list[str] = field(default_factory=list[str])
    added: list[str] = field(default_factory=list[str])
    was_cut: bool = False
    is_cut: bool = False


def edits_of(body: bytes) -> Iterator[BaseEdit]:
    """The edits in the hunks of a file, in order.

    Args:
        body: the hunks as git printed them; every row begins with its mark.
    """
    at, run, mark = 0, _Run(), ""
    for row in _rows(body):
        last, mark = mark, row[:1]
        if mark == "-":
            run.removed.append(row[1:])
        elif mark == "+":
            run.added.append(row[1:])
        elif mark == "\\":
            run.was_cut |= last == "-"
            run.is_cut |= last == "+"
        else:
            if run.removed or run.added:
                yield _edit(at, run)
                at, run = at + len(run.removed), _Run()
            at = _first_line(row) if mark == "@" else at + 1
    if run.removed or run.added:
        yield _edit(at, run)


def _edit(at: int, run: _Run) -> BaseEdit:
    end = at + len(run.removed)
    return BaseEdit(at, end, run.removed, run.added, run.was_cut, run.is_cut)


def _rows(body: bytes) -> list[str]:
    rows = body.decode(ENCODING, ERRORS).split("\n")
    if rows and not rows[-1]:
        rows.pop()
    return rows


def _first_line(header: str) -> int:
    """The old line, from 0, with which a hunk begins."""
    match = _HEADER.match(header)
    if match is None:
        return 0
    # Of no lines, git names the line before.
    return int(match[1]) - (match[2] != "0")
