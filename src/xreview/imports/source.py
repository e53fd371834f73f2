"""The bytes of a file to import: a regular file, a pipe that somebody writes into, or the input.

Devices and folders are refused with a sentence, and so is a pipe that nobody opens for writing. A
pipe that is open may take its time, as a tool does: call `take_pipes` in the main thread first,
where Ctrl+C ends the wait. What comes out of a pipe comes once, so it is kept for the next review.
"""

import os
import select
import stat
import sys
import time
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import BinaryIO

from xreview.domain.errors import UsageError

STANDARD_INPUT = Path("-")
"""What `--import -` is called."""

MOST_BYTES = 50_000_000
"""Larger files are refused: as values they take about ten times their size in memory."""

_PATIENCE = 5.0
"""Seconds in which somebody must open a pipe for writing."""

_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_NAME_ONE = "Name a file of findings (SARIF, rdjson, or another that can be imported)."


def take_pipes(paths: Iterable[Path]) -> None:
    """Read those of the files that are pipes. Raises UsageError as `read_bytes` does."""
    for path in paths:
        if path == STANDARD_INPUT or path.is_fifo():
            read_bytes(path)


def read_bytes(path: Path) -> bytes:
    """The content of a file, unpacked where it is packed by gzip.

    Raises UsageError where there is none that can be read, or it is too large.
    """
    content = _of_input() if path == STANDARD_INPUT else _of_file(path)
    return _unpacked(content, source_name(path)) if content.startswith(_GZIP) else content


def source_name(path: Path) -> str:
    """What messages call it."""
    return "standard input" if path == STANDARD_INPUT else str(path)


@cache
def _of_input() -> bytes:
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("--import - reads standard input, which is closed.", _NAME_ONE)
    if sys.stdin.isatty():
        raise UsageError(
            "--import - reads findings from standard input, and that is the keyboard.",
            "Pipe the output of a tool in, or name a file.",
        )
    return _limited(sys.stdin.buffer, source_name(STANDARD_INPUT))


def _of_file(path: Path) -> bytes:
    try:
        # A pipe without a writer would keep `open` waiting, and a terminal become ours.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UsageError(f"{path} can't be read: {why}.", _NAME_ONE) from error
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
        os.close(handle)
        what = "Is a directory" if stat.S_ISDIR(mode) else "it is a device, no file"
        raise UsageError(f"{path} can't be read: {what}.", _NAME_ONE)
    with os.fdopen(handle, "rb") as file:
        return _of_pipe(path) if stat.S_ISFIFO(mode) else _limited(file, str(path))


@cache
def _of_pipe(path: Path) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as pipe:
        first = _first_of(handle, path)
        os.set_blocking(handle, True)
        return first + _limited(pipe, str(path))


def _first_of(handle: int, path: Path) -> bytes:
    """What is in a pipe as soon as somebody has opened it for writing; it may be nothing yet."""
    arriving = select.poll()
    arriving.register(handle, select.POLLIN)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            if first := os.read(handle, _CHUNK):
                return first
        except BlockingIOError:
            return b""  # it is open, and its writer takes its time
        arriving.poll(100)
    raise UsageError(
        f"{path} is a pipe into which nobody writes.",
        "Write the findings into a file and name that.",
    )


def _limited(file: BinaryIO, name: str) -> bytes:
    try:
        content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{name} can't be read: {error.strerror}.", _NAME_ONE) from error
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    return content


def _unpacked(content: bytes, name: str) -> bytes:
    """The content of a gzip file, no more of it than `MOST_BYTES`."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        text = unpacking.decompress(content, MOST_BYTES + 1)
    except zlib.error as error:
        raise UsageError(
            f"{name} can't be imported: it is no sound gzip file.", "Have its tool write it again."
        ) from error
    if len(text) > MOST_BYTES:
        raise _too_large(f"{name}, unpacked,")
    if not unpacking.eof:
        raise UsageError(
            f"{name} can't be imported: it is a gzip file that is cut off.",
            "Have its tool write it again.",
        )
    return text


def _too_large(name: str) -> UsageError:
    return UsageError(
        f"{name} has more than {MOST_BYTES // 1_000_000} MB.",
        "Have its tool look at the files of this change only.",
    )
