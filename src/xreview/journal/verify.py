"""Proving that nothing in the journal was altered or lost.

What is proved: every row is as it was written (its hash), no row inside or at the start of a
session is gone (the chain), and no row at the end of the file is gone (the sequence has no gap and
reaches the number that SQLite gave last). Where old sessions were pruned, there are gaps before the
event that says so; it holds a hash over the chains that were to stay. The hashes have no key, so
someone who rewrites all rows from one on, with new hashes, is not found out by the file alone, but
by where it ended as that was kept outside of it (`journal.heads`).

Named too is what makes the rows mean something else: triggers, views and indexes that are not the
journal's, and decisions of a time at which they can't have been made.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

from xreview.domain.events.shared_push import JournalHead
from xreview.domain.events.upkeep_events import ChainHead, SessionsPruned
from xreview.journal.chains import chains_digest
from xreview.journal.heads import DamagedHeadError, HeadFile, changes, heads_at
from xreview.journal.problem import JournalProblem
from xreview.journal.rows import COLUMNS, FIRST, JournalRow, digest, event_of, row_of, stored
from xreview.journal.schema import differences
from xreview.journal.subjects import SUBJECTS_OF_EVENTS
from xreview.journal.times import impossible_times

_WITNESSED = "its end was signed or pushed"


def verify(connection: sqlite3.Connection, session: str | None, now: str) -> list[JournalProblem]:
    """The problems of one session, or of the whole file: for each session the first bad row.

    `now` is this moment (UTC, ISO 8601). Raises sqlite3.Error where the file is too damaged to be
    read through.
    """
    problems: list[JournalProblem] = []
    pruned = 0
    if session is None:
        problems += _damage(connection)
        problems += (JournalProblem(None, "", one.what) for one in differences(connection))
        pruned = _last_pruning(connection)
        problems += _gaps(connection, pruned)
    # Bytes that are not UTF-8 would stop the reading; decoded like this they fail by their hash.
    connection.text_factory = _lenient
    try:
        problems += _broken_chains(_rows(connection, session), pruned)
    finally:
        connection.text_factory = str
    if session is None and not problems:
        problems += _strayed_subjects(connection)
    if not problems:
        problems += impossible_times(connection, session, now)
    return sorted(problems, key=lambda problem: problem.sequence or 0)


def verify_end(
    connection: sqlite3.Connection, file: HeadFile, witnesses: Iterable[JournalHead]
) -> list[JournalProblem]:
    """Whether the journal goes on from where it ended, as the file beside it and others say."""
    try:
        kept = file.read()
    except DamagedHeadError as error:
        what = f"{file.path}, which keeps where the journal ended, is damaged: {error}."
        return [JournalProblem(None, "", what)]
    if kept is None:
        return []
    if what := changes(connection, kept):
        return [JournalProblem(None, "", what)]
    pruned = _last_pruning(connection)
    told = [one for one in witnesses if one.name == kept.head.name and one.row > pruned]
    signed = kept.signed
    if signed is not None and signed.head.row > pruned:
        told.append(signed.head)
    now = heads_at(connection, [one.row for one in told])
    return [
        JournalProblem(
            None, "", f"It is not the journal that had {one.events:,} rows when {_WITNESSED}."
        )
        for one in told
        if now[one.row] != replace(one, name="")
    ][:1]


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _rows(connection: sqlite3.Connection, session: str | None) -> Iterator[tuple[Any, ...]]:
    where, values = ("", ()) if session is None else ("WHERE session = ?", (stored(session),))
    with closing(
        connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM events {where} ORDER BY sequence", values
        )
    ) as cursor:
        yield from cursor


def _broken_chains(rows: Iterable[tuple[Any, ...]], pruned: int) -> Iterator[JournalProblem]:
    ends: dict[str, ChainHead] = {}
    broken: set[str] = set()
    for values in rows:
        try:
            row = row_of(values)
            end = ends.get(row.session, ChainHead(row.session, FIRST, 0))
            what = _fault(row, end.head)
            if row.sequence == pruned and not what and not broken:
                what = _loss_beside_pruning(row, ends)
        except ValueError:
            yield JournalProblem(
                values[0], "", "It was altered: it does not have the form of an event."
            )
            continue
        if what and row.session not in broken:
            broken.add(row.session)
            yield JournalProblem(row.sequence, row.session, what)
        ends[row.session] = ChainHead(row.session, row.hash, end.events + 1)


def _loss_beside_pruning(row: JournalRow, ends: Mapping[str, ChainHead]) -> str:
    event = event_of(row)
    if event is None or not isinstance(pruned := event.payload, SessionsPruned):
        return ""
    if pruned.kept_digest == chains_digest(ends.values()):
        return ""
    return "When old sessions were pruned here, more was kept than there is now."


def _fault(row: JournalRow, previous: str) -> str:
    if digest(row) != row.hash:
        return "It was altered: its content does not match its hash."
    if row.previous != previous:
        return "The row before it in its session was removed, altered or put in later."
    event_of(row)
    return ""


def _damage(connection: sqlite3.Connection) -> Iterator[JournalProblem]:
    with closing(connection.execute("PRAGMA integrity_check(1)")) as cursor:
        for (answer,) in cursor:
            if answer != "ok":
                yield JournalProblem(None, "", f"The file is damaged: {answer}.")


def _strayed_subjects(connection: sqlite3.Connection) -> Iterator[JournalProblem]:
    missing = f"{SUBJECTS_OF_EVENTS} EXCEPT SELECT subject, sequence FROM subjects"
    added = f"SELECT subject, sequence FROM subjects EXCEPT SELECT * FROM ({SUBJECTS_OF_EVENTS})"
    for query in (missing, added):
        with closing(connection.execute(f"SELECT min(sequence) FROM ({query})")) as cursor:
            (sequence,) = cursor.fetchone()
        if sequence is not None:
            what = (
                "What it is about is not as the table of subjects says: the table was altered. "
                "`xreview-tui log verify --rebuild` derives it anew from the events."
            )
            yield JournalProblem(sequence, "", what)


def _last_pruning(connection: sqlite3.Connection) -> int:
    with closing(
        connection.execute(
            "SELECT coalesce(max(sequence), 0) FROM events WHERE type = ?", (SessionsPruned.type,)
        )
    ) as cursor:
        return cursor.fetchone()[0]


def _gaps(connection: sqlite3.Connection, pruned: int) -> Iterator[JournalProblem]:
    with closing(
        connection.execute(
            """
            SELECT sequence, after FROM (
                SELECT sequence, lag(sequence, 1, 0) OVER (ORDER BY sequence) AS after FROM events
            ) WHERE sequence <> after + 1 AND sequence > ?
            """,
            (pruned,),
        )
    ) as cursor:
        for sequence, after in cursor:
            yield JournalProblem(after + 1, "", _lost(sequence - after - 1))
    with closing(
        connection.execute(
            """
            SELECT given.seq, (SELECT coalesce(max(sequence), 0) FROM events)
              FROM sqlite_sequence AS given WHERE given.name = 'events'
            """
        )
    ) as cursor:
        given, last = cursor.fetchone() or (0, 0)
    if given > last:
        yield JournalProblem(last + 1, "", _lost(given - last))


def _lost(count: int) -> str:
    return "It was removed." if count == 1 else f"It and the {count - 1} after it were removed."
