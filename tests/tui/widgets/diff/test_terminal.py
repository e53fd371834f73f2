"""What the code pane really writes to a terminal."""

import os
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from xreview.tui.themes.files import available_themes

COLOUR = re.compile(
    rb"\x1b\[[0-9;]*?(?:(?<=[\[;])(?:[349][0-7]|10[0-7]|[34]8;[25])(?=[;m]))[0-9;]*m"
)
TRUE_COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?[34]8;[25];")
DEADLINE = 60.0


def written(theme: str, **environment: str) -> bytes:
    """All bytes written from the start to the end of the program, side by side included."""
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, (24, 100))
    root = Path(__file__).parents[4]
    clean = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.tui.widgets.diff.terminal_host", theme],
        stdin=slave, stdout=slave, stderr=slave, cwd=root, start_new_session=True,
        env={**clean, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
    )  # fmt: skip
    os.close(slave)
    out = b""
    keys = [b"v", b"q"]
    end = time.monotonic() + DEADLINE
    try:
        while time.monotonic() < end:
            if not select.select([master], [], [], 0.2)[0]:
                continue
            try:
                out += os.read(master, 65536)
            except OSError:
                break
            if keys and out.count(b"\x07") > 2 * (3 - len(keys)):
                os.write(master, keys.pop(0))
        assert program.wait(10) == 0, out[-2000:]
    finally:
        program.kill()
        program.wait()
        os.close(master)
    return out


@pytest.mark.parametrize("theme", available_themes().themes)
def test_hostile_text_reaches_the_terminal_only_as_glyphs(theme: str) -> None:
    out = written(theme)
    assert "return" in out.decode("utf-8")
    assert "␛".encode() in out
    assert b"\x1b]52" not in out
    assert "\u202e".encode() not in out
    assert "\x9b".encode() not in out
    assert b"\x1b[31mred" not in out


def test_the_terminal_theme_writes_no_true_colour() -> None:
    out = written("terminal")
    assert not TRUE_COLOUR.search(out)
    assert COLOUR.search(out)


def test_other_themes_write_true_colour() -> None:
    assert TRUE_COLOUR.search(written("dark"))


def test_without_colour_no_colour_is_written_but_all_is_told() -> None:
    out = written("dark", NO_COLOR="1")
    assert not COLOUR.search(out)
    assert b"\x1b[7m" in out or b";7m" in out, "the cursor"
    assert b"\x1b[1m" in out, "signs and changed words"
    for sign in ("▲", "┃"):
        assert sign.encode() in out
