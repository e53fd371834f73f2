"""The schema of the journal, as numbered steps.

`PRAGMA user_version` is the number of steps a file has taken; step n brings it to version n.
Released steps are never edited, so they spell out their SQL and use no constant of other modules
(`journal.views` belongs to steps 2, 4 and 5 and is as fixed). `PRAGMA application_id` marks the
file as ours, so that another program's database is never written to.
"""

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager

from xreview.journal.views import FINDINGS_WITH_OWN, VIEWS, neutral

APPLICATION_ID = 0x78726576
"""The letters "xrev"."""

TRIGGERS = ("events_refuse_update", "events_refuse_delete", "events_refuse_replace")
"""They keep the table append-only."""

Migration = Sequence[str]
"""The statements of one step."""

REFUSE_DELETE = """
    CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: no row is ever removed'); END
    """
"""Pruning drops this trigger and restores it, in one transaction; nothing else removes rows."""

_EVENTS: Migration = (
    """
    CREATE TABLE events (
        sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
        id         TEXT NOT NULL UNIQUE,
        session    TEXT NOT NULL,
        repository TEXT NOT NULL,
        at         TEXT NOT NULL,
        actor      TEXT NOT NULL,
        type       TEXT NOT NULL,
        version    INTEGER NOT NULL,
        payload    TEXT NOT NULL,
        previous   TEXT NOT NULL,
        hash       TEXT NOT NULL
    )
    """,
    "CREATE INDEX events_by_repository ON events (repository, sequence, type)",
    "CREATE INDEX events_by_session ON events (session, sequence, type)",
    """
    CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: no row is ever changed'); END
    """,
    REFUSE_DELETE,
    # INSERT OR REPLACE removes the conflicting row without firing the trigger above.
    """
    CREATE TRIGGER events_refuse_replace BEFORE INSERT ON events
    WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id OR sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: no row is ever replaced'); END
    """,
)

_VIEWS: Migration = tuple(f"CREATE VIEW {view.name} AS {view.body}" for view in VIEWS)

# An altered row may hold anything, and must not keep the file from opening.
_READABLE = """
    (SELECT type AS kind, sequence, payload FROM events
      WHERE typeof(payload) = 'text' AND json_valid(payload))
"""
_SUBJECTS_THEN = f"""
    SELECT subject.value AS subject, sequence
      FROM {_READABLE} JOIN json_each(payload, '$.subjects') AS subject
     WHERE kind IN ('decision-made', 'note-written', 'stance-taken', 'opinion-given',
                    'escalation-resolved', 'fix-confirmed', 'convention-written',
                    'proposal-received', 'proposal-taken')
       AND subject.type = 'text'
     UNION
    SELECT json_extract(payload, '$.fingerprint'), sequence FROM {_READABLE}
     WHERE kind = 'report-received' AND json_type(payload, '$.fingerprint') = 'text'
     UNION
    SELECT json_extract(payload, '$.anchor.path'), sequence FROM {_READABLE}
     WHERE kind = 'report-received' AND json_type(payload, '$.anchor.path') = 'text'
     UNION
    SELECT json_extract(payload, '$.action'), sequence FROM {_READABLE}
     WHERE kind IN ('decision-undone', 'decision-redone')
       AND json_type(payload, '$.action') = 'text'
"""

_SUBJECTS: Migration = (
    """
    CREATE TABLE subjects (
        subject  TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        PRIMARY KEY (subject, sequence)
    ) WITHOUT ROWID
    """,
    f"INSERT INTO subjects (subject, sequence) {_SUBJECTS_THEN}",
)

_NEUTRAL_VIEWS: Migration = (
    *(f"DROP VIEW {view.name}" for view in VIEWS),
    *(f"CREATE VIEW {view.name} AS {neutral(view)}" for view in VIEWS),
)

_OWN_FINDINGS: Migration = (
    "DROP VIEW findings",
    f"CREATE VIEW findings AS {neutral(FINDINGS_WITH_OWN)}",
)

MIGRATIONS: tuple[Migration, ...] = (_EVENTS, _VIEWS, _SUBJECTS, _NEUTRAL_VIEWS, _OWN_FINDINGS)


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """The value of a numeric pragma."""
    with closing(connection.execute(f"PRAGMA {name}")) as cursor:
        return int(cursor.fetchone()[0])


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Generator[None]:
    """Commit what the block does, or roll it back if it raises."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring an older or empty file to the newest version, in one transaction.

    When two programs do so at once, the second finds it done. Raises sqlite3.Error, and leaves the
    file unchanged then.
    """
    if pragma(connection, "user_version") >= len(migrations):
        return
    with transaction(connection):
        done = pragma(connection, "user_version")
        for version, statements in enumerate(migrations[done:], start=done + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
