"""One row of the journal: its columns, its canonical JSON and its link in the hash chain.

A string that isn't valid Unicode (a path that isn't UTF-8 has lone surrogates) is a BLOB of its
`surrogatepass` bytes, since SQLite's text is UTF-8. The payload is canonical ASCII JSON: keys
sorted, no spaces, everything else escaped. Two lone surrogates that form a pair come back as the
character they stand for (RFC 8259, section 7).

The hash of a row is SHA-256 over a tag, which separates it from any other hash, and the canonical
JSON of all columns except the hash and the sequence, which depends on the file. `previous` is the
hash of the row before in the same session, "" for the first.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from typing import Any, NamedTuple

from xreview.domain.events.codec import UnknownValueError, to_json
from xreview.domain.events.event import Event, decode

FIRST = ""
"""The `previous` of the first row of a session."""

_TAG = b"xreview-tui/journal/row/1\n"
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


class JournalRow(NamedTuple):
    """A row of the file, with all texts as `str`."""

    sequence: int
    id: str
    session: str
    repository: str
    at: str
    actor: str
    type: str
    version: int
    payload: str
    previous: str
    hash: str


COLUMNS = JournalRow._fields


def canonical(value: object) -> str:
    """The canonical JSON of a value. Raises ValueError for NaN and infinities."""
    return _ENCODER.encode(value)


def stored(text: str) -> str | bytes:
    """A string as a column holds it: text, or a BLOB if it isn't valid Unicode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def text_of(value: str | bytes) -> str:
    """The inverse of `stored`. Raises ValueError if a BLOB isn't encoded text."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")


def first_row(connection: sqlite3.Connection, query: str, *values: object) -> Any:
    """The first row of a query's answer; None for an empty one."""
    with closing(connection.execute(query, values)) as cursor:
        return cursor.fetchone()


def row_after(event: Event, previous: str) -> JournalRow:
    """The row of an event after the row with hash `previous`; SQLite assigns the sequence."""
    kind, payload = event.payload, canonical(to_json(event.payload))
    names = (event.id, event.session, event.repository, event.at, event.actor)
    row = JournalRow(0, *names, kind.type, kind.version, payload, previous, "")
    return row._replace(hash=digest(row))


def digest(row: JournalRow) -> str:
    """The hash that the row must have, hexadecimal."""
    named = row._asdict()
    del named["sequence"], named["hash"]
    return hashlib.sha256(_TAG + canonical(named).encode("ascii")).hexdigest()


def insertable(row: JournalRow) -> tuple[object, ...]:
    """The values of all columns except the sequence, as SQLite holds them."""
    return tuple(stored(value) if isinstance(value, str) else value for value in row[1:])


def row_of(values: tuple[Any, ...]) -> JournalRow:
    """A row from the values of a SELECT. Raises ValueError if a BLOB isn't encoded text."""
    if bytes not in map(type, values):
        return JournalRow._make(values)
    return JournalRow._make(
        text_of(value) if isinstance(value, bytes) else value for value in values
    )


def event_of(row: JournalRow) -> Event | None:
    """The event in a row; None if a newer program is needed for it.

    Raises ValueError if the row is malformed.
    """
    try:
        payload = decode(row.type, row.version, json.loads(row.payload))
    except UnknownValueError:
        return None
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"row {row.sequence} isn't a {row.type} event") from error
    if payload is None:
        return None
    return Event(row.id, row.session, row.repository, row.at, row.actor, payload)
