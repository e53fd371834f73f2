"""Reading agents' SQLite files without changing anything; SQLite is otherwise only in `journal`.

A file without a write-ahead log is opened `immutable`, so that SQLite neither locks it nor creates
files beside it. A log in use holds the newest sessions: SQLite reads it with a reader's lock in the
existing `-shm` file. A log without a `-shm` file is ignored, because SQLite would create that file.

The content isn't trusted: schemas can't run functions, oversized values aren't fetched, and any
query ends when the time is up.
"""

import os
import sqlite3
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from xreview.domain.record import replace
from xreview.repo.attribution.sessions.transcript import (
    LINE_BYTES,
    LeftOut,
    SearchBounds,
    Transcript,
    find_transcripts,
    opened,
)

_STEPS_BETWEEN_CHECKS = 20_000
_WAIT_SECONDS = 0.2
_HEADER = b"SQLite format 3\0"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"

Value = str | bytes | int | float | None


class Database:
    """An open database; a query that can't continue ends without an error."""

    def __init__(self, connection: sqlite3.Connection, tool: str, reading: SearchBounds) -> None:
        self._connection = connection
        self._tool = tool
        self._reading = reading

    def rows(self, query: str, parameters: Sequence[Value] = ()) -> Iterator[tuple[Value, ...]]:
        """The rows of a query, until the time is up; none if the schema is different."""
        try:
            with closing(self._connection.execute(query, parameters)) as cursor:
                for row in cursor:
                    self._reading.spend(sum(len(v) for v in row if isinstance(v, str | bytes)))
                    yield row
                    if self._reading.is_over:
                        return
        except sqlite3.Error:
            # Damaged, locked, without these tables, or interrupted; its text may quote contents.
            if not self._reading.is_over:
                self._reading.leave_out(self._tool, LeftOut.UNREADABLE)


@contextmanager
def opened_database(
    transcript: Transcript, tables: Sequence[str], reading: SearchBounds
) -> Generator[Database | None]:
    """Open the database; yields None if it's unreadable or lacks these tables.

    Views don't count as tables: a query of one could be made to run as long as it's allowed to.
    """
    connection = _connect(transcript, reading)
    if connection is None:
        yield None
        return
    with closing(connection):
        database = Database(connection, transcript.tool, reading)
        there = {name for (name,) in database.rows(_TABLES)}
        if there and not there.issuperset(tables):
            reading.leave_out(transcript.tool, LeftOut.UNKNOWN_FORM)
        yield database if there.issuperset(tables) else None


def _connect(transcript: Transcript, reading: SearchBounds) -> sqlite3.Connection | None:
    with opened(transcript, reading) as file:  # no link on the way, and a regular file
        if file is None or file.read(len(_HEADER)) != _HEADER:
            return None
    path = transcript.path
    options = "mode=ro" if _has_live_log(path) else "mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(path))}?{options}",
            uri=True,
            timeout=_WAIT_SECONDS,
            isolation_level=None,
        )
    except sqlite3.Error:
        reading.leave_out(transcript.tool, LeftOut.UNREADABLE)
        return None
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * LINE_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.text_factory = _text
    connection.set_progress_handler(lambda: reading.is_over, _STEPS_BETWEEN_CHECKS)
    for pragma in ("trusted_schema = OFF", "query_only = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}").close()
    return connection


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _has_live_log(path: Path) -> bool:
    try:
        log = path.with_name(f"{path.name}-wal").lstat()
        shared = path.with_name(f"{path.name}-shm").lstat()
    except OSError:
        return False
    return stat.S_ISREG(log.st_mode) and log.st_size > 0 and stat.S_ISREG(shared.st_mode)


def find_databases(
    tool: str, root: Path | None, pattern: Sequence[str], reading: SearchBounds
) -> Iterator[Transcript]:
    """As `find_transcripts`; a write to a database's log counts as a modification."""
    for found in find_transcripts(tool, root, pattern, reading):
        try:
            log = found.path.with_name(f"{found.path.name}-wal").lstat()
        except OSError:
            yield found
        else:
            yield replace(found, modified=max(found.modified, log.st_mtime))
