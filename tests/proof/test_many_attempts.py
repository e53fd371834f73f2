"""Twenty attempts of every kind of outcome leave the machine and the checkout as they were."""

import os
import signal
import threading
import time
from pathlib import Path
from subprocess import Popen

import pytest

from tests.proof.stage import Stage, running_in
from tests.proof.tasks import ALL_TASKS
from tests.proof.test_hostile_writer import EVIL, PLAN
from tests.repo.disposable.trees import hashed

TASK = ALL_TASKS[1]
MOST_MEMORY = 400 * 1024  # kB, of the program itself
HANGS = "touch hangs; trap '' TERM; while :; do sleep 1022; done"
KILLED = "kill -9 $PPID"  # the agent's program, by what it runs
BIG = "head -c 30000000 /dev/urandom > random.bin"


def outcomes() -> dict[str, list[dict[str, object]]]:
    """What each agent does in its five attempts, the hanging ones last."""

    def solved(kind: str) -> dict[str, object]:
        return {"plan": TASK.writing(kind), "statement": TASK.statement(kind)}

    return {
        "claude": [
            solved("right"), solved("wrong"), {"plan": "", "statement": TASK.statement("right")},
            {"plan": f"{TASK.writing('right')}\n{BIG}", "statement": None}, {"plan": HANGS},
        ],
        "codex": [
            solved("forgets"), solved("weakens"), {"plan": KILLED}, {**solved("right"), "exit": 3},
            {"plan": HANGS},
        ],
        "gemini": [
            {"plan": f"{PLAN}\n{TASK.writing('wrong')}", "statement": EVIL}, solved("right"),
            {"plan": TASK.writing("right"), "says": "garbage \033[2J", "exit": 1}, {"plan": KILLED},
            {"plan": HANGS},
        ],
        "opencode": [
            solved("right"), {"plan": "rm -rf .git * .??*", "statement": None}, solved("wrong"),
            {"plan": f"{TASK.writing('right')}\n{KILLED}"}, {"plan": HANGS},
        ],
    }  # fmt: skip


def everything_beside(stage: Stage) -> set[str]:
    """The files of the home and beside it, without those of the program's own folders."""
    top = stage.home.parent
    own = (stage.program.data, stage.program.config, stage.repository.top)
    return {
        str(one.relative_to(top))
        for one in top.rglob("*")
        if not any(one.is_relative_to(folder) for folder in own)
        and one.name not in ("asked.jsonl", "taken")
        and one.parent.name not in ("turns", "taken")
    }


def stop_when_over(stage: Stage, pid: int, count: int) -> None:
    """Interrupt the program once so many of its attempts are over."""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        listed = stage.as_json("attempt", "--list")
        if listed and listed[0]["state"].startswith(f"running, {count}/"):
            break
        time.sleep(0.5)
    os.kill(pid, signal.SIGINT)


def peak_memory(process: Popen[bytes]) -> int:
    """The most memory that a program had, in KiB, once it has ended.

    Not by `wait4`: that counts what the process that started it had (`exec_mmap` in fs/exec.c).
    """
    peak = 0
    while process.poll() is None:
        for row in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if row.startswith("VmHWM:"):
                peak = max(peak, int(row.split()[1]))
        time.sleep(0.1)
    return peak


@pytest.mark.endurance
def test_twenty_attempts_of_all_outcomes(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TASK.repository(tmp_path / "project"), *outcomes())
    stage.configure("[attempts]\nat_once = 6\n")
    for agent, turns in outcomes().items():
        for number, turn in enumerate(turns):
            stage.turn(agent, number, **turn)
    before, beside = hashed(stage.repository.top), everything_beside(stage)
    names = ",".join(["claude-code", "codex", "gemini-cli", "opencode"] * 5)
    check = "python3 -m unittest -q"
    words = TASK.text, "--with", names, "--check", check, "--yes-egress", "--budget", "100"
    process = stage.start("attempt", *words, "--quiet")
    stopping = threading.Thread(target=stop_when_over, args=(stage, process.pid, 16))
    stopping.start()
    peak = peak_memory(process)
    stopping.join()
    assert 0 < peak < MOST_MEMORY
    assert process.returncode == 3, "some were stopped"
    assert hashed(stage.repository.top) == before
    assert everything_beside(stage) == beside
    end = time.monotonic() + 10
    while (left := running_in(tmp_path)) and time.monotonic() < end:
        time.sleep(0.05)
    assert left == []
    (listed,) = stage.as_json("attempt", "--list")
    assert (len(listed["labels"]), listed["running"]) == (20, False)
    found = stage.as_json("attempt", "--reveal", listed["id"])["attempts"]
    by_outcome: dict[str, int] = {}
    for one in found:
        outcome = "reviewed" if one["reviewed"] else "stopped" if one["stopped"] else "failed"
        by_outcome[outcome] = by_outcome.get(outcome, 0) + 1
        assert one["over"]
        assert one["reviewed"] or one["why"], one
        if one["facts"]["checks_broken"] == 0 and one["checks"] and one["reviewed"]:
            assert one["files"]
    assert by_outcome["reviewed"] >= 9, by_outcome
    assert by_outcome["stopped"] == 4, by_outcome
    assert sum(by_outcome.values()) == 20
    shelf = sum(one.lstat().st_blocks * 512 for one in stage.shelf.rglob("*"))
    assert shelf < 200_000_000
    assert stage.attempt("--clean").code == 0
    assert list(stage.shelf.iterdir()) == []
    assert list(stage.temporary.iterdir()) == []
    assert hashed(stage.repository.top) == before
