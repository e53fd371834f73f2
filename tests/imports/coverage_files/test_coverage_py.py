"""coverage.py's SQLite file and JSON, as it wrote them and as an attacker would."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.coverage_files.samples import only, read, sample
from xreview.imports.coverage_files.coverage_py import numbits_lines
from xreview.imports.coverage_files.measured import CoverageFileError, MeasuredFile
from xreview.imports.coverage_files.reading import read_coverage
from xreview.imports.coverage_files.statements import statement_lines

EXECUTED, MISSING = {4, 6, 11, 15, 22}, {7, 25, 26}
SCHEMA = (
    "CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT)",
    "CREATE TABLE line_bits (file_id INTEGER, context_id INTEGER, numbits BLOB)",
)


def numbits(lines: Iterable[int]) -> bytes:
    """As coverage.py's `nums_to_numbits` makes them."""
    wanted = set(lines)
    if not wanted:
        return b""
    content = bytearray(max(wanted) // 8 + 1)
    for line in wanted:
        content[line // 8] |= 1 << line % 8
    return bytes(content)


@given(st.sets(st.integers(0, 5000)))
def test_bit_sets_are_read_as_they_are_written(lines: set[int]) -> None:
    assert list(numbits_lines(numbits(lines))) == sorted(lines)


@pytest.mark.parametrize("name", ["statements.coverage", "branches.coverage"])
def test_the_lines_that_ran_are_those_that_coverage_py_reports(name: str) -> None:
    report = read(sample(name), "bank.py")

    ran = only(report).run
    statements = statement_lines(sample("bank.py.txt").decode())
    assert ran & statements == EXECUTED
    assert statements - ran == MISSING
    assert not report.knows_missed
    assert len(report.names) == 2


def test_json_has_both() -> None:
    report = read(sample("coverage_py.json"), "bank.py")

    assert only(report) == MeasuredFile(frozenset(EXECUTED), frozenset(MISSING))
    assert report.names == ("bank.py", "test_bank.py")
    assert report.knows_missed


@pytest.mark.parametrize(
    "text", ["{", "{}", '{"files": 3}', '{"files": []}', '{"a":' * 5000, '{"files": {}}']
)
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(CoverageFileError):
        read(text, "bank.py")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.text() | st.just("missing_lines"), inner)
        ),
    )
)
def test_whatever_a_file_has_in_json_does_no_harm(value: object) -> None:
    read(json.dumps({"files": {"a/bank.py": value, "b": value}}), "bank.py")


def database(tmp_path: Path, *statements: str, values: tuple[object, ...] = ()) -> bytes:
    path = tmp_path / "made"
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement, values if "?" in statement else ())
    connection.close()
    return path.read_bytes()


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE other (id)",),
        ("CREATE VIEW file AS SELECT 1 AS id, 'bank.py' AS path",),
        ("CREATE TABLE file (id, path)", "INSERT INTO file VALUES (1, 'bank.py')",
         "CREATE TABLE line_bits (file_id, numbits)", "INSERT INTO line_bits VALUES (1, 'text')"),
        ("CREATE TABLE file (name)",),
        ("CREATE VIRTUAL TABLE file USING fts5(id, path)",),
    ],
)  # fmt: skip
def test_another_schema_is_refused(tmp_path: Path, statements: tuple[str, ...]) -> None:
    with pytest.raises(CoverageFileError, match=r"coverage\.py"):
        read(database(tmp_path, *statements), "bank.py")


def test_a_bit_set_of_a_giant_file_is_refused(tmp_path: Path) -> None:
    content = database(
        tmp_path,
        *SCHEMA,
        "INSERT INTO file VALUES (1, 'bank.py')",
        "INSERT INTO line_bits VALUES (1, 0, ?)",
        values=(b"\xff" * 200_000,),
    )
    with pytest.raises(CoverageFileError):
        read(content, "bank.py")


def test_a_view_that_never_ends_is_not_asked(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS file_id"
    content = database(
        tmp_path,
        SCHEMA[0],
        "INSERT INTO file VALUES (1, 'bank.py')",
        f"CREATE VIEW line_bits AS {endless}, x AS numbits FROM n",
    )
    assert read(content, "bank.py").files == {}


def test_a_query_ends_when_the_time_is_up(tmp_path: Path) -> None:
    rows = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 200000)"
    content = database(
        tmp_path,
        *SCHEMA,
        f"INSERT INTO file {rows} SELECT x, 'bank.py' FROM n",
    )
    with pytest.raises(CoverageFileError, match="too long"):
        read_coverage(content, ["bank.py"], lambda: True)


def test_nothing_is_left_beside_a_database(tmp_path: Path) -> None:
    read(database(tmp_path, *SCHEMA), "bank.py")
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def damaged(content: bytes) -> Callable[[tuple[int, int]], bytes]:
    def at(change: tuple[int, int]) -> bytes:
        place, byte = change
        place %= len(content)
        return content[:place] + bytes([byte]) + content[place + 1 :]

    return at


@given(
    st.tuples(st.integers(16, 60_000), st.integers(0, 255)).map(
        damaged(sample("branches.coverage"))
    )
    | st.integers(16, 60_000).map(lambda size: sample("statements.coverage")[:size])
    | st.binary().map(lambda rest: b"SQLite format 3\0" + rest)
)
def test_a_damaged_database_gives_the_documented_error_or_lines(content: bytes) -> None:
    with suppress(CoverageFileError):
        read(content, "bank.py")
