"""Reading objects through GitPython; this is its only import.

Import this module lazily: GitPython takes 128 ms. On import it would run the `git version` it finds
on PATH, which could be a program of the repository, so git is hidden from it and named later. Its
`Repo` isn't used: it reads the repository's configuration and supports only ids of 40 digits.
"""

import atexit
import contextlib
import os
import re
import subprocess
import threading
from functools import cache
from typing import IO, cast
from weakref import WeakSet

from xreview.domain.errors import ChangeError
from xreview.repo.hardened.process import git_program
from xreview.repo.repository import Repository

_NO_GIT_YET = {"GIT_PYTHON_GIT_EXECUTABLE": os.devnull, "GIT_PYTHON_REFRESH": "quiet"}
_before = {name: os.environ.get(name) for name in _NO_GIT_YET}
os.environ.update(_NO_GIT_YET)
try:
    import git
finally:
    for _name, _value in _before.items():
        del os.environ[_name]
        if _value is not None:
            os.environ[_name] = _value

_ID = re.compile(r"[0-9a-f]{4,64}")
_HEADER = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64}) (\w+) (\d+)\n")
_PIECE_BYTES = 1024 * 1024
_LAST_SECONDS = 1.0
"""How long the end of the program waits for git's pipes to be empty."""
Streams = tuple[IO[bytes], IO[bytes]]


class ObjectReader:
    """Reads objects through one long-running `git cat-file --batch`. Thread-safe; close it."""

    def __init__(self, repository: Repository) -> None:
        self._git = _runner(repository)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: object = None  # GitPython's wrapper, whose finalizer ends the process
        self._draining: threading.Thread | None = None
        _READERS.add(self)

    def read(self, id: str, kind: str, limit: int) -> bytes | None:
        """Return an object's content; None if it's missing, ambiguous, of another kind or larger.

        The id may be abbreviated, `kind` is "blob" or "commit", `limit` is in bytes. Raises
        ChangeError if git ends unexpectedly.
        """
        if not _ID.fullmatch(id):
            return None
        with self._lock:
            try:
                return self._answer(self._running(), id, kind, limit)
            except (OSError, EOFError, git.GitError) as error:
                self._end()
                raise ChangeError(
                    "git ended while reading an object.",
                    "Run `git fsck` if the repository may be damaged.",
                ) from error

    def close(self) -> None:
        """End git. Another read starts it again."""
        with self._lock:
            self._end()

    def stop(self) -> None:
        """End git at the end of the program, even while it is read.

        A pipe that another thread reads can't be closed by then: Python would abort.
        """
        process, draining = self._process, self._draining
        if process is not None and draining is not None:
            process.kill()
            process.wait()
            draining.join(_LAST_SECONDS)

    def _answer(self, streams: Streams, id: str, kind: str, limit: int) -> bytes | None:
        """Ask for an object; OSError or EOFError if git has ended."""
        questions, answers = streams
        questions.write(id.encode() + b"\n")
        questions.flush()
        row = answers.readline()
        header = _HEADER.fullmatch(row)
        if header is None:
            if row.endswith((b" missing\n", b" ambiguous\n")):
                return None
            raise EOFError
        size = int(header[2])
        if header[1] != kind.encode() or size > limit:
            _skip(answers, size + 1)
            return None
        content = answers.read(size + 1)
        if len(content) <= size:
            raise EOFError
        return content[:-1]

    def _running(self) -> Streams:
        if self._process is None:
            wrapper = self._git.cat_file("--batch", as_process=True, istream=subprocess.PIPE)
            self._keeper, self._process = wrapper, cast("subprocess.Popen[bytes]", wrapper.proc)
            # A partial clone complains about every missing object; unread, the pipe would fill up.
            stderr = (self._process.stderr,)
            self._draining = threading.Thread(target=_drain, args=stderr, daemon=True)
            self._draining.start()
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None:
            raise EOFError
        return questions, answers

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # it keeps nothing, and while it's stopped, it wouldn't heed SIGTERM
            process.wait()
        self._keeper = None


_READERS: WeakSet[ObjectReader] = WeakSet()


@atexit.register
def _stop_all() -> None:
    for reader in tuple(_READERS):
        reader.stop()


def commit_ids(repository: Repository, base: str | None, head: str, limit: int) -> tuple[str, ...]:
    """The full ids of commits in `head` but not in `base`, the newest first.

    Both are full object ids, or "HEAD". Raises ChangeError where git fails.
    """
    excluded = (f"^{base}",) if base else ()
    try:
        output: str = _runner(repository).rev_list(
            f"--max-count={limit}", "--end-of-options", head, *excluded, "--"
        )
    except git.GitCommandError as error:
        raise ChangeError(
            f"The history of this change can't be read: {error.stderr.strip()}",
            "Run `git fsck` if the repository may be damaged.",
        ) from error
    return tuple(output.split())


@cache
def _git_at(program: str) -> type[git.Git]:
    """GitPython's `Git` for the program at this path."""
    return type("Git", (git.Git,), {"__slots__": (), "GIT_PYTHON_GIT_EXECUTABLE": program})


def _runner(repository: Repository) -> git.Git:
    environment = repository.environment
    # GitPython adds to this process's environment; unwanted variables are made empty.
    dropped = {name: "" for name in os.environ if name not in environment}
    runner = _git_at(git_program(environment))(str(repository.folder))
    runner.update_environment(**dropped, **environment)
    return runner


def _drain(stream: IO[bytes]) -> None:
    with contextlib.suppress(ValueError):  # closed by the wrapper's finalizer
        while stream.read(_PIECE_BYTES):
            pass


def _skip(stream: IO[bytes], size: int) -> None:
    while size > 0:
        piece = stream.read(min(size, _PIECE_BYTES))
        if not piece:
            raise EOFError
        size -= len(piece)
