"""This machine's programs that fill the clipboard, where the terminal's own way is blocked."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from xreview.domain.record import dataclass
from xreview.hardening.programs import find_program, search_path

_SECONDS = 2.0
_PASSED_ON = (
    "HOME", "LANG", "LC_ALL", "TMPDIR", "TMUX", "TMUX_TMPDIR", "DISPLAY", "XAUTHORITY",
    "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClipboardProgram:
    """A program that takes the text from standard input.

    `needs` is the variable that says that its display or server is there; "" for none.
    """

    name: str
    arguments: tuple[str, ...] = ()
    needs: str = ""


CLIPBOARD_PROGRAMS = (
    ClipboardProgram("tmux", ("load-buffer", "-w", "-"), "TMUX"),
    ClipboardProgram("wl-copy", (), "WAYLAND_DISPLAY"),
    ClipboardProgram("xclip", ("-selection", "clipboard", "-in"), "DISPLAY"),
    ClipboardProgram("xsel", ("--clipboard", "--input"), "DISPLAY"),
    ClipboardProgram("pbcopy"),
)
"""In the order in which they're tried."""


def copy_with_program(text: str, environ: Mapping[str, str], folders: Sequence[Path]) -> str:
    """Return the name of the first program that took the text, "" for none. Blocks for seconds.

    No program is taken from `folders` (`hardening.programs.repository_folders`), and it gets only
    the variables that it needs, so no keys.
    """
    content = text.encode("utf-8", "replace")
    passed_on = {name: environ[name] for name in _PASSED_ON if name in environ}
    passed_on["PATH"] = search_path(environ, folders)
    for one in CLIPBOARD_PROGRAMS:
        if one.needs and not environ.get(one.needs):
            continue
        program = find_program(one.name, environ, folders)
        if program is not None and _runs([str(program), *one.arguments], content, passed_on):
            return one.name
    return ""


def _runs(command: Sequence[str], content: bytes, environ: Mapping[str, str]) -> bool:
    try:
        # No pipes for its output: xclip leaves a process behind that would keep them open.
        done = subprocess.run(
            command,
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            cwd=os.sep,
            timeout=_SECONDS,
            start_new_session=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
