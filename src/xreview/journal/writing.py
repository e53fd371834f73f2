"""Writing an event as the next row of its session's chain, and finding its row again."""

import sqlite3

from xreview.domain.errors import JournalError
from xreview.domain.events.event import Event
from xreview.domain.record import replace
from xreview.journal.rows import (
    COLUMNS,
    FIRST,
    JournalRow,
    event_of,
    first_row,
    insertable,
    row_after,
    row_of,
    stored,
)
from xreview.journal.subjects import write_subjects

_ROW = f"SELECT {', '.join(COLUMNS)} FROM events WHERE id = ?"
_HEAD = "SELECT hash FROM events WHERE session = ? ORDER BY sequence DESC LIMIT 1"
_INSERT = (
    f"INSERT INTO events ({', '.join(COLUMNS[1:])}) VALUES ({', '.join('?' * len(COLUMNS[1:]))})"
)


def insert_event(connection: sqlite3.Connection, event: Event, heads: dict[str, str]) -> None:
    """Write one event; `heads` caches the ends of chains between calls. Raises JournalError."""
    if event.session not in heads:
        last = first_row(connection, _HEAD, stored(event.session))
        heads[event.session] = last[0] if last else FIRST
    row = row_after(event, heads[event.session])
    done = connection.execute(_INSERT, insertable(row))
    if done.rowcount != 1:
        raise JournalError(
            "The journal accepted no row: something in it discards them.",
            "See `xreview-tui log verify`.",
        )
    write_subjects(connection, done.lastrowid, event.payload)
    heads[event.session] = row.hash


def row_with(connection: sqlite3.Connection, id: str) -> JournalRow | None:
    """The row of the event with this id."""
    values = first_row(connection, _ROW, stored(id))
    return row_of(values) if values else None


def is_row_of(row: JournalRow, event: Event) -> bool:
    """Whether the row holds this event, whatever its repository."""
    try:
        held = event_of(row)
    except ValueError:
        return False
    return held is not None and replace(held, repository=event.repository) == event
