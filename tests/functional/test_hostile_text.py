"""Hostile text through every surface: none of it may reach the terminal as a control sequence."""

import re
from pathlib import Path

import pytest

from tests.fakes.hostile_app import HOSTILE_NAME, HOSTILE_QUOTE
from tests.functional.terminal import Terminal
from tests.repo.builder import Builder

BIDI_AND_INVISIBLE = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff"
)


PROJECT = Path(__file__).parents[2]


def unsafe_parts(output: bytes) -> list[str]:
    """What in the bytes came from hostile text and would act on a terminal."""
    text = output.decode("utf-8", "replace")
    found = [
        name for name in ("aG9zdGlsZQ==\x07", "\x1b]52;c;aG9z", "\x1bc", "\x1bP1") if name in text
    ]
    found += re.findall(r"\x1b\[31;7m|\x1b\[2J\x1b\[H(?=.)", text)
    found += [
        f"U+{ord(c):04X}" for c in set(text) if 0x80 <= ord(c) < 0xA0 or c in BIDI_AND_INVISIBLE
    ]
    found += [f"U+{ord(c):04X}" for c in set(text) & set("\x00\x0b\x0c")]
    return found


@pytest.fixture
def repository(tmp_path):
    made = Builder(tmp_path / "project")
    made.write(HOSTILE_NAME, "x = 1\n")
    made.commit(f"message {HOSTILE_QUOTE}")
    made.write(HOSTILE_NAME, f"x = '{HOSTILE_QUOTE}'\ny = 2\n")
    made.write(f"{HOSTILE_QUOTE.replace('/', '')}/other.py", f"# {HOSTILE_QUOTE}\n")
    return made


SURFACES = {
    "list, code and panes": "",
    "every pane": "\t\t\t123zz",
    "side by side": "2v]}{[",
    "reject dialog": "r",
    "note and its prompt": "nabc\r",
    "escalate": "ep",
    "help": "?",
    "details": "d",
    "palette": "\x10",
    "filter by this file": "ff",
    "sorted by file": "sf",
    "file tree": "T",
    "search for what is not there": f"/{'nothing'}\r",
    "theme dialog": "t",
    "selection": "xxA",
    "export dialog": "E",
    "copy": "y",
}


@pytest.mark.parametrize("size", [(160, 48), pytest.param((70, 24), marks=pytest.mark.endurance)])
def test_no_hostile_byte_reaches_the_terminal(repository, tmp_path, size):
    with Terminal(
        repository.top,
        home=tmp_path / "home",
        size=size,
        program="tests.fakes.hostile_app",
        extra={"PYTHONPATH": str(PROJECT)},
    ) as terminal:
        terminal.wait_for("⚠ not read: ")
        for surface, keys in SURFACES.items():
            terminal.type(keys)
            terminal.read(0.6)
            assert terminal.process.poll() is None, (surface, terminal.text()[-2000:])
            assert unsafe_parts(terminal.output) == [], surface
            terminal.type("\x1b")
            terminal.read(0.3)
        assert "H0" in terminal.text(), "the hostile text was on the screen"
        assert "N0" in terminal.text(), "and so was the hostile name"
