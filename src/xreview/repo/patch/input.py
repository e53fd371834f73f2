"""Reading the bytes of a patch from a file, a pipe or standard input, without blocking forever.

Opening never blocks, and another thread can end reading at any time.
"""

import os
import select
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from xreview.domain.change import FileDiff
from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.repo.change.request import STANDARD_INPUT, ChangeRequest
from xreview.repo.files.worktree import is_inside
from xreview.repo.patch.prefixes import Exists
from xreview.repo.patch.splitting import split_patch

MOST_BYTES = 128 * 1024 * 1024
"""The rest of a larger patch is reported as unread."""

_CHUNK = 64 * 1024
_ADVICE = "Name a file, or pipe a patch in, as in `git diff | xreview-tui --patch -`."
_REFUSED = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class PatchBounds:
    """How much of a patch is read, and how long a pipe may take.

    The seconds are those without data, without a process that writes to a named pipe, and in all.
    """

    most_bytes: int = MOST_BYTES
    silent: float = 300.0
    writerless: float = 5.0
    total: float = 900.0


PATIENCE = PatchBounds()


class PatchInput:
    """The bytes of one patch. Iterate `chunks` once, in one thread; `close` from any.

    `is_ours` says whether to close the descriptor at the end; it's then non-blocking.
    """

    def __init__(self, descriptor: int, name: str, *, is_ours: bool) -> None:
        self._descriptor = descriptor
        self._name = name
        self._is_ours = is_ours
        self._lock = threading.Lock()
        self._is_closed = self._is_over = False
        self._wake_in, self._wake_out = os.pipe()
        self.unread = ""
        """What wasn't read, and why; "" for nothing."""

    def close(self) -> None:
        """Stop reading: `chunks` ends."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, True
            if not was_closed and not self._is_over:
                os.write(self._wake_out, b"x")

    def chunks(self, patience: PatchBounds = PATIENCE) -> Iterator[bytes]:
        """The bytes as they come. Raises ChangeError for a failed read and an unused named pipe."""
        try:
            is_file = stat.S_ISREG(os.fstat(self._descriptor).st_mode)
            yield from self._of_file(patience) if is_file else self._of_pipe(patience)
        except OSError as error:
            raise _unreadable(self._name, error) from error
        finally:
            with self._lock:
                self._is_over = True
                os.close(self._wake_in)
                os.close(self._wake_out)
                if self._is_ours:
                    os.close(self._descriptor)

    def _of_file(self, patience: PatchBounds) -> Iterator[bytes]:
        left = patience.most_bytes
        while not self._is_closed and (chunk := os.read(self._descriptor, min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
            if not left:
                rest = os.fstat(self._descriptor).st_size - patience.most_bytes
                if rest > 0:
                    self.unread = f"{count_of(rest, 'byte')} after the first {_bytes(patience)}"
                return

    def _of_pipe(self, patience: PatchBounds) -> Iterator[bytes]:
        left = patience.most_bytes
        end = time.monotonic() + patience.total
        wait = patience.writerless
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        poll.register(self._wake_in, select.POLLIN)
        while not self._is_closed:
            ready = poll.poll(1000 * max(0.0, min(wait, end - time.monotonic())))
            if self._is_closed or any(one == self._wake_in for one, _ in ready):
                return
            is_in_time = bool(ready)  # a read that isn't ready may block forever
            is_over = time.monotonic() >= end
            if is_over or (not is_in_time and wait != patience.writerless):
                self.unread = f"the rest of {self._name}, which took too long"
                return
            chunk = self._piece(min(_CHUNK, left)) if is_in_time or self._is_ours else None
            wait = patience.silent
            if chunk == b"":
                if not is_in_time:
                    raise ChangeError(f"No process writes to the pipe {self._name}.", _ADVICE)
                return
            if chunk:
                left -= len(chunk)
                yield chunk
            if not left:
                self.unread = f"everything after the first {_bytes(patience)}"
                return

    def _piece(self, size: int) -> bytes | None:
        """The available data, b"" at the end; None if a process may still write."""
        try:
            return os.read(self._descriptor, size)
        except BlockingIOError:
            return None


def _bytes(patience: PatchBounds) -> str:
    return count_of(patience.most_bytes, "byte")


def open_patch(request: ChangeRequest, name: str) -> PatchInput:
    """Open the patch that `--patch` names, without blocking.

    Raises UsageError if standard input is a terminal, and ChangeError if there is no file or pipe.
    """
    if name == STANDARD_INPUT:
        return _open_input()
    path = Path(request.cwd / name)
    try:
        _refuse(name, path.stat().st_mode)
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
        descriptor = os.open(path, flags)
    except OSError as error:
        raise _unreadable(name, error) from error
    try:
        _refuse(name, os.fstat(descriptor).st_mode)
    except ChangeError:
        os.close(descriptor)
        raise
    return PatchInput(descriptor, name, is_ours=True)


def _open_input() -> PatchInput:
    try:
        descriptor = sys.stdin.fileno()
        is_terminal = os.isatty(descriptor)
        mode = os.fstat(descriptor).st_mode
    except (AttributeError, OSError, ValueError) as error:
        raise UsageError("--patch -: standard input is closed.", _ADVICE) from error
    if is_terminal:
        raise UsageError(
            "--patch - reads a patch from standard input, but that is a terminal.",
            "Pipe one in, as in `git diff | xreview-tui --patch -`, or name a file.",
        )
    if stat.S_ISDIR(mode):
        raise ChangeError("Standard input is a directory, not a patch.", _ADVICE)
    return PatchInput(descriptor, "standard input", is_ours=False)


def _refuse(name: str, mode: int) -> None:
    for is_such, what in _REFUSED:
        if is_such(mode):
            raise ChangeError(f"The patch {name} can't be read: it's {what}.", _ADVICE)


def _unreadable(name: str, error: OSError) -> ChangeError:
    return ChangeError(
        f"The patch {name} can't be read: {error.strerror}.", "Check the path given to --patch."
    )


def files_of(
    patch: PatchInput, exists: Exists, patience: PatchBounds = PATIENCE
) -> Iterator[tuple[FileDiff, ...]]:
    """The file diffs of a patch. Raises ChangeError if none can be read."""
    return split_patch(patch.chunks(patience), exists, lambda: patch.unread)


def exists_in(top: Path | None) -> Exists:
    """Return the test whether a worktree has a file or folder with a given name."""

    def exists(name: bytes) -> bool:
        path = os.fsdecode(name)
        return top is not None and is_inside(path) and os.path.lexists(top / path)

    return exists
