"""Reads a file named by an option, which may be a device or a silent pipe."""

import os
import select
import stat
import time
from pathlib import Path

from xreview.domain.errors import UsageError

PATIENCE = 10.0
"""Seconds to wait for a pipe, whose writer may start after us."""


def read_given(path: Path, option: str, most: int) -> bytes:
    """The content of a file or a pipe (`<(command)`), of `most` bytes.

    Raises UsageError if it can't be read, is something else, stays silent or is too long.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise UsageError(
            f"{option}: {path} can't be read ({error.strerror}).", "Name an existing file."
        ) from error
    try:
        content = _read(descriptor, path, option, most)
    except OSError as error:
        raise UsageError(f"{option}: {path} can't be read ({error.strerror}).") from error
    finally:
        os.close(descriptor)
    if len(content) > most:
        raise UsageError(f"{option}: {path} is longer than {most // 1024} KiB.", "Shorten it.")
    return content


def _read(descriptor: int, path: Path, option: str, most: int) -> bytes:
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
        raise UsageError(f"{option}: {path} isn't a file or a pipe.", "Name a file.")
    content = bytearray()
    end = time.monotonic() + PATIENCE
    while len(content) <= most:
        left = max(0.0, end - time.monotonic())
        if stat.S_ISFIFO(mode) and not select.select([descriptor], [], [], left)[0]:
            raise UsageError(
                f"{option}: the pipe {path} sent nothing for {PATIENCE:g} seconds.",
                "Name a file, or start the program that writes to the pipe.",
            )
        piece = os.read(descriptor, most + 1 - len(content))
        if not piece:
            break
        content += piece
    return bytes(content)
