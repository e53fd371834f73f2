"""Reading objects through one long-running git, and listing the commits of a change."""

import os
import re
import subprocess
import threading
import weakref

from xreview.domain.errors import ChangeError
from xreview.repo.hardened.process import start_git
from xreview.repo.hardened.processes import STARTING
from xreview.repo.hardened.signals import signals_deferred
from xreview.repo.repository import Repository

_ID = re.compile(r"[0-9a-f]{4,64}")
_HEADER = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64}) (\w+) (\d+)")
_PIECE_BYTES = 1024 * 1024
_ROW_BYTES = 4096


class ObjectReader:
    """Reads objects through one long-running `git cat-file --batch`. Thread-safe; close it."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = threading.Lock()
        self._batch: _Batch | None = None

    def read(self, id: str, kind: str, limit: int) -> bytes | None:
        """Return an object's content; None if it's missing, ambiguous, of another kind or larger.

        The id may be abbreviated, `kind` is "blob" or "commit", `limit` is in bytes. Raises
        ChangeError if git can't be started, or ends unexpectedly.
        """
        if not _ID.fullmatch(id):
            return None
        with self._lock:
            if self._batch is None:
                self._batch = _Batch(self._repository)
            try:
                return self._batch.answer(id, kind, limit)
            except (OSError, EOFError) as error:
                self._end()
                raise ChangeError(
                    "git ended while reading an object.",
                    "Run `git fsck` if the repository may be damaged.",
                ) from error

    def close(self) -> None:
        """End git. Another read starts it again."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        batch, self._batch = self._batch, None
        if batch is not None:
            batch.end()


class _Batch:
    """A running `git cat-file --batch`. It ends with this object, at the latest with the program.

    Its pipes have no buffers of Python's: one that another thread reads at the end of the program
    has a lock that is never released, and Python would abort.
    """

    def __init__(self, repository: Repository) -> None:
        with signals_deferred(), STARTING:
            process = start_git(
                ("cat-file", "--batch"),
                repository.folder,
                repository.environment,
                stdin=subprocess.PIPE,
                # A partial clone complains about every missing object; unread, a pipe would fill.
                stderr=subprocess.DEVNULL,
                buffer=0,
            )
            self._ending = weakref.finalize(self, _kill, process)
        if process.stdin is None or process.stdout is None:
            raise EOFError
        self._process = process
        self._questions = process.stdin.fileno()
        self._answers = process.stdout.fileno()
        self._ahead = b""  # what was read after the end of a row

    def answer(self, id: str, kind: str, limit: int) -> bytes | None:
        """Ask for an object; OSError or EOFError if git has ended."""
        os.write(self._questions, id.encode() + b"\n")  # so short a row is written in one piece
        row = self._row()
        header = _HEADER.fullmatch(row)
        if header is None:
            if row.endswith((b" missing", b" ambiguous")):
                return None
            raise EOFError
        size = int(header[2])
        is_wanted = header[1] == kind.encode() and size <= limit
        content = self._content(size, is_wanted)
        self._content(1, is_wanted=False)  # the end of its last row
        return content if is_wanted else None

    def end(self) -> None:
        """End git, while no other thread asks for an object."""
        self._ending()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _row(self) -> bytes:
        row = self._ahead
        while b"\n" not in row:
            row += self._some(_ROW_BYTES)
        row, _, self._ahead = row.partition(b"\n")
        return row

    def _content(self, size: int, is_wanted: bool) -> bytes:
        """Read so many bytes; return them if they are wanted."""
        pieces = [self._ahead[:size]]
        self._ahead = self._ahead[size:]
        size -= len(pieces[0])
        while size > 0:
            piece = self._some(min(size, _PIECE_BYTES))
            size -= len(piece)
            if is_wanted:
                pieces.append(piece)
        return b"".join(pieces)

    def _some(self, most: int) -> bytes:
        if not (piece := os.read(self._answers, most)):
            raise EOFError
        return piece


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()  # it keeps nothing, and while it's stopped, it wouldn't heed SIGTERM
    process.wait()


def commit_ids(repository: Repository, base: str | None, head: str, limit: int) -> tuple[str, ...]:
    """The full ids of commits in `head` but not in `base`, the newest first.

    Both are full object ids, or "HEAD". Raises ChangeError where git fails.
    """
    excluded = (f"^{base}",) if base else ()
    command = ("rev-list", f"--max-count={limit}", "--end-of-options", head, *excluded, "--")
    done = repository.start(*command).finish()
    if done.code:
        raise ChangeError(
            f"The history of this change can't be read: {done.complaint}",
            "Run `git fsck` if the repository may be damaged.",
        )
    return tuple(done.output.decode("ascii").split())
