"""A program that appends events and says so, for the tests that kill it or run it twice.

Arguments: the journal's path, what its ids begin with, its session, how many events, how many to
an append, and "together" to wait for a line of input before the first and to rest after each, so
that another writer gets its turn. After an append has returned it prints the ids, so that each line
is an acknowledgement.
"""

import os
import sys
import time
from pathlib import Path

from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.event import DecisionMade, Event
from xreview.journal.store import Journal

REPOSITORY = "/home/ada/shop/.git"
SHARED = 10
"""Every so many events carry an id that all writers use."""


def event(name: str, session: str, number: int) -> Event:
    id = f"shared-{number}" if number % SHARED == 0 else f"{name}-{number}"
    decision = Decision(Verdict.ACCEPT, Reason.FIX)
    payload = DecisionMade(id, (f"fingerprint-{number}",), decision)
    return Event(id, session, REPOSITORY, "2025-11-21T10:00:00.000000+00:00", name, payload)


def main(path: str, name: str, session: str, count: str, batch: str, manner: str) -> None:
    with Journal.open(Path(path), patience=60) as journal:
        if manner == "together":
            os.write(1, b"ready\n")
            sys.stdin.readline()
        for start in range(0, int(count), int(batch)):
            numbers = range(start, min(start + int(batch), int(count)))
            events = [event(name, session, number) for number in numbers]
            journal.append(events)
            os.write(1, "".join(f"{event.id}\n" for event in events).encode())
            if manner == "together":
                time.sleep(0.0005)


if __name__ == "__main__":
    main(*sys.argv[1:])
