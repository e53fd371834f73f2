"""Real processes on one real file: killed at random points, and writing at once."""

import random
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise

import pytest

from tests.journal import writer
from tests.journal.killing import Writers, check, kill_often
from xreview.domain.errors import UsageError
from xreview.journal.archive import read_archive
from xreview.journal.store import Journal

KILLS = 25
"""In each run; `bench/journal_kills.py` does any number."""
LONG = pytest.mark.endurance


def start(path, name, session="s1", count=1_000_000, batch=1, manner="alone"):
    arguments = [path, name, session, count, batch, manner]
    return subprocess.Popen(
        [sys.executable, writer.__file__, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def acknowledged(output: bytes) -> list[str]:
    return [line.decode() for line in output.splitlines(keepends=True) if line.endswith(b"\n")]


@pytest.fixture(scope="module")
def writers():
    with Writers() as writers:
        yield writers


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=LONG) for seed in range(2, 12))])
def test_kill_9_loses_no_acknowledged_event_and_breaks_nothing(tmp_path, writers, seed):
    path = tmp_path / "journal.sqlite3"
    assert kill_often(writers, path, KILLS, random.Random(seed)) > 0


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=LONG)])
def test_kill_9_while_sessions_are_pruned_leaves_each_here_or_in_a_file(tmp_path, writers, seed):
    choose = random.Random(seed)
    path = tmp_path / "journal.sqlite3"
    for kill in range(20):
        with Journal.open(path) as journal:
            for number in range(6):
                session = f"{kill}-{number}"
                events = [writer.event(session, session, one) for one in range(1, 10)]
                journal.append(events)
            before = journal.heads()
        gone = writers.killed(
            path, f"p{kill}", "", 1, "prune", lambda: time.sleep(choose.random() * 0.1)
        )
        check(path, set())
        with Journal.open(path) as journal:
            after, pruned = journal.heads(), journal.pruned_sessions()
        assert set(gone) <= {head.session for head in pruned}
        for session, head in before.items():
            assert (after.get(session) == head) != (head in pruned)
    assert pruned
    archived = {head for file in tmp_path.glob("*.jsonl") if (head := whole(file)) is not None}
    assert set(pruned) <= archived


def whole(file):
    """The one session in a file that was written to its end, None in one that was cut off."""
    try:
        return read_archive(file).sessions[0]
    except UsageError:
        return None


def test_a_batch_that_was_cut_off_is_there_whole_or_not_at_all(tmp_path):
    path, batch = tmp_path / "journal.sqlite3", 500
    choose = random.Random(7)
    for kill in range(6):
        process = start(path, f"w{kill}", batch=batch)
        process.stdout.readline()
        time.sleep(choose.random() * 0.05)
        process.kill()
        process.stdout.read()
        process.wait()
    with Journal.open(path) as journal:
        own = Counter(event.actor for event in journal.events() if "shared" not in event.id)
    assert own
    assert {count % (batch - batch // writer.SHARED) for count in own.values()} == {0}


def test_kill_9_while_the_journal_is_made_leaves_one_that_can_be_used(tmp_path):
    choose = random.Random(11)
    for kill in range(10):
        path = tmp_path / str(kill) / "journal.sqlite3"
        process = start(path, "w")
        while not path.exists():
            time.sleep(0.001)
        time.sleep(choose.random() * 0.01)
        process.kill()
        process.wait()
        with Journal.open(path) as journal:
            journal.append([writer.event("after", "s2", 1)])
            assert journal.verify() == []


@pytest.mark.parametrize("sessions", [("s1", "s1"), ("s1", "s2")], ids=["one", "two"])
def test_two_processes_append_at_once_and_nothing_is_lost_or_doubled(tmp_path, sessions):
    path, count = tmp_path / "journal.sqlite3", 1000
    processes = [
        start(path, name, session, count, batch, "together")
        for name, session, batch in zip(("left", "right"), sessions, (1, 3), strict=True)
    ]
    assert [process.stdout.readline() for process in processes] == [b"ready\n"] * 2
    for process in processes:
        process.stdin.write(b"go\n")
        process.stdin.flush()
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    promised = {line.strip() for output in outputs for line in acknowledged(output)}
    with Journal.open(path) as journal:
        kept = Counter(event.id for event in journal.events())
        assert journal.verify() == []
        actors = [event.actor for event in journal.events()]
    assert set(kept) == promised
    assert set(kept.values()) == {1}
    assert len(promised) == 2 * count - count // writer.SHARED
    turns = sum(before != after for before, after in pairwise(actors))
    assert turns > 10, f"the two did not write at the same time: {turns} turns"


def test_many_processes_may_create_the_journal_at_once(tmp_path):
    path = tmp_path / "data" / "journal.sqlite3"
    processes = [start(path, f"w{number}", count=5) for number in range(6)]
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 6
    promised = {line.strip() for output in outputs for line in acknowledged(output)}
    with Journal.open(path) as journal:
        assert {event.id for event in journal.events()} == promised
        assert journal.verify() == []
