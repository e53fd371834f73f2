"""The journal against plain SQLite, interleaved in one run: appending, and opening a long one.

    python bench/journal.py [--events 1000000] [--appends 2000] [--runs 7] [--keep FILE]
                            [--fail-if 'append p99 > 2' --fail-if 'open p50 > 2']

`append`: one decision an append, against one INSERT of the same columns into a table without index,
trigger or chain in another file, with the same pragmas (WAL, synchronous FULL, checkpoints). The
two take turns, so that both meet the same disk. `open`: `Journal.open` and what a session recalls
of the findings it shows (here 500), all events in one repository, against `SELECT count(*)` over
the events of that plain file (`plain`) and over the journal's own smallest index (`own`), each in a
process of its own with a warm cache. `fold` is the whole `triage_of`, for comparison.

Ends with 1 where a ratio is above a `--fail-if`. Nothing else should run on the machine.
"""

import argparse
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from xreview.domain.change import ChangeKind, Side
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import DecisionMade, Event, ReportReceived, SessionOpened
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    Report,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
)
from xreview.journal.opening import CHECKPOINT_PAGES
from xreview.journal.rows import COLUMNS, insertable, row_after
from xreview.journal.store import Journal

REPOSITORY = "/home/ada/projects/shop/.git"
SESSION_EVENTS = 50
"""One opening, 35 reports, 14 decisions."""
REPORTS = 35
SHOWN = 500
PLAIN = f"CREATE TABLE events (sequence INTEGER PRIMARY KEY, {', '.join(COLUMNS[1:])})"
INSERT = f"INSERT INTO events ({', '.join(COLUMNS[1:])}) VALUES ({', '.join('?' * 10)})"
ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--appends", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="make the long journal here, or use it again")
    parser.add_argument("--fail-if", action="append", default=[], metavar="'NAME pNN > RATIO'")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ratios = append_ratios(Path(folder), arguments.appends)
        long = arguments.keep or Path(folder) / "long.sqlite3"
        if not long.exists():
            fill(long, arguments.events)
        ratios |= open_ratios(long, arguments.runs)
    failed = [text for text in arguments.fail_if if missed(text, ratios)]
    for text in failed:
        print(f"missed: {text}")
    return 1 if failed else 0


def missed(text: str, ratios: dict[str, float]) -> bool:
    found = re.fullmatch(r"(.+?) > ([\d.]+)", text)
    if found is None or found[1] not in ratios:
        raise SystemExit(f"--fail-if {text!r}: use one of {', '.join(ratios)}, as in 'x p50 > 2'")
    return ratios[found[1]] > float(found[2])


def fingerprint(number: int) -> str:
    return f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" * 2


def event(number: int, at: float = 0.0) -> Event:
    """The event of a number in a long life: sessions of opening, reports and decisions."""
    session, place = divmod(number, SESSION_EVENTS)
    if place == 0:
        payload = SessionOpened(ChangeKind.BRANCH, "feature against main", "b" * 40, "c" * 40, "x")
    elif place <= REPORTS:
        payload = ReportReceived(report(session * SESSION_EVENTS + place))
    else:
        about = fingerprint(session * SESSION_EVENTS + place - REPORTS)
        payload = DecisionMade(f"action-{number}", (about,), ACCEPT)
    time = f"2026-01-01T00:00:00.{number % 1_000_000:06}+00:00"
    return Event(
        f"{number:032x}", f"{session:032x}", REPOSITORY, time, "Ada <ada@example.com>", payload
    )


def report(number: int) -> Report:
    return Report(
        fingerprint(number),
        ReviewerIdentity("risk", ReviewerKind.ANALYSER, "ruff", "0.14.1"),
        Lens.RISK,
        "S608",
        "SQL built from a string",
        "The query is put together from user input, which can change its meaning.",
        "A name with a quote in it ends the literal, and the rest runs as SQL.",
        Category.SECURITY,
        Severity.HIGH,
        Confidence.HIGH,
        Anchor("shop/cart.py", Side.NEW, number, number, "execute(f'select … {name}')"),
    )


def plain(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(PLAIN)
    return connection


def append_ratios(folder: Path, count: int) -> dict[str, float]:
    ours: list[float] = []
    theirs: list[float] = []
    warm = count // 10
    with Journal.open(folder / "journal") as journal, closing(plain(folder / "plain")) as other:
        journal.append([event(number) for number in range(SESSION_EVENTS)])
        for number in range(warm + count):
            payload = DecisionMade(f"action-{number}", (fingerprint(number),), ACCEPT)
            one = Event(f"id-{number}", f"{0:032x}", REPOSITORY, "t" * 32, "Ada", payload)
            values = insertable(row_after(one, "0" * 64)._replace(hash="0" * 64))

            def append(one: Event = one) -> None:
                journal.append([one])

            def insert(values: tuple[object, ...] = values) -> None:
                other.execute(INSERT, values)

            pair = [(append, ours), (insert, theirs)]
            for work, times in pair if number % 2 else reversed(pair):
                times.append(timed(work))
    return compared("append", ours[warm:], theirs[warm:], "plain insert")


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fill(path: Path, count: int) -> None:
    start = time.perf_counter()
    with Journal.open(path) as journal, closing(plain(plain_of(path))) as other:
        other.execute("PRAGMA synchronous = OFF")
        for numbers in batches(range(count), 20_000):
            events = [event(number) for number in numbers]
            journal.append(events)
            other.execute("BEGIN")
            rows = (insertable(row_after(one, "0" * 64)._replace(hash="0" * 64)) for one in events)
            other.executemany(INSERT, rows)
            other.execute("COMMIT")
    seconds = time.perf_counter() - start
    size = path.stat().st_size / 1e6
    print(f"wrote {count:,} events in {seconds:.0f} s: {size:,.0f} MB", file=sys.stderr)


def plain_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-plain")


def batches(numbers: range, size: int) -> Iterator[range]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


OPENINGS = {
    "open": """
with Journal.open(path) as journal:
    assert len(recall(journal, repository, fingerprints).history) == len(fingerprints) * {decided}
""",
    "fold": """
with Journal.open(path) as journal:
    assert triage_of(journal, repository).history
""",
    "plain": """
with closing(sqlite3.connect(str(path) + "-plain")) as connection:
    assert connection.execute("SELECT count(*) FROM events").fetchone()[0] == {count}
""",
    "own": """
with closing(sqlite3.connect(path)) as connection:
    assert connection.execute("SELECT count(*) FROM events").fetchone()[0] == {count}
""",
}
PROLOGUE = """
import sqlite3, sys, time
from contextlib import closing
from pathlib import Path
from xreview.journal.replay import recall, triage_of
from xreview.journal.store import Journal
path, repository, fingerprints = Path(sys.argv[1]), sys.argv[2], sys.argv[3].split()
start = time.perf_counter()
"""


def open_ratios(path: Path, runs: int) -> dict[str, float]:
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM events").fetchone()
    choose = random.Random(1)
    sessions, decided = count // SESSION_EVENTS, SESSION_EVENTS - REPORTS - 1
    shown = [
        fingerprint(choose.randrange(sessions) * SESSION_EVENTS + 1 + place % decided)
        for place in range(SHOWN)
    ]
    given = [str(path), REPOSITORY, " ".join(dict.fromkeys(shown))]
    times: dict[str, list[float]] = {name: [] for name in OPENINGS}
    for run in range(runs + 1):
        for name, body in OPENINGS.items():
            if name == "fold" and run > 1:
                continue
            code = PROLOGUE + body.format(count=count, decided=1)
            done = subprocess.run(
                [sys.executable, "-c", code + "print(time.perf_counter() - start)", *given],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            if run:  # the first warms the cache
                times[name].append(float(done.stdout))
    print(f"opening a journal of {count:,} events, recalling {len(given[2].split())} findings:")
    ratios: dict[str, float] = {}
    for base in ("plain", "own"):
        name = "open" if base == "plain" else "open/own"
        ratios |= compared(name, times["open"], times[base], f"count(*), {base}")
    compared("fold", times["fold"], times["plain"], "count(*), plain")
    return ratios


def compared(name: str, ours: list[float], theirs: list[float], what: str) -> dict[str, float]:
    ratios: dict[str, float] = {}
    for place in (50, 99):
        mine, other = percentile(ours, place), percentile(theirs, place)
        ratios[f"{name} p{place}"] = mine / other
        print(
            f"{name} p{place}: {mine * 1e3:9.3f} ms, {what} {other * 1e3:9.3f} ms,"
            f" ratio {mine / other:.2f}"
        )
    return ratios


def percentile(values: Iterable[float], place: int) -> float:
    ordered = sorted(values)
    if place == 50:
        return statistics.median(ordered)
    return ordered[min(len(ordered) - 1, len(ordered) * place // 100)]


if __name__ == "__main__":
    sys.exit(main())
