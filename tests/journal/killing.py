"""Killing processes that write to the journal, quickly: one server forks a writer for each kill."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.journal import writer
from xreview.journal.store import Journal

VERIFY_EVERY = 8
"""Kills."""


class Writers:
    """A process that forks writers on request, so that a kill does not cost a start of Python."""

    def __init__(self) -> None:
        # As a module, so that the tests and the bench start it in the same way.
        self._server = subprocess.Popen(
            [sys.executable, writer.__file__, "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._requests, self._answers = self._server.stdin, self._server.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._requests.close()
        self._answers.close()
        self._server.wait()

    def killed(
        self, path: Path, name: str, session: str, batch: int, manner: str, when: Callable[[], None]
    ) -> list[str]:
        """What a writer acknowledged until it was killed; `when` returns at that moment."""
        words = (path, name, session, 1_000_000, batch, manner)
        self._requests.write(("\t".join(map(str, words)) + "\n").encode())
        self._requests.flush()
        pid = int(self._answers.readline())
        when()
        os.kill(pid, signal.SIGKILL)
        self._requests.write(b"end\n")
        self._requests.flush()
        seen: list[str] = []
        while not (line := self._answers.readline()).startswith(b"ended"):
            assert line, "the server ended"
            seen.append(line.decode().strip())
        assert int(line.split()[1]) == -signal.SIGKILL, "the writer ended by itself"
        return seen


def kill_often(
    writers: Writers, path: Path, kills: int, choose: random.Random, longest: float = 0.06
) -> int:
    """Kill so many writers of one journal at random points; returns how many events they promised.

    After each kill the file is whole and every acknowledged event is in it once; `verify` is asked
    after some, since a loss or a bad row stays. Raises AssertionError where it is not so.
    """
    promised: set[str] = set()
    for kill in range(kills):
        batch = choose.choice((1, 1, 1, 7, 50))
        session = choose.choice("ab")
        seconds = choose.random() * longest

        def wait(seconds: float = seconds) -> None:
            time.sleep(seconds)

        promised.update(writers.killed(path, f"w{kill}", session, batch, "alone", wait))
        if path.exists():
            check(path, promised, is_thorough=kill % VERIFY_EVERY == 0 or kill == kills - 1)
    return len(promised)


def check(path: Path, promised: set[str], *, is_thorough: bool = True) -> None:
    """Everything promised is there, once, in a file that is whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with Journal.open(path) as journal, closing(sqlite3.connect(path)) as connection:
        kept = Counter(id for (id,) in connection.execute("SELECT id FROM events"))
        problems = journal.verify() if is_thorough else []
    assert problems == [], problems
    assert promised <= set(kept), promised - set(kept)
    assert set(kept.values()) <= {1}
