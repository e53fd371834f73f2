"""The table `subjects`: what each event is about, derived from `events` and beside the hash chain.

It can be thrown away and written anew at any time, as `xreview-tui log verify --rebuild` does: the
SELECT that filled it first (`migrate.SUBJECTS_OF_EVENTS`) says what must be in it.
"""

import sqlite3

from xreview.domain.events.event import (
    ConventionWritten,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    FixConfirmed,
    NoteWritten,
    OpinionGiven,
    Payload,
    ProposalReceived,
    ProposalTaken,
    ReportReceived,
    StanceTaken,
)
from xreview.journal.migrate import SUBJECTS_OF_EVENTS
from xreview.journal.rows import canonical

_INSERT = "INSERT INTO subjects (subject, sequence) SELECT DISTINCT value, ? FROM json_each(?)"


def subjects_of(payload: Payload) -> tuple[str, ...]:
    """What an event is about, as the table `subjects` keeps it (`migrate.SUBJECTS_OF_EVENTS`)."""
    match payload:
        case (
            DecisionMade()
            | NoteWritten()
            | StanceTaken()
            | OpinionGiven()
            | EscalationResolved()
            | FixConfirmed()
            | ConventionWritten()
            | ProposalReceived()
            | ProposalTaken()
        ):
            return payload.subjects
        case ReportReceived(report):
            return (report.fingerprint, report.anchor.path)
        case DecisionUndone(action) | DecisionRedone(action):
            return (action,)
        case _:
            return ()


def write_subjects(connection: sqlite3.Connection, sequence: int | None, payload: Payload) -> None:
    """Write down what the event in the row `sequence` is about, if anything."""
    if subjects := subjects_of(payload):
        connection.execute(_INSERT, (sequence, canonical(subjects)))


def rebuild_subjects(connection: sqlite3.Connection) -> None:
    """Derive the whole table anew. Call it inside a transaction."""
    connection.execute("DELETE FROM subjects")
    connection.execute(f"INSERT INTO subjects (subject, sequence) {SUBJECTS_OF_EVENTS}")
