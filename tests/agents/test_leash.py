"""What a program starts doesn't outlive it, however it ends."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.agents.playing import alive
from xreview.agents.running.leash import MARKER
from xreview.agents.running.pipes import Pipes

STARTS = """
import asyncio, os, sys
from pathlib import Path
from xreview.agents.running.pipes import Pipes

async def main():
    folder, script = Path(sys.argv[1]), sys.argv[2]
    pipes = await Pipes.open(("/bin/sh", "-c", script), folder, dict(os.environ))
    await pipes.give(b"")
    while not (folder / "begun").exists():
        await asyncio.sleep(0.02)
    print(pipes.pid, flush=True)
    await pipes.exited.wait()

asyncio.run(main())
"""
IGNORES = "trap '' TERM HUP INT; echo $$ >> pids; "
TURNS = "sleep 600 & echo $! >> pids; touch begun; wait"
LEAVES = "setsid sh -c 'echo $$ >> pids; touch begun; exec sleep 600'"


def started(folder: Path, script: str, **environ: str) -> "subprocess.Popen[str]":
    """A program of ours that started another one."""
    return subprocess.Popen(
        [sys.executable, "-c", STARTS, str(folder), script],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize(
    ("script", "marker"),
    [
        (IGNORES + TURNS, ""),
        pytest.param(
            IGNORES + LEAVES,
            "run-of-this-test",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
        ),
    ],
    ids=["in its group", "in a session of its own"],
)
def test_it_ends_with_the_process_that_started_it(tmp_path, script, marker, number):
    process = started(tmp_path, script, **{MARKER: marker})
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    pids = [pid, *map(int, (tmp_path / "pids").read_text().split())]
    assert len(pids) == 3
    os.kill(pid, 0)
    process.send_signal(number)
    process.wait()
    process.stdout.close()
    assert alive(pids) == []


async def output_of(script: str, folder: Path, environment: Mapping[str, str]) -> bytes:
    pipes = await Pipes.open(("/bin/sh", "-c", script), folder, environment)
    with suppress(OSError):  # it can have ended already
        await pipes.give(b"given\n")
    said = await pipes.stdout.read()
    await pipes.exited.wait()
    os.killpg(pipes.pid, signal.SIGKILL)
    pipes.close()
    return said


async def test_it_is_started_as_without(tmp_path):
    given = {"PATH": os.environ["PATH"], "A": "caf\udce9", "B": ""}
    said = await output_of("cat; env -0; echo $$; ps -o pgid= -p $$", tmp_path, given)
    first, *rest = said.split(b"\n", 1)
    assert first == b"given"
    *variables, pids = rest[0].split(b"\0")
    found = dict(one.split(b"=", 1) for one in variables)
    for added in (b"PWD", b"_", b"SHLVL", b"OLDPWD"):
        found.pop(added, None)
    assert found == {os.fsencode(name): os.fsencode(value) for name, value in given.items()}
    own, group = map(int, pids.split())
    assert own == group
    kept = {**given, "LC_CTYPE": "C.UTF-8"}
    assert await output_of("echo $LC_CTYPE", tmp_path, kept) == b"C.UTF-8\n"


async def test_a_broken_pipe_ends_it_as_usual(tmp_path):
    """Python ignores SIGPIPE, which a program that it becomes would inherit."""
    said = await output_of("(sh -c 'kill -PIPE $$; echo ignored'; true)", tmp_path, os.environ)
    assert said == b""


async def test_how_it_ended_is_told(tmp_path):
    for script, code in (("exit 7", 7), ("kill -9 $$", -9)):
        pipes = await Pipes.open(("/bin/sh", "-c", script), tmp_path, os.environ)
        await pipes.exited.wait()
        assert pipes.returncode == code
        pipes.close()


async def test_one_that_can_not_be_started_is_told(tmp_path):
    plain = tmp_path / "plain"
    plain.write_text("no program\n")
    for program, number in ((tmp_path / "none", errno.ENOENT), (plain, errno.EACCES)):
        with pytest.raises(OSError, match=os.strerror(number)) as caught:
            await Pipes.open((str(program),), tmp_path, {})
        assert caught.value.errno == number


async def test_nothing_of_the_folder_is_run(tmp_path):
    """The folder is one that an agent changes."""
    for name in ("os", "signal", "sitecustomize", "contextlib"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(66)\n")
    hostile = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONSTARTUP": "os.py"}
    assert await output_of("echo $PYTHONSTARTUP", tmp_path, hostile) == b"os.py\n"
