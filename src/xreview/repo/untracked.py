"""Files of the worktree that git does not track, as diffs that add them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.errors import ChangeError
from xreview.domain.text import count_of
from xreview.repo.file_header import BINARY_NOTICE, LINK_MODE, SUBMODULE_MODE
from xreview.repo.worktree import read_worktree_file

_DIGIT = "[0-9]"
_ENDINGS = ("csv", "html", "json", "jsonl", "md", "rdjson", "sarif")
OWN_FILES = (
    *(f"xreview-{_DIGIT * 8}-{_DIGIT * 6}.{ending}" for ending in _ENDINGS),
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
FILE_BYTES = 4 * 1024 * 1024
ALL_BYTES = 64 * 1024 * 1024
_BATCH = 64
_PROBED_BYTES = 8000  # as many as git looks at for a NUL (buffer_is_binary)
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def untracked_files(
    top: Path, listing: Iterable[bytes], file_bytes: int = FILE_BYTES, all_bytes: int = ALL_BYTES
) -> Iterator[tuple[FileDiff, ...]]:
    """Diffs that add the listed files, in batches.

    Args:
        top: the top of the worktree.
        listing: output of `git ls-files` with `LIST_ARGUMENTS`, in chunks cut anywhere.
        file_bytes, all_bytes: a larger file, and files after so much content, are not read but
            named, with a notice.
    """
    left = all_bytes
    batch: list[FileDiff] = []
    for path in _paths(listing):
        file = _untracked_file(top, path, min(file_bytes, left))
        if file is None:
            continue
        left -= len(file.body)
        batch.append(file)
        if len(batch) == _BATCH:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _paths(listing: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in listing:
        *paths, rest = (rest + chunk).split(b"\0")
        yield from (path.decode("utf-8", "surrogateescape") for path in paths)


def _untracked_file(top: Path, path: str, limit: int) -> FileDiff | None:
    if path.endswith("/"):
        return _added(path.rstrip("/"), SUBMODULE_MODE, notice="A repository of its own: not read.")
    try:
        found = read_worktree_file(top, path, max(0, limit))
    except ChangeError as error:
        return _added(path, notice=f"Not read: {error.message}")
    if found is None:
        return None
    mode, size, content = found
    if content is None:
        return _added(path, mode, notice=f"Not read: it has {count_of(size, 'byte')}.")
    if mode != LINK_MODE and b"\0" in content[:_PROBED_BYTES]:
        return _added(path, mode, binary=True, notice=BINARY_NOTICE)
    return _added(path, mode, body=added_body(content))


def _added(
    path: str, mode: str = "", body: bytes = b"", binary: bool = False, notice: str = ""
) -> FileDiff:
    return FileDiff(
        path,
        FileStatus.ADDED,
        new_mode=mode,
        binary=binary,
        untracked=True,
        body=body,
        notice=notice,
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
