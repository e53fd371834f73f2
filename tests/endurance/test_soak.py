"""Hours of keys and reviews in one run of the app: it must not grow, nor leave anything behind.

It runs where `XREVIEW_SOAK_SECONDS` says how long: `make soak`, eight minutes.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, median_high

import pytest

from tests.functional.terminal import Terminal, environment
from tests.repo.builder import Builder

SECONDS = float(os.environ.get("XREVIEW_SOAK_SECONDS", "0"))
MOST_GROWTH = 1.12
NOISE_MB = 6.0
"""Allowed from the second quarter, when every screen was opened and Textual's caches are filled, to
the last; a dialog that stays costs more than that in a hundred."""

pytestmark = [
    pytest.mark.endurance,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.skipif(not SECONDS, reason="`make soak` runs it"),
]

FINDING = """def load{0}(path):
    try:
        return open(path).read()
    except Exception:
        pass
"""
STEPS = (
    "jjjjkkjj", "2\x1b[6~\x1b[6~\x1b[5~g", "nnnNN", "]][[}}{{", "a", "au", "auUu", "ri", "ru",
    "/open\r..,\x1b", "/nothing\x1b", "f\x1b", "s\x1b", "zz", "vv", "ww", "2++", "mm", "T\x1b",
    "d\x1b", "E\x1b", "S\x1b", "?\x1b", "t\x1b", "A\x1b", "M\x1b", "c\x1b", "i\x1b", "e\x1b",
    "t\r", "tj\r", "\t\t\t\t", "1", "3", "4", "<<>>", "xjx\x1b", "V\x1b", "hhll", "\x10\x1b",
)  # fmt: skip
"""What a person types, a thing at a time; Escape leaves what it opened."""


@dataclass(frozen=True)
class Held:
    """What the app holds of the machine."""

    megabytes: float
    threads: int
    files: int
    children: int

    @classmethod
    def by(cls, pid: int) -> "Held":
        """By a process and, for the memory, all its children."""
        there = tuple(_tree(pid))
        return cls(
            sum(_pages(one) for one in there) * os.sysconf("SC_PAGE_SIZE") / 1e6,
            len(list(Path(f"/proc/{pid}/task").iterdir())),
            len(list(Path(f"/proc/{pid}/fd").iterdir())),
            len(there) - 1,
        )


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _tree(int(child))


def _pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0


@pytest.fixture
def repository(tmp_path: Path) -> Builder:
    made = Builder(tmp_path / "project")
    for number in range(30):
        made.write(f"src/part{number}.py", "import os\n" * 20)
    made.commit("first")
    for number in range(30):
        made.write(f"src/part{number}.py", "import os\n" * 20 + FINDING.format(number) * 3)
    return made


class Person:
    """Types, resizes the window, edits files and has them reviewed again."""

    def __init__(self, terminal: Terminal, repository: Builder) -> None:
        self.terminal, self.repository = terminal, repository
        self.keys = self.reviews = 0
        self._random = random.Random(20)

    def step(self) -> None:
        typed = self._random.choice(STEPS)
        for key in _keys(typed):
            self.terminal.type(key)
            self.terminal.read(0.15 if key == "\x1b" else 0.01)
            self.keys += 1
        if self._random.random() < 0.03:
            self.resize()

    def resize(self, columns: int = 0, rows: int = 0) -> None:
        columns = columns or self._random.randint(60, 200)
        rows = rows or self._random.randint(20, 60)
        self.terminal.resize(columns, rows)
        self.terminal.read(0.1)

    def review_again(self) -> None:
        number = self.reviews % 30
        changed = FINDING.format(self.reviews) * (2 + self.reviews % 3)
        self.repository.write(f"src/part{number}.py", "import os\n" * 20 + changed)
        self.resize(160, 48)
        self._until_read()
        self.reviews += 1

    def _until_read(self) -> None:
        """Press F until it is read again: on a busy machine, keys still wait when it comes, and it
        is typed into what they open."""
        for _ in range(6):
            self.leave_all()
            start = len(self.terminal.output)
            self.terminal.type("F")
            end = time.monotonic() + 20
            while time.monotonic() < end:
                self.terminal.read(0.5)
                if "all read" in self.terminal.text(start):
                    self.terminal.read(1.5)
                    return
        raise AssertionError(f"not read again, but: {self.terminal.text(start)[-2000:]}")

    def leave_all(self) -> None:
        """Leave all that is open."""
        for _ in range(3):
            self.terminal.type("\x1b")
            self.terminal.read(0.3)

    def rest(self, pid: int) -> Held:
        """Leave all that is open, and wait until the toasts and the children are gone."""
        self.leave_all()
        end = time.monotonic() + 15
        self.terminal.read(6)
        while (held := Held.by(pid)).children and time.monotonic() < end:
            self.terminal.read(0.5)
        if len(self.terminal.output) > 4_000_000:
            self.terminal.output = b""
        return held


def _keys(typed: str) -> Iterator[str]:
    while typed:
        length = next((len(key) for key in ("\x1b[6~", "\x1b[5~") if typed.startswith(key)), 1)
        yield typed[:length]
        typed = typed[length:]


def test_the_app_holds_no_more_after_hours_of_work(repository: Builder, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with Terminal(
        repository.top, home=tmp_path / "home", extra={"TMPDIR": str(scratch)}
    ) as terminal:
        terminal.wait_for("all read")
        pid, person = terminal.process.pid, Person(terminal, repository)
        end, held = time.monotonic() + SECONDS, list[Held]()
        while time.monotonic() < end:
            again = time.monotonic() + 12
            while time.monotonic() < again:
                person.step()
            person.review_again()
            held.append(person.rest(pid))
            print(person.keys, person.reviews, held[-1])
        second, last = _quarter(held, 1), _quarter(held, 3)
        assert last.megabytes <= second.megabytes * MOST_GROWTH + NOISE_MB
        assert last.children <= second.children
        assert last.files <= second.files + 2
        assert last.threads <= second.threads + 2
        person.leave_all()
        terminal.type("q")
        assert terminal.wait_for_end() == 0
    assert list(scratch.iterdir()) == []
    verified = subprocess.run(
        [sys.executable, "-m", "xreview", "log", "verify"],
        cwd=repository.top,
        env=environment(tmp_path / "home"),
        capture_output=True,
        text=True,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr


def _quarter(held: Sequence[Held], number: int) -> Held:
    """The medians of a quarter of the run."""
    part = held[len(held) * number // 4 : len(held) * (number + 1) // 4] or held[-1:]
    return Held(
        median(one.megabytes for one in part),
        median_high(one.threads for one in part),
        median_high(one.files for one in part),
        median_high(one.children for one in part),
    )
