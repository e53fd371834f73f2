"""Finding and opening transcripts without following a link.

Below a tool's folder every folder and file is opened by `openat(2)` with `O_NOFOLLOW`, so that
nothing there can lead elsewhere, also not while it is being read; the tool's folder itself may be
a link, as those who keep their settings in a repository have it. What is no regular file (a
pipe, a device) is never opened for reading.
"""

import errno
import os
import re
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xreview.repo.attribution.sessions.reading import FILE_BYTES, LeftOut, SearchBounds

_ROOT = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NONBLOCK
_FOLDER = _ROOT | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_NO_NAMES = frozenset({"", ".", ".."})
_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


@dataclass(frozen=True, slots=True)
class Transcript:
    """A file in which a tool keeps one session, or several.

    Args:
        tool: the tool's name.
        root, parts: the tool's folder, and the names from there to the file.
        modified: when it was last written to, in seconds since the epoch.
        size: in bytes.
    """

    tool: str
    root: Path
    parts: tuple[str, ...]
    modified: float
    size: int

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.root.joinpath(*self.parts)


def find_transcripts(
    tool: str, root: Path | None, pattern: Sequence[str], reading: SearchBounds
) -> Iterator[Transcript]:
    """The regular files below a folder whose names match, level by level.

    Args:
        pattern: a name for each level; `*` in it stands for anything.

    Ends early where the time is up. Yields nothing where there is no such folder.
    """
    if root is None:
        return
    try:
        folder = os.open(root, _ROOT)
    except (OSError, ValueError) as error:
        _note(error, tool, reading)
        return
    try:
        for parts, found in _walk(folder, (), pattern, tool, reading):
            yield Transcript(tool, root, parts, found.st_mtime, found.st_size)
    finally:
        os.close(folder)


def _walk(
    folder: int, above: tuple[str, ...], pattern: Sequence[str], tool: str, reading: SearchBounds
) -> Iterator[tuple[tuple[str, ...], os.stat_result]]:
    for name in _names(folder, pattern[0]):
        if reading.is_over:
            return
        try:
            if len(pattern) == 1:
                found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISREG(found.st_mode):
                    yield (*above, name), found
                continue
            inner = os.open(name, _FOLDER, dir_fd=folder)
        except OSError as error:
            _note(error, tool, reading)
            continue
        try:
            yield from _walk(inner, (*above, name), pattern[1:], tool, reading)
        finally:
            os.close(inner)


def _names(folder: int, pattern: str) -> list[str]:
    if "*" not in pattern:
        return [] if pattern in _NO_NAMES or "/" in pattern or "\0" in pattern else [pattern]
    matches = re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL).fullmatch
    return [name for name in os.listdir(folder) if matches(name)]


def _note(error: OSError | ValueError, tool: str, reading: SearchBounds) -> None:
    if not isinstance(error, OSError) or error.errno not in _ABSENT:
        reading.leave_out(tool, LeftOut.UNREADABLE)


@contextmanager
def opened(
    transcript: Transcript, reading: SearchBounds, limit: int = FILE_BYTES
) -> Generator[BinaryIO | None]:
    """The file, open for reading; None, and noted, where it is too large or can't be read."""
    descriptor = _open(transcript, reading, limit)
    if descriptor is None:
        yield None
        return
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        yield file


def _open(transcript: Transcript, reading: SearchBounds, limit: int) -> int | None:
    folders: list[int] = []
    try:
        folders.append(os.open(transcript.root, _ROOT))
        for name in transcript.parts[:-1]:
            folders.append(os.open(name, _FOLDER, dir_fd=folders[-1]))
        file = os.open(transcript.parts[-1], _FILE, dir_fd=folders[-1])
    except (OSError, ValueError) as error:
        _note(error, transcript.tool, reading)
        return None
    finally:
        for folder in folders:
            os.close(folder)
    found = os.fstat(file)
    if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
        os.close(file)
        if stat.S_ISREG(found.st_mode):
            reading.leave_out(transcript.tool, LeftOut.TOO_LARGE)
        return None
    return file
