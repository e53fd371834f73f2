"""Taking old sessions out of the journal, after they were written to a file.

It happens inside the file and in one transaction. A new file put in the place of the old one would
look simpler, but a program that has the old one open would go on writing decisions into a file that
has no name any more.
"""

import sqlite3

from xreview.domain.errors import JournalError
from xreview.domain.events.upkeep_events import ChainHead, SessionsPruned
from xreview.journal.archive import Archive
from xreview.journal.migrate import REFUSE_DELETE
from xreview.journal.queries import chains_digest, heads_of
from xreview.journal.rows import stored


def prune(connection: sqlite3.Connection, archive: Archive) -> SessionsPruned:
    """Remove the sessions that are in the archive; returns what the caller is to write about it.

    Call it inside a transaction that keeps other writers out. Raises JournalError where a session
    was written to since it was archived: then the transaction must be rolled back.
    """
    heads = heads_of(connection)
    for head in archive.sessions:
        if heads.pop(head.session, None) != head:
            raise JournalError(
                f"Session {head.session} was written to meanwhile: nothing was removed.",
                f"Try again when it has ended. The file {archive.path} is of no use.",
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
            raise JournalError(
                f"Session {head.session} changed while it was removed.", "Try again."
            )
    # That table has no index by sequence: one pass over it is quicker than one for each session.
    connection.execute("DELETE FROM subjects WHERE sequence NOT IN (SELECT sequence FROM events)")
