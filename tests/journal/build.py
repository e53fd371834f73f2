"""Events for the tests of the journal."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from xreview.domain.change import ChangeKind, Side
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.codec import to_json
from xreview.domain.events.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    NoteWritten,
    Payload,
    ReportReceived,
    SessionOpened,
)
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
from xreview.journal.rows import COLUMNS, canonical, digest, insertable, row_after

REPOSITORY = "/home/ada/shop/.git"
ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
REJECT = Decision(Verdict.REJECT, Reason.INTENDED)


def event(
    id: str, payload: Payload, *, session: str = "s1", repository: str = REPOSITORY, second: int = 0
) -> Event:
    at = f"2025-11-21T10:00:{second:02}.000000+00:00"
    return Event(id, session, repository, at, "Ada <ada@example.com>", payload)


def opened(session: str = "s1", title: str = "worktree against HEAD", **given) -> Event:
    payload = SessionOpened(ChangeKind.WORKTREE, title, "b" * 40, None, "xreview-tui 0.1.0")
    return event(f"{session}/opened", payload, session=session, **given)


def decided(id: str, *subjects: str, decision: Decision = ACCEPT, action: str = "", **given):
    return event(id, DecisionMade(action or id, subjects or ("f1",), decision), **given)


def undone(id: str, action: str, **given) -> Event:
    return event(id, DecisionUndone(action), **given)


def redone(id: str, action: str, **given) -> Event:
    return event(id, DecisionRedone(action), **given)


def noted(id: str, subject: str, text: str, **given) -> Event:
    return event(id, NoteWritten((subject,), text), **given)


def report(fingerprint: str = "f1", title: str = "SQL built from a string") -> Report:
    return Report(
        fingerprint=fingerprint,
        reviewer=ReviewerIdentity("risk", ReviewerKind.ANALYSER, "ruff", "0.14.1"),
        lens=Lens.RISK,
        rule="S608",
        title=title,
        claim="The query is put together from user input.",
        scenario="A name with a quote in it changes the query.",
        category=Category.SECURITY,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        anchor=Anchor("shop/cart.py", Side.NEW, 12, 12, "execute(f'... {name}')"),
    )


def reported(id: str, fingerprint: str = "f1", title: str = "SQL built from a string", **given):
    return event(id, ReportReceived(report(fingerprint, title)), **given)


def append_of_newer_program(
    path: Path, id: str, *, session: str = "", version: int = 0, **changed: Any
) -> None:
    """Append a decision as a program may write it that knows more versions and values than this."""
    made = decided(id, session=session or id)
    payload = canonical({**to_json(made.payload), **changed})
    row = row_after(made, "")._replace(payload=payload, version=version or made.payload.version)
    row = row._replace(hash=digest(row))
    marks = ",".join("?" * len(COLUMNS[1:]))
    with closing(sqlite3.connect(path)) as connection, connection:
        insert = f"INSERT INTO events ({', '.join(COLUMNS[1:])}) VALUES ({marks})"
        sequence = connection.execute(insert, insertable(row)).lastrowid
        connection.execute("INSERT INTO subjects VALUES ('f1', ?)", (sequence,))
