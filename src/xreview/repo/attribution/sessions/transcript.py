"""Finding and opening transcripts, within bounds and without following a link.

Below a tool's folder every folder and file is opened by `openat(2)` with `O_NOFOLLOW`. The tool's
folder itself may be a link: some users keep their settings in a repository.
"""

import errno
import os
import re
import stat
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.repo.files.worktree import opened_folder

CHUNK_BYTES = 256 * 1024
LINE_BYTES = 2 * 1024 * 1024
"""Longer lines of a transcript are skipped: parsing one would block other threads."""
DOCUMENT_BYTES = 8 * 1024 * 1024
"""The largest transcript that is one JSON document."""
FILE_BYTES = 512 * 1024 * 1024
ALL_BYTES = 4 * 1024 * 1024 * 1024
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_NO_NAMES = frozenset({"", ".", ".."})
_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


class LeftOut(Enum):
    """What wasn't read: its noun, and why."""

    TOO_LARGE = ("session", "too large")
    RECORD_TOO_LONG = ("record", "too long")
    UNREADABLE = ("session", "not readable")
    UNKNOWN_FORM = ("session", "unknown format")

    def sentence(self, tool: str, count: int) -> str:
        """The notice about this many of a tool's."""
        noun, why = self.value
        return f"{count_of(count, noun)} of {tool} not read: {why}."


class SearchBounds:
    """How much one search may read, and what it left out; `deadline` is in seconds of `clock`."""

    def __init__(
        self,
        deadline: float,
        clock: Callable[[], float] = time.monotonic,
        all_bytes: int = ALL_BYTES,
    ) -> None:
        self._deadline = deadline
        self._clock = clock
        self._bytes_left = all_bytes
        self._begun = clock()
        self.left_out: Counter[tuple[str, LeftOut]] = Counter()

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be read."""
        return self._bytes_left <= 0 or self._clock() >= self._deadline

    @property
    def seconds(self) -> float:
        """How long the search has run."""
        return self._clock() - self._begun

    def spend(self, count: int) -> None:
        """Count bytes that were read."""
        self._bytes_left -= count

    def leave_out(self, tool: str, why: LeftOut) -> None:
        """Count a session, or a record of one, that wasn't read."""
        self.left_out[tool, why] += 1


@dataclass(frozen=True, slots=True)
class Transcript:
    """A file in which a tool keeps one session, or several.

    Args:
        root, parts: the tool's folder, and the names from there to the file.
        modified: when it was last written, in seconds since the epoch.
    """

    tool: str
    root: Path
    parts: tuple[str, ...]
    modified: float
    size: int

    @property
    def path(self) -> Path:
        """The absolute path."""
        return self.root.joinpath(*self.parts)


def find_transcripts(
    tool: str, root: Path | None, pattern: Sequence[str], reading: SearchBounds
) -> Iterator[Transcript]:
    """The regular files below a folder whose names match; none if the folder doesn't exist.

    `pattern` has a name for each level; `*` stands for anything. Ends early when the time is up.
    """
    if root is None:
        return
    try:
        with opened_folder(root, (), is_root_trusted=True) as folder:
            for parts, found in _walk(folder, (), pattern, tool, reading):
                yield Transcript(tool, root, parts, found.st_mtime, found.st_size)
    except (OSError, ValueError) as error:
        _note(error, tool, reading)


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
    """Open the file for reading; yields None, and notes it, if it's too large or unreadable."""
    descriptor = _open(transcript, reading, limit)
    if descriptor is None:
        yield None
        return
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        yield file


def _open(transcript: Transcript, reading: SearchBounds, limit: int) -> int | None:
    *folders, name = transcript.parts
    try:
        with opened_folder(transcript.root, folders, is_root_trusted=True) as folder:
            file = os.open(name, _FILE, dir_fd=folder)
    except (OSError, ValueError) as error:
        _note(error, transcript.tool, reading)
        return None
    found = os.fstat(file)
    if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
        os.close(file)
        if stat.S_ISREG(found.st_mode):
            reading.leave_out(transcript.tool, LeftOut.TOO_LARGE)
        return None
    return file
