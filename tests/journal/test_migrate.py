import ast
import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.journal.data.make_older import EVENTS
from xreview.journal import migrate as migrate_module
from xreview.journal import views
from xreview.journal.migrate import APPLICATION_ID, MIGRATIONS, migrate, pragma
from xreview.journal.store import Journal

DATA = Path(__file__).parent / "data"
OLDER = range(1, len(MIGRATIONS))


def schema(connection) -> dict[str, str]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return dict(rows.fetchall())


@pytest.mark.parametrize("version", OLDER)
def test_a_stored_journal_of_an_older_version_is_brought_forward(tmp_path, version):
    path = tmp_path / "journal.sqlite3"
    shutil.copy(DATA / f"version-{version}.sqlite3", path)
    with closing(sqlite3.connect(path)) as connection:
        assert pragma(connection, "user_version") == version
        before = connection.execute("SELECT hash FROM events").fetchall()
    with Journal.open(path) as journal:
        assert not journal.is_read_only
        assert list(journal.events()) == EVENTS
        assert journal.verify() == []
        assert len(journal.sessions("/home/ada/shop/.git")) == 1
    with Journal.open(tmp_path / "new.sqlite3"), Journal.open(path):
        pass
    with (
        closing(sqlite3.connect(path)) as old,
        closing(sqlite3.connect(tmp_path / "new.sqlite3")) as new,
    ):
        assert schema(old) == schema(new)
        assert pragma(old, "user_version") == len(MIGRATIONS)
        assert pragma(old, "application_id") == APPLICATION_ID
        assert old.execute("SELECT hash FROM events").fetchall() == before


def test_each_older_version_is_stored():
    stored = {file.name for file in DATA.glob("*.sqlite3")}
    assert stored == {f"version-{version}.sqlite3" for version in OLDER}


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1])
        before = schema(connection)
        broken = (*MIGRATIONS[:1], ("CREATE TABLE half (done)", "CREATE NONSENSE"))
        with pytest.raises(sqlite3.OperationalError, match="NONSENSE"):
            migrate(connection, broken)
        assert not connection.in_transaction
        assert schema(connection) == before
        assert pragma(connection, "user_version") == 1


def test_steps_are_taken_once_and_in_order(tmp_path):
    steps = [(f"CREATE TABLE step{number} (x)",) for number in range(4)]
    with closing(sqlite3.connect(tmp_path / "x", isolation_level=None)) as connection:
        migrate(connection, steps[:2])
        migrate(connection, steps)
        migrate(connection, steps)
        assert list(schema(connection)) == ["step0", "step1", "step2", "step3"]


def test_a_newer_file_is_not_taken_back(tmp_path):
    with closing(sqlite3.connect(tmp_path / "x", isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 99")
        migrate(connection)
        assert pragma(connection, "user_version") == 99
        assert schema(connection) == {}


RELEASED = (
    "f3571f4933d9be529a63bb8ea137bcaaf2b45f28e7580a4b8d10ad9f24c9ab70",
    "98e9d0705a7268045374d7bd8b5437884404e52a8ef96d7c5162cc678839989a",
    "07b8ff719eab483088a53f0fdd01aa457ad47e7e8aec427f357e842a5f2c1836",
    "2607d59e6f6806bdddb44d81616b60357ceec5394309f1638e29805421b2a9eb",
    "9029cc4bf4ca7fda6fbc7848c43eb29eca9c00dae62266e4e58e4cdc0d16491c",
)
"""SHA-256 of the statements of each step."""


def test_released_steps_never_change():
    texts = ["\n;\n".join(step) for step in MIGRATIONS]
    assert tuple(hashlib.sha256(text.encode()).hexdigest() for text in texts) == RELEASED


def test_migrations_use_nothing_of_the_program():
    for module in (migrate_module, views):
        tree = ast.parse(Path(module.__file__).read_text())
        imported = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
        assert {name for name in imported if name.startswith("xreview")} <= {
            "xreview.journal.views"
        }
