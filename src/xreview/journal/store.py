"""The append-only file of events, one SQLite file (sqlite.org/wal.html).

Every append is one immediate transaction, so that two programs in one session keep one hash chain.
"""

import json
import sqlite3
import time
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from xreview.domain.errors import JournalError
from xreview.domain.events.event import Event, Payload, SessionsPruned
from xreview.domain.events.shared_push import JournalHead
from xreview.domain.events.upkeep_events import ChainHead
from xreview.domain.record import dataclass, replace
from xreview.journal.archive import Archive, prune, write_archive
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
from xreview.journal.migrate import transaction
from xreview.journal.opening import JournalRefusal, make_private, prepare
from xreview.journal.queries import (
    SessionSummary,
    attempts_among,
    fingerprints_in,
    has_newer_events,
    heads_of,
    sessions_in,
    trials_in,
)
from xreview.journal.rows import COLUMNS, canonical, first_row, stored
from xreview.journal.schema import differences, restore_schema
from xreview.journal.stream import EventStream
from xreview.journal.subjects import rebuild_subjects
from xreview.journal.verify import JournalProblem, verify, verify_end
from xreview.journal.writing import insert_event, is_row_of, row_with

PATIENCE = 5.0
"""Seconds to wait while another program writes."""

KEEP_SECONDS = 60.0
"""How often the end of an open journal is recorded; closing records it too."""

_PAGE_ROWS = 500
_HAS = "SELECT 1 FROM events WHERE id = ?"
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM events WHERE "
_ON_PAGE = ("sequence > :after", "sequence <= :last")
_CONDITIONS = {
    "repository": "repository = :repository",
    "session": "session = :session",
    "types": "type IN (SELECT value FROM json_each(:types))",
    "about": """sequence IN (
        SELECT sequence FROM subjects WHERE subject IN (SELECT value FROM json_each(:about))
    )""",
}


@dataclass(frozen=True, slots=True)
class Imported:
    """Counts of imported events.

    Args:
        added: written. known: already here. pruned: of sessions that were pruned here.
        differing: with the id of another event here, which was kept.
    """

    added: int = 0
    known: int = 0
    differing: int = 0
    pruned: int = 0


class Journal:
    """An open journal. Use it in the thread that opened it; `close` it or use `with`.

    Attributes:
        path: the file.
        notice: a sentence for the user, usually "": the file is read-only, doesn't continue from
            where it ended, or has events from a newer version.
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
        """Open the journal file at `path`, creating it and its folder if missing.

        `patience` is the number of seconds to wait while another program writes. Raises
        JournalError: the folder or file can't be written, is locked, or isn't a journal.
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

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Closing twice does nothing."""
        if self._has_grown:
            self._keep_end()
        self._connection.close()

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be appended; `notice` says why."""
        return self._refusal is not None

    def append(self, events: Sequence[Event]) -> None:
        """Write events, all or none; they are on disk when this returns.

        Events whose id is in the journal aren't written again, so an append whose outcome is
        unknown can be repeated. Raises JournalError.
        """
        with self._writing():
            heads: dict[str, str] = {}
            for event in events:
                if first_row(self._connection, _HAS, stored(event.id)) is None:
                    insert_event(self._connection, event, heads)
        if time.monotonic() - self._kept_at > KEEP_SECONDS:
            self._keep_end()

    def import_events(self, events: Iterable[Event]) -> Imported:
        """Import events of another journal, all or none, by union.

        Their `repository` must already be this journal's name for it. An event whose id is here is
        unchanged, and events of sessions that were pruned here are skipped. Each is chained under
        its own session, in the order given, which should be that of writing. Raises JournalError.
        """
        events = tuple(events)  # their source may fail, and that isn't the journal's failure
        added = known = differing = pruned = 0
        with self._writing():
            gone = {head.session for head in self.pruned_sessions()}
            heads: dict[str, str] = {}
            for event in events:
                if event.session in gone:
                    pruned += 1
                elif (row := row_with(self._connection, event.id)) is None:
                    insert_event(self._connection, event, heads)
                    added += 1
                elif is_row_of(row, event):
                    known += 1
                else:
                    differing += 1
        return Imported(added, known, differing, pruned)

    def has_other(self, event: Event) -> bool:
        """Whether a different event has its id. Raises JournalError."""
        with explained(self.path):
            row = row_with(self._connection, event.id)
        return row is not None and not is_row_of(row, event)

    def events(
        self,
        *,
        repository: str | None = None,
        session: str | None = None,
        types: Collection[type[Payload]] | None = None,
        about: Collection[str] | None = None,
    ) -> EventStream:
        """The events that match all criteria, oldest first.

        Events appended while the stream is read aren't in it. Reading raises JournalError.

        Args:
            about: fingerprints, files of reports, or ids of undone or redone actions: only events
                about one of them, found without reading the others.
        """
        values: dict[str, object] = {
            "repository": repository and stored(repository),
            "session": session and stored(session),
            "types": json.dumps([kind.type for kind in types]) if types is not None else None,
            "about": canonical(list(about)) if about is not None else None,
        }
        given = [name for name, value in values.items() if value is not None]
        conditions = [*_ON_PAGE, *map(_CONDITIONS.__getitem__, given)]
        query = f"{_SELECT}{' AND '.join(conditions)} ORDER BY sequence LIMIT {_PAGE_ROWS}"
        with explained(self.path):
            last = "SELECT coalesce(max(sequence), 0) FROM events"
            (values["last"],) = first_row(self._connection, last)

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

    def trials(self, repository: str | None = None) -> list[SessionSummary]:
        """The trials of a repository, or all, newest first. Raises JournalError."""
        with explained(self.path):
            return trials_in(self._connection, repository)

    def attempts_among(self, sessions: Iterable[str]) -> frozenset[str]:
        """Which of these sessions reviewed an attempt. Raises JournalError."""
        with explained(self.path):
            return attempts_among(self._connection, sessions)

    def heads(self) -> dict[str, ChainHead]:
        """The end of each session's chain, by session. Raises JournalError."""
        with explained(self.path):
            return heads_of(self._connection)

    def archive(self, sessions: Collection[str], path: Path) -> Archive:
        """Write whole sessions to a new file, in the form of `journal.archive`.

        Raises KeyError for an unknown session, UsageError if the file exists or can't be written,
        JournalError if a session was altered.
        """
        with explained(self.path), transaction(self._connection, "DEFERRED"):
            heads = heads_of(self._connection)
            return write_archive(self._connection, [heads[name] for name in sessions], path)

    def prune(self, archive: Archive, *, id: str, repository: str, at: str, actor: str) -> None:
        """Remove archived sessions, all or none, and append an event that says so.

        The event has the given `id` and a session of its own. Raises JournalError, and removes
        nothing, if one of the sessions grew in the meantime.
        """
        with explained(self.path), self._end.locked(waits=True):
            kept = self._end.read()
            if kept is not None and changes(self._connection, kept):
                raise JournalError(
                    "The journal was altered: nothing was removed.", "See `xreview-tui log verify`."
                )
            with self._writing():
                done = prune(self._connection, archive)
                pruned = Event(id, f"prune-{id}", repository, at, actor, done)
                insert_event(self._connection, pruned, {})
                coming = head_after_pruning(self._connection, kept)
                # Whatever happens now, the journal ends in one of the two.
                self._end.write(replace(kept or coming, coming=coming))
            self._end.write(coming)

    def pruned_sessions(self) -> list[ChainHead]:
        """The ends of the sessions that were pruned. Raises JournalError."""
        return [
            head
            for event in self.events(types=(SessionsPruned,))
            if isinstance(event.payload, SessionsPruned)
            for head in event.payload.sessions
        ]

    def compact(self) -> None:
        """Free the disk space of removed rows. Raises JournalError, without losing anything."""
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
        """What was altered or lost in a session or in the whole file: the first bad row of each
        session. Raises JournalError if the file is too damaged to be read through.

        Args:
            now: rows later than this (UTC, ISO 8601) are in the future; "" for the current time.
            witnesses: ends of journals that were kept elsewhere.
        """
        moment = now or datetime.now(UTC).isoformat(timespec="microseconds")
        with explained(self.path):
            problems = verify(self._connection, session, moment)
            if session is None and not problems:
                problems = verify_end(self._connection, self._end, witnesses)
            return problems

    def kept_end(self) -> KeptHead | None:
        """The recorded end; None if it was never recorded or is damaged. Raises JournalError."""
        with explained(self.path):
            try:
                return self._end.read()
            except DamagedHeadError:
                return None

    def end(self) -> JournalHead | None:
        """The current end, now recorded; None if the journal doesn't continue from the recorded
        one. Raises JournalError."""
        self._keep_end()
        kept = self.kept_end()
        with explained(self.path):
            if kept is None or holding_of(self._connection, kept) is None:
                return None
        return kept.head

    def accept_end(self) -> None:
        """Accept the journal as is; drop the recorded and signed ends. Raises JournalError."""
        with explained(self.path), self._end.locked(waits=True):
            fresh = head_after_pruning(self._connection, self.kept_end())
            self._end.write(replace(fresh, signed=None))
        self.notice = self._refusal.why if self._refusal else ""

    def keep_signed(self, signed: SignedHead) -> None:
        """Store the signature of an end beside it. Raises JournalError."""
        with explained(self.path), self._end.locked(waits=True):
            kept = self._end.read()
            if kept is not None:
                self._end.write(replace(kept, signed=signed))

    def rebuild(self) -> None:
        """Derive the table `subjects` anew, and restore triggers, views and indexes, all or
        nothing. Raises JournalError."""
        with explained(self.path), transaction(self._connection):
            restore_schema(self._connection)
            rebuild_subjects(self._connection)
        if not any(one.is_harmful for one in differences(self._connection)):
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
            if has_newer_events(self._connection):
                return (
                    f"Events in the journal {self.path} were written by a newer version of "
                    "xreview-tui and are ignored. Update xreview-tui."
                )
        return ""

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
        with explained(self.path), transaction(self._connection):
            yield
        self._has_grown = True
