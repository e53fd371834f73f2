"""The program as a real process, away from the machine's own configuration and folders."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path

from tests.cli.forks import first_process
from tests.repo.builder import isolated_environment

TIMEOUT = 120  # seconds; for a process that hangs, not for one that is slow


@dataclass(frozen=True)
class Done:
    """What a run of the program left."""

    code: int
    out: str
    err: str


class Program:
    """Runs `python -m xreview` in a folder with a home of its own."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home = home
        self.folder = folder
        self.config = home / "config"
        self.data = home / "data"
        self.config.mkdir(parents=True, exist_ok=True)
        self.environ = {
            name: value
            for name, value in isolated_environment(home).items()
            if not name.startswith("XREVIEW_")
            and name
            not in ("EDITOR", "VISUAL", "NO_COLOR", "TMUX", "STY", "COLORTERM", "COLUMNS", "LINES")
        } | {
            "XREVIEW_CONFIG_DIR": str(self.config),
            "XREVIEW_DATA_DIR": str(self.data),
            "XREVIEW_LOCAL_PORTS": "",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "TERM": "xterm-256color",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "xreview", *words]

    def run(self, *words: str, input: bytes = b"", **environ: str) -> Done:
        """Run to the end, forked where that is the same as starting Python."""
        env = self.environ | environ
        forks = first_process(env)
        # Some tests put another command in place of the program's.
        if forks is None or not forks.can_start(env) or "command" in vars(self):
            return self.run_afresh(*words, input=input, **environ)
        return _done(forks.run(words, cwd=self.folder, env=env, input=input, timeout=TIMEOUT))

    def run_afresh(self, *words: str, input: bytes = b"", **environ: str) -> Done:
        """Run to the end, by a start of Python."""
        return _done(
            subprocess.run(
                self.command(*words),
                cwd=self.folder,
                env=self.environ | environ,
                input=input,
                capture_output=True,
                timeout=TIMEOUT,
            )
        )

    def run_on_terminal(
        self, *words: str, input: bytes | None = None, keys: bytes = b"", **environ: str
    ) -> Done:
        """Run on a pseudo-terminal of its own, as its controlling terminal; what the terminal
        shows is `out`. With `input`, standard input is a pipe that brings it."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        process = subprocess.Popen(
            self.command(*words),
            cwd=self.folder,
            env=self.environ | environ,
            stdin=slave if input is None else subprocess.PIPE,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        if input is not None:
            process.stdin.write(input)
            process.stdin.close()
        if keys:
            os.write(master, keys)
        shown = _read_to_end(master)
        os.close(master)
        return Done(process.wait(TIMEOUT), shown.decode(errors="replace"), "")


def _done(process: "subprocess.CompletedProcess[bytes]") -> Done:
    assert b"Traceback" not in process.stderr, process.stderr.decode()
    return Done(process.returncode, process.stdout.decode(), process.stderr.decode())


def _read_to_end(descriptor: int) -> bytes:
    shown = b""
    while True:
        ready, _, _ = select.select([descriptor], [], [], TIMEOUT)
        if not ready:
            raise TimeoutError(shown)
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:  # Linux's way to say that the other side was closed
            return shown
        if not chunk:
            return shown
        shown += chunk
