"""Reading files below a folder, never through a symbolic link and never a special file.

Each folder on the way is opened separately (openat(2) with O_NOFOLLOW), so that a link that appears
during the read leads nowhere.
"""

import errno
import os
import stat
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from xreview.domain.errors import ChangeError
from xreview.domain.inside import is_inside
from xreview.repo.diff.file_header import LINK_MODE, REGULAR_MODE, SUBMODULE_MODE

_EXECUTABLE_MODE = "100755"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a named pipe that replaced the file would block forever.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO)


def read_worktree_file(top: Path, path: str, limit: int) -> tuple[str, int, bytes | None] | None:
    """Return git's mode, the size in bytes, and the content of what is at a path.

    The content of a link is its target. The content is None for more than `limit` bytes, and for a
    folder (with the mode of a submodule). Returns None for anything git wouldn't track: a missing
    file, a pipe, a socket, a device, or a path that leads out or through a link.

    Raises ChangeError if the file exists but can't be read.
    """
    if not is_inside(path):
        return None
    *folders, name = os.fsencode(path).split(b"/")
    try:
        with opened_folder(top, folders) as folder:
            return _read(folder, name, limit)
    except OSError as error:
        if error.errno in _NOT_THERE:
            return None
        raise ChangeError(
            f"{path} can't be read: {error.strerror}.", "Check its permissions."
        ) from error


def modified_at(top: Path, path: str) -> float | None:
    """When a file was last written, in seconds since 1970.

    None for what isn't a regular file, can't be looked at, or is behind a link.
    """
    if not is_inside(path):
        return None
    *folders, name = os.fsencode(path).split(b"/")
    try:
        with opened_folder(top, folders) as folder:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None
    return status.st_mtime if stat.S_ISREG(status.st_mode) else None


def names_in_folder(top: Path, folder: str, most: int) -> tuple[str, ...]:
    """The sorted names of at most `most` entries of a folder ("" for the top), also of ignored
    ones; none if it can't be read or is behind a link."""
    if folder and not is_inside(folder):
        return ()
    parts = os.fsencode(folder).split(b"/") if folder else []
    try:
        with opened_folder(top, parts) as opened, os.scandir(opened) as entries:
            return tuple(sorted(entry.name for entry in islice(entries, most)))
    except OSError:
        return ()


def is_other_repository(top: Path, folder: str) -> bool:
    """Whether a folder is the top of another repository, as a submodule's is; True as well if it
    can't be looked at."""
    try:
        with opened_folder(top, os.fsencode(folder).split(b"/")) as opened:
            os.stat(".git", dir_fd=opened, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def opened_folder(
    root: Path, parts: Sequence[str | bytes], *, is_root_trusted: bool = False
) -> Generator[int]:
    """Open a folder below another one, through each folder on the way. Raises OSError.

    No part may be a link, and neither may `root` unless it's trusted.
    """
    folder = os.open(root, _FOLDER & ~os.O_NOFOLLOW if is_root_trusted else _FOLDER)
    try:
        for part in parts:
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield folder
    finally:
        os.close(folder)


def _read(folder: int, name: bytes, limit: int) -> tuple[str, int, bytes | None] | None:
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        target = os.readlink(name, dir_fd=folder)
        return LINK_MODE, len(target), target
    if stat.S_ISDIR(status.st_mode):
        return SUBMODULE_MODE, 0, None
    if not stat.S_ISREG(status.st_mode):
        return None
    mode = _EXECUTABLE_MODE if status.st_mode & stat.S_IXUSR else REGULAR_MODE
    if status.st_size > limit:
        return mode, status.st_size, None
    with os.fdopen(os.open(name, _FILE, dir_fd=folder), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        content = file.read(limit + 1)
    return mode, len(content), content if len(content) <= limit else None
