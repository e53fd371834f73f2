"""The six tasks are what their README says."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.proof.tasks import ALL_TASKS, SOLUTIONS, SmallTask

EXPECTED = {  # whether the suite as writers left it, the suite of before, and the edge case pass
    "right": (True, True, True),
    "forgets": (True, True, False),
    "wrong": (False, False, False),
    "weakens": (True, False, False),
}


def passes(folder: Path, *names: str) -> bool:
    command = [sys.executable, "-m", "unittest", "-q", *names]
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def outcome(task: SmallTask, kind: str, top: Path) -> tuple[bool, bool, bool]:
    base, solution = task.files("base"), task.files(kind)
    found: list[bool] = []
    for name, files in (("as left", base | solution), ("as before", solution | base)):
        files = files | {task.module: solution[task.module]}
        folder = top / f"{kind} {name}"
        folder.mkdir()
        for path, text in {**files, "edge.py": task.edge()}.items():
            (folder / path).write_text(text)
        found.append(passes(folder))
    return found[0], found[1], passes(folder, "edge")


@pytest.mark.parametrize("task", ALL_TASKS, ids=lambda task: task.name)
def test_each_solution_is_what_its_name_says(task: SmallTask, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda kind: outcome(task, kind, tmp_path), SOLUTIONS)
        assert dict(zip(SOLUTIONS, found, strict=True)) == EXPECTED
