"""How many keys it takes to decide the demonstration's findings, with both sides seen.

    python bench/keystrokes.py [--source DIR] [--focus KEY]… [--trace]

DIR is another checkout, whose program runs with this Python (default: this one). It runs in a tmux
pane of 160×48; only keys go in, and only what is on the screen counts. A finding may be decided
once the beginning of its claim and of what speaks against it have been on the screen. Where they
aren't, the disagreement pane takes the focus (`--focus`, default `4`), is zoomed, scrolled until
they are there, and unzoomed, so that every decision is made with the code in sight.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.tmux import TmuxPane  # noqa: E402

Sides = tuple[tuple[str, ...], tuple[str, ...]]

SIDES: tuple[Sides, ...] = (
    (("A request that arrives during",), ("LEEWAY starts the refresh",)),
    (("Every new address adds",), ("allows calls _forget",)),
    (("The value has no time",), ("No time here is",)),
    (("A value that isn't a",), ("The comparison accepts numbers",)),
    (("The caller can't",), ("reason is always a",)),
    (("The balance was a",), ("It does cost more",)),
    (("The handler books the",), ("Both options lose something",)),
    (("The processor resends an",), ("Correct: between the check",)),
    (("The response to a",), ("Correct: Bank says that",)),
    (("The sender of the", "The client can set"), ("Correct. The load balancer",)),
    (("Every database error is", "A broad handler that"), ("Correct, and callers depend",)),
    (("parse checks account and",), ("Correct. parse ends in",)),
    (("The caller can't",), ("Correct: 0 is a",)),
    (("subprocess.run doesn't raise",), ()),
    (("With the handler below",), ()),
)
"""The beginnings of each finding's claims, and of the answers; none for a finding with no answer.

Either of two claims will do, and then the other is an answer too.
"""

LONGEST = 120.0
"""Seconds for the whole review."""

CALM = 25
"""So many equal screens, five in a second, mean that everyone has answered."""

MOST_SCROLLS = 8
SLOWEST = 3.0
"""Seconds after which a key that changed nothing is taken to have done nothing."""
ANSWERS = ("1", "Enter", "Escape")
"""What is tried, in this order, if a decision asks something."""


class Sitting:
    """A reader who sees the screen and types."""

    def __init__(self, pane: TmuxPane, focus: list[str], is_traced: bool) -> None:
        self.pane = pane
        self.typed: Counter[str] = Counter()
        self.seen: set[str] = set()
        self.unseen: list[str] = []
        self._focus = focus
        self._is_traced = is_traced
        self._is_focused = False
        self._text = ""

    def press(self, key: str) -> None:
        """Type a key, and look at what it did."""
        before = self.pane.screen()
        self.pane.press(key)
        self.typed[key] += 1
        end = time.monotonic() + SLOWEST
        while self.pane.screen() == before and time.monotonic() < end:
            time.sleep(0.05)
        self._look()

    def wait_for_the_answers(self) -> None:
        """Wait until all findings are there, and nothing on the screen changes any more."""
        end = time.monotonic() + LONGEST
        last, calm = self.pane.screen(), 0
        while calm < CALM and time.monotonic() < end:
            time.sleep(0.2)
            now = self.pane.screen()
            calm = calm + 1 if now == last and self.open == len(SIDES) else 0
            last = now
        self._look()

    def decide_all(self) -> None:
        """Decide every finding, each with both sides seen."""
        left = list(SIDES)
        for _ in range(3 * len(SIDES)):
            if not (before := self.open):
                return
            if not (here := self._shown(left)):
                self.press("j")
                continue
            self._look_at(here)
            known = next((one for one in here if self._knows(one)), None)
            left.remove(known or here[0])
            self.unseen += [] if known else [here[0][0][0]]
            self.seen.clear()
            self.press("a")
            for key in ANSWERS:
                if self.open != before:
                    break
                self.press(key)
            if self._is_traced:
                said = f"{self.open:3d} open after {self.typed.total():3d} keys: {here[0][0][0]}"
                print(f"  {said}", flush=True)

    @property
    def open(self) -> int:
        """How many findings are open, as the header says."""
        found = re.search(r"(\d+)(?: findings?)? open", "\n".join(self.pane.screen()[:3]))
        return int(found[1]) if found else 0

    def _shown(self, left: Sequence[Sides]) -> list[Sides]:
        """The findings of which a claim is on the screen, in a moment at the latest."""
        end = time.monotonic() + SLOWEST
        while True:
            here = [one for one in left if any(claim in self._text for claim in one[0])]
            if here or time.monotonic() > end:
                return here
            self._look()

    def _look_at(self, here: Sequence[Sides]) -> None:
        if any(self._knows(one) for one in here):
            return
        if not self._is_focused:
            for key in self._focus:
                self.press(key)
            self._is_focused = True
        self.press("z")
        for _ in range(MOST_SCROLLS):
            if any(self._knows(one) for one in here):
                break
            self.press("PageDown")
        self.press("z")

    def _knows(self, sides: Sides) -> bool:
        claims, answers = sides
        said = [text for text in (*claims, *answers) if text in self.seen]
        return any(text in said for text in claims) and (
            not answers or any(text in said for text in answers) or len(said) > 1
        )

    def _look(self) -> None:
        rows = self.pane.settled()
        self._text = "\n".join(rows).replace("`", "")
        self.seen |= {
            text for sides in SIDES for side in sides for text in side if text in self._text
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--source", type=Path, default=ROOT)
    parser.add_argument("--focus", metavar="KEY", action="append")
    parser.add_argument("--trace", action="store_true", help="print the count as it grows")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **{name: value for name, value in os.environ.items() if name != "TMUX"},
            "PYTHONPATH": str(given.source.resolve() / "src"),
            "XREVIEW_LOCAL_PORTS": "",
            "XREVIEW_CONFIG_DIR": f"{home}/config",
            "XREVIEW_DATA_DIR": f"{home}/data",
        }
        command = [sys.executable, "-m", "xreview", "demo"]
        with TmuxPane(command, folder=Path(home), environment=environment) as pane:
            sitting = Sitting(pane, given.focus or ["4"], given.trace)
            sitting.wait_for_the_answers()
            sitting.decide_all()
            left = sitting.open
            pane.press("q")
    keys = ", ".join(f"{key} {count}" for key, count in sitting.typed.most_common())
    print(f"{given.source}: {sitting.typed.total()} keys, {left} findings left open ({keys})")
    if sitting.unseen:
        print(f"  not both sides seen: {'; '.join(sitting.unseen)}")
    return 1 if left or sitting.unseen else 0


if __name__ == "__main__":
    sys.exit(main())
