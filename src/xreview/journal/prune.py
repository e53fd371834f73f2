"""Removing old sessions from the journal, after they were written to a file.

It happens inside the file, in one transaction. Replacing the file would look simpler, but a program
that has the old one open would continue to write decisions into an unlinked file.
"""

import sqlite3

from xreview.domain.errors import JournalError
from xreview.domain.events.upkeep_events import ChainHead, SessionsPruned
from xreview.journal.archive import Archive
from xreview.journal.migrate import REFUSE_DELETE
from xreview.journal.queries import chains_digest, heads_of
from xreview.journal.rows import stored


def prune(connection: sqlite3.Connection, archive: Archive) -> SessionsPruned:
    """Remove the archived sessions; returns the event to append.

    Call it inside a transaction that excludes other writers. Raises JournalError if a session grew
    since it was archived; roll the transaction back then.
    """
    heads = heads_of(connection)
    for head in archive.sessions:
        if heads.pop(head.session, None) != head:
            raise JournalError(
                f"Session {head.session} grew in the meantime: nothing was removed.",
                f"Try again when it has ended, and delete {archive.path}.",
            )
    connection.execute("DROP TRIGGER events_refuse_delete")
    _remove(connection, archive.sessions)
    connection.execute(REFUSE_DELETE)
    kept = chains_digest(heads.values())
    return SessionsPruned(str(archive.path), archive.digest, archive.sessions, kept)


def _remove(connection: sqlite3.Connection, sessions: tuple[ChainHead, ...]) -> None:
    for head in sessions:
        session = stored(head.session)
        removed = connection.execute("DELETE FROM events WHERE session = ?", (session,)).rowcount
        if removed != head.events:
            raise JournalError(f"Session {head.session} changed during the removal.", "Try again.")
    # The table has no index by sequence: one pass is quicker than one for each session.
    connection.execute("DELETE FROM subjects WHERE sequence NOT IN (SELECT sequence FROM events)")
