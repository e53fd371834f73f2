"""Splitting what our own `git diff` prints into file diffs, about as fast as git prints it.

git begins each line inside a hunk with a mark, and quotes line feeds in names, so a line that
begins `diff --git ` always begins a file: finding these costs 2 % of counting lines. Patches from
elsewhere keep no such promise and go through `repo.patch`, which counts.
"""

from collections.abc import Iterable, Iterator

from xreview.domain.change import FileDiff, FileStatus
from xreview.repo.file_header import GIT_MARK, file_diff, type_changed

_BOUNDARY = b"\n" + GIT_MARK
_FIRST_HUNK = b"\n@@ "


def split_git_diff(chunks: Iterable[bytes]) -> Iterator[tuple[FileDiff, ...]]:
    """The file diffs in the output of `git diff` with `repo.comparison.DIFF_OPTIONS`.

    Yields after each chunk the files that are complete, if any; chunks may be cut anywhere.
    """
    buffer = bytearray()
    held: list[FileDiff] = []
    for chunk in chunks:
        searched = max(0, len(buffer) - len(_BOUNDARY))
        buffer += chunk
        sections, taken = _complete_sections(buffer, searched)
        if not sections:
            continue
        del buffer[:taken]
        ready = _merged(held, sections)
        held = [ready.pop()] if ready and ready[-1].status is FileStatus.DELETED else []
        if ready:
            yield tuple(ready)
    if ready := _merged(held, [bytes(buffer)]):
        yield tuple(ready)


def _complete_sections(buffer: bytearray, searched: int) -> tuple[list[bytes], int]:
    """The sections that another one follows, and where in the buffer the last of them ends."""
    sections: list[bytes] = []
    start = 0
    while (end := buffer.find(_BOUNDARY, max(start, searched))) >= 0:
        sections.append(bytes(buffer[start : end + 1]))
        start = end + 1
    return sections, start


def _merged(held: list[FileDiff], sections: Iterable[bytes]) -> list[FileDiff]:
    """The sections as diffs, after those held back, type changes made one."""
    files = held
    for section in sections:
        file = _file(section)
        if file is None:
            continue
        last = files[-1] if files else None
        if last and last.path == file.path and _is_type_change(last, file):
            files[-1] = type_changed(last, file)
        else:
            files.append(file)
    return files


def _is_type_change(first: FileDiff, second: FileDiff) -> bool:
    return first.status is FileStatus.DELETED and second.status is FileStatus.ADDED


def _file(section: bytes) -> FileDiff | None:
    at = section.find(_FIRST_HUNK)
    header, body = (section, b"") if at < 0 else (section[:at], section[at + 1 :])
    return file_diff(header.removesuffix(b"\n").split(b"\n"), body)
