"""Splitting a patch from anywhere into file diffs, counting the lines of each hunk.

Read are git's extended format (git-diff(1)), combined diffs, what diff(1) -u prints, and both
inside mails (git-format-patch(1)) or among other text. Because lines are counted, a removed line
`-- a/x`, which stands as `--- a/x` in the patch, starts no file, and a mail's signature `-- `
removes nothing.

A damaged patch gives what can be read of it, with a notice; it never raises but where nothing in
it is a diff.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.errors import ChangeError
from xreview.repo.file_header import (
    BINARY_PATCH,
    COMBINED_MARKS,
    GIT_MARK,
    file_diff,
    says_something,
    type_changed,
)

_OLD, _NEW = b"--- ", b"+++ "
_FILE_MARKS = (GIT_MARK, *COMBINED_MARKS)
# Nine digits: more are no line number, and Python refuses to read thousands of them.
_HUNK = re.compile(
    rb"(@@+)((?: -\d{1,9}(?:,\d{1,9})?)+) \+(\d{1,9})(?:,(\d{1,9}))? @@+( .*)?", re.DOTALL
)
_MOST_PARENTS = 32
_MOST_HEADER_LINES = 32
_DAMAGED = "This part of the patch is damaged: a hunk has fewer lines than it says."


def split_patch(chunks: Iterable[bytes]) -> Iterator[tuple[FileDiff, ...]]:
    """The file diffs of a patch; after each chunk those that are complete, if any.

    Chunks may be cut anywhere. Raises ChangeError at the end where there was none at all.
    """
    splitter = _Splitter()
    found = False
    for row in _rows(chunks):
        if row is not None:
            splitter.take(row)
        elif ready := splitter.ready():
            found = True
            yield ready
    if ready := splitter.finish():
        found = True
        yield ready
    if not found:
        raise ChangeError(
            "There is no diff in this patch.",
            "Give one as `git diff`, `git format-patch` or `diff -u` writes it.",
        )


def _rows(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    """The lines, without line feeds, and None at the end of each chunk."""
    pieces: list[bytes] = []
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        pieces.append(first)
        if others:
            yield b"".join(pieces)
            yield from others[:-1]
            pieces = [others[-1]]
        yield None
    if last := b"".join(pieces):
        yield last


class _Splitter:
    """A machine that is fed lines and keeps the file that is being read."""

    def __init__(self) -> None:
        self._done: list[FileDiff] = []
        self._header: list[bytes] = []
        self._body: list[bytes] = []
        self._hunk: _CountedHunk | None = None
        self._plain: list[bytes] = []  # `---` and `+++` that may begin a file without git's line
        self._converted = False  # the whole patch was given CRLF line ends on its way
        self._damaged = False

    def take(self, row: bytes) -> None:
        """Read one line."""
        if self._hunk is not None and self._take_in_hunk(self._hunk, row):
            return
        ended, row = row, row.removesuffix(b"\r")
        if row.startswith(_FILE_MARKS):
            self._begin([row], ended)
        elif match := _HUNK.match(row):
            self._begin_hunk(match, ended)
        elif row.startswith(_OLD) and not self._expects(_OLD):
            self._plain = [row]
        elif row.startswith(_NEW) and len(self._plain) == 1:
            self._plain.append(row)
        else:
            self._plain = []
            if (
                0 < len(self._header) < _MOST_HEADER_LINES
                and not self._body
                and says_something(row)
            ):
                self._header.append(row)

    def ready(self) -> tuple[FileDiff, ...]:
        """The files complete by now. A deletion waits for what may make it a type change."""
        waits = bool(self._done) and self._done[-1].status is FileStatus.DELETED
        ready = tuple(self._done[:-1] if waits else self._done)
        self._done = self._done[-1:] if waits else []
        return ready

    def finish(self) -> tuple[FileDiff, ...]:
        """The files left when there are no more lines."""
        self._end_file()
        ready, self._done = tuple(self._done), []
        return ready

    def _expects(self, mark: bytes) -> bool:
        """Whether the header of a git patch is being read that has no such line yet."""
        return (
            bool(self._header)
            and self._header[0].startswith(_FILE_MARKS)
            and not self._body
            and not any(row.startswith(mark) or row == BINARY_PATCH for row in self._header)
        )

    def _begin(self, header: list[bytes], ended: bytes) -> None:
        self._end_file()
        self._header = header
        self._converted = ended.endswith(b"\r")

    def _begin_hunk(self, match: re.Match[bytes], ended: bytes) -> None:
        if len(self._plain) == 2:
            self._begin(self._plain, ended)
        if not self._header or len(match[1]) - 1 != match[2].count(b" "):
            return
        if match[2].count(b" ") > _MOST_PARENTS:
            return
        self._plain = []
        self._hunk = _CountedHunk(match)
        self._body.append(self._hunk.header)

    def _take_in_hunk(self, hunk: "_CountedHunk", row: bytes) -> bool:
        """Read a line as part of the hunk; False where it is not."""
        if self._converted:
            row = row.removesuffix(b"\r")
        if row.startswith(b"\\"):
            self._body.append(row)
            return True
        if hunk.is_complete:
            self._hunk = None
            return False
        line = hunk.take(row)
        if line is None:
            self._damaged = True
            self._hunk = None
            return False
        if line:
            self._body.append(line)
        return True

    def _end_file(self) -> None:
        if self._hunk is not None and not self._hunk.is_complete:
            self._damaged = True
        body = b"".join(row + b"\n" for row in self._body)
        file = file_diff(self._header, body) if self._header else None
        if file and self._damaged:
            file = replace(file, notice=f"{_DAMAGED} {file.notice}".strip())
        if file:
            self._keep(file)
        self._header, self._body, self._plain = [], [], []
        self._hunk, self._damaged = None, False

    def _keep(self, file: FileDiff) -> None:
        last = self._done[-1] if self._done else None
        if (
            last
            and last.path == file.path
            and last.status is FileStatus.DELETED
            and file.status is FileStatus.ADDED
        ):
            self._done[-1] = type_changed(last, file)
        else:
            self._done.append(file)


class _CountedHunk:
    """How many lines of a hunk are still to come, in each parent and in the result.

    A hunk of a combined diff is read as one against the first parent.
    """

    def __init__(self, match: re.Match[bytes]) -> None:
        olds = match[2].split()
        self._parents = len(olds)
        self._old = [int(old.partition(b",")[2] or b"1") for old in olds]
        self._new = int(match[4] or b"1")
        section = (match[5] or b"").rstrip(b"\r")
        new = match[3] if match[4] is None else match[3] + b"," + match[4]
        self.header = b"@@ " + olds[0] + b" +" + new + b" @@" + section

    @property
    def is_complete(self) -> bool:
        """Whether every line that was announced has come."""
        return self._new <= 0 and max(self._old) <= 0

    def take(self, row: bytes) -> bytes | None:
        """Count a line: itself as a two-way diff has it, "" for none there, None if it is none."""
        return self._take_of_two(row) if self._parents == 1 else self._take_combined(row)

    def _take_of_two(self, row: bytes) -> bytes | None:
        mark = row[:1]
        if mark == b"+":
            self._new -= 1
            return row
        if mark == b"-":
            self._old[0] -= 1
            return row
        if mark not in (b" ", b"", b"\r"):  # the last two: a mailer took the only space
            return None
        self._new -= 1
        self._old[0] -= 1
        return row if mark == b" " else b" " + row

    def _take_combined(self, row: bytes) -> bytes | None:
        marks = row[: self._parents] or b" " * self._parents
        if len(marks) < self._parents or marks.strip(b" +-"):
            return None
        removed = b"-" in marks
        for parent in range(self._parents):
            here = marks[parent : parent + 1]
            if here == b"-" or (here == b" " and not removed):
                self._old[parent] -= 1
        self._new -= not removed
        if removed and not marks.startswith(b"-"):
            return b""  # a line of another parent only
        return marks[:1] + row[self._parents :]
