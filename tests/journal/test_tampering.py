"""Whatever is done to the rows of a journal, `verify` names it."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.journal.build import decided, opened, reported
from xreview.domain.errors import JournalError
from xreview.domain.events.shared_push import JournalHead
from xreview.journal import schema
from xreview.journal.heads import HeadFile, heads_folder
from xreview.journal.migrate import TRIGGERS
from xreview.journal.rows import COLUMNS, FIRST, digest, insertable, row_of
from xreview.journal.store import Journal

ROWS = 9


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    """A journal of two sessions that take turns, with its end kept beside it."""
    folder = tmp_path_factory.mktemp("honest")
    with Journal.open(folder / "data" / "journal.sqlite3") as journal:
        journal.append([opened("s1"), reported("r1"), opened("s2")])
        for number in range(ROWS - 3):
            journal.append([decided(f"d{number}", session=f"s{1 + number % 2}", second=number)])
    return folder / "data"


@pytest.fixture
def path(honest, tmp_path, monkeypatch):
    return put_back(honest, tmp_path)


def put_back(honest, tmp_path):
    """The honest journal anew, with its end as it was kept."""
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    shutil.copytree(honest, tmp_path / "data")
    path = tmp_path / "data" / "journal.sqlite3"
    kept = HeadFile(honest / "journal.sqlite3").read()
    assert kept is not None
    shutil.rmtree(heads_folder(path))
    heads_folder(path).mkdir()
    HeadFile(path).write(kept)
    return path


def change(path, *statements):
    """Run SQL with the triggers lifted, and leave the schema as it was."""
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name in TRIGGERS:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(*statement) if isinstance(statement, tuple) else connection.execute(
                statement
            )
        for (sql,) in triggers:
            connection.execute(sql)


def hide_the_loss(last):
    return (
        f"DELETE FROM subjects WHERE sequence > {last}",
        f"UPDATE sqlite_sequence SET seq = {last}",
    )


def rehash(path):
    """Write all hashes anew so that each chain fits again."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM events ORDER BY sequence"
        ).fetchall()
    ends: dict[str, str] = {}
    statements = []
    for values in found:
        row = row_of(values)
        row = row._replace(previous=ends.get(row.session, FIRST))
        row = row._replace(hash=digest(row))
        ends[row.session] = row.hash
        statements.append(
            (
                "UPDATE events SET previous = ?, hash = ? WHERE sequence = ?",
                (*insertable(row)[-2:], row.sequence),
            )
        )
    change(path, *statements)


def renumber(path):
    """Close the gaps in the numbers of the rows, in the table of subjects too."""
    with closing(sqlite3.connect(path)) as connection:
        numbers = [
            number for (number,) in connection.execute("SELECT sequence FROM events ORDER BY 1")
        ]
    steps = []
    for new, old in enumerate(numbers, start=1):
        steps.append(f"UPDATE events SET sequence = {new} WHERE sequence = {old}")
        steps.append(f"UPDATE subjects SET sequence = {new} WHERE sequence = {old}")
    change(path, *steps, f"UPDATE sqlite_sequence SET seq = {len(numbers)}")


def problems(path):
    with Journal.open(path) as journal:
        return journal.verify()


def remove(path, row):
    change(
        path,
        f"DELETE FROM events WHERE sequence = {row}",
        f"DELETE FROM subjects WHERE sequence = {row}",
    )


def test_the_honest_one_is_honest(path):
    assert problems(path) == []


rows = st.integers(1, ROWS)
tampering = st.one_of(
    st.tuples(st.just("remove"), rows, st.booleans(), st.booleans()),
    st.tuples(st.just("swap"), rows, rows, st.booleans()),
    st.tuples(
        st.just("edit"),
        rows,
        st.sampled_from(("id", "session", "repository", "at", "actor", "type", "version")),
        st.booleans(),
    ),
    st.tuples(st.just("cut"), st.integers(0, ROWS - 1), st.booleans(), st.booleans()),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tampering)
def test_all_that_is_done_to_rows_is_named(honest, tmp_path, done):
    path = put_back(honest, tmp_path)
    what, row, other, is_rehashed = done
    if what == "remove":
        remove(path, row)
        if other:
            renumber(path)
    elif what == "swap":
        if row == other:
            return
        for table in ("events", "subjects"):
            change(
                path,
                f"UPDATE {table} SET sequence = -1 WHERE sequence = {row}",
                f"UPDATE {table} SET sequence = {row} WHERE sequence = {other}",
                f"UPDATE {table} SET sequence = {other} WHERE sequence = -1",
            )
    elif what == "edit":
        value = "1" if other == "version" else f"{other} || 'x'"
        with closing(sqlite3.connect(path)) as connection:
            (before,) = connection.execute(
                f"SELECT {other} FROM events WHERE sequence = {row}"
            ).fetchone()
        if before == 1 and other == "version":
            return
        change(path, f"UPDATE events SET {other} = {value} WHERE sequence = {row}")
    else:
        change(path, f"DELETE FROM events WHERE sequence > {row}", *hide_the_loss(row))
    if is_rehashed:
        rehash(path)
    assert problems(path), done


def test_rows_cut_off_with_the_sequence_are_named(path):
    change(path, "DELETE FROM events WHERE sequence > 7", *hide_the_loss(7))
    (found,) = problems(path)
    assert "ended in row 9; it has 7 and ends in row 7" in str(found)
    with Journal.open(path) as journal:
        assert "doesn't continue from where it last ended" in journal.notice
        journal.append([decided("d9", session="s9")])
    assert problems(path), "writing on does not cover it up"


def test_a_chain_with_new_hashes_is_named(path):
    change(path, "UPDATE events SET actor = 'Eve' WHERE sequence = 2")
    rehash(path)
    (found,) = problems(path)
    assert "rewritten with matching hashes" in str(found)


def test_another_journal_in_its_place_is_named(path, tmp_path):
    other = tmp_path / "other" / "journal.sqlite3"
    with Journal.open(other) as journal:
        journal.append([decided(f"x{number}", second=number) for number in range(20)])
    for name in path.parent.glob("journal.sqlite3*"):
        name.unlink()
    shutil.copy(other, path)
    (found,) = problems(path)
    assert "Another journal has replaced this one" in str(found)


def test_an_older_copy_is_accepted_by_the_person_alone(path):
    change(path, "DELETE FROM events WHERE sequence > 7", *hide_the_loss(7))
    with Journal.open(path) as journal:
        journal.accept_end()
        assert journal.notice == ""
    assert problems(path) == []


def test_a_first_run_keeps_the_end_and_says_that_it_was_not_kept(path):
    shutil.rmtree(heads_folder(path))
    with Journal.open(path) as journal:
        assert journal.kept_end() is None
        assert journal.verify() == []
        assert journal.end() == journal.kept_end().head


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": "other"}', b"\xff" * 100])
def test_a_kept_end_that_was_damaged_is_named(path, content):
    HeadFile(path).path.write_bytes(content)
    (found,) = problems(path)
    assert "is damaged" in str(found)


def test_an_end_that_lags_is_no_alarm_and_is_brought_up(path):
    before = HeadFile(path).read()
    journal = Journal.open(path)
    journal.append([decided("d9", session="s9")])
    journal._connection.close()  # as if killed: nobody kept the end
    assert HeadFile(path).read() == before
    assert problems(path) == []
    with Journal.open(path) as again:
        again.append([decided("d10", session="s9")])
    assert HeadFile(path).read().head.row == ROWS + 2


def test_an_end_that_was_pushed_proves_what_the_kept_one_does_not(path):
    with Journal.open(path) as journal:
        head = journal.end()
        assert journal.verify(witnesses=[head, replace(head, name="another", row=99)]) == []
    change(path, "UPDATE events SET actor = 'Eve' WHERE sequence = 2")
    rehash(path)
    with Journal.open(path) as journal:
        journal.accept_end()
        assert journal.verify() == []
        (found,) = journal.verify(witnesses=[head])
        assert "signed or pushed" in str(found)
        assert isinstance(head, JournalHead)


NO_OP = (
    "CREATE TRIGGER quiet BEFORE INSERT ON events WHEN NEW.type = 'decision-made' "
    "BEGIN SELECT RAISE(IGNORE); END"
)
SHADOW = (
    "ALTER TABLE events RENAME TO hidden",
    "CREATE VIEW events AS SELECT * FROM hidden",
    "CREATE TRIGGER quiet INSTEAD OF INSERT ON events BEGIN SELECT 1; END",
)


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        ((NO_OP,), "trigger quiet on events isn't the journal's"),
        (("DROP TRIGGER events_refuse_delete",), "trigger events_refuse_delete was removed"),
        (
            (
                "DROP TRIGGER events_refuse_update",
                "CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events BEGIN SELECT 1; END",
            ),
            "trigger events_refuse_update was replaced",
        ),
        (("CREATE INDEX odd ON events (actor)",), "index odd on events isn't the journal's"),
    ],
)
def test_a_journal_with_other_triggers_is_only_read_until_it_is_put_right(path, statements, named):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    with Journal.open(path) as journal:
        assert named in journal.notice
        with pytest.raises(JournalError, match="Nothing was written"):
            journal.append([decided("d9")])
        assert named in " ".join(map(str, journal.verify()))


@pytest.mark.parametrize("statement", [NO_OP, "DROP TRIGGER events_refuse_delete"])
def test_rebuilding_puts_triggers_back(path, statement):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    with Journal.open(path) as journal:
        journal.rebuild()
        assert journal.verify() == []
        journal.append([decided("d9", session="s9")])


def test_a_view_in_the_place_of_the_events_takes_nothing(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA legacy_alter_table = ON")
        for statement in SHADOW:
            connection.execute(statement)
    with Journal.open(path) as journal, pytest.raises(JournalError, match="Nothing was written"):
        journal.append([decided("d9")])


@pytest.mark.parametrize("kind", ["VIEW mine AS SELECT 1", "TABLE mine (a)"])
def test_what_a_person_adds_for_themselves_is_named_and_harmless(path, kind):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE {kind}")
    with Journal.open(path) as journal:
        journal.append([decided("d9", session="s9")])
        (found,) = journal.verify()
    assert "mine" in str(found)


def test_a_replaced_view_is_named(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP VIEW decisions")
        connection.execute("CREATE VIEW decisions AS SELECT 1")
    assert "The view decisions was replaced" in str(problems(path)[0])


def test_an_index_that_lies_is_named(path):
    with closing(sqlite3.connect(path)) as connection:
        (honest,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'events_by_session'"
        ).fetchone()
        connection.execute("DROP INDEX events_by_session")
        connection.execute("CREATE INDEX events_by_session ON events (id, sequence, type)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = ? WHERE name = 'events_by_session'", (honest,)
        )
        connection.commit()
    assert "damaged" in str(problems(path)[0])


def test_decisions_of_impossible_times_are_named(tmp_path):
    path = tmp_path / "data" / "journal.sqlite3"
    far = (datetime.now(UTC) + timedelta(minutes=9)).isoformat(timespec="microseconds")
    near = (datetime.now(UTC) + timedelta(minutes=2)).isoformat(timespec="microseconds")
    with Journal.open(path) as journal:
        journal.append([opened(), reported("r1"), replace(decided("d1"), at=near)])
        assert journal.verify() == []
        journal.append([replace(decided("d2"), at="2020-01-01T00:00:00.000000+00:00")])
        (found,) = journal.verify()
        assert (found.sequence, "first reported on 2025-11-21" in found.what) == (4, True)
        journal.append([replace(decided("d3"), at=far)])
        assert [one.sequence for one in journal.verify()] == [4, 5]


def test_the_digest_of_the_schema_is_that_of_all_steps():
    assert schema.schema_digest(schema.expected_objects()) == schema.DIGEST
