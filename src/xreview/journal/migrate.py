"""The schema of the journal as numbered steps forward.

`PRAGMA user_version` says how many steps a file has taken; step n brings it to version n. A step
that was released is never edited: a change is a new step. `PRAGMA application_id` marks the file as
ours, so that another program's database is not written to.

The views are for people with any SQLite tool. They replace the characters that introduce a control
sequence (ESC and its C1 forms, ECMA-48), since such tools print to terminals what they are given.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

APPLICATION_ID = 0x78726576
"""The letters "xrev"."""

TRIGGERS = ("events_refuse_update", "events_refuse_delete", "events_refuse_replace")
"""What keeps the table append-only."""

Migration = Sequence[str]
"""The statements of one step, each on its own."""

_INTRODUCERS = (0x1B, 0x90, 0x98, 0x9B, 0x9D, 0x9E, 0x9F)


def _text(path: str, payload: str = "payload") -> str:
    expression = f"json_extract({payload}, '{path}')"
    for code in _INTRODUCERS:
        expression = f"replace({expression}, char({code}), '␛')"
    return expression


REFUSE_DELETE = """
    CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: no row is ever removed'); END
    """
"""Pruning, which alone may remove rows, lifts this trigger and puts it back in one transaction."""

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
    # INSERT OR REPLACE removes the row in its way without asking the trigger above.
    """
    CREATE TRIGGER events_refuse_replace BEFORE INSERT ON events
    WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id OR sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: no row is ever replaced'); END
    """,
)

_VIEWS: Migration = (
    f"""
    CREATE VIEW sessions AS
    SELECT opened.session,
           opened.repository,
           opened.at AS opened_at,
           opened.actor,
           {_text("$.kind", "opened.payload")} AS kind,
           {_text("$.title", "opened.payload")} AS title,
           json_extract(opened.payload, '$.base') AS base,
           json_extract(opened.payload, '$.head') AS head,
           {_text("$.program", "opened.payload")} AS program,
           (SELECT count(*) FROM events AS report
             WHERE report.session = opened.session AND report.type = 'report-received') AS reports,
           (SELECT count(*) FROM events AS decision
             WHERE decision.session = opened.session AND decision.type = 'decision-made')
             AS decisions
      FROM events AS opened
     WHERE opened.type = 'session-opened'
    """,
    # SQLite takes a bare column beside max() from the row that has the maximum.
    """
    CREATE VIEW decisions AS
    WITH turned AS (
        SELECT repository,
               json_extract(payload, '$.action') AS action,
               type,
               max(sequence)
          FROM events
         WHERE type IN ('decision-undone', 'decision-redone')
         GROUP BY 1, 2
    )
    SELECT made.sequence,
           made.at,
           made.session,
           made.repository,
           made.actor,
           json_extract(made.payload, '$.action') AS action,
           subject.value AS fingerprint,
           json_extract(made.payload, '$.verdict') AS verdict,
           json_extract(made.payload, '$.reason') AS reason,
           coalesce(turned.type <> 'decision-undone', 1) AS holds
      FROM events AS made
      JOIN json_each(made.payload, '$.subjects') AS subject
      LEFT JOIN turned
        ON turned.repository = made.repository
       AND turned.action = json_extract(made.payload, '$.action')
     WHERE made.type = 'decision-made'
    """,
    f"""
    CREATE VIEW findings AS
    WITH reported AS (
        SELECT repository,
               json_extract(payload, '$.fingerprint') AS fingerprint,
               {_text("$.reviewer.name")} AS reviewer,
               {_text("$.anchor.path")} AS path,
               json_extract(payload, '$.anchor.start_line') AS line,
               json_extract(payload, '$.severity') AS severity,
               json_extract(payload, '$.category') AS category,
               {_text("$.title")} AS title,
               {_text("$.claim")} AS claim,
               at AS last_reported_at,
               count(*) AS times_reported,
               max(sequence)
          FROM events
         WHERE type = 'report-received'
         GROUP BY 1, 2
    ), begun AS (
        SELECT repository,
               json_extract(payload, '$.fingerprint') AS fingerprint,
               min(at) AS first_reported_at
          FROM events
         WHERE type = 'report-received'
         GROUP BY 1, 2
    ), decided AS (
        SELECT repository, fingerprint, verdict, reason, at, actor, max(sequence)
          FROM decisions
         WHERE holds
         GROUP BY 1, 2
    ), noted AS (
        SELECT repository, subject.value AS fingerprint, {_text("$.text")} AS note, max(sequence)
          FROM events
          JOIN json_each(payload, '$.subjects') AS subject
         WHERE events.type = 'note-written'
         GROUP BY 1, 2
    )
    SELECT reported.repository,
           reported.fingerprint,
           reported.reviewer,
           reported.path,
           reported.line,
           reported.severity,
           reported.category,
           reported.title,
           reported.claim,
           begun.first_reported_at,
           reported.last_reported_at,
           reported.times_reported,
           decided.verdict,
           decided.reason,
           decided.at AS decided_at,
           decided.actor AS decided_by,
           coalesce(noted.note, '') AS note
      FROM reported
      JOIN begun USING (repository, fingerprint)
      LEFT JOIN decided USING (repository, fingerprint)
      LEFT JOIN noted USING (repository, fingerprint)
    """,
)


# A row that someone altered by hand may hold anything, and must not keep the file from opening.
_READABLE = """
    (SELECT type AS kind, sequence, payload FROM events
      WHERE typeof(payload) = 'text' AND json_valid(payload))
"""
SUBJECTS_OF_EVENTS = f"""
    SELECT subject.value AS subject, sequence
      FROM {_READABLE} JOIN json_each(payload, '$.subjects') AS subject
     WHERE kind IN ('decision-made', 'note-written', 'stance-taken', 'escalation-resolved',
                    'fix-confirmed', 'convention-written') AND subject.type = 'text'
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
"""What the table `subjects` must hold: it is derived from `events` and outside the hash chain.

A subject is what an event is about: the fingerprints of a finding, the file of a report, or the
action that is taken back. By it the decisions about some findings, or the earlier reports of some
files, are found without reading all there are. `append`
writes it (SQLite trusts no JSON function in a trigger), `verify` compares it.
"""

_SUBJECTS: Migration = (
    """
    CREATE TABLE subjects (
        subject  TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        PRIMARY KEY (subject, sequence)
    ) WITHOUT ROWID
    """,
    f"INSERT INTO subjects (subject, sequence) {SUBJECTS_OF_EVENTS}",
)

MIGRATIONS: tuple[Migration, ...] = (_EVENTS, _VIEWS, _SUBJECTS)


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """The value of a pragma that is a number."""
    with closing(connection.execute(f"PRAGMA {name}")) as cursor:
        return int(cursor.fetchone()[0])


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring a file of an older version, or an empty one, to the newest, in one transaction.

    Two programs may do so at once: the second finds it done. Raises sqlite3.Error; the file then
    is as it was.
    """
    if pragma(connection, "user_version") >= len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = pragma(connection, "user_version")
        for version, statements in enumerate(migrations[done:], start=done + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
