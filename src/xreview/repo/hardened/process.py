"""Running git: the one place that starts a process on this floor.

Why not GitPython here: importing it costs 128 ms and its patches of the 2,000-file benchmark
repository take 2,491 ms, where streaming `git diff` and splitting it by hand has the first 64 kB
after 96 ms and everything after 451 (shared reference `exemplars.md`, sections 3 and 5). What is
read after the first frame goes through `repo.git`, which is GitPython in the same environment.
"""

import atexit
import contextlib
import resource
import subprocess
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextvars import ContextVar, Token
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from xreview.domain.errors import ChangeError
from xreview.repo.hardened.environment import GIT_PROGRAM
from xreview.repo.hardened.git_errors import failure, sentence
from xreview.repo.hardened.signals import undisturbed
from xreview.repo.hardened.special_files import BLOCKED_ADVICE, what_blocks

CHUNK_BYTES = 64 * 1024
QUERY_SECONDS = 60.0
_COMPLAINT_BYTES = 16 * 1024
_GRACE_SECONDS = 2.0
_NOT_STARTED = "Try again when fewer programs run."
_SILENCE_SECONDS = 2.0
_LONGEST_SILENCE = 300.0


@dataclass(frozen=True, slots=True)
class Completed:
    """What a git process printed, and how it ended.

    Args:
        command: "git diff".
        said: all that it wrote to standard error.
        advice: what to do where it failed, and nothing better is known.
    """

    command: str
    output: bytes
    said: str
    code: int
    advice: str

    @property
    def complaint(self) -> str:
        """The last thing it complained about."""
        return sentence(self.said)

    def checked(self) -> bytes:
        """What it printed. Raises ChangeError, with a sentence, where it failed."""
        if self.code:
            raise self.error
        return self.output

    @property
    def error(self) -> ChangeError:
        """Why it failed and what to do (`repo.complaints`)."""
        return failure(self.command, self.said, self.code, self.advice)


class Processes:
    """The git processes of one undertaking, so that none outlives it: not one that waits either.

    Those that start while it is used with `with` belong to it, in threads too if they have the
    context (`asyncio.to_thread`). What starts after its end is ended at once. Those of nobody
    belong to the program.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[GitProcess] = set()
        self._is_closed = False

    def __enter__(self) -> Self:
        self._outer: Token[Processes] = _BELONGS_TO.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _BELONGS_TO.reset(self._outer)
        self.close()

    def close(self) -> None:
        """End all that run. May be called from any thread."""
        with self._lock:
            self._is_closed = True
            running = tuple(self._running)
        for process in running:
            process.close()

    def add(self, process: "GitProcess") -> None:
        """This one belongs here from now on."""
        with self._lock:
            self._running.add(process)
            is_closed = self._is_closed
        if is_closed:
            process.close()

    def remove(self, process: "GitProcess") -> None:
        """This one has ended."""
        with self._lock:
            self._running.discard(process)


_OF_THE_PROGRAM = Processes()
atexit.register(_OF_THE_PROGRAM.close)
_BELONGS_TO = ContextVar("_BELONGS_TO", default=_OF_THE_PROGRAM)


class GitProcess:
    """One git command, running from the moment this is made. Close it, or read it to its end.

    Args:
        arguments: what follows `git`; bytes that are not UTF-8 as `surrogateescape`d text.
        cwd: an existing folder.
        environment: made by `repo.environment.hardened`.
        input: what it reads on standard input; small, since it is written at once.
        advice: what to do where it fails.

    Raises ChangeError where git is not installed.
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
        self._deadline: threading.Timer | None = None
        self.is_late = False
        self._place = cwd, environment
        self._blocked = ""
        self._pieces = 0
        self._is_awaited = False
        self._is_over = threading.Event()
        with undisturbed():
            self._process = self._started(arguments, cwd, environment, bool(input))
            self._owner = _BELONGS_TO.get()
            self._owner.add(self)
        self._input = input or None

    def _started(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], has_input: bool
    ) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                [git_program(environment), "--no-pager", *arguments],
                cwd=cwd,
                env=environment,
                stdin=subprocess.PIPE if has_input else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except (NotADirectoryError, FileNotFoundError, PermissionError) as error:
            raise ChangeError(
                f"The folder {cwd} can't be entered ({error.strerror}).",
                "Start from a folder that exists and that you may read.",
            ) from error
        except OSError as error:  # no more processes, files or memory; too long a command
            raise failure(self.command, error.strerror or str(error), 1, _NOT_STARTED) from error

    def finish(self, seconds: float = QUERY_SECONDS) -> Completed:
        """Wait for the end and return everything; ChangeError where it takes too long."""
        try:
            output, complaint = self._answered(seconds)
        except subprocess.TimeoutExpired as error:
            self.close()
            raise ChangeError(
                self._blocked or f"`{self.command}` gave no answer within {seconds:g} seconds.",
                BLOCKED_ADVICE
                if self._blocked
                else "Check that the repository's files and its configuration can be read.",
            ) from error
        self._ended()
        said = complaint[:_COMPLAINT_BYTES].decode("utf-8", "surrogateescape")
        if len(complaint) > _COMPLAINT_BYTES:
            said += complaint[-_COMPLAINT_BYTES:].decode("utf-8", "surrogateescape")
        return Completed(self.command, output, said, self._process.returncode, self._advice)

    def _answered(self, seconds: float) -> tuple[bytes, bytes]:
        """What it printed and complained; TimeoutExpired where it takes too long or waits."""
        try:
            return self._process.communicate(self._input, min(_SILENCE_SECONDS, seconds))
        except subprocess.TimeoutExpired:
            if seconds <= _SILENCE_SECONDS or self._is_blocked():
                raise
        return self._process.communicate(timeout=seconds - _SILENCE_SECONDS)

    def chunks(self, fine: Collection[int] = (0,)) -> Iterator[bytes]:
        """The output as it comes, in pieces of at most `CHUNK_BYTES`.

        Raises ChangeError at the end where git failed, which is any code that is not `fine`. A
        process that was closed just ends.
        """
        output, errors = self._process.stdout, self._process.stderr
        if output is None or errors is None:
            return
        drain = threading.Thread(target=self._keep_complaint, args=(errors,), daemon=True)
        drain.start()
        threading.Thread(target=self._watch, daemon=True).start()
        self._is_awaited = True
        while chunk := output.read(CHUNK_BYTES):
            self._is_awaited = False
            yield chunk
            self._pieces += 1
            self._is_awaited = True
        code = self._process.wait()
        self._ended()
        drain.join()
        output.close()
        errors.close()
        if self._blocked:
            raise ChangeError(self._blocked, BLOCKED_ADVICE)
        if code not in fine and not self._closed:
            said = self._complaint.decode("utf-8", "surrogateescape")
            raise failure(self.command, said, code, self._advice)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What it complained about by the end of `chunks`, though it did not fail."""
        rows = bytes(self._complaint).decode("utf-8", "surrogateescape").splitlines()
        return tuple(row.removeprefix("warning: ") for row in rows if row)

    def close(self) -> None:
        """End the process if it runs. May be called from any thread, and more than once."""
        self._closed = True
        if self._deadline is not None:
            self._deadline.cancel()
        self._ended()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def bound(self, seconds: float, memory: int) -> None:
        """End it after so many seconds (then `is_late`), and let it take so many bytes of memory.

        For what somebody else wrote may make git work without end. Only Linux can bound the
        memory of a process that runs already.
        """
        limit = getattr(resource, "prlimit", None)
        if limit is not None:
            with contextlib.suppress(OSError):  # it has ended already
                limit(self._process.pid, resource.RLIMIT_DATA, (memory, memory))
        self._deadline = threading.Timer(seconds, self._expire)
        self._deadline.daemon = True
        self._deadline.start()

    def _expire(self) -> None:
        self.is_late = True
        self.close()

    def _ended(self) -> None:
        self._is_over.set()
        self._owner.remove(self)

    def _watch(self) -> None:
        """End it where it is awaited and silent, since it opened what gives nothing."""
        silence, pieces = _SILENCE_SECONDS, -1
        while not self._is_over.wait(silence):
            if not self._is_awaited or self._pieces != pieces:
                silence, pieces = _SILENCE_SECONDS, self._pieces
            elif self._is_blocked():
                self.close()
            elif (silence := 2 * silence) > _LONGEST_SILENCE:
                self._blocked = f"`{self.command}` gave nothing for minutes."
                self.close()

    def _is_blocked(self) -> bool:
        found = what_blocks(*self._place)
        if found is not None:
            self._blocked = f"`{self.command}` waits for {found}, which git reads and is no file."
        return found is not None

    def _keep_complaint(self, errors: IO[bytes]) -> None:
        while piece := errors.read(4096):
            if len(self._complaint) < _COMPLAINT_BYTES:
                self._complaint += piece


def git_program(environment: Mapping[str, str]) -> str:
    """The absolute path of git that a hardened environment names. Raises ChangeError."""
    program = environment.get(GIT_PROGRAM)
    if program is None:
        raise ChangeError(
            "git was not found.",
            "Install git 2.31 or newer and make sure that it is on PATH, in a folder outside of "
            "the repository.",
        )
    return program
