"""Draws what the app's processor time goes into, as a flame graph.

    python tools/flame_graph.py start REPOSITORY docs/flame_start.svg
    python tools/flame_graph.py key REPOSITORY docs/flame_key.svg

start: the first two seconds, from the launch on; py-spy slows it. key: five seconds of a held `j`
in the code, after all was read. Run it with the interpreter that has the app and `py-spy`
(`pip install py-spy`). The width of a box is the share of the samples in which the function, or
one that it called, held the interpreter: waiting doesn't count. Narrow boxes are left out. The
picture is a plain SVG without scripts, so that it can be shown anywhere.
"""

import argparse
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPY = shutil.which("py-spy") or str(Path(sys.executable).with_name("py-spy"))
WIDTH, ROW, LEAST, LETTER = 1400, 17, 4.0, 6.2
START_SECONDS, KEY_SECONDS, KEYS_PER_SECOND = 2, 5, 30
READING_SECONDS, QUIET_SECONDS = 120.0, 3.0
"""The app draws nothing more once all is read."""

COLORS = {"xreview": "#e0995e", "textual": "#7ba7d9", "rich": "#9fc0e0"}
OTHER = "#c9c4b8"


@dataclass
class Frame:
    """A function with the samples in it and in what it called."""

    name: str
    samples: int = 0
    called: dict[str, "Frame"] = field(default_factory=dict)

    def add(self, names: Sequence[str], samples: int) -> None:
        """Count samples of a stack that goes on with these names."""
        self.samples += samples
        if names:
            self.called.setdefault(names[0], Frame(names[0])).add(names[1:], samples)


class Terminal:
    """The app, or py-spy with the app in it, on a terminal of 160 × 48."""

    def __init__(self, command: Sequence[str], folder: Path, home: str) -> None:
        self.pid, self._end = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            source = {"PYTHONPATH": str(ROOT / "src"), "HOME": home}
            os.execvpe(command[0], command, os.environ | source | {"TERM": "xterm-256color"})
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", 48, 160, 0, 0))

    def wait(self, seconds: float, quiet: float | None = None) -> None:
        """Read what is drawn for some seconds, at most until nothing was drawn for `quiet`."""
        now = last = time.monotonic()
        end = now + seconds
        while now < end and (quiet is None or now < last + quiet):
            if select.select([self._end], [], [], min(end - now, 0.05))[0]:
                try:
                    os.read(self._end, 65536)
                except OSError:  # ended
                    return
                last = time.monotonic()
            now = time.monotonic()

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._end, keys.encode())

    def end(self) -> None:
        """End the program."""
        os.kill(self.pid, signal.SIGTERM)
        self.wait(1)
        os.close(self._end)
        os.waitpid(self.pid, 0)


def main() -> None:
    """Record and draw one of the two pictures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("what", choices=("start", "key"))
    parser.add_argument("repository", type=Path)
    parser.add_argument("picture", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        record = record_start if arguments.what == "start" else record_key
        stacks = record(arguments.repository, home)
    title = {
        "start": "The first two seconds of xreview-tui, from its launch",
        "key": "xreview-tui while j is held in the code",
    }[arguments.what]
    arguments.picture.write_text(drawn(tree_of(stacks), title))


def record_start(repository: Path, home: str) -> str:
    """Return the stacks of a second start."""
    app = [sys.executable, "-m", "xreview"]
    first = Terminal(app, repository, home)  # writes the bytecode
    first.wait(3)
    first.end()
    kept = Path(home) / "stacks"
    options = ["-d", str(START_SECONDS), "-r", "500", "-g", "-f", "raw", "-o", str(kept)]
    recorded = Terminal([SPY, "record", *options, "--", *app], repository, home)
    recorded.wait(START_SECONDS + 5)
    recorded.end()
    return kept.read_text()


def record_key(repository: Path, home: str) -> str:
    """Return the stacks of a key held in the code."""
    app = Terminal([sys.executable, "-m", "xreview"], repository, home)
    app.wait(READING_SECONDS, QUIET_SECONDS)
    app.press("2g")
    app.wait(1)
    kept = Path(home) / "stacks"
    options = ["-d", str(KEY_SECONDS), "-r", "500", "-g", "-f", "raw", "-o", str(kept)]
    spy = os.spawnv(os.P_NOWAIT, SPY, [SPY, "record", *options, "-p", str(app.pid)])
    for _ in range((KEY_SECONDS + 1) * KEYS_PER_SECOND):
        app.press("j")
        app.wait(1 / KEYS_PER_SECOND)
    os.waitpid(spy, 0)
    app.end()
    return kept.read_text()


def tree_of(stacks: str) -> Frame:
    """py-spy's lines (`function (file:line);… samples`) as one tree, without the line numbers."""
    root = Frame("all")
    for line in stacks.splitlines():
        stack, _, samples = line.rpartition(" ")
        names = [re.sub(r":\d+\)$", ")", name) for name in stack.split(";")]
        shown = [name for name in names if "importlib" not in name and "<frozen" not in name]
        root.add(shown, int(samples))
    return root


def drawn(root: Frame, title: str) -> str:
    """Return the picture."""
    boxes: list[str] = []
    deepest = draw(root, 0.0, 0, WIDTH / max(root.samples, 1), boxes)
    height = (deepest + 3) * ROW
    legend = "orange: xreview · blue: Textual and Rich · grey: Python and other packages"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="monospace" font-size="10">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fffdf8"/>'
        f'<text x="6" y="13" font-size="12">{title} ({root.samples} samples; {legend})</text>'
        + "".join(boxes)
        + "</svg>\n"
    )


def draw(frame: Frame, left: float, level: int, scale: float, boxes: list[str]) -> int:
    """Add the box of a frame and of what it called; the deepest level that has one."""
    width = frame.samples * scale
    if width < LEAST:
        return level - 1
    letters = int((width - 4) / LETTER)
    label = frame.name if len(frame.name) <= letters else frame.name[: max(letters - 1, 0)] + "…"
    top = (level + 1.5) * ROW
    boxes.append(
        f'<rect x="{left:.1f}" y="{top:g}" width="{width - 0.5:.1f}" height="{ROW - 1}" '
        f'fill="{color_of(frame.name)}"/>'
    )
    if letters > 3:
        boxes.append(f'<text x="{left + 2:.1f}" y="{top + 12:g}">{escape(label)}</text>')
    deepest = level
    for one in sorted(frame.called.values(), key=lambda one: -one.samples):
        deepest = max(deepest, draw(one, left, level + 1, scale, boxes))
        left += one.samples * scale
    return deepest


def color_of(name: str) -> str:
    """Return the colour of whose code a function is."""
    return next((color for part, color in COLORS.items() if f"{part}/" in name), OTHER)


if __name__ == "__main__":
    main()
