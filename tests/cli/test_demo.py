import argparse
import os
import pty
import signal
import subprocess
import time

import pytest

from tests.cli.program import TIMEOUT
from tests.repo.builder import isolate
from xreview.cli import demo
from xreview.demo.scene import CHECKS, TASK, WRITERS
from xreview.tui import launch


@pytest.fixture
def temporary(tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def test_it_is_left_without_a_trace(program, temporary):
    before = set(program.home.rglob("*"))
    done = program.run_on_terminal("demo", keys=b"q", TMPDIR=str(temporary))
    assert done.code == 0
    assert "Ledger" in done.out
    assert list(temporary.iterdir()) == []
    assert set(program.home.rglob("*")) == before


def test_a_kept_one_stays_and_is_named(program, temporary, tmp_path):
    done = program.run_on_terminal("demo", "--keep", str(tmp_path / "kept"), keys=b"q")
    assert done.code == 0
    assert "repository is" in done.out
    assert (tmp_path / "kept" / "harbour-payments" / "payments" / "refunds.py").is_file()


@pytest.fixture
def running(program, temporary):
    """The demonstration with its code on a terminal: the terminal's other end, and the process."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        program.command("demo"),
        cwd=program.folder,
        env=program.environ | {"TMPDIR": str(temporary)},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    with os.fdopen(master, "rb", buffering=0) as terminal:
        try:
            shown = b""
            while b"Ledger" not in shown:
                shown += terminal.read(65536)
            yield terminal, process
        finally:
            process.kill()


def test_it_is_removed_when_the_program_is_ended(running, temporary):
    terminal, process = running
    assert list(temporary.iterdir()) != []
    process.send_signal(signal.SIGTERM)
    assert drained(terminal.fileno(), process) == 128 + signal.SIGTERM
    assert list(temporary.iterdir()) == []


def test_a_terminal_that_is_gone_ends_the_program(running, temporary):
    terminal, process = running
    assert list(temporary.iterdir()) != []
    terminal.close()
    time.sleep(4)  # it goes on drawing, more than waits in a queue
    process.send_signal(signal.SIGHUP)
    process.wait(TIMEOUT)
    assert list(temporary.iterdir()) == []


def drained(master: int, process: "subprocess.Popen[bytes]") -> int:
    """The exit code, once everything that is still drawn was read."""
    os.set_blocking(master, False)
    for _ in range(TIMEOUT * 20):
        if (code := process.poll()) is not None:
            return code
        try:
            os.read(master, 65536)
        except BlockingIOError:
            time.sleep(0.05)
        except OSError:  # Linux's way to say that the other side was closed
            return process.wait(TIMEOUT)
    raise TimeoutError


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("demo",), "needs a terminal"),
        (("demo", "--keep"), "needs a value"),
        (("--offline", "demo"), "`demo` doesn't accept --offline."),
    ],
)
def test_what_can_not_be_done_is_said(program, words, says):
    done = program.run(*words)
    assert done.code == 2
    assert says in done.err


def test_a_folder_with_something_in_it_is_not_used(program):
    done = program.run_on_terminal("demo", "--keep", str(program.folder))
    assert done.code == 2
    assert "isn't empty" in done.out


@pytest.mark.parametrize(("wanted", "screen"), [(False, ""), (True, "attempts")])
def test_the_second_scene_is_at_hand_and_can_be_the_first(monkeypatch, tmp_path, wanted, screen):
    opened = []

    def run_app(request, options, **given):
        assert (request.cwd / "tests" / "test_ledger.py").is_file()
        opened.append((options, given))
        return 0

    isolate(monkeypatch, tmp_path / "home")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setattr(demo, "require_terminal", lambda: None)
    monkeypatch.setattr(launch, "run_app", run_app)
    assert demo.run(argparse.Namespace(attempts=wanted, keep=None)) == 0
    ((options, given),) = opened
    assert given == {"screen": screen}
    assert options.task == TASK
    assert options.settings.attempts.writers == WRITERS
    assert options.settings.fix.check == CHECKS
    assert options.is_passing
    assert set(options.environ) == {"PATH"}
