"""Whether the file has exactly the tables, indexes, views and triggers of a journal.

SQLite keeps the text of each in `sqlite_master`. A foreign trigger can swallow rows silently, a
view can replace a table, an index can cover another column: reads and writes then mislead.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache

from xreview.domain.record import dataclass
from xreview.journal.migrate import MIGRATIONS, migrate

_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_STATISTICS = "sqlite_stat"  # what ANALYZE leaves: harmless

Objects = Mapping[tuple[str, str], tuple[str, str | None]]
"""Table and SQL text of each object by its type and name."""


DIGEST = "39ff353773a89176f236dde2b44925f2ff0bcf118c260ebfffb8d118f21f657d"
"""Of the schema that all steps of `journal.migrate` make; a test compares it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that differs.

    Args:
        what: one sentence. is_harmful: whether it makes the journal read-only; a user's own table
            or view doesn't.
    """

    kind: str
    name: str
    what: str
    is_harmful: bool


def differences(connection: sqlite3.Connection) -> tuple[Difference, ...]:
    """How the schema of a migrated file differs from the journal's."""
    found = _objects(connection)
    return () if schema_digest(found) == DIGEST else tuple(_told(found, expected_objects()))


def restore_schema(connection: sqlite3.Connection) -> None:
    """Restore triggers, views and indexes, and drop all other triggers.

    Call it inside a transaction. Tables are unchanged: their content can't be restored.
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
    """One hash over a schema, whatever the order of its objects."""
    values = sorted([*key, table, sql or ""] for key, (table, sql) in objects.items())
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _told(found: Objects, expected: Objects) -> Iterator[Difference]:
    for (kind, name), (table, sql) in found.items():
        if (kind, name) not in expected:
            on = f" on {table}" if kind in ("trigger", "index") else ""
            is_harmful = kind == "trigger" or (kind == "index" and ("table", table) in expected)
            what = f"The {kind} {name}{on} isn't the journal's."
            yield Difference(kind, name, what, is_harmful)
        elif expected[kind, name] != (table, sql):
            what = f"The {kind} {name} was replaced."
            yield Difference(kind, name, what, is_harmful=kind != "view")
    for kind, name in expected:
        if (kind, name) not in found:
            since = ": rows may have been altered since" if kind == "trigger" else ""
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
    """The objects of a new file. Creating it takes 40 ms, too long for every start."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS)
        return _objects(connection)
