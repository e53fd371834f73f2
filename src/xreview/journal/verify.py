"""Checks that nothing in the journal was altered or lost.

It proves that every row is as it was written (its hash), that no row inside or at the start of a
session is missing (the chain), and none at the end of the file (the sequence has no gap and reaches
the number that SQLite assigned last). Before an event that pruned old sessions there may be gaps;
it has a hash over the chains that stayed. The hashes have no key, so rewriting all rows after one
shows only against the journal's end, as it was kept elsewhere (`journal.heads`).

The latest decision holds, so one from the future would override all that follow; one from before
its finding was reported is forged.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from xreview.domain.events.shared_push import JournalHead
from xreview.domain.events.upkeep_events import ChainHead, SessionsPruned
from xreview.domain.record import dataclass, replace
from xreview.journal.heads import DamagedHeadError, HeadFile, changes, heads_at
from xreview.journal.queries import chains_digest
from xreview.journal.rows import (
    COLUMNS,
    FIRST,
    JournalRow,
    digest,
    event_of,
    first_row,
    row_of,
    stored,
    text_of,
)
from xreview.journal.schema import differences
from xreview.journal.subjects import SUBJECTS_OF_EVENTS

CLOCK_SKEW = timedelta(minutes=5)
_WITNESSED = "its end was signed or pushed"
_GAPS = """
    SELECT sequence, after FROM (
        SELECT sequence, lag(sequence, 1, 0) OVER (ORDER BY sequence) AS after FROM events
    ) WHERE sequence <> after + 1 AND sequence > ?
"""
_LAST = """
    SELECT given.seq, (SELECT coalesce(max(sequence), 0) FROM events)
      FROM sqlite_sequence AS given WHERE given.name = 'events'
"""
_LATER = """
    SELECT sequence, session, at FROM events
     WHERE at > :limit AND at LIKE '____-__-__T__:__:__.______+00:00'
       AND (:session IS NULL OR session = :session)
     ORDER BY sequence LIMIT 1
"""
_EARLIER = """
    WITH first AS (
        SELECT repository, json_extract(payload, '$.fingerprint') AS fingerprint, min(at) AS at
          FROM events WHERE type = 'report-received' AND json_valid(payload) GROUP BY 1, 2
    ), decided AS (
        SELECT made.sequence, made.session, made.repository, made.at, min(first.at) AS reported
          FROM events AS made, json_each(made.payload, '$.subjects') AS subject
          JOIN first ON first.repository = made.repository AND first.fingerprint = subject.value
         WHERE made.type = 'decision-made' AND (:session IS NULL OR made.session = :session)
         GROUP BY made.sequence
    )
    SELECT sequence, session, at, reported FROM decided WHERE at < reported ORDER BY sequence
"""


@dataclass(frozen=True, slots=True)
class JournalProblem:
    """What is wrong at one place of the journal, in one sentence.

    `sequence` is the first bad row, None for the file as a whole; `session` is "" for unknown.
    """

    sequence: int | None
    session: str
    what: str

    def __str__(self) -> str:
        return self.what if self.sequence is None else f"Row {self.sequence}: {self.what}"


def verify(connection: sqlite3.Connection, session: str | None, now: str) -> list[JournalProblem]:
    """The problems of one session or of the whole file: the first bad row of each session.

    `now` is the current time (UTC, ISO 8601). Raises sqlite3.Error if the file is too damaged to be
    read through.
    """
    problems: list[JournalProblem] = []
    pruned = 0
    if session is None:
        problems += _damage(connection)
        problems += (JournalProblem(None, "", one.what) for one in differences(connection))
        pruned = _last_pruning(connection)
        problems += _gaps(connection, pruned)
    # Bytes that aren't UTF-8 would stop the reading; decoded like this, they fail by their hash.
    connection.text_factory = _lenient
    try:
        problems += _broken_chains(_rows(connection, session), pruned)
    finally:
        connection.text_factory = str
    if session is None and not problems:
        problems += _strayed_subjects(connection)
    if not problems:
        problems += _impossible_times(connection, session, now)
    return sorted(problems, key=lambda problem: problem.sequence or 0)


def verify_end(
    connection: sqlite3.Connection, file: HeadFile, witnesses: Iterable[JournalHead]
) -> list[JournalProblem]:
    """Whether the journal continues from where it ended, by the file beside it and by others."""
    try:
        kept = file.read()
    except DamagedHeadError as error:
        what = f"{file.path}, which records where the journal ended, is damaged: {error}."
        return [JournalProblem(None, "", what)]
    if kept is None:
        return []
    if what := changes(connection, kept):
        return [JournalProblem(None, "", what)]
    pruned = _last_pruning(connection)
    known = [one for one in witnesses if one.name == kept.head.name and one.row > pruned]
    if kept.signed is not None and kept.signed.head.row > pruned:
        known.append(kept.signed.head)
    now = heads_at(connection, [one.row for one in known])
    return [
        JournalProblem(
            None, "", f"This isn't the journal that had {one.events:,} rows when {_WITNESSED}."
        )
        for one in known
        if now[one.row] != replace(one, name="")
    ][:1]


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _rows(connection: sqlite3.Connection, session: str | None) -> Iterator[tuple[Any, ...]]:
    where, values = ("", ()) if session is None else ("WHERE session = ?", (stored(session),))
    select = f"SELECT {', '.join(COLUMNS)} FROM events {where} ORDER BY sequence"
    with closing(connection.execute(select, values)) as cursor:
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
            what = "It was altered: it doesn't have the form of an event."
            yield JournalProblem(values[0], "", what)
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
    return "When old sessions were pruned here, more rows were kept than there are now."


def _fault(row: JournalRow, previous: str) -> str:
    if digest(row) != row.hash:
        return "It was altered: its content doesn't match its hash."
    if row.previous != previous:
        return "The row before it in its session was removed, altered or inserted later."
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
        (sequence,) = first_row(connection, f"SELECT min(sequence) FROM ({query})")
        if sequence is not None:
            what = (
                "The table of subjects was altered: it doesn't say what this row is about. "
                "`xreview-tui log verify --rebuild` derives the table from the events."
            )
            yield JournalProblem(sequence, "", what)


def _last_pruning(connection: sqlite3.Connection) -> int:
    last = "SELECT coalesce(max(sequence), 0) FROM events WHERE type = ?"
    return first_row(connection, last, SessionsPruned.type)[0]


def _gaps(connection: sqlite3.Connection, pruned: int) -> Iterator[JournalProblem]:
    with closing(connection.execute(_GAPS, (pruned,))) as cursor:
        for sequence, after in cursor:
            yield JournalProblem(after + 1, "", _lost(sequence - after - 1))
    given, last = first_row(connection, _LAST) or (0, 0)
    if given > last:
        yield JournalProblem(last + 1, "", _lost(given - last))


def _lost(count: int) -> str:
    return "It was removed." if count == 1 else f"It and the next {count - 1} were removed."


def _impossible_times(
    connection: sqlite3.Connection, session: str | None, now: str
) -> Iterator[JournalProblem]:
    """The first row that is later than `now`, and the first decision older than its report."""
    limit = datetime.fromisoformat(now) + CLOCK_SKEW
    values = {
        "limit": limit.astimezone(UTC).isoformat(timespec="microseconds"),
        "session": None if session is None else stored(session),
    }
    with closing(connection.execute(_LATER, values)) as rows:
        for sequence, name, at in rows:
            what = f"Its time is in the future: {at[:16]} UTC."
            yield JournalProblem(sequence, text_of(name), what)
    with closing(connection.execute(_EARLIER, values)) as rows:
        for sequence, name, at, reported in rows:
            if _is_far(at, reported):
                what = (
                    f"It decides, on {at[:10]}, about a problem first reported on "
                    f"{reported[:10]}: its time is wrong or forged."
                )
                yield JournalProblem(sequence, text_of(name), what)
                return


def _is_far(at: str, reported: str) -> bool:
    try:
        return datetime.fromisoformat(at) + CLOCK_SKEW < datetime.fromisoformat(reported)
    except (TypeError, ValueError):
        return True  # not a time, so not an earlier one either
