"""The folders of stores, which are removed when they weren't used for a month."""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from xreview.domain.errors import ChangeError

UNUSED_SECONDS = 30 * 24 * 3600
WAIT_SECONDS = 20.0
"""For another process that fetches into the same store."""

_LOCK = "in-use"
_LOCK_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_LEFT_BY_GIT = ("*.lock", "refs/**/*.lock", "objects/pack/tmp_*", "objects/tmp_objdir-*")
_PAUSE = 0.05


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


@contextmanager
def store_alone(store: Path) -> Generator[None]:
    """Have a store, which is made if it's missing, for this process alone.

    What git left there when it was killed is removed: its locks would stop every later fetch.

    Raises ChangeError if another process doesn't finish within `WAIT_SECONDS`.
    """
    try:
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(store / _LOCK, _LOCK_FLAGS, 0o600)
    except OSError as error:
        raise ChangeError(
            f"{store} can't be used: {error.strerror}.", "Check that there is space on the disk."
        ) from error
    try:
        _acquire(lock)
        for left in [left for pattern in _LEFT_BY_GIT for left in store.glob(pattern)]:
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        yield
    finally:
        os.close(lock)


def _acquire(lock: int) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise ChangeError(
                    "Another process is still fetching a pull request of this project.",
                    "Wait for it, or end it.",
                ) from None
            time.sleep(_PAUSE)
        else:
            return
