"""Nothing that the program started outlives it."""

import subprocess
import sys
import time
from pathlib import Path

PROGRAM = """
import os, sys, threading, time
from pathlib import Path
from xreview.__main__ import _end_process
from xreview.repo.hardened.process import GIT_PROGRAM, GitProcess

def start(folder):
    while True:
        GitProcess(("status",), folder, {GIT_PROGRAM: str(folder / "bin" / "git")})

threading.Thread(target=start, args=(Path(sys.argv[1]),), daemon=True).start()
time.sleep(0.3)
_end_process(0)
"""


def test_a_thread_that_goes_on_at_the_end_leaves_no_process(tmp_path: Path) -> None:
    log = tmp_path / "started"
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(f"#!/bin/sh\necho $$ >> '{log}'\nexec sleep 20\n")
    git.chmod(0o755)
    environ = {"PATH": f"{git.parent}:/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], env=environ, check=True)
    time.sleep(0.2)  # for one that was just started to write its line
    started = [int(row) for row in log.read_text().split()]
    assert started
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
