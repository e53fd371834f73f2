"""Characters whose width terminals disagree on, in a real tmux pane: they leave nothing behind."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from tools.tmux import TmuxPane

from tests.functional.terminal import environment
from tests.repo.builder import Builder

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux")

SAMPLES = (
    "日本語のコメント",
    "e\u0301 z\u0335\u0321",
    "❤\ufe0f 1\ufe0f\u20e3 ✔\ufe0f",
    "👨\u200d👩\u200d👧 👍🏽 🇩🇪🇫🇷",
    "क्षि हिन्दी নিঃ தமிழ் ကျော်",
    "🫠🫨 𝕏 ｶﾞ",
)
BORDERS = "│┃┌┐└┘┏┓┗┛"
KEYS = ("jjj", "2", "jjjj", "llll", "hh", "\x1b[F", "g", "]]", "3", "jj", "z", "z", "1", "jj")
EACH = 4
FINDINGS = EACH * len(SAMPLES)


@pytest.fixture
def repository(tmp_path: Path) -> Builder:
    made = Builder(tmp_path / "project")
    made.write("plain.py", "x = 0\n")
    made.commit("first")
    for at, sample in enumerate(SAMPLES):
        rows = [f"name_{n} = '{sample * (n % 9 + 1)}'  # {sample}" for n in range(60)]
        made.write(f"{at}-{sample}.py".replace("/", ""), "\n".join(rows) + "\n")
    return made


def findings(repository: Builder) -> Path:
    """Findings of another tool about every file, in the same characters."""
    rows = [
        {
            "message": f"{sample * 4}: {sample} " * 5,
            "location": {
                "path": f"{at}-{sample}.py",
                "range": {"start": {"line": 3 + 9 * n, "column": 1}},
            },
            "severity": "WARNING",
        }
        for at, sample in enumerate(SAMPLES)
        for n in range(EACH)
    ]
    file = repository.top.parent / "lint.json"
    file.write_text(json.dumps({"source": {"name": "lint"}, "diagnostics": rows}), "utf-8")
    return file


@pytest.mark.parametrize("size", [(120, 34), (100, 30), (70, 24)])
def test_what_moved_over_the_screen_is_what_a_fresh_one_shows(
    repository: Builder, tmp_path: Path, size: tuple[int, int]
) -> None:
    command = [sys.executable, "-m", "xreview", "--import", str(findings(repository))]
    surroundings = environment(tmp_path / "home") | {"XREVIEW_LOCAL_PORTS": ""}
    with TmuxPane(command, folder=repository.top, environment=surroundings, size=size) as pane:
        pane.wait_for(f"{FINDINGS} open")
        until_calm(pane)
        for keys in KEYS:
            pane.press(*keys)
            moved = until_calm(pane)
            assert_borders_are_in_their_columns(pane, moved)
            pane.press("C-l")
            fresh = until_calm(pane)
            assert [pair for pair in zip(moved, fresh, strict=True) if pair[0] != pair[1]] == []
        pane.press("q")


def until_calm(pane: TmuxPane) -> list[str]:
    """The screen once it stays the same for a while, on a busy machine too."""
    last = pane.settled()
    while (now := pane.settled()) != last:
        last = now
    return last


def assert_borders_are_in_their_columns(pane: TmuxPane, rows: list[str]) -> None:
    """Check that what begins with a corner goes on in its column until the other corner."""
    expected: set[int] = set()
    for row in rows:
        at = [place for place, sign in enumerate(row) if sign in BORDERS]
        if at:
            columns = pane.widths([row[:place] + "x" for place in at])
            signs = {column: row[place] for column, place in zip(columns, at, strict=True)}
        else:
            signs = {}
        assert expected <= signs.keys(), row
        expected -= {column for column, sign in signs.items() if sign in "└┘┗┛"}
        expected |= {column for column, sign in signs.items() if sign in "┌┐┏┓"}
