"""The real program on a real pseudo-terminal: type keys, wait for text, look at the bytes."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.repo.builder import isolated_environment

PATIENCE = 40.0
_SEQUENCE = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-B]|\x1b[=>78]"
)


def environment(home: Path) -> dict[str, str]:
    """A fresh machine's, with a colour terminal."""
    home.mkdir(parents=True, exist_ok=True)
    kept = isolated_environment(home)
    for name in ("NO_COLOR", "TEXTUAL_THEME", "COLUMNS", "LINES", "VISUAL", "EDITOR", "TMUX"):
        kept.pop(name, None)
    return kept | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "XREVIEW_CONFIG_DIR": str(home / "config"),
        "XREVIEW_DATA_DIR": str(home / "data"),
        "PYTHONUTF8": "1",
    }


class Terminal:
    """One run of `xreview-tui` in a repository; `output` is every byte it wrote."""

    def __init__(
        self,
        repository: Path,
        *options: str,
        home: Path,
        size: tuple[int, int] = (160, 48),
        extra: dict[str, str] | None = None,
        program: str = "xreview",
        shell: str = "",
        leader: str = "",
    ) -> None:
        """`shell` is a script to run instead, by an interactive bash on the terminal.

        `leader` is one for a bash without job control.
        """
        self._master, self._slave = pty.openpty()
        self.resize(*size)
        self.modes_before = termios.tcgetattr(self._slave)
        self.output = b""
        self._is_gone = False
        self.process = subprocess.Popen(
            ["bash", "-c", f"set -m; {shell}"]
            if shell
            else ["bash", "-c", leader]
            if leader
            else [sys.executable, "-m", program, *options],
            cwd=repository,
            env=environment(home) | (extra or {}),
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if not self._is_gone:
            self.hang_up()

    def hang_up(self) -> None:
        """Close the terminal, as a window is closed."""
        self._is_gone = True
        os.close(self._slave)
        os.close(self._master)

    def type(self, keys: str) -> None:
        """Send keys as a person would type them, all at once."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Give it another size, as a window is resized."""
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds: float) -> None:
        """Take in what it writes during that time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self._master], [], [], left)[0]:
                try:
                    self.output += os.read(self._master, 65536)
                except OSError:
                    return

    def wait_for(self, text: str, start: int = 0) -> None:
        """Until it has written this text (style changes aside) after byte `start`."""
        end = time.monotonic() + PATIENCE
        while text not in self.text(start):
            if time.monotonic() > end or (self.process.poll() is not None and not self._more()):
                raise AssertionError(f"{text!r} never came. What came:\n{self.text(start)[-3000:]}")
            self.read(0.05)

    def wait_for_end(self) -> int:
        """Until it has ended; the exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"It never ended. What came:\n{self.text()[-3000:]}")
            self.read(0.05)
        self.read(0.1)
        return self.process.returncode

    def text(self, start: int = 0) -> str:
        """What was written, without the terminal's own sequences."""
        return _SEQUENCE.sub(b"", self.output[start:]).decode("utf-8", "replace")

    @property
    def modes(self) -> list[object]:
        """The terminal's line discipline now."""
        return termios.tcgetattr(self._slave)

    def _more(self) -> bool:
        before = len(self.output)
        self.read(0.1)
        return len(self.output) > before
