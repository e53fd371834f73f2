"""Filling a folder of ours with files whose names somebody else chose.

    with EmptyFolder(folder) as filled:
        filled.write("src/app.py", content)

Each folder on the way is made and opened by itself, below the one that is open already, and never
through a link; each file is made anew. So nothing outside of the folder is ever touched, and
nothing in it twice, whatever the names are and whatever else is put there meanwhile.
"""

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from xreview.domain.inside import why_outside

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class RefusedPathError(Exception):
    """A path that leads out, or is taken already. The message says why, to stand behind it."""


class EmptyFolder:
    """A folder that is filled. Use it as a context manager.

    Raises OSError where the folder can't be opened.
    """

    def __init__(self, folder: Path) -> None:
        self._top = os.open(folder, _FOLDER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._top)

    def write(self, path: str, content: bytes) -> None:
        """Make a file with this content, and the folders it needs.

        Raises RefusedPathError where the path leads out or something else is in its place, OSError
        where the disk refuses.
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
