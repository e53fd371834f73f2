"""The analysers' pass over commits of local clones, against another checkout in the same run.

    python bench/analysers.py CHECKOUT CLONE:REVISION… [--runs 5] [--fail-if 1.1]

CHECKOUT is another working tree of this repository, the baseline: its `src` is run with the same
interpreter. Both take turns, and the best of --runs counts, so that other work on the machine
matters little. Prints seconds for each commit, and the CPU seconds of the worker with what it
starts:

first    from the start of the pass to its first report (the end, if there is none)
all      until the last file is read
cpu      of all workers and their children

Ends with 1 where the ratio of `all` or `cpu` to the baseline is above --fail-if.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from contextlib import aclosing
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
WORKER = (
    "import sys; sys.path.insert(0, sys.argv[1]); from xreview.analysers.worker import main; main()"
)
"""Puts the checkout before the installed packages, which can include another one."""

FIGURES = ("first", "all", "cpu")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("commits", nargs="+", metavar="CLONE:REVISION")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--fail-if", type=float, default=float("inf"))
    arguments = parser.parse_args()
    is_slower = False
    print(f"{'':30} {'':6} {'ours':>8} {'baseline':>9} {'ratio':>7}")
    for commit in arguments.commits:
        runs = [
            (run(SOURCE, commit), run(arguments.checkout.resolve() / "src", commit))
            for _ in range(arguments.runs)
        ]
        for figure in FIGURES:
            ours, theirs = (min(pair[side][figure] for pair in runs) for side in (0, 1))
            ratio = ours / theirs
            print(f"{commit[-30:]:30} {figure:6} {ours:8.3f} {theirs:9.3f} {ratio:7.2f}")
            is_slower |= figure != "first" and ratio > arguments.fail_if
    return int(is_slower)


def run(source: Path, commit: str) -> dict[str, float]:
    """The figures of one pass, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [sys.executable, __file__, "--pass", commit]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


async def read(commit: str) -> dict[str, float]:
    from xreview.analysers.reading import read_change
    from xreview.domain.change import Change
    from xreview.ports.reviewer import ReviewRequest
    from xreview.repo.change.collecting import collect
    from xreview.repo.change.request import ChangeRequest
    from xreview.repo.files.contents import contents_of
    from xreview.repo.hardened.processes import Processes

    clone, _, revision = commit.rpartition(":")
    with Processes():
        collected = collect(ChangeRequest(Path(clone), commit=revision))
        files = tuple(file for batch in collected.batches for file in batch)
        contents = contents_of(collected)
        request = ReviewRequest(Change(collected.source, files), contents)
        begin, first = time.perf_counter(), 0.0
        before = cpu_of_children()
        argv = [sys.executable, "-I", "-c", WORKER, os.environ["PYTHONPATH"]]
        async with aclosing(read_change(request, argv, 60.0)) as results:
            async for result in results:
                if result.reports and not first:
                    first = time.perf_counter() - begin
        end = time.perf_counter() - begin
        contents.close()
        collected.close()
    return {"first": first or end, "all": end, "cpu": cpu_of_children() - before}


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pass"]:
        print(json.dumps(asyncio.run(read(sys.argv[2]))))
    else:
        sys.exit(main())
