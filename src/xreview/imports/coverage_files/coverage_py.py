"""What coverage.py writes: its SQLite file `.coverage`, and its JSON.

The schema is that of coverage.py's `sqldata.py` (versions 5 to 7), the bit sets are those of its
`numbits.py`: bit `b` of byte `n` is line `8 n + b`. The database has the lines that ran and not
those that could have. It is opened in memory from bytes that were read before, so that SQLite
opens no file, waits for no lock and leaves nothing behind.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, cast

from xreview.imports.coverage_files.measured import (
    LAST_LINE,
    CoverageFileError,
    CoverageReading,
    CoverageReport,
)

if TYPE_CHECKING:
    import sqlite3

SQLITE_HEADER = b"SQLite format 3\0"
_MOST_BYTES = LAST_LINE // 8 + 1
_MOST_FILES = 50_000
_MOST_ROWS = 500_000
_STEPS_BETWEEN_CHECKS = 20_000
_DAMAGED = "it isn't a database of coverage.py, or it is damaged"
# A virtual table has no page of its own.
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"


def numbits_lines(bits: bytes) -> Iterator[int]:
    """The lines in one of coverage.py's bit sets, in order."""
    for at, byte in enumerate(bits):
        for bit in range(8):
            if byte & 1 << bit:
                yield 8 * at + bit


def read_coverage_database(content: bytes, reading: CoverageReading) -> CoverageReport:
    """Read a `.coverage` file: which lines ran. Raises CoverageFileError."""
    import sqlite3

    try:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            _open(connection, content, reading)
            there = {name for (name,) in connection.execute(_TABLES)}
            if "file" not in there:
                raise CoverageFileError(_DAMAGED)
            wanted = _wanted(connection, reading)
            if "line_bits" in there:
                _read_bits(connection, wanted, reading)
            if "arc" in there:
                _read_arcs(connection, wanted, reading)
    # UnicodeDecodeError is a ValueError; a value that doesn't fit its column is a TypeError.
    except (sqlite3.Error, ValueError, TypeError, OverflowError, MemoryError) as error:
        reading.check_time()
        raise CoverageFileError(_DAMAGED) from error
    return reading.report(knows_missed=False)


def _open(connection: "sqlite3.Connection", content: bytes, reading: CoverageReading) -> None:
    import sqlite3

    connection.deserialize(content)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * _MOST_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_progress_handler(reading.is_over, _STEPS_BETWEEN_CHECKS)
    for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _wanted(connection: "sqlite3.Connection", reading: CoverageReading) -> dict[int, str]:
    rows = connection.execute(f"SELECT id, path FROM file LIMIT {_MOST_FILES}")
    return {
        id: path
        for id, path in rows
        if isinstance(id, int) and isinstance(path, str) and reading.wants(path)
    }


def _read_bits(
    connection: "sqlite3.Connection", wanted: dict[int, str], reading: CoverageReading
) -> None:
    for id, name in wanted.items():
        rows = connection.execute(
            f"SELECT numbits FROM line_bits WHERE file_id = ? LIMIT {_MOST_ROWS}", (id,)
        )
        merged = 0  # with contexts, there is a row for each test
        for (bits,) in rows:
            if not isinstance(bits, bytes) or len(bits) > _MOST_BYTES:
                raise CoverageFileError(_DAMAGED)
            merged |= int.from_bytes(bits, "little")
        size = (merged.bit_length() + 7) // 8
        reading.mark(name, numbits_lines(merged.to_bytes(size, "little")), is_run=True)


def _read_arcs(
    connection: "sqlite3.Connection", wanted: dict[int, str], reading: CoverageReading
) -> None:
    """Read the jumps from line to line that branch coverage keeps; negative is in or out."""
    for id, name in wanted.items():
        rows = connection.execute(
            f"SELECT DISTINCT fromno, tono FROM arc WHERE file_id = ? LIMIT {_MOST_ROWS}", (id,)
        )
        reading.mark(name, (line for row in rows for line in row), is_run=True)


def read_coverage_json(content: bytes, reading: CoverageReading) -> CoverageReport:
    """Read what `coverage json` wrote. Raises CoverageFileError."""
    try:
        data: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CoverageFileError("it isn't valid JSON") from error
    files = _object(_object(data).get("files"))
    if not files:
        raise CoverageFileError("it isn't the JSON of coverage.py")
    for name, one in files.items():
        if reading.wants(name):
            lines = _object(one)
            reading.mark(name, _numbers(lines.get("executed_lines")), is_run=True)
            reading.mark(name, _numbers(lines.get("missing_lines")), is_run=False)
    return reading.report()


def _object(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _numbers(value: object) -> Iterator[int]:
    if isinstance(value, list):
        for one in cast("list[object]", value):
            if isinstance(one, int):
                yield one
