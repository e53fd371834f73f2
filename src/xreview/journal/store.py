"""The append-only file of events: opening, appending, reading.

One SQLite file (sqlite.org/wal.html): write-ahead log, so that readers and a writer do not stop
each other, and `synchronous=FULL`, so that an append that returned is on the disk. Every append is
one immediate transaction, so that two programs in one session keep one hash chain.
"""

import json
import os
import sqlite3
import stat
import time
from collections.abc import Collection, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xreview.domain.errors import JournalError
from xreview.domain.event import Event, Payload, SessionOpened
from xreview.journal.failures import explained
from xreview.journal.migrate import APPLICATION_ID, MIGRATIONS, migrate, pragma
from xreview.journal.rows import (
    COLUMNS,
    FIRST,
    canonical,
    insertable,
    row_after,
    stored,
    subjects_of,
)
from xreview.journal.stream import EventStream
from xreview.journal.verify import Problem, verify

PATIENCE = 5.0
"""Seconds to wait for another program that is writing."""

_PAGE_ROWS = 500
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM events WHERE "
_INSERT = (
    f"INSERT INTO events ({', '.join(COLUMNS[1:])}) VALUES ({', '.join('?' * len(COLUMNS[1:]))})"
)
_INSERT_SUBJECTS = """
    INSERT INTO subjects (subject, sequence) SELECT DISTINCT value, ? FROM json_each(?)
"""
_ABOUT = """
    sequence IN (
        SELECT sequence FROM subjects WHERE subject IN (SELECT value FROM json_each(:about))
    )
"""
_SESSIONS = """
    SELECT opened.session, opened.at, opened.payload,
           (SELECT count(*) FROM events AS report
             WHERE report.session = opened.session AND report.type = 'report-received'),
           (SELECT count(*) FROM events AS decision
             WHERE decision.session = opened.session AND decision.type = 'decision-made')
      FROM events AS opened
     WHERE opened.repository = ? AND opened.type = ?
     ORDER BY opened.sequence DESC
"""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One run over a change: when, over what, and how much came of it.

    `decisions` counts every decision made, taken back or not.
    """

    id: str
    opened_at: str
    title: str
    kind: str
    reports: int
    decisions: int


class Journal:
    """An open journal. Use it in the thread that opened it; `close` it or use it with `with`.

    Args:
        path: where the file is.
        notice: a sentence the person must know, "" usually: the file is of a newer program and
            only read.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, notice: str = "") -> None:
        self.path = path
        self.notice = notice
        self._connection = connection

    @classmethod
    def open(cls, path: Path, *, patience: float = PATIENCE) -> Self:
        """Open the journal file at `path`; it and its folder are made where they do not exist.

        `patience` are the seconds to wait for another program that is writing. Raises JournalError:
        the folder or the file can't be written, is locked, or is no journal.
        """
        path = path.absolute()
        with explained(path):
            _make_private(path)
            connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
            try:
                return cls(connection, path, _prepare(connection, path, patience))
            except BaseException:
                connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go. Closing twice does nothing."""
        self._connection.close()

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be appended, for the reason in `notice`."""
        return bool(self.notice)

    def append(self, events: Sequence[Event]) -> None:
        """Write events, all or none; they are on the disk when this returns.

        An event whose id is in the journal is not written again, so that a caller who does not
        know whether an append succeeded may repeat it. Raises JournalError.
        """
        if self.is_read_only:
            raise JournalError(
                "Nothing was written to the journal: " + self.notice, "Update xreview-tui."
            )
        with explained(self.path), self._transaction():
            heads: dict[str, str] = {}
            for event in events:
                if self._has(event.id):
                    continue
                if event.session not in heads:
                    heads[event.session] = self._head(event.session)
                row = row_after(event, heads[event.session])
                sequence = self._connection.execute(_INSERT, insertable(row)).lastrowid
                if subjects := subjects_of(event.payload):
                    self._connection.execute(_INSERT_SUBJECTS, (sequence, canonical(subjects)))
                heads[event.session] = row.hash

    def events(
        self,
        *,
        repository: str | None = None,
        session: str | None = None,
        types: Collection[type[Payload]] | None = None,
        about: Collection[str] | None = None,
    ) -> EventStream:
        """The events of a repository, of a session, of some types, or all, oldest first.

        `about` are the fingerprints of findings, or the ids of actions that were taken back or
        brought back: only events about at least one of them, found without reading the others.
        Those that are appended while the stream is read are not in it. Reading raises JournalError.
        """
        conditions, values = ["sequence > :after", "sequence <= :last"], dict[str, object]()
        for column, wanted in (("repository", repository), ("session", session)):
            if wanted is not None:
                conditions.append(f"{column} = :{column}")
                values[column] = stored(wanted)
        if types is not None:
            names = [kind.type for kind in types]
            conditions.append("type IN (SELECT value FROM json_each(:types))")
            values["types"] = json.dumps(names)
        if about is not None:
            conditions.append(_ABOUT)
            values["about"] = canonical(list(about))
        query = f"{_SELECT}{' AND '.join(conditions)} ORDER BY sequence LIMIT {_PAGE_ROWS}"
        with explained(self.path):
            (values["last"],) = self._one("SELECT coalesce(max(sequence), 0) FROM events")

        def page(after: int) -> list[tuple[Any, ...]]:
            with (
                explained(self.path),
                closing(self._connection.execute(query, {**values, "after": after})) as cursor,
            ):
                return cursor.fetchall()

        return EventStream(page)

    def sessions(self, repository: str) -> list[SessionSummary]:
        """The sessions of a repository, newest first. Raises JournalError."""
        with (
            explained(self.path),
            closing(
                self._connection.execute(_SESSIONS, (stored(repository), SessionOpened.type))
            ) as cursor,
        ):
            return [_summary(row) for row in cursor]

    def verify(self, session: str | None = None) -> list[Problem]:
        """What was altered or lost in a session or, without one, in the whole file.

        Names the first bad row of each session. Raises JournalError where the file is too damaged
        to be read through.
        """
        with explained(self.path):
            return verify(self._connection, session)

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _has(self, id: str) -> bool:
        return self._one("SELECT 1 FROM events WHERE id = ?", stored(id)) is not None

    def _head(self, session: str) -> str:
        row = self._one(
            "SELECT hash FROM events WHERE session = ? ORDER BY sequence DESC LIMIT 1",
            stored(session),
        )
        return row[0] if row else FIRST

    def _one(self, query: str, *values: object) -> Any:
        with closing(self._connection.execute(query, values)) as cursor:
            return cursor.fetchone()


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Closing a descriptor of the file would drop the locks that another connection of this
        # process holds on it (POSIX), so only a file that is not there yet is opened here.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)


def _prepare(connection: sqlite3.Connection, path: Path, patience: float) -> str:
    connection.execute("PRAGMA trusted_schema = OFF")
    version = pragma(connection, "user_version")
    _refuse_foreign(connection, path)
    if version > len(MIGRATIONS):
        connection.execute("PRAGMA query_only = ON")
        return f"{path} was written by a newer version of xreview-tui and is only read."
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise JournalError(
            f"The journal {path} or its folder is read-only.",
            "Give yourself the right to write there, or choose another data folder.",
        )
    _use_write_ahead_log(connection, patience)
    connection.execute("PRAGMA synchronous = FULL")
    migrate(connection)
    return ""


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    if pragma(connection, "application_id") == APPLICATION_ID:
        return
    with closing(connection.execute("SELECT count(*) FROM sqlite_master")) as cursor:
        (objects,) = cursor.fetchone()
    # Counted after the id was read as absent: another xreview may just have made both.
    if objects and pragma(connection, "application_id") != APPLICATION_ID:
        raise JournalError(
            f"{path} is a database of another program, not a journal.",
            "Choose another data folder, or move that file away.",
        )


def _use_write_ahead_log(connection: sqlite3.Connection, patience: float) -> None:
    # SQLite's own patience does not hold here: the switch fails at once where another opens too.
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _summary(row: tuple[str, str, str, int, int]) -> SessionSummary:
    id, at, payload, reports, decisions = row
    opened = json.loads(payload)
    return SessionSummary(
        id, at, str(opened.get("title", "")), str(opened.get("kind", "")), reports, decisions
    )
