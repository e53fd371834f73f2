"""The folders of stores, which are removed when they weren't used for a month."""

import hashlib
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

UNUSED_SECONDS = 30 * 24 * 3600


def store_for(folder: Path, *names: str) -> Path:
    """The store for a repository and an address, which need not exist.

    Args:
        folder: with all stores; those that weren't used for long are removed from it.
    """
    place = folder / hashlib.sha256("\0".join(names).encode()).hexdigest()[:16]
    with suppress(OSError):
        os.utime(place)
    oldest = time.time() - UNUSED_SECONDS
    with suppress(OSError):
        for other in folder.iterdir():
            if other.is_dir() and not other.is_symlink() and other.stat().st_mtime < oldest:
                shutil.rmtree(other, ignore_errors=True)
    return place
