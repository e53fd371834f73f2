"""How long it takes to load what earlier sessions of a repository knew.

    PYTHONPATH=. python bench/history.py [--sessions N] [--reports N] [--files N] [--fail-over S]

Writes a journal of N sessions with N reports each (9 of 10 as in the session before) in 100 files,
then opens it and folds what a change of N files needs of it, and takes a batch of 50 reports. Aim:
well under a second to load, by the files of the change and not by the sessions; a batch costs what
its own reports cost, however long the history.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from tests.fakes.reports import report

from xreview.domain.change import ChangeKind
from xreview.domain.events.event import Event, ReportReceived, SessionOpened
from xreview.domain.state import Triage
from xreview.journal.store import Journal
from xreview.review.past.carry import CarryOver, load_history

FILES = 100


def reports_of(session: int, count: int):
    for number in range(count):
        born = session if number % 10 == 0 else 0
        quote = f"value_{number} = compute({born})"
        yield report(
            rule="x/1", path=f"src/{(session + number) % FILES}.py", line=number + 1, quote=quote
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--reports", type=int, default=50)
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--fail-over", type=float, default=1.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "j") as journal:
        for session in range(given.sessions):
            begun = SessionOpened(ChangeKind.WORKTREE, "worktree", None, None, "bench")
            journal.append([Event(f"{session}", f"s{session}", "repo", "t", "a", begun)])
            journal.append(
                [
                    Event(
                        f"{session}/{number}", f"s{session}", "repo", "t", "a", ReportReceived(one)
                    )
                    for number, one in enumerate(reports_of(session, given.reports))
                ]
            )
        paths = [f"src/{number}.py" for number in range(given.files)]
        loads, batches = [], []
        for _ in range(given.runs):
            begin = time.perf_counter()
            history = load_history(journal, "repo", paths, "now")
            loaded = time.perf_counter()
            carry = CarryOver(history, session="now", today="2026-01-01")
            batch = list(reports_of(given.sessions, 50))
            for path in carry.needs(batch):
                carry.give(path, "\n".join(one.anchor.quote for one in batch))
            taken = carry.judge(carry.take(batch), Triage())
            batches.append(time.perf_counter() - loaded)
            loads.append(loaded - begin)
        print(
            f"{given.sessions} sessions of {given.reports} reports, "
            f"{given.files} of {FILES} files: {len(history.known)} problems\n"
            f"load: median {statistics.median(loads):.3f} s, worst {max(loads):.3f} s\n"
            f"50 reports: median {statistics.median(batches):.3f} s, "
            f"{sum(one.state != 'new' for one in taken)} of them known"
        )
    return int(statistics.median(loads) > given.fail_over)


if __name__ == "__main__":
    raise SystemExit(main())
