"""The change under review: file diffs, hunks and lines, and where they came from.

A change of 150,000 lines must not cost 150,000 objects, so a `FileDiff` keeps the bytes of its
hunks as git printed them (the "unified format" of `git diff`, see git-diff(1)) and makes `Hunk`
and `Line` objects when one is looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

BIG_FILE_BYTES = 16 * 1024 * 1024
"""Git compares no larger file, and neither do we: it would take many times that in memory."""
NO_FILE = "(lines of no file)"
"""The path under which a patch's lines stand that belong to no file and could not be read."""


class ChangeKind(StrEnum):
    """Where a change came from."""

    WORKTREE = "worktree"
    STAGED = "staged"
    COMMIT = "commit"
    RANGE = "range"
    BRANCH = "branch"
    PATCH = "patch"


class Side(StrEnum):
    """As in git: `old` is before the change, `new` after it."""

    OLD = "old"
    NEW = "new"


class FileStatus(StrEnum):
    """What happened to a file; the letter is git's."""

    ADDED = "A"
    COPIED = "C"
    DELETED = "D"
    MODIFIED = "M"
    RENAMED = "R"
    TYPE_CHANGED = "T"
    UNMERGED = "U"

    @property
    def word(self) -> str:
        """The status as a person says it."""
        return self.name.lower().replace("_", " ")


class LineKind(StrEnum):
    """The first character of a line in a hunk."""

    CONTEXT = " "
    ADDED = "+"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk. Numbers are 1-based; `text` is without its line feed.

    A carriage return before the line feed stays in `text`. Bytes that are not UTF-8 are decoded
    with `surrogateescape`, so that `text.encode("utf-8", "surrogateescape")` gives them back.
    """

    kind: LineKind
    old_number: int | None
    new_number: int | None
    text: str
    ends_file_without_newline: bool = False


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of changed lines with their context, as under one `@@` header."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    section: str
    lines: tuple[Line, ...]

    @property
    def header(self) -> str:
        """The `@@` line as git writes it."""
        old = _span(self.old_start, self.old_count)
        return f"@@ -{old} +{_span(self.new_start, self.new_count)} @@ {self.section}".rstrip()


def _span(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start},{count}"


# Longer numbers are no line numbers, and Python refuses to convert very long ones.
_NUMBER = rb"(\d{1,18})"
_SPAN = _NUMBER + rb"(?:," + _NUMBER + rb")?"
HUNK_HEADER = re.compile(rb"@@ -" + _SPAN + rb" \+" + _SPAN + rb" @@ ?(.*)")
_NO_NEWLINE = b"\\"


def parse_hunks(body: bytes) -> Iterator[Hunk]:
    """The hunks of one file's diff body (everything from its first `@@` on), in order.

    Lines outside any hunk are ignored; a body that ends in mid-hunk gives what it has.
    """
    rows = body.split(b"\n")
    if rows and not rows[-1]:
        rows.pop()
    at = 0
    while at < len(rows):
        match = HUNK_HEADER.match(rows[at])
        at += 1
        if match is None:
            continue
        hunk, at = _parse_hunk(match, rows, at)
        yield hunk


def _parse_hunk(match: re.Match[bytes], rows: list[bytes], at: int) -> tuple[Hunk, int]:
    old_start, new_start = int(match[1]), int(match[3])
    old_count = 1 if match[2] is None else int(match[2])
    new_count = 1 if match[4] is None else int(match[4])
    old, new = old_start, new_start
    old_end, new_end = old_start + old_count, new_start + new_count
    lines: list[Line] = []
    while at < len(rows) and (old < old_end or new < new_end or rows[at][:1] == _NO_NEWLINE):
        row = rows[at]
        at += 1
        mark, text = row[:1], row[1:].decode("utf-8", "surrogateescape")
        if mark == b"+":
            lines.append(Line(LineKind.ADDED, None, new, text))
            new += 1
        elif mark == b"-":
            lines.append(Line(LineKind.REMOVED, old, None, text))
            old += 1
        elif mark == _NO_NEWLINE:
            if lines:
                last = lines[-1]
                lines[-1] = Line(last.kind, last.old_number, last.new_number, last.text, True)
        elif mark in (b" ", b""):
            lines.append(Line(LineKind.CONTEXT, old, new, text))
            old, new = old + 1, new + 1
        else:
            at -= 1
            break
    section = match[5].decode("utf-8", "surrogateescape").rstrip("\r")
    return Hunk(old_start, old_count, new_start, new_count, section, tuple(lines)), at


@dataclass(frozen=True)
class FileDiff:
    """What the change does to one file.

    Args:
        path: the path relative to the repository's top, `/`-separated, of the new side (of the
            old side where the file is deleted); not UTF-8 is `surrogateescape`d.
        status: what happened to the file.
        old_path: the path before, where it differs.
        old_mode, new_mode: git's six-digit modes, "" where that side does not exist.
        old_blob, new_blob: git's (possibly abbreviated) object ids, "" where unknown or absent.
        binary: git shows no lines for it.
        untracked: the file is in the worktree only.
        body: the hunks as git printed them.
        notice: what a person must know to read this diff right ("submodule", "cut off at …").
        unread: what of this file's change nobody can read in the diff, and why ("a hunk has 2 lines
            fewer than it says"); "" where the diff has all of it. Such a file is never whole,
            however many have read what there is.
        unread_lines: how many lines that is, as far as it can be told.
    """

    path: str
    status: FileStatus
    old_path: str | None = None
    old_mode: str = ""
    new_mode: str = ""
    old_blob: str = ""
    new_blob: str = ""
    binary: bool = False
    untracked: bool = False
    body: bytes = field(default=b"", repr=False)
    notice: str = ""
    unread: str = ""
    unread_lines: int = 0

    @property
    def hunks(self) -> Iterator[Hunk]:
        """The hunks, parsed anew at each call: keep what you need, not all of them."""
        return parse_hunks(self.body)

    @cached_property
    def row_count(self) -> int:
        """How many lines the body has (hunk headers and their lines), without parsing it."""
        return self.body.count(b"\n") + (1 if self.body and not self.body.endswith(b"\n") else 0)

    @cached_property
    def added(self) -> int:
        """How many lines the change adds; counted without parsing, so that it costs little.

        In a hunk every row begins with its mark.
        """
        return self.body.count(b"\n+")

    @cached_property
    def removed(self) -> int:
        """How many lines the change removes."""
        return self.body.count(b"\n-")

    def touched(self, side: Side) -> tuple[range, ...]:
        """Ranges of 1-based line numbers that the change added (`new`) or removed (`old`)."""
        numbers: list[int] = []
        for hunk in self.hunks:
            for line in hunk.lines:
                number = line.new_number if side is Side.NEW else line.old_number
                if number is not None and line.kind is not LineKind.CONTEXT:
                    numbers.append(number)
        return tuple(_as_ranges(numbers))


def _as_ranges(numbers: list[int]) -> Iterator[range]:
    start = previous = None
    for number in numbers:
        if previous is not None and start is not None and number != previous + 1:
            yield range(start, previous + 1)
            start = number
        start = number if start is None else start
        previous = number
    if start is not None and previous is not None:
        yield range(start, previous + 1)


@dataclass(frozen=True, slots=True)
class Unshown:
    """Something of a change that no file's diff shows, so that no reviewer can have read it.

    Args:
        path: the file, "" where it belongs to none.
        why: the reason, as the end of a sentence.
        lines: how many changed lines, 0 for unknown.
    """

    path: str
    why: str
    lines: int = 0


@dataclass(frozen=True, slots=True)
class ChangeSource:
    """Where a change came from, for the header, the journal and the readers of file contents.

    Args:
        kind: worktree, staged, commit, …
        title: one line for the header: "worktree against HEAD", "main..feature".
        repository: absolute path of the repository's top folder; "" for a patch outside of one.
        base: full object id of the old side; None means the empty tree, or unknown for a patch.
        head: full object id of the new side; None means files on disk (worktree) or the index.
        notices: sentences a person must know: merge in progress, shallow clone, …
    """

    kind: ChangeKind
    title: str
    repository: str
    base: str | None = None
    head: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """The set of file diffs under review, in git's order, and where it came from."""

    source: ChangeSource
    files: tuple[FileDiff, ...]

    @cached_property
    def by_path(self) -> dict[str, FileDiff]:
        """File diffs by their `path`."""
        return {file.path: file for file in self.files}
