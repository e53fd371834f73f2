"""Files of the worktree that git does not track, as diffs that add them.

There may be any number of them, of any size, so what is read has bounds; the smallest are read
first, since those a person wrote are small. What is over a bound is named as unread.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xreview.domain.change import FileDiff, FileStatus, Unshown
from xreview.domain.errors import ChangeError
from xreview.domain.text import count_of
from xreview.repo.file_header import BINARY_NOTICE, LINK_MODE, SUBMODULE_MODE
from xreview.repo.worktree import read_worktree_file

_DIGIT = "[0-9]"
_DOCUMENTS = ("csv", "html", "json", "jsonl", "md", "rdjson", "sarif", "txt", "xml", "yaml")
OWN_FILES = (
    *(f"xreview-{_DIGIT * 8}-{_DIGIT * 6}.{ending}" for ending in _DOCUMENTS),
    "xreview-letter-*.md",
)
"""How exports and letters are called by default, as gitignore patterns: what a person writes with
this program in the repository is not the change that is reviewed with it."""

LIST_ARGUMENTS = (
    "ls-files",
    "-z",
    "--others",
    "--exclude-standard",
    *(f"--exclude={pattern}" for pattern in OWN_FILES),
)
_BATCH = 64
_PROBED_BYTES = 8000  # as many as git looks at for a NUL (buffer_is_binary)
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is read: bytes of one file, bytes of all files, and how many files.

    Of larger files the lines are counted, up to `counted_bytes` in all.
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
        unread: takes up what is over a bound or can't be read.
    """
    paths = list(_paths(listing))
    sizes = {path: _size(top, path) for path in paths}
    smallest = sorted(paths, key=sizes.__getitem__)[: bounds.files]
    chosen, within = set(smallest), _within(smallest, sizes, bounds)
    counted = bounds.counted_bytes
    batch: list[FileDiff] = []
    for path in paths:
        if path not in chosen:
            unread.append(Unshown(path, _over_count(bounds, len(paths))))
            continue
        if path in within:
            file = _untracked_file(top, path, bounds.file_bytes, unread)
        else:
            file = _named_only(top, path, counted, unread)
            counted -= min(counted, sizes[path])
        if file is not None:
            batch.append(file)
        if len(batch) == _BATCH:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _within(smallest_first: list[str], sizes: dict[str, int], bounds: Bounds) -> set[str]:
    """The files that fit into the bounds, if the smallest are read first."""
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


def _over_count(bounds: Bounds, count: int) -> str:
    return f"of {count:,} untracked files only the {bounds.files:,} smallest are read"


def _paths(listing: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in listing:
        *paths, rest = (rest + chunk).split(b"\0")
        yield from (path.decode("utf-8", "surrogateescape") for path in paths)


def _untracked_file(top: Path, path: str, limit: int, unread: list[Unshown]) -> FileDiff | None:
    if path.endswith("/"):
        return _added(path.rstrip("/"), SUBMODULE_MODE, notice="A repository of its own: not read.")
    try:
        found = read_worktree_file(top, path, limit)
    except ChangeError as error:
        return _added(path, unread=error.message.rstrip("."))
    if found is None:
        unread.append(Unshown(path, "it is gone, or git would not track it"))
        return None
    mode, size, content = found
    if content is None:  # it grew meanwhile
        return _over_size(path, mode, size, 0)
    if mode != LINK_MODE and b"\0" in content[:_PROBED_BYTES]:
        return _added(path, mode, binary=True, notice=BINARY_NOTICE)
    return _added(path, mode, body=added_body(content))


def _named_only(top: Path, path: str, limit: int, unread: list[Unshown]) -> FileDiff | None:
    """The file without its content, of which the lines are counted if it is within the limit."""
    try:
        found = read_worktree_file(top, path, limit)
    except ChangeError:
        found = None
    if found is None:
        return _untracked_file(top, path, 0, unread)
    mode, size, content = found
    return _over_size(path, mode, size, (content or b"").count(b"\n"))


def _over_size(path: str, mode: str, size: int, lines: int) -> FileDiff:
    return _added(path, mode, unread=f"it has {count_of(size, 'byte')}", lines=lines)


def _added(
    path: str,
    mode: str = "",
    body: bytes = b"",
    binary: bool = False,
    notice: str = "",
    unread: str = "",
    lines: int = 0,
) -> FileDiff:
    return FileDiff(
        path,
        FileStatus.ADDED,
        new_mode=mode,
        binary=binary,
        untracked=True,
        body=body,
        notice=f"Not read: {unread}." if unread else notice,
        unread=unread,
        unread_lines=lines,
    )


def added_body(content: bytes) -> bytes:
    """The hunk that adds all of a file, as git prints it; nothing for an empty file."""
    if not content:
        return b""
    ends = content.endswith(b"\n")
    lines = content.count(b"\n") + (not ends)
    count = b"" if lines == 1 else b",%d" % lines
    rows = content.removesuffix(b"\n").replace(b"\n", b"\n+")
    return b"@@ -0,0 +1" + count + b" @@\n+" + rows + (b"\n" if ends else _NO_NEWLINE)
