"""How long the scorecard takes, against a plain read of the same rows.

    PYTHONPATH=. python bench/scorecard.py [--events 100000] [--rounds 5] [--fail-if 4.0]

Both are timed in one run, in turns; what counts is the ratio of the medians. The journal has 20
reports to a session, half of them decided, and coverage of ten files by two reviewers.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.journal import build

from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import REASONS, Decision, Verdict
from xreview.domain.events.event import (
    AuthorAttributed,
    CoverageReceived,
    DecisionMade,
    Event,
    Payload,
    ReportReceived,
    UsageReceived,
)
from xreview.domain.report import Category, Report, ReviewerIdentity, ReviewerKind
from xreview.journal.store import Journal
from xreview.review.record.scorecard import read_scorecard

REVIEWERS = (
    ReviewerIdentity("risk", ReviewerKind.ANALYSER, "ruff", "0.14"),
    ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "opus"),
)
DECISIONS = tuple(Decision(verdict, reason) for verdict in Verdict for reason in REASONS[verdict])
REPORTS = 20


def report(number: int) -> Report:
    made = build.report(f"{number:020x}")
    place = replace(made.anchor, path=f"shop/part{number % 10}.py")
    category = tuple(Category)[number % len(Category)]
    return replace(
        made,
        reviewer=REVIEWERS[number % 2],
        category=category,
        claim=made.claim * 6,
        anchor=place,
    )


def payloads(session: int) -> Iterator[Payload]:
    yield build.opened().payload
    yield AuthorAttributed("codex", ("openai", "anthropic")[session % 2], "gpt")
    for number in range(session * REPORTS, (session + 1) * REPORTS):
        yield ReportReceived(report(number))
    yield CoverageReceived(
        tuple(
            CoverageEntry(reviewer.name, f"shop/part{number}.py", Reading.READ, "", 100)
            for reviewer in REVIEWERS
            for number in range(10)
        )
    )
    for reviewer in REVIEWERS:
        yield UsageReceived(reviewer.name, 20_000, 900, 0.12, 95.0)
    for number in range(session * REPORTS, (session + 1) * REPORTS, 2):
        decision = DECISIONS[number % len(DECISIONS)]
        yield DecisionMade(f"a{number}", (f"{number:020x}",), decision)


def events(count: int) -> Iterator[Event]:
    written = session = 0
    while written < count:
        for payload in payloads(session):
            written += 1
            at = f"2025-11-{1 + session % 28:02}T10:{written % 60:02}:00.000000+00:00"
            yield Event(f"e{written}", f"s{session}", "/shop/.git", at, "Ada", payload)
        session += 1


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def read_plainly(path: Path) -> int:
    connection = sqlite3.connect(path)
    count = sum(1 for _ in connection.execute("SELECT * FROM events ORDER BY sequence"))
    connection.close()
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fail-if", type=float, metavar="RATIO", help="exit with 1 above it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite3"
        with Journal.open(path) as journal:
            journal.append(list(events(given.events)))
        count = read_plainly(path)
        plain: list[float] = []
        scored: list[float] = []
        for _ in range(given.rounds):
            plain.append(seconds(lambda: read_plainly(path)))
            scored.append(seconds(lambda: read_scorecard(path)))
    ratio = statistics.median(scored) / statistics.median(plain)
    print(
        f"{count:,} events: scorecard {statistics.median(scored):.3f} s (best {min(scored):.3f}), "
        f"plain read {statistics.median(plain):.3f} s, ratio {ratio:.2f}"
    )
    return int(given.fail_if is not None and ratio > given.fail_if)


if __name__ == "__main__":
    sys.exit(main())
