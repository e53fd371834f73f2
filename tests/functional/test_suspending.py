"""The terminal goes to somebody else for a while, and comes back: editors, Ctrl+Z, signals."""

import os
import shlex
import signal
import sys
import termios

import pytest

from tests.functional.terminal import Terminal
from tests.repo.builder import Builder

RISKY = 'import subprocess\n\n\ndef run(name):\n    subprocess.run(f"ls {name}", shell=True)\n'
PANE = "1 Findings"
LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"
ENTER_ALTERNATE_SCREEN = b"\x1b[?1049h"
APP = f"{shlex.quote(sys.executable)} -m xreview"


@pytest.fixture
def repository(tmp_path):
    made = Builder(tmp_path / "project")
    made.write("app.py", "import os\n")
    made.commit("first")
    made.write("app.py", RISKY)
    return made


def run(repository, tmp_path, **more) -> Terminal:
    return Terminal(repository.top, home=tmp_path / "home", **more)


def quit_well(terminal: Terminal) -> None:
    terminal.type("q")
    assert terminal.wait_for_end() == 0
    assert terminal.modes[:4] == terminal.modes_before[:4]


def wait_until_it_has_the_terminal(terminal: Terminal, start: int) -> None:
    """Until it took the terminal over and painted; what was typed before that is thrown away."""
    while (taken := terminal.output.find(ENTER_ALTERNATE_SCREEN, start)) < 0:
        terminal.read(0.05)
    terminal.wait_for(PANE, taken)


@pytest.mark.parametrize("kind", ["missing", "folder", "not executable"])
def test_an_editor_that_can_not_be_started_is_a_sentence_in_a_painted_app(
    repository, tmp_path, kind
):
    editor = tmp_path / "editor"
    if kind == "folder":
        editor.mkdir()
    elif kind == "not executable":
        editor.write_text("")
    with run(repository, tmp_path, extra={"EDITOR": str(editor)}) as terminal:
        terminal.wait_for("all read")
        before = len(terminal.output)
        terminal.type("o")
        terminal.wait_for("editor", before)
        before = len(terminal.output)
        terminal.type("\x0c")
        terminal.wait_for(PANE, before)
        quit_well(terminal)


def test_an_interrupt_in_the_editor_does_not_end_the_app(repository, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\ntrap 'exit 7' INT\necho editing\nwhile :; do read x; done\n")
    editor.chmod(0o755)
    with run(repository, tmp_path, extra={"EDITOR": str(editor)}) as terminal:
        terminal.wait_for("all read")
        terminal.type("o")
        terminal.wait_for("editing")
        before = len(terminal.output)
        terminal.type("\x03")
        terminal.wait_for("exited with code 7", before)
        terminal.wait_for(PANE, before)
        quit_well(terminal)


def test_ctrl_l_paints_everything_again(repository, tmp_path):
    with run(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        terminal.read(0.3)
        before = len(terminal.output)
        terminal.type("\x0c")
        terminal.wait_for(PANE, before)
        quit_well(terminal)


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_a_stopped_app_comes_back_painted(repository, tmp_path, number):
    with run(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        os.kill(terminal.process.pid, number)
        # The app stops only once the terminal has taken all its output, so keep reading.
        while os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOHANG) is None:
            terminal.read(0.05)
        terminal.read(0.1)
        if number == signal.SIGTSTP:
            assert terminal.output.count(LEAVE_ALTERNATE_SCREEN) == 1
            assert terminal.modes[3] & termios.ECHO
        before = len(terminal.output)
        os.kill(terminal.process.pid, signal.SIGCONT)
        wait_until_it_has_the_terminal(terminal, before)
        assert not terminal.modes[3] & termios.ECHO
        quit_well(terminal)


def test_a_continue_that_nobody_needed_does_no_harm(repository, tmp_path):
    with run(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        before = len(terminal.output)
        os.kill(terminal.process.pid, signal.SIGCONT)
        wait_until_it_has_the_terminal(terminal, before)
        quit_well(terminal)


@pytest.mark.parametrize("command", [APP, f"sh -c '{APP}; exit $?'"])
def test_ctrl_z_goes_to_the_shell_and_fg_comes_back_painted(repository, tmp_path, command):
    script = f"{command}; echo in the shell; fg; echo code $?"
    with run(repository, tmp_path, shell=script) as terminal:
        terminal.wait_for("all read")
        before = len(terminal.output)
        terminal.type("\x1a")
        terminal.wait_for("in the shell", before)
        assert LEAVE_ALTERNATE_SCREEN in terminal.output[before:]
        back = terminal.output.index(b"in the shell", before)
        terminal.wait_for(PANE, back)
        terminal.type("q")
        terminal.wait_for("code 0", back)
        terminal.wait_for_end()


def test_ctrl_z_without_a_shell_says_so(repository, tmp_path):
    with run(repository, tmp_path) as terminal:
        terminal.wait_for("all read")
        terminal.type("\x1a")
        terminal.wait_for("No shell to return to")
        quit_well(terminal)


def test_a_fault_in_the_app_is_a_sentence_and_a_file_without_values(repository, tmp_path):
    """The fault is put where keys arrive; all else is the real program."""
    home = tmp_path / "home"
    faulty = (
        "import sys\n"
        "from xreview.tui.app import XReviewApp\n"
        "async def fail(self, name):\n"
        "    key = 'sk-' + 'secret' * 3\n"
        "    raise ZeroDivisionError\n"
        "XReviewApp.action_open = fail\n"
        "from xreview.cli.main import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    (tmp_path / "faulty.py").write_text(faulty)
    script = f"{shlex.quote(sys.executable)} {tmp_path}/faulty.py; echo code $?"
    with Terminal(repository.top, home=home, shell=script) as terminal:
        terminal.wait_for("all read")
        terminal.type("?")
        terminal.wait_for("code 3")
        terminal.wait_for_end()
        assert "Internal error in xreview-tui (ZeroDivisionError)" in terminal.text()
        assert "Traceback" not in terminal.text()
        assert "secretsecret" not in terminal.text()
        assert LEAVE_ALTERNATE_SCREEN in terminal.output
    (file,) = (home / "data" / "state").glob("crash-*")
    assert "secretsecret" not in file.read_text()
