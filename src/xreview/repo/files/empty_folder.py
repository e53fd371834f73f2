"""Filling an empty folder with files whose names come from a repository.

Each folder on the way is created and opened below the open one, never through a link, and each file
is created new. So nothing outside is touched and nothing inside is overwritten, whatever the names.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from xreview.domain.inside import why_outside

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class RefusedPathError(Exception):
    """A path leads out or is taken. The message is the reason, to follow the path."""


class EmptyFolder:
    """A folder to fill; a context manager. Raises OSError if it can't be opened."""

    def __init__(self, folder: Path) -> None:
        self._top = os.open(folder, _FOLDER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self._top)

    def write(self, path: str, content: bytes) -> None:
        """Create a file and the folders it needs.

        Raises RefusedPathError if the path leads out or is taken, and OSError for disk errors.
        """
        if why := why_outside(path):
            raise RefusedPathError(why)
        *folders, name = os.fsencode(path).split(b"/")
        folder = os.dup(self._top)
        try:
            for part in folders:
                with suppress(FileExistsError):
                    os.mkdir(part, 0o700, dir_fd=folder)
                inner = os.open(part, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = inner
            descriptor = os.open(name, _FILE, 0o600, dir_fd=folder)
        except (FileExistsError, NotADirectoryError) as error:
            raise RefusedPathError("another file is in its place") from error
        finally:
            os.close(folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
