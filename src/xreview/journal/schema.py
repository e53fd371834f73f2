"""Whether the file has the tables, indexes, views and triggers that it must have, and no others.

SQLite keeps the text of each in `sqlite_master`. A trigger can swallow rows without a word, a view
can stand in the place of a table, an index can be of another column: whatever is read or written
through them is not what it looks like.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from xreview.journal.migrate import MIGRATIONS, migrate

_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_STATISTICS = "sqlite_stat"  # what ANALYZE leaves: SQLite's own, and harmless

Objects = Mapping[tuple[str, str], tuple[str, str | None]]
"""Table and SQL text of each object by its type and name."""


DIGEST = "2e537987f8aee12a2070df6f4a6c35b36caa72d23fd773f756db79a3e1263c06"
"""Of what all steps of `journal.migrate` make; a test says when it has to be another."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that is not as it must be.

    Args:
        what: one sentence. is_harmful: whether nothing may be written because of it: a table or a
            view that somebody made for themselves is not.
    """

    kind: str
    name: str
    what: str
    is_harmful: bool


def differences(connection: sqlite3.Connection) -> tuple[Difference, ...]:
    """How the schema of a file of the newest form differs from what it must be."""
    found = _objects(connection)
    return () if schema_digest(found) == DIGEST else tuple(_told(found, expected_objects()))


def restore_schema(connection: sqlite3.Connection) -> None:
    """Put triggers, views and indexes back as they must be, and drop what triggers there are else.

    Call it inside a transaction. Tables stay as they are: what is in them can't be put back.
    """
    expected = expected_objects()
    for one in differences(connection):
        if one.kind == "table" or one.name.startswith("sqlite_"):
            continue
        sql = expected.get((one.kind, one.name), ("", None))[1]
        if sql is not None or one.kind == "trigger":
            name = one.name.replace('"', '""')
            connection.execute(f'DROP {one.kind.upper()} IF EXISTS "{name}"')
        if sql is not None:
            connection.execute(sql)


def schema_digest(objects: Objects) -> str:
    """One hash over a schema, in whatever order it was made."""
    values = sorted([*key, table, sql or ""] for key, (table, sql) in objects.items())
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _told(found: Objects, expected: Objects) -> Iterator[Difference]:
    for (kind, name), (table, sql) in found.items():
        if (kind, name) not in expected:
            on = f" on {table}" if kind in ("trigger", "index") else ""
            is_harmful = kind == "trigger" or (kind == "index" and ("table", table) in expected)
            what = f"There is a {kind} that is not the journal's: {name}{on}."
            yield Difference(kind, name, what, is_harmful)
        elif expected[kind, name] != (table, sql):
            what = f"The {kind} {name} was replaced by another."
            yield Difference(kind, name, what, is_harmful=kind != "view")
    for kind, name in expected:
        if (kind, name) not in found:
            since = ": rows could be altered since then" if kind == "trigger" else ""
            what = f"The {kind} {name} was removed{since}."
            yield Difference(kind, name, what, is_harmful=kind != "view")


def _objects(connection: sqlite3.Connection) -> Objects:
    with closing(connection.execute(_OBJECTS)) as cursor:
        return {
            (kind, name): (table, sql)
            for kind, name, table, sql in cursor
            if not name.startswith(_STATISTICS)
        }


@cache
def expected_objects() -> Objects:
    """What a new file has. Making one takes 40 ms, too long for every start: hence `DIGEST`."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS)
        return _objects(connection)
