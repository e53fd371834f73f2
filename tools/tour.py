"""Records the tour of the demonstration: `make tour`.

    python tools/tour.py [--until STEP] [FOLDER]

Runs the real `xreview-tui demo` in a tmux pane, types `STEPS`, and writes `tour.cast` (asciinema
v2) and `tour.svg` (an animation without a script) into FOLDER (default `docs`). Keys are given by
the ids of actions, so that the tour survives a change of keys; a step whose action is missing is
skipped.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.tmux import TmuxPane  # noqa: E402
from tools.tour_files import MOST_BYTES, Frame, cast, svg  # noqa: E402

from xreview.tui.actions import ACTIONS_BY_ID  # noqa: E402
from xreview.tui.keys import key_label  # noqa: E402

SIZE = (120, 34)
SEEN = 0.12
"""Seconds in the recording for a screen that a later one follows at once."""

WATCHED = 5.0
"""Seconds between two screens that change by themselves; they play at twice the speed."""

_TMUX = {"Esc": "Escape", "PgDn": "PageDown", "PgUp": "PageUp", "Shift+Tab": "BTab"}


@dataclass(frozen=True)
class Step:
    """Something typed: an action, then keys as tmux names them, then time to read."""

    name: str
    action: str
    keys: tuple[str, ...] = ()
    pause: float = 1.5
    text: str = ""
    """What is typed after the keys, a few letters at a time."""

    then: tuple[str, ...] = ()


STEPS = (
    Step("contested", "cursor.first", pause=6),
    Step("accept", "finding.accept", pause=2),
    Step("next", "finding.next", pause=4),
    Step("reject", "finding.reject", pause=2),
    Step("why", "", ("w",), pause=2),
    Step("escalate", "finding.escalate", pause=2),
    Step("a colleague", "", ("p",), pause=2, then=("Enter",)),
    Step("conflict", "", pause=5),
    Step("take a side", "finding.accept", pause=3),
    Step("the first", "", ("1",), pause=3),
    Step("code", "pane.code", pause=1.5),
    Step(
        "own finding",
        "finding.write",
        ("m", "Enter"),
        pause=1,
        text="No test covers this",
        then=("C-d",),
    ),
    Step("findings", "pane.findings", pause=1.5),
    Step("filter", "find.filter", pause=3, then=("Escape",)),
    Step("export", "review.export", pause=3, then=("Escape",)),
)


class Recording:
    """The screens so far, each with the second at which it appears."""

    def __init__(self, pane: TmuxPane) -> None:
        self._pane = pane
        self._now = 0.0
        self.frames: list[Frame] = []

    def play(self, step: Step) -> None:
        """Type a step, and keep what it shows for as long as it takes to read."""
        if step.action and step.action not in ACTIONS_BY_ID:
            print(f"There is no action {step.action}: “{step.name}” is skipped.")
            return
        keys = (_key(step.action),) if step.action else ()
        typed = re.findall(".{1,10}", step.text)  # a screen for each few letters
        for key in (*keys, *step.keys, *typed):
            self._pane.press(key)
            self._look()
        self._wait(step.pause)
        for key in step.then:
            self._pane.press(key)
            self._look()
            self._wait(1)

    def watch(self, text: str, longest: float) -> None:
        """Record what happens by itself until a text is there, a few screens of it."""
        end = time.monotonic() + longest
        self._pane.wait_for("Findings")
        while text not in "\n".join(self._pane.screen()):
            if time.monotonic() > end:
                raise TimeoutError(f"{text!r} never came")
            self._keep(self._pane.screen(styled=True))
            time.sleep(WATCHED)
            self._wait(WATCHED / 2)
        self._look()

    def _look(self) -> None:
        self._pane.settled()
        self._keep(self._pane.screen(styled=True))
        self._wait(SEEN)

    def _wait(self, seconds: float) -> None:
        self._now += seconds

    def _keep(self, rows: list[str]) -> None:
        if not self.frames or self.frames[-1].rows != tuple(rows):
            self.frames.append(Frame(self._now, tuple(rows)))

    @property
    def seconds(self) -> float:
        """How long it takes, with a moment at the end."""
        return self._now + 2


def record(steps: tuple[Step, ...], size: tuple[int, int] = SIZE) -> Recording:
    """Run the demonstration in a temporary home, and type the steps."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name not in ("TMUX", "NO_COLOR")
            },
            "XREVIEW_LOCAL_PORTS": "",
            "XREVIEW_CONFIG_DIR": f"{home}/config",
            "XREVIEW_DATA_DIR": f"{home}/data",
        }
        command = [sys.executable, "-m", "xreview", "demo"]
        with TmuxPane(command, folder=Path(home), environment=environment, size=size) as pane:
            recording = Recording(pane)
            recording.watch("all read", 300)
            for step in steps:
                recording.play(step)
            pane.press(_key("app.quit"))
        return recording


def write(recording: Recording, folder: Path, size: tuple[int, int] = SIZE) -> None:
    """Write both files. Raises ValueError if the picture is too large."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = svg(recording.frames, recording.seconds, size)
    if len(picture.encode()) > MOST_BYTES:
        raise ValueError(f"The picture has {len(picture.encode()):,} bytes: drop a step.")
    (folder / "tour.svg").write_text(picture, "utf-8")
    (folder / "tour.cast").write_text(cast(recording.frames, recording.seconds, size), "utf-8")


def _key(action: str) -> str:
    """The first key of an action, as tmux names it."""
    label = key_label(ACTIONS_BY_ID[action].keys[0])
    if label.startswith("Ctrl+"):
        return f"C-{label.removeprefix('Ctrl+').lower()}"
    return _TMUX.get(label, label)


def main() -> int:
    """Record the tour."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs")
    parser.add_argument("--until", metavar="STEP", choices=[step.name for step in STEPS])
    given = parser.parse_args()
    names = [step.name for step in STEPS]
    steps = STEPS[: names.index(given.until) + 1] if given.until else STEPS
    write(record(steps), given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
