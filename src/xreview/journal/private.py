"""Private folders."""

import contextlib
import os
from pathlib import Path


def private_folder(folder: Path) -> None:
    """Create a folder and missing parents, private to their owner whatever the umask.

    Existing folders are unchanged. Raises OSError.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        with contextlib.suppress(FileExistsError):  # another program created it
            one.mkdir(mode=0o700)
            one.chmod(0o700)


def sync_folder(folder: Path) -> None:
    """Wait until new and renamed entries of a folder are on disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
