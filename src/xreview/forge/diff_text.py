"""A forge's diff as file diffs: the text of `git diff`, and hunks without a header.

Forges leave lines out, of large files above all. What they leave out is found by counting: the
lines that a hunk's header promises, and the files that the forge lists.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Iterator
from itertools import islice

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.record import dataclass, replace
from xreview.domain.text import count_of

BATCH_FILES = 100
"""File diffs that are handed on together."""
MOST_DIFF_BYTES = 32_000_000
"""The largest diff that is read as one text."""

_FILE, _HUNK = b"diff --git ", b"@@ -"
_COUNTS = re.compile(rb"@@ -\d+(?:,(\d{1,9}))? \+\d+(?:,(\d{1,9}))? @@")
_INDEX = re.compile(rb"index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: (\d{6}))?")
_BINARY = (b"Binary files ", b"GIT binary patch")
_OLD_MARKS, _NEW_MARKS = (b" ", b"-", b""), (b" ", b"+", b"")
_HUNK_MARKS = (b" ", b"+", b"-", b"\\", b"")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPED = {
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"v": b"\v",
}
_STATUS_LINES = {
    b"new file mode ": FileStatus.ADDED,
    b"deleted file mode ": FileStatus.DELETED,
    b"rename from ": FileStatus.RENAMED,
    b"copy from ": FileStatus.COPIED,
}


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file in a forge's list of those that a pull request changes.

    Args:
        lines: how many lines it adds and removes.
    """

    path: str
    status: FileStatus
    old_path: str | None = None
    lines: int = 0


def checked_body(file: FileDiff) -> FileDiff:
    """The file diff, with `unread` set if its hunks have fewer lines than they say."""
    missing = old = new = 0
    for row in _rows(file.body):
        mark = row[:1]
        if (old > 0 or new > 0) and mark in _HUNK_MARKS:
            old -= mark in _OLD_MARKS
            new -= mark in _NEW_MARKS
        elif counts := _COUNTS.match(row):
            missing += max(old, new, 0)
            old, new = _counted(counts)
    missing += max(old, new, 0)
    if not missing:
        return file
    why = f"its hunks have {count_of(missing, 'line')} fewer than they say"
    return replace(file, unread=why, unread_lines=missing)


def hunks_in(text: str) -> bytes:
    """The hunks in the text of one file's diff, from its first `@@`; b"" without any."""
    content = text.encode("utf-8", "replace")
    if content.startswith(_HUNK):
        return content
    start = content.find(b"\n" + _HUNK)
    return content[start + 1 :] if start >= 0 else b""


async def diff_batches(
    text: bytes | None, listed: Iterable[ListedFile]
) -> AsyncGenerator[tuple[FileDiff, ...], None]:
    """The files of a diff in batches, read in a thread: a large one takes seconds."""
    files = files_of_diff(text, listed)
    while batch := await asyncio.to_thread(lambda: tuple(islice(files, BATCH_FILES))):
        yield batch


def files_of_diff(text: bytes | None, listed: Iterable[ListedFile]) -> Iterator[FileDiff]:
    """The files of a diff in its order, then those that are listed and not in it.

    Args:
        text: as `git diff` prints it; None if it was too large to read.
        listed: all files that it should have.
    """
    left = {one.path: one for one in listed}
    for section in _sections(text or b""):
        file = _file(section)
        one = left.pop(file.path, None)
        if one is not None and one.lines and not file.body and not file.binary:
            file = _unread(one, "the forge leaves out its lines")
        yield checked_body(file)
    why = (
        f"the diff has more than {MOST_DIFF_BYTES // 1_000_000} MB"
        if text is None
        else "the forge leaves it out of the diff"
    )
    for one in left.values():
        yield _unread(one, why)


def _unread(one: ListedFile, why: str) -> FileDiff:
    return FileDiff(one.path, one.status, one.old_path, unread=why, unread_lines=one.lines)


@dataclass(frozen=True, slots=True)
class _Section:
    """One file's part of a diff: the rows before its first hunk, and its hunks."""

    header: list[bytes]
    body: bytes


def _sections(text: bytes) -> Iterator[_Section]:
    """Split a diff by counting: a line of a hunk can look like the beginning of a file."""
    header: list[bytes] = []
    body: list[bytes] = []
    old = new = 0
    for row in _rows(text):
        mark = row[:1]
        if (old > 0 or new > 0) and mark in _HUNK_MARKS:
            old -= mark in _OLD_MARKS
            new -= mark in _NEW_MARKS
            body.append(row)
        elif row.startswith(_FILE):
            if header:
                yield _Section(header, _joined(body))
            header, body, old, new = [row], [], 0, 0
        elif header and (counts := _COUNTS.match(row)):
            old, new = _counted(counts)
            body.append(row)
        elif header and body and mark == b"\\":
            body.append(row)
        elif header and not body:
            header.append(row)
    if header:
        yield _Section(header, _joined(body))


def _rows(text: bytes) -> list[bytes]:
    rows = text.split(b"\n")
    if not rows[-1]:
        rows.pop()  # what follows the last line feed isn't a line
    return rows


def _counted(counts: re.Match[bytes]) -> tuple[int, int]:
    old, new = counts.groups()
    return 1 if old is None else int(old), 1 if new is None else int(new)


def _joined(rows: list[bytes]) -> bytes:
    return b"".join(row + b"\n" for row in rows)


def _file(section: _Section) -> FileDiff:
    fields = _Header(section.header)
    status = next(
        (status for mark, status in _STATUS_LINES.items() if fields.after(mark) is not None),
        FileStatus.MODIFIED,
    )
    old, new = fields.names()
    path = old if status is FileStatus.DELETED else new
    index = _INDEX.match(fields.row(b"index "))
    mode = _text(index[3] or b"") if index else ""
    old_mode = _text(fields.after(b"deleted file mode ") or fields.after(b"old mode ") or b"")
    new_mode = _text(fields.after(b"new file mode ") or fields.after(b"new mode ") or b"")
    is_added, is_deleted = status is FileStatus.ADDED, status is FileStatus.DELETED
    return FileDiff(
        path,
        status,
        old if old != path and not is_added else None,
        old_mode="" if is_added else old_mode or mode,
        new_mode="" if is_deleted else new_mode or mode,
        old_blob=_text(index[1]) if index and not is_added else "",
        new_blob=_text(index[2]) if index and not is_deleted else "",
        binary=not section.body and any(row.startswith(_BINARY) for row in section.header),
        body=section.body,
    )


class _Header:
    """The rows before a file's first hunk."""

    def __init__(self, rows: list[bytes]) -> None:
        self._rows = rows

    def row(self, mark: bytes) -> bytes:
        return next((row for row in self._rows if row.startswith(mark)), b"")

    def after(self, mark: bytes) -> bytes | None:
        row = self.row(mark)
        return row.removeprefix(mark).rstrip(b"\r") if row else None

    def names(self) -> tuple[str, str]:
        """The old and the new path."""
        for kind in (b"rename", b"copy"):
            old, new = self.after(kind + b" from "), self.after(kind + b" to ")
            if old and new:
                return _name(old), _name(new)
        old, new = self._named(b"--- ", "a/"), self._named(b"+++ ", "b/")
        if old or new:
            return old or new, new or old
        return _both(self._rows[0].removeprefix(_FILE).rstrip(b"\r"))

    def _named(self, mark: bytes, prefix: str) -> str:
        # git ends a name that contains spaces with a tab.
        name = _name((self.after(mark) or b"").rstrip(b"\t"))
        return "" if name == "/dev/null" else name.removeprefix(prefix)


def _both(names: bytes) -> tuple[str, str]:
    """The names in a `diff --git` line that has nothing but one name twice."""
    half = len(names) // 2
    old, new = _name(names[:half]), _name(names[half + 1 :])
    return old.removeprefix("a/"), new.removeprefix("b/")


def _name(name: bytes) -> str:
    """A name without git's quotes: like a C string, with octal escapes."""
    if len(name) > 1 and name.startswith(b'"') and name.endswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return _text(name)


def _unescaped(found: re.Match[bytes]) -> bytes:
    if len(found[1]) == 3:
        return bytes([int(found[1], 8) & 0xFF])
    return _ESCAPED.get(found[1], found[1])


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
