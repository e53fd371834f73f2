"""The change under review: file diffs, hunks, lines, and their source.

A `FileDiff` keeps its hunks as git printed them (the "unified format" of git-diff(1)) and parses
them on demand: a change of 150,000 lines must not cost 150,000 objects.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property

from xreview.domain.record import dataclass, field

BIG_FILE_BYTES = 16 * 1024 * 1024
"""The largest file that is compared: it takes many times its size in memory."""
NO_FILE = "(lines of no file)"
"""The path of unreadable lines in a patch that belong to no file."""


class ChangeKind(StrEnum):
    """Where a change came from."""

    WORKTREE = "worktree"
    STAGED = "staged"
    COMMIT = "commit"
    RANGE = "range"
    BRANCH = "branch"
    PATCH = "patch"
    PULL = "pull"
    ATTEMPT = "attempt"
    """What one writer made of a task, in a disposable tree."""


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
        """The status in words."""
        return self.name.lower().replace("_", " ")


class LineKind(StrEnum):
    """The kind of a line in a hunk, by its first character."""

    CONTEXT = " "
    ADDED = "+"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk. Numbers are 1-based.

    `text` lacks the line feed but keeps a carriage return before it. It is decoded as UTF-8 with
    `surrogateescape`, so that encoding it in the same way restores the bytes.
    """

    kind: LineKind
    old_number: int | None
    new_number: int | None
    text: str
    ends_file_without_newline: bool = False


@dataclass(frozen=True, slots=True)
class Hunk:
    """Changed lines with their context, under one `@@` header."""

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


# Longer numbers aren't line numbers, and Python refuses to convert very long ones.
_NUMBER = rb"(\d{1,18})"
_SPAN = _NUMBER + rb"(?:," + _NUMBER + rb")?"
HUNK_HEADER = re.compile(rb"@@ -" + _SPAN + rb" \+" + _SPAN + rb" @@ ?(.*)")
_NO_NEWLINE = b"\\"


def parse_hunks(body: bytes) -> Iterator[Hunk]:
    """The hunks in the body of a file's diff (everything from its first `@@`), in order.

    Lines outside of a hunk are ignored; a body can end within a hunk.
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
        path: relative to the top of the repository, `/`-separated, of the new side (the old side if
            the file is deleted); decoded with `surrogateescape`.
        old_path: the path before, if it differs.
        old_mode, new_mode: git's six-digit modes, "" if that side doesn't exist.
        old_blob, new_blob: git's object ids, possibly abbreviated; "" if unknown or absent.
        binary: git shows no lines for it.
        untracked: the file is only in the worktree.
        body: the hunks as git printed them.
        notice: what the user must know to read this diff ("submodule", "cut off at …").
        unread: what is missing from the diff and why ("a hunk has 2 lines fewer than it says"), or
            "". A file with this set never counts as fully read.
        unread_lines: the number of missing lines, if known.
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
        """The hunks, parsed anew on each access: keep only those you need."""
        return parse_hunks(self.body)

    @cached_property
    def row_count(self) -> int:
        """The number of lines in the body, hunk headers included, without parsing it."""
        return self.body.count(b"\n") + (1 if self.body and not self.body.endswith(b"\n") else 0)

    @cached_property
    def added(self) -> int:
        """How many lines the change adds, without parsing: in a hunk, every row begins with its
        mark."""
        return self.body.count(b"\n+")

    @cached_property
    def removed(self) -> int:
        """How many lines the change removes."""
        return self.body.count(b"\n-")

    def touched(self, side: Side) -> tuple[range, ...]:
        """Ranges of the 1-based lines that the change added (`new`) or removed (`old`)."""
        numbers: list[int] = []
        for hunk in self.hunks:
            for line in hunk.lines:
                number = line.new_number if side is Side.NEW else line.old_number
                if number is not None and line.kind is not LineKind.CONTEXT:
                    numbers.append(number)
        return tuple(_as_ranges(numbers))


def _as_ranges(numbers: list[int]) -> list[range]:
    found: list[range] = []
    for number in numbers:
        if found and number == found[-1].stop:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


@dataclass(frozen=True, slots=True)
class Unshown:
    """A part of a change that no file's diff shows, so that no reviewer can have read it. `why`
    ends a sentence; `lines` is 0 if unknown."""

    path: str
    why: str
    lines: int = 0


@dataclass(frozen=True, slots=True)
class ChangeSource:
    """Where a change came from.

    Args:
        title: one line for the header: "worktree against HEAD", "main..feature".
        repository: the absolute path of the repository's top folder; "" for a patch outside of one.
        base: the full object id of the old side, a commit (of an attempt, a tree); None for the
            empty tree, or unknown for a patch.
        head: the full object id of the new side, likewise; None for files on disk (worktree) or
            the index.
        notices: sentences for the user: merge in progress, shallow clone, …
        pull: the URL of a pull request's page; "" for other kinds.
        folder: where its files are on disk, if not in the repository.
    """

    kind: ChangeKind
    title: str
    repository: str
    base: str | None = None
    head: str | None = None
    notices: tuple[str, ...] = ()
    pull: str = ""
    folder: str = ""

    @property
    def is_attempt(self) -> bool:
        """Whether it is an attempt: nothing that it lacks is gone from the user's files."""
        return self.kind is ChangeKind.ATTEMPT


@dataclass(frozen=True)
class Change:
    """The file diffs under review, in git's order, and their source."""

    source: ChangeSource
    files: tuple[FileDiff, ...]

    @cached_property
    def by_path(self) -> dict[str, FileDiff]:
        """File diffs by their `path`."""
        return {file.path: file for file in self.files}
