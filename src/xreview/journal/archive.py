"""Pruning old sessions, after writing them to a file: JSON lines with the hash chain.

The first line names the format and where each chain ends; every other line is one row of the
journal without its sequence, its payload an object. Each is canonical ASCII JSON, so the hash of a
row can be recomputed from its line.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from xreview.domain.errors import JournalError, UsageError
from xreview.domain.events.codec import Json, from_json, list_of, object_of, to_json
from xreview.domain.events.upkeep_events import ChainHead, SessionsPruned
from xreview.domain.record import dataclass
from xreview.journal.migrate import REFUSE_DELETE
from xreview.journal.private import private_folder, sync_folder
from xreview.journal.queries import chains_digest, heads_of
from xreview.journal.rows import COLUMNS, FIRST, JournalRow, canonical, digest, row_of, stored

FORMAT = "xreview-tui sessions"
VERSION = 1
_SESSION_ROWS = f"SELECT {', '.join(COLUMNS)} FROM events WHERE session = ? ORDER BY sequence"


@dataclass(frozen=True, slots=True)
class Archive:
    """A file of sessions: its path, the SHA-256 of its bytes, and where its chains end."""

    path: Path
    digest: str
    sessions: tuple[ChainHead, ...]

    @property
    def events(self) -> int:
        """How many rows it has."""
        return sum(head.events for head in self.sessions)


def write_archive(
    connection: sqlite3.Connection, heads: Iterable[ChainHead], path: Path
) -> Archive:
    """Write sessions to a new file, which is on disk and verified when this returns.

    `heads` is where their chains end; later rows aren't included. Raises UsageError if the file
    exists or can't be written, JournalError if a row was altered.
    """
    heads = tuple(heads)
    with _new_file(path) as file:
        ends = [to_json(head) for head in heads]
        file.write(canonical({"format": FORMAT, "version": VERSION, "sessions": ends}) + "\n")
        for head in heads:
            with closing(connection.execute(_SESSION_ROWS, (stored(head.session),))) as cursor:
                for values in cursor.fetchmany(head.events):
                    file.write(_line_of(values) + "\n")
    return read_archive(path)


def _line_of(values: tuple[Any, ...]) -> str:
    try:
        row = row_of(values)
        named = row._asdict()
        named["payload"] = json.loads(row.payload)
    except ValueError as error:
        raise _altered(values[0]) from error
    del named["sequence"]
    if digest(row) != row.hash or canonical(named["payload"]) != row.payload:
        raise _altered(row.sequence)
    return canonical(named)


def _altered(sequence: int) -> JournalError:
    return JournalError(
        f"Row {sequence} of the journal was altered, so its session can't be pruned.",
        "See `xreview-tui log verify`.",
    )


@contextmanager
def _new_file(path: Path) -> Generator[IO[str]]:
    try:
        if path.exists():
            raise UsageError(f"{path} already exists.", "Choose another file.")
        private_folder(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        sync_folder(path.parent)
    except OSError as error:
        raise UsageError(
            f"{path} can't be written: {error.strerror or error}.", "Choose another file."
        ) from error


def read_archive(path: Path) -> Archive:
    """Read and verify a file of sessions. Raises UsageError, which names the first bad line."""
    whole = hashlib.sha256()
    try:
        with path.open("rb") as file:
            heads = _checked(_lines(file, whole))
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}.") from error
    except _BadLineError as error:
        raise UsageError(
            f"{path}, line {error.number}: {error}.", "Use an intact copy of the file."
        ) from error
    return Archive(path, whole.hexdigest(), heads)


@dataclass(frozen=True, slots=True)
class _ArchivedRow:
    """A line of the file: `JournalRow` without its sequence, the payload as an object."""

    id: str
    session: str
    repository: str
    at: str
    actor: str
    type: str
    version: int
    payload: Json
    previous: str
    hash: str


class _BadLineError(Exception):
    def __init__(self, number: int, what: str) -> None:
        super().__init__(what)
        self.number = number


def _lines(file: IO[bytes], whole: Any) -> Iterator[tuple[int, Json]]:
    """The JSON object of each line with its number; feeds the hash `whole`."""
    for number, line in enumerate(file, start=1):
        whole.update(line)
        try:
            yield number, object_of(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise _BadLineError(number, "not a JSON object") from error


def _checked(lines: Iterator[tuple[int, Json]]) -> tuple[ChainHead, ...]:
    first, header = next(lines, (1, None))
    heads = _header(first, header or {})
    ends: dict[str, ChainHead] = {}
    number = 1
    for number, data in lines:
        row = _row(number, data)
        end = ends.get(row.session, ChainHead(row.session, FIRST, 0))
        if digest(row) != row.hash:
            raise _BadLineError(number, "it was altered: its content doesn't match its hash")
        if row.previous != end.head:
            raise _BadLineError(number, "the line before it in its session is missing or altered")
        ends[row.session] = ChainHead(row.session, row.hash, end.events + 1)
    for head in heads:
        if ends.pop(head.session, None) != head:
            raise _BadLineError(number, f"session {head.session} doesn't end as the header says")
    if ends:
        raise _BadLineError(number, f"session {next(iter(ends))} isn't in the header")
    return heads


def _header(number: int, data: Json) -> tuple[ChainHead, ...]:
    if data.get("format") != FORMAT:
        raise _BadLineError(number, "this isn't a file of xreview-tui sessions")
    if data.get("version") != VERSION:
        raise _BadLineError(number, "the file was written by a newer version of xreview-tui")
    try:
        return tuple(from_json(ChainHead, one) for one in list_of(data["sessions"]))
    except (KeyError, ValueError) as error:
        raise _BadLineError(number, "it doesn't list the sessions of the file") from error


def _row(number: int, data: Json) -> JournalRow:
    try:
        line = to_json(from_json(_ArchivedRow, data))
    except (KeyError, ValueError) as error:
        raise _BadLineError(number, "it doesn't have the form of an event") from error
    line["payload"] = canonical(line["payload"])
    return JournalRow(sequence=0, **line)


def prune(connection: sqlite3.Connection, archive: Archive) -> SessionsPruned:
    """Remove the archived sessions from the journal; returns the event to append.

    The journal's file stays the same: a program that has it open continues to write into it. Call
    it inside a transaction that excludes other writers. Raises JournalError if a session grew since
    it was archived; roll the transaction back then.
    """
    heads = heads_of(connection)
    for head in archive.sessions:
        if heads.pop(head.session, None) != head:
            raise JournalError(
                f"Session {head.session} grew in the meantime: nothing was removed.",
                f"Try again when it has ended, and delete {archive.path}.",
            )
    connection.execute("DROP TRIGGER events_refuse_delete")
    for head in archive.sessions:
        remove = "DELETE FROM events WHERE session = ?"
        if connection.execute(remove, (stored(head.session),)).rowcount != head.events:
            raise JournalError(f"Session {head.session} changed during the removal.", "Try again.")
    # The table has no index by sequence: one pass is quicker than one for each session.
    connection.execute("DELETE FROM subjects WHERE sequence NOT IN (SELECT sequence FROM events)")
    connection.execute(REFUSE_DELETE)
    kept = chains_digest(heads.values())
    return SessionsPruned(str(archive.path), archive.digest, archive.sessions, kept)
