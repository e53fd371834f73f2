"""The append-only file of events: opening, appending, reading.

One SQLite file (sqlite.org/wal.html): write-ahead log, so that readers and a writer do not stop
each other, and `synchronous=FULL`, so that an append that returned is on the disk. Every append is
one immediate transaction, so that two programs in one session keep one hash chain.
"""

import json
import sqlite3
import time
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xreview.domain.errors import JournalError
from xreview.domain.events.event import Event, Payload, SessionsPruned, is_known
from xreview.domain.events.shared_push import JournalHead
from xreview.domain.events.upkeep_events import ChainHead
from xreview.journal.archive import Archive, write_archive
from xreview.journal.failures import explained
from xreview.journal.heads import (
    DamagedHeadError,
    HeadFile,
    KeptHead,
    SignedHead,
    advance,
    changes,
    head_after_pruning,
    holding_of,
)
from xreview.journal.opening import JournalRefusal, make_private, prepare
from xreview.journal.prune import prune
from xreview.journal.queries import SessionSummary, fingerprints_in, heads_of, sessions_in
from xreview.journal.rows import (
    COLUMNS,
    FIRST,
    JournalRow,
    canonical,
    event_of,
    insertable,
    row_after,
    row_of,
    stored,
)
from xreview.journal.schema import differences, restore_schema
from xreview.journal.stream import EventStream
from xreview.journal.subjects import rebuild_subjects, write_subjects
from xreview.journal.verify import JournalProblem, verify, verify_end

PATIENCE = 5.0
"""Seconds to wait for another program that is writing."""

KEEP_SECONDS = 60.0
"""How often a program that stays open keeps where the journal ends; it does when it closes, too."""

_PAGE_ROWS = 500
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM events WHERE "
_INSERT = (
    f"INSERT INTO events ({', '.join(COLUMNS[1:])}) VALUES ({', '.join('?' * len(COLUMNS[1:]))})"
)
_NEWEST = """
    SELECT DISTINCT type, version FROM (
        SELECT type, version FROM events ORDER BY sequence DESC LIMIT 2000
    )
"""
_ABOUT = """
    sequence IN (
        SELECT sequence FROM subjects WHERE subject IN (SELECT value FROM json_each(:about))
    )
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the events of an import.

    Args:
        added: written. known: were here already. pruned: are of sessions that were pruned here.
        differing: have the id of another event, which was kept.
    """

    added: int = 0
    known: int = 0
    differing: int = 0
    pruned: int = 0


class Journal:
    """An open journal. Use it in the thread that opened it; `close` it or use it with `with`.

    Args:
        path: where the file is.
        notice: a sentence the person must know, "" usually: the file is only read, or it does not
            go on from where it ended.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, refusal: JournalRefusal | None = None
    ) -> None:
        self.path = path
        self._connection = connection
        self._refusal = refusal
        self._end = HeadFile(path)
        self._kept_at = time.monotonic()
        self._has_grown = False
        self.notice = refusal.why if refusal else self._state()

    @classmethod
    def open(cls, path: Path, *, patience: float = PATIENCE) -> Self:
        """Open the journal file at `path`; it and its folder are made where they do not exist.

        `patience` are the seconds to wait for another program that is writing. Raises JournalError:
        the folder or the file can't be written, is locked, or is no journal.
        """
        path = path.absolute()
        with explained(path):
            make_private(path)
            connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
            try:
                return cls(connection, path, prepare(connection, path, patience))
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
        if self._has_grown:
            self._keep_end()
        self._connection.close()

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be appended, for the reason in `notice`."""
        return self._refusal is not None

    def append(self, events: Sequence[Event]) -> None:
        """Write events, all or none; they are on the disk when this returns.

        An event whose id is in the journal is not written again, so that a caller who does not
        know whether an append succeeded may repeat it. Raises JournalError.
        """
        with self._writing():
            heads: dict[str, str] = {}
            for event in events:
                if not self._has(event.id):
                    self._insert(event, heads)
        if time.monotonic() - self._kept_at > KEEP_SECONDS:
            self._keep_end()

    def import_events(self, events: Iterable[Event]) -> Imported:
        """Take in events that another journal wrote, all or none, by union.

        Their ids, sessions, times, actors and payloads stay; `repository` must already be what this
        journal calls it. An event whose id is here is left as it is here, so importing again or in
        another order changes nothing but the order of rows. Each is chained under its own session,
        in the order given: hand in the events of a session in the order they were written. Events
        of sessions that were pruned here stay out. Raises JournalError.
        """
        events = tuple(events)  # whatever gives them may fail: that is not the journal's failure
        added = known = differing = pruned = 0
        with self._writing():
            gone = {head.session for head in self.pruned_sessions()}
            heads: dict[str, str] = {}
            for event in events:
                if event.session in gone:
                    pruned += 1
                elif (row := self._row(event.id)) is None:
                    self._insert(event, heads)
                    added += 1
                elif _is_of(row, event):
                    known += 1
                else:
                    differing += 1
        return Imported(added, known, differing, pruned)

    def has_other(self, event: Event) -> bool:
        """Whether another event than this has its id. Raises JournalError."""
        with explained(self.path):
            row = self._row(event.id)
        return row is not None and not _is_of(row, event)

    def events(
        self,
        *,
        repository: str | None = None,
        session: str | None = None,
        types: Collection[type[Payload]] | None = None,
        about: Collection[str] | None = None,
    ) -> EventStream:
        """The events of a repository, of a session, of some types, or all, oldest first.

        `about` are fingerprints of findings, files of reports, or ids of actions that were taken
        back or brought back: only events about one of them, found without reading the others.
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

    def fingerprints_in(self, repository: str, paths: Iterable[str]) -> frozenset[str]:
        """The fingerprints of all reports about these files. Raises JournalError."""
        with explained(self.path):
            return fingerprints_in(self._connection, repository, paths)

    def sessions(self, repository: str | None = None) -> list[SessionSummary]:
        """The sessions of a repository, or all, newest first. Raises JournalError."""
        with explained(self.path):
            return sessions_in(self._connection, repository)

    def heads(self) -> dict[str, ChainHead]:
        """Where the chain of each session ends, by session. Raises JournalError."""
        with explained(self.path):
            return heads_of(self._connection)

    def archive(self, sessions: Collection[str], path: Path) -> Archive:
        """Write whole sessions to a new file (`journal.archive` says in which form).

        Raises KeyError for a session that is not here, UsageError where the file exists or can't
        be written, JournalError where a session was altered.
        """
        with explained(self.path), self._transaction("DEFERRED"):
            heads = heads_of(self._connection)
            return write_archive(self._connection, [heads[name] for name in sessions], path)

    def prune(self, archive: Archive, *, id: str, repository: str, at: str, actor: str) -> None:
        """Remove the sessions that `archive` wrote to a file, all or none, and note that it was so.

        The note is an event with the given `id` in a session of its own. Raises JournalError where
        one of them was written to meanwhile: then nothing was removed.
        """
        with explained(self.path), self._end.locked(waits=True):
            kept = self._end.read()
            if kept is not None and changes(self._connection, kept):
                raise JournalError(
                    "The journal is not as it was: nothing was removed.",
                    "See `xreview-tui log verify`.",
                )
            with self._writing():
                done = prune(self._connection, archive)
                self._insert(Event(id, f"prune-{id}", repository, at, actor, done), {})
                coming = head_after_pruning(self._connection, kept)
                # Whatever happens from here on, one of the two is where the journal ends.
                self._end.write(replace(kept or coming, coming=coming))
            self._end.write(coming)

    def pruned_sessions(self) -> list[ChainHead]:
        """The sessions that are no longer here, as they ended. Raises JournalError."""
        return [
            head
            for event in self.events(types=(SessionsPruned,))
            if isinstance(event.payload, SessionsPruned)
            for head in event.payload.sessions
        ]

    def compact(self) -> None:
        """Give the room of removed rows back to the disk. Raises JournalError; nothing is lost."""
        with explained(self.path):
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def verify(
        self,
        session: str | None = None,
        *,
        now: str = "",
        witnesses: Collection[JournalHead] = (),
    ) -> list[JournalProblem]:
        """What was altered or lost in a session or, without one, in the whole file.

        Names the first bad row of each session. Raises JournalError where the file is too damaged
        to be read through.

        Args:
            now: what is later than this (UTC, ISO 8601) has not happened yet; "" for this moment.
            witnesses: ends of journals that were kept elsewhere.
        """
        moment = now or datetime.now(UTC).isoformat(timespec="microseconds")
        with explained(self.path):
            problems = verify(self._connection, session, moment)
            if session is None and not problems:
                problems = verify_end(self._connection, self._end, witnesses)
            return problems

    def kept_end(self) -> KeptHead | None:
        """Where the journal ended when that was last kept; None where it never was, or is damaged.

        Raises JournalError.
        """
        with explained(self.path):
            try:
                return self._end.read()
            except DamagedHeadError:
                return None

    def end(self) -> JournalHead | None:
        """Where the journal ends now; None where it does not go on from where it ended.

        Raises JournalError.
        """
        self._keep_end()
        kept = self.kept_end()
        with explained(self.path):
            if kept is None or holding_of(self._connection, kept) is None:
                return None
        return kept.head

    def accept_end(self) -> None:
        """Take the journal as it is from now on, whatever was kept of its end. Raises JournalError.

        What was signed before is forgotten.
        """
        with explained(self.path), self._end.locked(waits=True):
            kept = self.kept_end()
            fresh = head_after_pruning(self._connection, kept)
            self._end.write(replace(fresh, signed=None))
        self.notice = self._refusal.why if self._refusal else ""

    def keep_signed(self, signed: SignedHead) -> None:
        """Keep the signature of an end beside it. Raises JournalError."""
        with explained(self.path), self._end.locked(waits=True):
            kept = self._end.read()
            if kept is not None:
                self._end.write(replace(kept, signed=signed))

    def rebuild(self) -> None:
        """Derive the table `subjects` anew from the events, and put triggers, views and indexes
        back, all or nothing. Raises JournalError."""
        with explained(self.path), self._transaction():
            restore_schema(self._connection)
            rebuild_subjects(self._connection)
        harmful = [one for one in differences(self._connection) if one.is_harmful]
        if not harmful:
            self._refusal, self.notice = None, self._state()

    def _state(self) -> str:
        """What the user must know about the rows; "" usually."""
        kept = self.kept_end()
        with explained(self.path):
            if kept is not None and holding_of(self._connection, kept) is None:
                return (
                    f"The journal {self.path} doesn't continue from where it last ended: rows may "
                    "have been removed. See `xreview-tui log verify`."
                )
            with closing(self._connection.execute(_NEWEST)) as rows:
                is_newer = any(type(one[1]) is int and not is_known(*one) for one in rows)
        if not is_newer:
            return ""
        return (
            f"Events in the journal {self.path} were written by a newer version of xreview-tui "
            "and are ignored. Update xreview-tui."
        )

    def _keep_end(self) -> None:
        self._kept_at = time.monotonic()
        self._has_grown = False
        if not self.is_read_only:
            advance(self._connection, self._end)

    @contextmanager
    def _writing(self) -> Generator[None]:
        if self._refusal is not None:
            raise JournalError(
                f"Nothing was written to the journal: {self._refusal.why}", self._refusal.advice
            )
        with explained(self.path), self._transaction():
            yield
        self._has_grown = True

    @contextmanager
    def _transaction(self, kind: str = "IMMEDIATE") -> Generator[None]:
        self._connection.execute(f"BEGIN {kind}")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _insert(self, event: Event, heads: dict[str, str]) -> None:
        """Write one event; `heads` keeps the ends of chains from one call to the next."""
        if event.session not in heads:
            heads[event.session] = self._head(event.session)
        row = row_after(event, heads[event.session])
        done = self._connection.execute(_INSERT, insertable(row))
        if done.rowcount != 1:
            raise JournalError(
                "The journal took no row: something in it swallows them.",
                "See `xreview-tui log verify`.",
            )
        write_subjects(self._connection, done.lastrowid, event.payload)
        heads[event.session] = row.hash

    def _row(self, id: str) -> JournalRow | None:
        values = self._one(f"{_SELECT}id = ?", stored(id))
        return row_of(values) if values else None

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


def _is_of(row: JournalRow, event: Event) -> bool:
    """Whether the row holds this event, whatever its repository is called."""
    try:
        held = event_of(row)
    except ValueError:
        return False
    return held is not None and replace(held, repository=event.repository) == event
