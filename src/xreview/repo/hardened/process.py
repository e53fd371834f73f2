"""Running git: the only module in `repo` that starts processes.

GitPython isn't used: importing it takes 108 ms and 15 MB, and it reads the patches of the benchmark
repository five times slower (shared reference `exemplars.md`, sections 3 and 5).
"""

import contextlib
import os
import resource
import subprocess
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.repo.hardened.environment import GIT_PROGRAM
from xreview.repo.hardened.git_errors import failure, sentence
from xreview.repo.hardened.processes import STARTING, processes_of_task
from xreview.repo.hardened.signals import signals_deferred
from xreview.repo.hardened.special_files import SPECIAL_FILE_ADVICE, find_special_file

CHUNK_BYTES = 64 * 1024
_FIRST_BYTES = 8 * 1024
"""The size of the first chunk, which then doubles: enough to fill a screen, and soon there."""
QUERY_SECONDS = 60.0
_COMPLAINT_BYTES = 16 * 1024
_NICENESS = 10
_GRACE_SECONDS = 2.0
_SILENCE_SECONDS = 2.0
_LONGEST_SILENCE = 300.0
ONE_LARGE_GIT = threading.Lock()
"""Held while git reads a history or searches all files, beside what a person waits for: each takes
up to 50 MB, so they run one after the other."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What a git process printed, and how it ended.

    Args:
        command: "git diff".
        said: its standard error.
        advice: what to do about a failure that isn't in the table of `git_errors`.
    """

    command: str
    output: bytes
    said: str
    code: int
    advice: str

    @property
    def complaint(self) -> str:
        """The last line of its standard error that is a complaint, without prefix."""
        return sentence(self.said)

    def checked(self) -> bytes:
        """Return its output. Raises ChangeError if it failed."""
        if self.code:
            raise self.error
        return self.output

    @property
    def error(self) -> ChangeError:
        """Why it failed, and what to do."""
        return failure(self.command, self.said, self.code, self.advice)


class GitProcess:
    """A git command, running from construction. Close it, or read it to its end.

    While its output is awaited, a watch looks after 2, 4, 8, … seconds of silence for a special
    file that git may be waiting for. It ends git if there is one, after minutes of silence, or at
    the deadline that `bound` sets.

    Args:
        arguments: what follows `git`; bytes that aren't UTF-8 as `surrogateescape`d text.
        cwd: an existing folder.
        environment: from `hardened.environment`.
        input: its standard input; small, since it's written at once.
        advice: what to do if it fails.

    Raises ChangeError where git isn't installed or can't be started.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        cwd: Path,
        environment: Mapping[str, str],
        input: bytes = b"",
        advice: str = "Run `git fsck` if the repository may be damaged.",
    ) -> None:
        self._advice = advice
        self.command = f"git {arguments[0]}"
        self._complaint = bytearray()
        self._closed = False
        self._deadline = float("inf")
        self.is_late = False
        self._place = cwd, environment
        self._stuck: ChangeError | None = None
        self._pieces = 0
        self._is_awaited = False
        self._is_over = threading.Event()
        with signals_deferred(), STARTING:
            stdin = subprocess.PIPE if input else subprocess.DEVNULL
            self._process = start_git(arguments, cwd, environment, stdin)
            self._owner = processes_of_task()
            self._owner.add(self)
        self._input = input or None

    def finish(self, seconds: float = QUERY_SECONDS) -> Completed:
        """Wait for the end and return everything; ChangeError if it takes too long."""
        self._is_awaited = True
        threading.Thread(target=self._watch, daemon=True).start()
        late: ChangeError | None = None
        output = complaint = b""
        try:
            output, complaint = self._process.communicate(self._input, seconds)
        except subprocess.TimeoutExpired:
            self.close()
            late = ChangeError(
                f"`{self.command}` gave no answer within {seconds:g} seconds.",
                "Check that the repository's files and configuration can be read.",
            )
        self._ended()
        if (error := self._stuck or late) is not None:
            raise error
        said = complaint[:_COMPLAINT_BYTES].decode("utf-8", "surrogateescape")
        if len(complaint) > _COMPLAINT_BYTES:
            said += complaint[-_COMPLAINT_BYTES:].decode("utf-8", "surrogateescape")
        return Completed(self.command, output, said, self._process.returncode, self._advice)

    def chunks(self, fine: Collection[int] = (0,)) -> Iterator[bytes]:
        """The output as it comes, in chunks of at most `CHUNK_BYTES`.

        Raises ChangeError at the end if the exit code isn't `fine`. A closed process just ends.
        """
        output, errors = self._process.stdout, self._process.stderr
        if output is None or errors is None:
            return
        drain = threading.Thread(target=self._keep_complaint, args=(errors,), daemon=True)
        drain.start()
        threading.Thread(target=self._watch, daemon=True).start()
        self._is_awaited = True
        size = _FIRST_BYTES
        while chunk := output.read(size):
            self._is_awaited = False
            size = min(2 * size, CHUNK_BYTES)
            yield chunk
            self._pieces += 1
            self._is_awaited = True
        code = self._process.wait()
        self._ended()
        drain.join()
        output.close()
        errors.close()
        if self._stuck is not None:
            raise self._stuck
        if code not in fine and not self._closed:
            said = self._complaint.decode("utf-8", "surrogateescape")
            raise failure(self.command, said, code, self._advice)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What it complained about by the end of `chunks` although it didn't fail."""
        rows = bytes(self._complaint).decode("utf-8", "surrogateescape").splitlines()
        return tuple(row.removeprefix("warning: ") for row in rows if row)

    def close(self) -> None:
        """End the process if it runs. May be called from any thread, repeatedly."""
        self._closed = True
        self._ended()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def bound(self, seconds: float, memory: int) -> None:
        """Limit `chunks` to a time, after which git `is_late` and ended, and git to this memory.

        For untrusted input, whose reading can wait (`give_way`). Only Linux can limit the memory
        (bytes) of a running process.
        """
        self.give_way()
        limit = getattr(resource, "prlimit", None)
        if limit is not None:
            with contextlib.suppress(OSError):  # it has already ended
                limit(self._process.pid, resource.RLIMIT_DATA, (memory, memory))
        self._deadline = time.monotonic() + seconds

    def give_way(self) -> None:
        """Leave the processor to a person's keys, as the analysers do: a search of a whole
        repository, or the log of a long history, keeps every core busy."""
        if self._process.poll() is None:
            with contextlib.suppress(OSError):  # it has just ended
                nice = os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS
                os.setpriority(os.PRIO_PROCESS, self._process.pid, nice)

    def _ended(self) -> None:
        self._is_over.set()
        self._owner.remove(self)

    def _watch(self) -> None:
        silence, pieces = _SILENCE_SECONDS, self._pieces
        while not self._is_over.wait(max(0.0, min(silence, self._deadline - time.monotonic()))):
            if time.monotonic() >= self._deadline:
                self.is_late = True
                self.close()
            elif not self._is_awaited or self._pieces != pieces:
                silence, pieces = _SILENCE_SECONDS, self._pieces
            elif (found := find_special_file(*self._place)) is not None:
                self._give_up(f"waits for {found}, which isn't a regular file.")
            elif (silence := 2 * silence) > _LONGEST_SILENCE:
                self._give_up("printed nothing for minutes.")

    def _give_up(self, why: str) -> None:
        self._stuck = ChangeError(f"`{self.command}` {why}", SPECIAL_FILE_ADVICE)
        self.close()

    def _keep_complaint(self, errors: IO[bytes]) -> None:
        while piece := errors.read(4096):
            if len(self._complaint) < _COMPLAINT_BYTES:
                self._complaint += piece


def start_git(
    arguments: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    stdin: int,
    stderr: int = subprocess.PIPE,
    buffer: int = -1,
) -> "subprocess.Popen[bytes]":
    """Start git as `GitProcess` does, for what talks to it; `buffer` is of Python's pipes."""
    try:
        return subprocess.Popen(
            [git_program(environment), "--no-pager", *arguments],
            bufsize=buffer,
            cwd=cwd,
            env=environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    except (NotADirectoryError, FileNotFoundError, PermissionError) as error:
        raise ChangeError(
            f"The folder {cwd} can't be entered ({error.strerror}).",
            "Start from a folder that exists and that you can read.",
        ) from error
    except OSError as error:  # no more processes, files or memory; too long a command
        said = error.strerror or str(error)
        raise failure(
            f"git {arguments[0]}", said, 1, "Close other programs and try again."
        ) from error


def git_program(environment: Mapping[str, str]) -> str:
    """Return the absolute path of git in a hardened environment. Raises ChangeError for none."""
    program = environment.get(GIT_PROGRAM)
    if program is None:
        raise ChangeError(
            "git was not found.",
            "Install git 2.31 or newer on PATH, in a folder outside the repository.",
        )
    return program
