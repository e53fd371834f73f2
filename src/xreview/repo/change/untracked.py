"""Untracked files of the worktree, as diffs that add them.

Reading has bounds, because there may be any number of files of any size. The smallest are read
first: files written by hand are small. Files over a bound are reported as unread.
"""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from xreview.domain.change import FileDiff, FileStatus, Unshown
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.repo.diff.file_header import BINARY_NOTICE, LINK_MODE, SUBMODULE_MODE
from xreview.repo.files.worktree import read_worktree_file

_DIGIT = "[0-9]"
_DOCUMENTS = ("csv", "html", "json", "jsonl", "md", "rdjson", "sarif", "txt", "xml", "yaml")
OWN_FILES = (
    *(f"xreview-{_DIGIT * 8}-{_DIGIT * 6}.{ending}" for ending in _DOCUMENTS),
    "xreview-letter-*.md",
)
"""Default names of exports and letters, as gitignore patterns; they aren't part of the change."""

LIST_ARGUMENTS = (
    "ls-files",
    "-z",
    "--others",
    "--exclude-standard",
    *(f"--exclude={pattern}" for pattern in OWN_FILES),
)
_BATCH = 64
_PROBED_BYTES = 8000  # where git looks for a NUL (buffer_is_binary)
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is read: bytes of one file, bytes of all files, and number of files.

    In larger files lines are only counted, up to `counted_bytes` in all.
    """

    file_bytes: int = 4 * 1024 * 1024
    all_bytes: int = 64 * 1024 * 1024
    files: int = 1000
    counted_bytes: int = 128 * 1024 * 1024


USUAL_BOUNDS = Bounds()


def untracked_files(
    top: Path, listing: Iterable[bytes], unread: list[Unshown], bounds: Bounds = USUAL_BOUNDS
) -> Iterator[tuple[FileDiff, ...]]:
    """Diffs that add the listed files, in batches.

    Args:
        top: the top of the worktree.
        listing: output of `git ls-files` with `LIST_ARGUMENTS`, in chunks cut anywhere.
        unread: gets the files that are over a bound or can't be read.
    """
    paths = [
        path.decode("utf-8", "surrogateescape") for path in b"".join(listing).split(b"\0")[:-1]
    ]
    sizes = {path: _size(top, path) for path in paths}
    smallest = sorted(paths, key=sizes.__getitem__)[: bounds.files]
    chosen, within = set(smallest), _within(smallest, sizes, bounds)
    counted = bounds.counted_bytes
    batch: list[FileDiff] = []
    for path in paths:
        if path not in chosen:
            why = f"only the {bounds.files:,} smallest of {len(paths):,} untracked files are read"
            unread.append(Unshown(path, why))
            continue
        is_read = path in within
        file = _untracked_file(
            top, path, bounds.file_bytes if is_read else counted, unread, is_read
        )
        counted -= 0 if is_read else min(counted, sizes[path])
        if file is not None:
            batch.append(file)
        if len(batch) == _BATCH:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _within(smallest_first: list[str], sizes: dict[str, int], bounds: Bounds) -> set[str]:
    """The files within the bounds, the smallest first."""
    left = bounds.all_bytes
    within: set[str] = set()
    for path in smallest_first:
        if (size := sizes[path]) > min(left, bounds.file_bytes):
            break
        left -= size
        within.add(path)
    return within


def _size(top: Path, path: str) -> int:
    try:
        return os.lstat(top / path).st_size
    except (OSError, ValueError):
        return 0


def _untracked_file(
    top: Path, path: str, limit: int, unread: list[Unshown], is_read: bool
) -> FileDiff | None:
    """The file with its content, or only with its number of lines, if it's within the limit."""
    added = partial(FileDiff, status=FileStatus.ADDED, untracked=True)
    if path.endswith("/"):
        notice = "A nested repository, not read."
        return added(path.rstrip("/"), new_mode=SUBMODULE_MODE, notice=notice)
    try:
        found = read_worktree_file(top, path, limit)
    except ChangeError as error:
        why = error.message.rstrip(".")
        return added(path, unread=why, notice=f"Not read: {why}.")
    if found is None:
        unread.append(Unshown(path, "it's gone, or git wouldn't track it"))
        return None
    mode, size, content = found
    if content is None or not is_read:
        why, lines = f"it has {count_of(size, 'byte')}", (content or b"").count(b"\n")
        notice = f"Not read: {why}."
        return added(path, new_mode=mode, unread=why, unread_lines=lines, notice=notice)
    if mode != LINK_MODE and b"\0" in content[:_PROBED_BYTES]:
        return added(path, new_mode=mode, binary=True, notice=BINARY_NOTICE)
    return added(path, new_mode=mode, body=added_body(content))


def added_body(content: bytes) -> bytes:
    """The hunk that adds a whole file, as git prints it; b"" for an empty file."""
    if not content:
        return b""
    ends = content.endswith(b"\n")
    lines = content.count(b"\n") + (not ends)
    count = b"" if lines == 1 else b",%d" % lines
    rows = content.removesuffix(b"\n").replace(b"\n", b"\n+")
    return b"@@ -0,0 +1" + count + b" @@\n+" + rows + (b"\n" if ends else _NO_NEWLINE)
