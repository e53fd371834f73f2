"""A trial that SIGKILL ends at any moment is listed, opened and cleaned, and harms nothing."""

import json
import random
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.proof.stage import Stage, running_in
from tests.proof.tasks import ALL_TASKS
from tests.repo.disposable.trees import hashed

TASK = ALL_TASKS[4]
SECONDS = 10.0  # longer than most trials take once they began


def killed_at(stage: Stage, seconds: float) -> None:
    """Kill the program so long after it began the trial, unless it ended before."""
    words = TASK.text, "--with", "claude-code,codex", "--check", "python3 -m unittest -q"
    process = stage.start("attempt", *words, "--yes-egress", "--quiet")
    end = time.monotonic() + 60
    while not (stage.shelf.exists() and any(stage.shelf.iterdir())) and time.monotonic() < end:
        time.sleep(0.01)
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.wait()


def is_told_sensibly(stage: Stage) -> str:
    """What is kept of the trial: its state as listed."""
    end = time.monotonic() + 15
    while (left := running_in(stage.home.parent)) and time.monotonic() < end:
        time.sleep(0.05)
    assert left == []
    listed = stage.as_json("attempt", "--list")
    assert [one["running"] for one in listed] == [False]
    id, state = listed[0]["id"], listed[0]["state"]
    opened = stage.attempt("--open", id, "--json")
    if state.startswith("cut off before"):
        assert (opened.code, opened.out) == (2, "")
        assert "can't be read" in opened.err
    else:
        assert opened.code == 0, opened.err
        attempts = json.loads(opened.out)["attempts"]
        assert [one["label"] for one in attempts] == ["A", "B"]
        assert all(one["over"] and (one["reviewed"] or one["why"]) for one in attempts), attempts
    assert stage.attempt("--clean").code == 0
    assert stage.as_json("attempt", "--list") == []
    assert not stage.shelf.exists() or list(stage.shelf.iterdir()) == []
    return state


def killing(folder: Path, moments: list[float]) -> set[str]:
    stage = Stage(folder, TASK.repository(folder / "project"), "claude", "codex")
    for agent, kind in (("claude", "right"), ("codex", "forgets")):
        plan = f"sleep 0.1\n{TASK.writing(kind)}\nsleep 0.1"
        stage.script(agent, plan=plan, statement=TASK.statement(kind))
    stage.repository.write("loose.txt", "untracked\n")
    before = hashed(stage.repository.top)
    states: set[str] = set()
    for moment in moments:
        killed_at(stage, moment)
        states.add(is_told_sensibly(stage))
        assert hashed(stage.repository.top) == before
    return states


def test_killed_while_it_runs(tmp_path: Path) -> None:
    killing(tmp_path, [0.5])


@pytest.mark.endurance
@pytest.mark.parametrize("seed", range(5))
def test_killed_at_ten_random_moments(tmp_path: Path, seed: int) -> None:
    choices = random.Random(seed)
    states = killing(tmp_path, [choices.uniform(0.0, SECONDS) for _ in range(10)])
    assert len(states) > 1, "they were all killed at the same stage"
