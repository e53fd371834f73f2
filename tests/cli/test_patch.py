"""`--patch` as a person gives it: damaged, endless, silent, or no patch at all."""

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import termios

import pytest

from tests.cli.program import TIMEOUT, Program

WHOLE = b"--- /dev/null\n+++ b/run.py\n@@ -0,0 +1,3 @@\n+first = 1\n+second = 2\n+third = 3\n"
CUT = WHOLE.removesuffix(b"+third = 3\n")
MODE = b"diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n"
SUBMODULE = (
    b"diff --git a/sub b/sub\nindex 1111111..2222222 160000\n--- a/sub\n+++ b/sub\n@@ -1 +1 @@\n"
    b"-Subproject commit 1111111111111111111111111111111111111111\n"
    b"+Subproject commit 2222222222222222222222222222222222222222\n"
)
BINARY = b"diff --git a/a.png b/a.png\nindex 1111..2222\nBinary files a/a.png and b/a.png differ\n"
BESIDE = b"hello\n+eval(input())\n"


@pytest.mark.parametrize(
    ("patch", "path", "why"),
    [
        (CUT, "run.py", "1 line is missing"),
        (WHOLE + MODE, "run.sh", "only its mode changes, from 100644 to 100755"),
        (WHOLE + SUBMODULE, "sub", "a submodule"),
        (WHOLE + BINARY, "a.png", "a binary file"),
        (WHOLE + BESIDE, "(lines of no file)", "2 lines of the patch belong to no file"),
    ],
    ids=["cut", "mode", "submodule", "binary", "beside"],
)
def test_what_nobody_can_read_makes_a_review_incomplete(
    program: Program, patch: bytes, path: str, why: str
) -> None:
    done = program.run("review", "--patch", "-", "--format", "json", input=patch)
    assert done.code == 3, done.err
    assert json.loads(done.out)["is_complete"] is False
    assert f"{path} (" in done.err
    assert why in done.err


def test_a_whole_patch_is_read(program: Program) -> None:
    done = program.run("review", "--patch", "-", "--format", "json", input=WHOLE)
    assert done.code == 0, done.err
    assert json.loads(done.out)["is_complete"] is True


def test_a_review_refuses_the_keyboard_as_a_patch(program: Program) -> None:
    done = program.run_on_terminal("review", "--patch", "-")
    assert done.code == 2
    assert "git diff | xreview-tui --patch -" in done.out


@pytest.mark.parametrize("words", [["review"], []], ids=["review", "app"])
def test_a_device_is_refused(program: Program, words: list[str]) -> None:
    done = program.run_on_terminal(*words, "--patch", "/dev/zero", keys=b"q")
    assert done.code == 2, done.out
    assert "it's a device" in done.out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_silent_pipe_can_be_interrupted(program: Program, number: int) -> None:
    code_of = (
        "import sys, xreview.repo.patch.input as source;"
        "real = source.PatchInput._of_pipe;"
        "told = lambda *a: (print('reading', flush=True), (yield from real(*a)))[1];"
        "source.PatchInput._of_pipe = told;"
        "from xreview.cli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [program.command()[0], "-c", code_of, "review", "--patch", "-"],
        cwd=program.folder,
        env=program.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"reading\n"
    process.send_signal(number)
    assert process.wait(TIMEOUT) == 130
    assert b"Traceback" not in process.stderr.read()
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()


def test_the_app_can_be_left_while_a_pipe_is_silent(program: Program) -> None:
    master, slave = pty.openpty()
    reading, writing = os.pipe()
    process = subprocess.Popen(
        program.command("--patch", "-"),
        cwd=program.folder,
        env=program.environ,
        stdin=reading,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0),
    )
    os.close(slave)
    os.close(reading)
    shown = b""
    while b"\x1b[?1049h" not in shown:
        assert select.select([master], [], [], TIMEOUT)[0], shown
        shown += os.read(master, 65536)
    os.write(master, b"q")
    try:
        while select.select([master], [], [], TIMEOUT)[0] and os.read(master, 65536):
            pass
    except OSError:  # Linux's way to say that the other side was closed
        pass
    assert process.wait(TIMEOUT) == 0
    os.close(writing)
    os.close(master)
