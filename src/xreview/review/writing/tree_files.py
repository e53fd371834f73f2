"""Reading, writing and removing the files of a disposable tree, never through a link.

A file is replaced as a whole, by renaming a new one over it, so that a full disk leaves the old
one.
"""

import os
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from xreview.domain.errors import ChangeError
from xreview.domain.inside import why_outside
from xreview.repo.diff.file_header import LINK_MODE, SUBMODULE_MODE
from xreview.repo.disposable.below import delete_below
from xreview.repo.files.worktree import opened_folder, read_worktree_file

MOST_BYTES = 16 * 1024 * 1024
"""Of a file that is edited."""

_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class TreeFiles:
    """The files below a folder. Synchronous; call it in a thread."""

    def __init__(self, top: Path) -> None:
        self._top = top

    @property
    def top(self) -> Path:
        """The folder."""
        return self._top

    def read(self, path: str) -> bytes | None:
        """The content of a regular file; None for anything else and for a large one.

        Raises ChangeError if the file exists but can't be read.
        """
        found = read_worktree_file(self._top, path, MOST_BYTES)
        return found[2] if found and found[0] not in (LINK_MODE, SUBMODULE_MODE) else None

    def exists(self, path: str) -> bool:
        """Whether anything is at a path. Raises ChangeError."""
        return read_worktree_file(self._top, path, 0) is not None

    def is_folder(self, path: str) -> bool:
        """Whether a folder is at a path, not a link to one. Raises ChangeError."""
        found = read_worktree_file(self._top, path, 0)
        return found is not None and found[0] == SUBMODULE_MODE

    def write(self, path: str, content: bytes) -> None:
        """Write a file, with the mode of the one it replaces, and the folders it needs.

        Raises ChangeError, also if a link or a folder is in its place.
        """
        if why := why_outside(path):
            raise ChangeError(f"{path!r} can't be written: {why}.", "Choose another path.")
        *folders, name = os.fsencode(path).split(b"/")
        try:
            self._make(folders)
            with opened_folder(self._top, folders) as folder:
                _replace(folder, name, content)
        except OSError as error:
            raise ChangeError(
                f"{path} can't be written: {error.strerror}.", "Check the disk and the path."
            ) from error

    def remove(self, path: str) -> None:
        """Remove a file, or a link as itself, and the folders that it leaves empty.

        Raises ChangeError, also for a folder.
        """
        if why := why_outside(path):
            raise ChangeError(f"{path!r} can't be removed: {why}.", "Choose another path.")
        try:
            delete_below(self._top, path)
        except OSError as error:
            raise ChangeError(
                f"{path} can't be removed: {error.strerror}.", "Check the disk and the path."
            ) from error

    def _make(self, folders: Sequence[bytes]) -> None:
        for size in range(len(folders)):
            with opened_folder(self._top, folders[:size]) as folder, suppress(FileExistsError):
                os.mkdir(folders[size], 0o755, dir_fd=folder)


def _replace(folder: int, name: bytes, content: bytes) -> None:
    mode = _mode(folder, name)
    new = f".xreview-{secrets.token_hex(8)}".encode()
    try:
        with os.fdopen(os.open(new, _FILE, mode, dir_fd=folder), "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
        os.rename(new, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(new, dir_fd=folder)
        raise


def _mode(folder: int, name: bytes) -> int:
    """The permissions of the file to replace. Raises OSError if it isn't a regular file."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return 0o644
    if not stat.S_ISREG(status.st_mode):
        raise FileExistsError(0, "something else than a file is there")
    return stat.S_IMODE(status.st_mode) & 0o777
