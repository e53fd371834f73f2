"""Kill writers of the journal at random points, more often than the tests can afford.

    python bench/journal_kills.py [--kills 300] [--decisions 10000] [--seed 1]

Each kill is a SIGKILL of a process that appends without pause (alone or in batches); after each the
file must be whole, `verify` content, and every acknowledged decision in it exactly once. Then two
processes decide at once until there are so many decisions in one repository. Ends with 1 at the
first that is lost, doubled or broken.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.journal import writer
from tests.journal.killing import Writers, check, kill_often

from xreview.journal.store import Journal

KILLS_PER_JOURNAL = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--decisions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            kill(Path(folder), arguments.kills, random.Random(arguments.seed))
            decide_at_once(Path(folder) / "together", arguments.decisions)
        except AssertionError as error:
            print(f"BROKEN: {error}")
            return 1
    return 0


def kill(folder: Path, kills: int, choose: random.Random) -> None:
    start, promised = time.perf_counter(), 0
    with Writers() as writers:
        for number, first in enumerate(range(0, kills, KILLS_PER_JOURNAL)):
            path = folder / str(number) / "journal.sqlite3"
            now = min(KILLS_PER_JOURNAL, kills - first)
            promised += kill_often(writers, path, now, choose, longest=0.25)
    seconds = time.perf_counter() - start
    print(f"{kills} kills in {seconds:.0f} s: {promised:,} acknowledged decisions, all there once")


def decide_at_once(path: Path, decisions: int) -> None:
    start = time.perf_counter()
    each = decisions * writer.SHARED // (2 * writer.SHARED - 1) + 1
    processes = [
        subprocess.Popen(
            [sys.executable, writer.__file__, path, name, "s", str(each), "1", "together"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for name in ("left", "right")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    promised = {line.decode() for output in outputs for line in output.splitlines()}
    check(path, promised)
    with Journal.open(path) as journal:
        events = list(journal.events())
    assert {event.id for event in events} == promised
    turns = sum(one.actor != other.actor for one, other in pairwise(events))
    by = Counter(event.actor for event in events)
    seconds = time.perf_counter() - start
    print(
        f"two processes in {seconds:.0f} s: {len(events):,} decisions ({by['left']:,} and"
        f" {by['right']:,}, {turns:,} turns), none lost, none doubled"
    )


if __name__ == "__main__":
    sys.exit(main())
