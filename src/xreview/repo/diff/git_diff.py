"""Splitting the output of our own `git diff` into file diffs, about as fast as git prints it.

In git's output every line inside a hunk begins with a mark, and line feeds in names are quoted, so
a line that begins `diff --git ` always begins a file. Other patches guarantee nothing and go
through `repo.patch`, which counts lines. A diff that is too large is never held in memory.
"""

from collections.abc import Iterable, Iterator

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.record import replace
from xreview.domain.text import count_of
from xreview.repo.diff.file_header import GIT_MARK, file_diff, type_changed

FILE_BYTES = 8 * 1024 * 1024
ALL_BYTES = 128 * 1024 * 1024
_BOUNDARY = b"\n" + GIT_MARK
_FIRST_HUNK = b"\n@@ "

Section = tuple[bytes, int | None]
"""A file's part of the output; or only the part above its hunks, and their changed lines."""


def split_git_diff(
    chunks: Iterable[bytes],
    file_bytes: int = FILE_BYTES,
    all_bytes: int = ALL_BYTES,
) -> Iterator[tuple[FileDiff, ...]]:
    """Yield, after each chunk, the files that are complete, from `git diff` with `DIFF_OPTIONS`.

    Args:
        chunks: may be cut anywhere.
        file_bytes, all_bytes: larger diffs, and diffs after this many bytes, are only counted.
    """
    held: list[FileDiff] = []
    for sections in _sections(chunks, file_bytes, all_bytes):
        ready = _merged(held, sections)
        held = [ready.pop()] if ready and ready[-1].status is FileStatus.DELETED else []
        if ready:
            yield tuple(ready)
    if held:
        yield tuple(held)


def _sections(chunks: Iterable[bytes], most: int, left: int) -> Iterator[list[Section]]:
    """The sections that each chunk completes, and the last one."""
    buffer = bytearray()
    header: bytes | None = None  # of a section that is too large and not yet complete
    lines = 0
    for chunk in chunks:
        searched = max(0, len(buffer) - len(_BOUNDARY))
        buffer += chunk
        done: list[Section] = []
        start = 0
        while (end := buffer.find(_BOUNDARY, max(start, searched))) >= 0:
            section = bytes(buffer[start : end + 1])
            start = end + 1
            if header is not None:
                done.append((header, lines + _changed(section)))
                header = None
            elif len(section) > min(most, left):
                above, rows = _cut(section)
                done.append((above, _changed(rows)))
            else:
                done.append((section, None))
            left -= len(done[-1][0])
        del buffer[:start]
        if done:
            yield done
        if header is None and len(buffer) > min(most, left) and _FIRST_HUNK in buffer:
            above, rows = _cut(bytes(buffer))
            header, lines, buffer = above, 0, bytearray(rows)
        if header is not None:
            end = max(0, buffer.rfind(b"\n"))
            lines += _changed(buffer[:end])
            buffer = _shortened(buffer[end:])
    yield [(bytes(buffer), None) if header is None else (header, lines + _changed(buffer))]


def _cut(section: bytes) -> tuple[bytes, bytes]:
    """The part above the hunks, and the hunks with the line feed before them."""
    at = section.find(_FIRST_HUNK)
    at = len(section) - 1 if at < 0 else at
    return section[: at + 1], section[at:]


def _changed(rows: bytes | bytearray) -> int:
    return rows.count(b"\n+") + rows.count(b"\n-")


def _shortened(rest: bytearray) -> bytearray:
    """An incomplete line of any length: its mark, and what may begin the next file."""
    most = 2 * len(_BOUNDARY)
    return rest if len(rest) <= most else rest[:2] + rest[-len(_BOUNDARY) :]


def _merged(held: list[FileDiff], sections: Iterable[Section]) -> list[FileDiff]:
    """The held diffs and the sections as diffs; the two of a type change become one."""
    files = held
    for section, lines in sections:
        at = section.find(_FIRST_HUNK)
        header, body = (section, b"") if at < 0 else (section[:at], section[at + 1 :])
        file = file_diff(header.removesuffix(b"\n").split(b"\n"), body)
        if file is None:
            continue
        if lines is not None:
            file = _named_only(file, lines)
        last = files[-1] if files else None
        if last and last.path == file.path and _is_type_change(last, file):
            files[-1] = type_changed(last, file)
        else:
            files.append(file)
    return files


def _named_only(file: FileDiff, lines: int) -> FileDiff:
    why = "its diff is too large"
    notice = f"Not read: {why} ({count_of(lines, 'changed line')})."
    return replace(file, unread=why, unread_lines=lines, notice=notice)


def _is_type_change(first: FileDiff, second: FileDiff) -> bool:
    return first.status is FileStatus.DELETED and second.status is FileStatus.ADDED
