"""The bytes of a file to import: a regular file, a named pipe, or standard input.

An open pipe may take as long as its tool does, so call `take_pipes` in the main thread first, where
Ctrl+C ends the wait. A pipe can be read only once, so its content is cached for the next review.
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
"""The path in `--import -`."""

MOST_BYTES = 50_000_000
"""The limit: parsed, a file takes about ten times its size in memory."""

_PATIENCE = 5.0
"""Seconds to wait for a writer to open a pipe."""

_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_REWRITE = "Run the tool again to rewrite it."
_NAME_ONE = "Give a file of findings, such as SARIF or rdjson."


def take_pipes(paths: Iterable[Path]) -> None:
    """Read and cache the files that are pipes. Raises UsageError as `read_bytes` does."""
    for path in paths:
        if path == STANDARD_INPUT or path.is_fifo():
            read_bytes(path)


def read_bytes(path: Path) -> bytes:
    """The content of a file, decompressed where it is gzip.

    Raises UsageError where it can't be read or is too large.
    """
    content = _of_input() if path == STANDARD_INPUT else _of_file(path)
    return _unpacked(content, source_name(path)) if content.startswith(_GZIP) else content


def source_name(path: Path) -> str:
    """The file's name in messages."""
    return "standard input" if path == STANDARD_INPUT else str(path)


@cache
def _of_input() -> bytes:
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("--import - reads standard input, which is closed.", _NAME_ONE)
    if sys.stdin.isatty():
        raise UsageError(
            "--import - reads findings from standard input, but that is the keyboard.",
            "Pipe in the output of a tool, or name a file.",
        )
    return _limited(sys.stdin.buffer, source_name(STANDARD_INPUT))


def _of_file(path: Path) -> bytes:
    try:
        # Opening must not wait for a pipe's writer, nor make a terminal our controlling one.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UsageError(f"{path} can't be read: {why}.", _NAME_ONE) from error
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
        os.close(handle)
        what = "Is a directory" if stat.S_ISDIR(mode) else "It is a device, not a file"
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
    """The first bytes once a writer has opened the pipe; it may not have written any yet."""
    arriving = select.poll()
    arriving.register(handle, select.POLLIN)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            if first := os.read(handle, _CHUNK):
                return first
        except BlockingIOError:
            return b""  # open, but nothing is written yet
        arriving.poll(100)
    raise UsageError(
        f"{path} is a pipe that no program writes to.",
        "Write the findings to a file and name that.",
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
    """The content of a gzip file, up to `MOST_BYTES`."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        text = unpacking.decompress(content, MOST_BYTES + 1)
    except zlib.error as error:
        raise UsageError(
            f"{name} can't be imported: it is a damaged gzip file.", _REWRITE
        ) from error
    if len(text) > MOST_BYTES:
        raise _too_large(f"{name}, decompressed,")
    if not unpacking.eof:
        raise UsageError(f"{name} can't be imported: the gzip file is cut off.", _REWRITE)
    return text


def _too_large(name: str) -> UsageError:
    return UsageError(
        f"{name} has more than {MOST_BYTES // 1_000_000} MB.",
        "Run the tool on the files of this change only.",
    )
