"""Folders for their owner alone."""

import contextlib
from pathlib import Path


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it, for their owner alone whatever the umask. Raises OSError.

    What is there already stays as it is.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        with contextlib.suppress(FileExistsError):  # another program was faster
            one.mkdir(mode=0o700)
            one.chmod(0o700)
