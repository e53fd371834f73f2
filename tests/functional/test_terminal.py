"""The program as a person meets it: on a terminal, in a repository, with keys."""

import os
import signal
import sqlite3
import termios

import pytest

from tests.functional.terminal import Terminal
from tests.repo.builder import Builder

SWALLOWED = """import subprocess


def load(path):
    try:
        return open(path).read()
    except Exception:
        pass


def run(name):
    subprocess.run("ls " + name, shell=True)
"""
LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"
MOUSE_OFF = b"\x1b[?1000l"


@pytest.fixture
def repository(tmp_path):
    made = Builder(tmp_path / "project")
    made.write("app.py", "import os\n")
    made.commit("first")
    made.write("app.py", SWALLOWED)
    return made


def run(repository, tmp_path, *options, **more) -> Terminal:
    return Terminal(repository.top, *options, home=tmp_path / "home", **more)


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (70, 24)])
def test_a_finding_is_triaged_by_keys_and_remembered(repository, tmp_path, size):
    with run(repository, tmp_path, size=size) as terminal:
        terminal.wait_for("all read")
        terminal.type("ri")
        terminal.wait_for("1 rejected")
        terminal.type("q")
        assert terminal.wait_for_end() == 0
    with run(repository, tmp_path, size=size) as again:
        again.wait_for("1 rejected")
        again.wait_for("all read")
        again.type("q")
        again.wait_for_end()


def test_keys_typed_before_the_app_is_there_are_not_lost(repository, tmp_path):
    with run(repository, tmp_path) as terminal:
        terminal.type("?")
        terminal.wait_for("cursor.down")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_app_leaves_the_terminal_as_it_was(repository, tmp_path, number):
    with run(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        os.kill(terminal.process.pid, number)
        assert terminal.wait_for_end() == 128 + number
        assert LEAVE_ALTERNATE_SCREEN in terminal.output
        assert MOUSE_OFF in terminal.output
        assert terminal.modes[:4] == terminal.modes_before[:4]


def test_an_interrupt_quits(repository, tmp_path):
    with run(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        terminal.type("\x03")
        terminal.wait_for_end()
        assert terminal.modes[3] & termios.ECHO


def test_no_decision_is_lost_by_a_kill_right_after_the_screen_showed_it(repository, tmp_path):
    with run(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        terminal.type("a")
        terminal.wait_for("1 accepted")
        terminal.process.kill()
        terminal.process.wait()
    journal = tmp_path / "home" / "data" / "journal.sqlite3"
    with sqlite3.connect(journal) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM events WHERE type = 'decision-made'"
        ).fetchone()
    assert count == 1


def test_the_title_names_the_change_and_is_given_back(repository, tmp_path):
    with run(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        assert b"\x1b[22;2t" in terminal.output
        assert "\x1b]2;xreview · worktree against HEAD\x07".encode() in terminal.output
        terminal.type("q")
        terminal.wait_for_end()
        assert terminal.output.rindex(b"\x1b[23;2t") > terminal.output.rindex(b" open\x07")


def test_the_list_never_goes_back_to_reading_the_change(repository, tmp_path):
    with run(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        assert "Reading the change" not in terminal.text()
