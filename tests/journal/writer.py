"""A program that appends events and says so, for the tests that kill it or run it twice.

Arguments: the journal's path, what its ids begin with, its session, how many events, how many to
an append, and "together" to wait for a line of input before the first and to rest after each, so
that another writer gets its turn. After an append has returned it prints the ids, so that each line
is an acknowledgement. With "serve" alone it forks a writer for each line of such arguments, with
tabs between; the manner "prune" then takes sessions away instead.
"""

import os
import signal
import sys
import time
from pathlib import Path

from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import DecisionMade, Event
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
            began = time.monotonic()
            journal.append(events)
            os.write(1, "".join(f"{event.id}\n" for event in events).encode())
            if manner == "together":
                # SQLite waits longer after each try, so a slow disk could starve the other writer.
                time.sleep(max(0.0005, time.monotonic() - began))


def prune(path: str, name: str, session: str, count: str, batch: str, manner: str) -> None:
    """Move one session after the other to a file of its own, then wait to be killed."""
    with Journal.open(Path(path), patience=60) as journal:
        for number in range(int(count)):
            sessions = [head for head in journal.heads() if not head.startswith("prune-")]
            if not sessions:
                signal.pause()
            oldest = sessions[0]
            target = Path(path).with_name(f"{name}-{number}.jsonl")
            archive = journal.archive([oldest], target)
            given = {"repository": REPOSITORY, "at": "2025-11-21T10:00:00.000000+00:00"}
            journal.prune(archive, id=f"{name}-{number}", actor=name, **given)
            os.write(1, f"{oldest}\n".encode())
            journal.compact()


def serve() -> None:
    """Fork a writer for a line of input, which says its number; at the next line, how it ended."""
    while line := sys.stdin.readline():
        words = line.rstrip("\n").split("\t")
        pid = os.fork()
        if pid == 0:
            os.write(1, f"{os.getpid()}\n".encode())
            work = prune if words[-1] == "prune" else main
            try:
                work(*words)
            finally:
                os._exit(1)  # a writer that was not killed
        sys.stdin.readline()  # until then its number is kept from being given to another process
        _, status = os.waitpid(pid, 0)
        os.write(1, f"ended {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        main(*sys.argv[1:])
