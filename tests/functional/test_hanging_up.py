"""The terminal goes away while the program runs, and only another process is told."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.functional.terminal import PATIENCE, Terminal, environment
from tests.repo.builder import Builder

LEADER = "trap : HUP; echo told; {} {} -m xreview {}; echo $? > {}"
"""As `make run`: it leads the session and doesn't end while its child runs."""


@pytest.fixture
def repository(tmp_path):
    made = Builder(tmp_path / "project")
    made.write("app.py", "import os\n")
    made.commit("first")
    made.write("app.py", "import os\n\n\ndef run(name):\n    os.system('ls ' + name)\n")
    return made


def led(repository: Builder, tmp_path: Path, options: str = "", before: str = "") -> Terminal:
    """The program under a leader that keeps the hang-up to itself."""
    script = LEADER.format(before, sys.executable, options, tmp_path / "code")
    return Terminal(repository.top, home=tmp_path / "home", leader=script)


def processes_of(session: int) -> list[int]:
    """What still runs in a session."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=", "-s", str(session)], capture_output=True, text=True
    ).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "Z" not in line.split()[1]]


def code_at_the_end(terminal: Terminal, tmp_path: Path) -> int:
    end = time.monotonic() + PATIENCE
    while terminal.process.poll() is None:
        assert time.monotonic() < end, f"still there: {processes_of(terminal.process.pid)}"
        time.sleep(0.05)
    assert processes_of(terminal.process.pid) == []
    return int((tmp_path / "code").read_text())


def events(tmp_path: Path, kind: str) -> int:
    with closing(sqlite3.connect(tmp_path / "home/data/journal.sqlite3")) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM events WHERE type = ?", (kind,)
        ).fetchone()
    return count


def test_an_app_whose_terminal_is_closed_leaves_and_keeps_what_was_decided(repository, tmp_path):
    with led(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        terminal.type("a")
        terminal.wait_for("1 accepted")
        terminal.hang_up()
        assert code_at_the_end(terminal, tmp_path) == 128 + signal.SIGHUP
    assert not list((tmp_path / "home/data").glob("*-wal")), "the journal was closed"
    assert events(tmp_path, "decision-made") == 1


def test_a_terminal_that_is_closed_during_the_start_ends_it_too(repository, tmp_path):
    with led(repository, tmp_path) as terminal:
        terminal.wait_for("Findings")
        terminal.hang_up()
        assert code_at_the_end(terminal, tmp_path) == 128 + signal.SIGHUP


def test_a_terminal_that_is_gone_before_the_first_frame(repository, tmp_path):
    with led(repository, tmp_path, before="sleep 0.5;") as terminal:
        terminal.wait_for("told")
        terminal.hang_up()
        assert code_at_the_end(terminal, tmp_path) != 0


def test_a_review_without_the_app_ends_without_its_terminal(repository, tmp_path):
    with led(repository, tmp_path, "review --offline") as terminal:
        terminal.wait_for("told")
        terminal.hang_up()
        code_at_the_end(terminal, tmp_path)


def test_an_app_whose_input_ends_leaves(repository, tmp_path):
    with Terminal(repository.top, home=tmp_path / "home") as terminal:
        terminal.wait_for("all read")
        terminal.hang_up()
        end = time.monotonic() + PATIENCE
        while terminal.process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        assert terminal.process.returncode == 128 + signal.SIGHUP


def test_python_is_told_to_end_with_its_handlers(tmp_path):
    program = (
        "import atexit, sys, threading, time\n"
        "atexit.register(print, 'at exit')\n"
        "import xreview.cli.main as main, xreview.__main__ as start\n"
        "def work(): time.sleep(0.1); print('a thread')\n"
        "def run(words): threading.Thread(target=work).start(); return 3\n"
        "main.run = run\n"
        "start.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=environment(tmp_path) | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.returncode, done.stdout) == (3, "a thread\nat exit\n"), done.stderr
