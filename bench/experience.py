"""How long a review waits for what happened before: the aim is 50 ms for 100,000 events.

    PYTHONPATH=. python bench/experience.py [--events 100000] [--rounds 20] [--fail-if 0.05]

The journal is that of `bench/scorecard.py`, in one repository, with the levels of ten files in each
session, and an outcome from git's history for every tenth session.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.scorecard import events, seconds

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.events.event import AftermathSeen, AttentionWeighed, Event, SessionOpened
from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.events.review_events import WeighedFile
from xreview.journal.store import Journal
from xreview.review.record.experience import read_experience

REPOSITORY = "/shop/.git"
TOPICS = ("authentication", "money", "migrations")


def with_levels(count: int) -> Iterator[Event]:
    opened = 0
    for number, event in enumerate(events(count)):
        yield event
        if isinstance(event.payload, SessionOpened):
            files = tuple(
                WeighedFile(
                    f"shop/part{part}.py", AttentionLevel(1 + part % 5), (TOPICS[part % 3],)
                )
                for part in range(10)
            )
            weighed = AttentionWeighed(AttentionLevel.DECIDE, ("it touches money",), files)
            yield replace(event, id=f"w{number}", payload=weighed)
            opened += 1
            if opened % 10 == 0:
                commit, path = f"{number:040x}", f"shop/part{opened // 10 % 10}.py"
                seen = AftermathSeen(
                    event.session, AftermathKind.FIXED, commit, event.at, path, 3,
                    (f"{number:020x}",), "It changes 3 lines and its message says “fix”.",
                )  # fmt: skip
                yield replace(event, id=f"o{number}", payload=seen)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--fail-if", type=float, metavar="SECONDS", help="exit with 1 above it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite3"
        with Journal.open(path) as journal:
            journal.append(list(with_levels(given.events)))
        taken = [seconds(lambda: read_experience(path, REPOSITORY)) for _ in range(given.rounds)]
        start = time.process_time()
        known = read_experience(path, REPOSITORY)
        busy = time.process_time() - start
    median = statistics.median(taken)
    print(
        f"{given.events:,} events: median {median * 1000:.1f} ms (best {min(taken) * 1000:.1f}, "
        f"processor {busy * 1000:.1f}); {len(known.paths)} paths and {len(known.topics)} topics"
    )
    return int(given.fail_if is not None and median > given.fail_if)


if __name__ == "__main__":
    sys.exit(main())
