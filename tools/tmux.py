"""A program in a real terminal: a tmux server of its own, keys typed into it, its screen read."""

import itertools
import os
import re
import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 60.0
"""Seconds, on a machine that does other things as well."""

_POLL = 0.05
_CALM = 6
"""So many equal screens in a row are taken as the last one."""

_NUMBERS = itertools.count()
_SETTINGS = (
    ("status", "off"),
    ("escape-time", "0"),
    ("default-terminal", "tmux-256color"),
    ("terminal-overrides", ",*:Tc"),
    ("remain-on-exit", "on"),
)


class TmuxPane:
    """One run of a program in a tmux pane. Keys have tmux's names: `Enter`, `C-p`, `BTab`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        size: tuple[int, int] = (160, 48),
    ) -> None:
        self.size = size
        self._socket = f"xreview-{os.getpid()}-{next(_NUMBERS)}"
        columns, rows = map(str, size)
        settings = [word for pair in _SETTINGS for word in (";", "set-option", "-g", *pair)]
        self._tmux(
            *("start-server", *settings, ";"),
            *("new-session", "-d", "-x", columns, "-y", rows, "-c", str(folder)),
            shlex.join(["env", "TERM=tmux-256color", "COLORTERM=truecolor", *command]),
            environment={"LANG": "C.UTF-8", **environment},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        socket = self._tmux("display-message", "-p", "#{socket_path}").strip()
        self._tmux("kill-server")
        Path(socket).unlink(missing_ok=True)

    def press(self, *keys: str) -> None:
        """Type keys, all at once."""
        self._tmux("send-keys", *("\\;" if key == ";" else key for key in keys))

    def screen(self, *, styled: bool = False) -> list[str]:
        """The rows on the screen, with their colours as escape sequences if `styled`."""
        shown = self._tmux("capture-pane", "-p", *(("-e",) if styled else ()))
        rows = shown.split("\n")[:-1]
        return rows + [""] * (self.size[1] - len(rows))

    def wait_for(self, *texts: str) -> list[str]:
        """Wait until all texts are on the screen, and return its rows.

        Raises TimeoutError with what is there instead.
        """
        end = time.monotonic() + PATIENCE
        while not all(text in "\n".join(rows := self.screen()) for text in texts):
            if time.monotonic() > end:
                raise TimeoutError(f"{texts} never came. What came:\n" + "\n".join(rows))
            time.sleep(_POLL)
        return rows

    def settled(self) -> list[str]:
        """Wait until the screen no longer changes, and return its rows."""
        end = time.monotonic() + PATIENCE
        last, equal = self.screen(), 0
        while equal < _CALM and time.monotonic() < end:
            time.sleep(_POLL)
            now = self.screen()
            last, equal = now, equal + 1 if now == last else 0
        return last

    def widths(self, texts: Sequence[str]) -> list[int]:
        """The columns that each text takes in this terminal."""
        plain = [re.sub(r"[#,{}:%\\]", "x", text) for text in texts]  # formats give them a meaning
        answer = self._tmux("display-message", "-p", " ".join(f"#{{w:{text}}}" for text in plain))
        return [int(number) for number in answer.split()]

    @property
    def is_over(self) -> bool:
        """Whether the program has ended."""
        return self._tmux("display-message", "-p", "#{pane_dead}").strip() == "1"

    def _tmux(self, *words: str, environment: Mapping[str, str] | None = None) -> str:
        command = ["tmux", "-u", "-L", self._socket, "-f", os.devnull, *words]
        done = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
        if done.returncode:
            raise OSError(f"tmux {words[0]}: {done.stderr.strip()}")
        return done.stdout
