import sqlite3
from contextlib import closing

import pytest

from tests.journal.build import decided, opened, reported
from xreview.domain.errors import JournalError
from xreview.journal.migrate import TRIGGERS
from xreview.journal.replay import recall
from xreview.journal.store import Journal


@pytest.fixture
def path(tmp_path):
    """Sequence 1-4 are of session s1, 5-7 of s2, 8 of s1 again."""
    path = tmp_path / "journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append([opened("s1"), reported("r1"), decided("d1"), decided("d2")])
        journal.append([opened("s2"), decided("d3", session="s2"), decided("d4", session="s2")])
        journal.append([decided("d5")])
    return path


def tamper(path, *statements, keep_triggers=True):
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name in TRIGGERS:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for (sql,) in triggers if keep_triggers else ():
            connection.execute(sql)


def problems(path, session=None):
    with Journal.open(path) as journal:
        return journal.verify(session)


def test_an_honest_journal_has_no_problems(path):
    assert problems(path) == []
    assert problems(path, "s1") == []
    assert problems(path, "nobody") == []


def test_an_empty_journal_has_no_problems(tmp_path):
    assert problems(tmp_path / "new.sqlite3") == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'Eve'",
        "at = '2020-01-01T00:00:00.000000+00:00'",
        "id = 'other'",
        "session = 's3'",
        "repository = '/elsewhere'",
        "type = 'decision-undone'",
        "version = 1",
        "payload = replace(payload, 'accept', 'reject')",
        "payload = payload || ' '",
        "payload = 'nonsense'",
        "payload = x'ff'",
        "payload = CAST(x'ff' AS TEXT)",
        "actor = x'c3'",
        "previous = ''",
        "hash = 'f00'",
    ],
)
def test_the_row_that_was_altered_is_named(path, change):
    tamper(path, f"UPDATE events SET {change} WHERE id = 'd1'")
    assert problems(path)[0].sequence == 3
    assert "altered" in str(problems(path)[0])


def test_only_the_first_bad_row_of_each_session_is_named(path):
    tamper(path, "UPDATE events SET actor = 'Eve' WHERE id IN ('d1', 'd2', 'd4', 'd5')")
    assert [(found.sequence, found.session) for found in problems(path)] == [(3, "s1"), (7, "s2")]
    assert [found.sequence for found in problems(path, "s2")] == [7]


def test_an_altered_row_with_a_fitting_hash_breaks_the_chain_after_it(path):
    from xreview.journal.rows import COLUMNS, digest, row_of

    with closing(sqlite3.connect(path)) as connection:
        values = connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM events WHERE id = 'd1'"
        ).fetchone()
    forged = row_of(values)._replace(actor="Eve")
    tamper(path, f"UPDATE events SET actor = 'Eve', hash = '{digest(forged)}' WHERE id = 'd1'")
    (found,) = problems(path)
    assert (found.sequence, found.session) == (4, "s1")
    assert "before it" in found.what


@pytest.mark.parametrize(
    ("removed", "named"),
    [
        ("id = 's1/opened'", [1, 2]),
        ("id = 'd1'", [3, 4]),
        ("id IN ('r1', 'd1')", [2, 4]),
        ("id = 'd5'", [8]),
        ("sequence >= 6", [6]),
        ("1", [1]),
    ],
    ids=["first", "middle", "two", "last", "tail", "all"],
)
def test_removed_rows_are_named(path, removed, named):
    tamper(path, f"DELETE FROM events WHERE {removed}")
    assert [found.sequence for found in problems(path)] == named
    assert "removed" in problems(path)[0].what


def test_a_row_put_in_by_hand_is_named(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO events (id, session, repository, at, actor, type, version, payload,"
            " previous, hash) SELECT 'forged', session, repository, at, actor, type, version,"
            " payload, previous, hash FROM events WHERE id = 'd1'"
        )
    assert [(found.sequence, found.session) for found in problems(path)] == [(9, "s1")]


def test_two_rows_that_changed_places_are_named(path):
    tamper(
        path,
        "UPDATE events SET sequence = -1 WHERE id = 'd1'",
        "UPDATE events SET sequence = 3 WHERE id = 'd2'",
        "UPDATE events SET sequence = 4 WHERE id = 'd1'",
    )
    assert [found.sequence for found in problems(path)] == [3]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DELETE FROM subjects WHERE sequence = 3", 3),
        ("UPDATE subjects SET subject = 'other' WHERE sequence = 7", 7),
        ("INSERT INTO subjects VALUES ('f9', 1)", 1),
    ],
)
def test_a_table_of_subjects_that_hides_a_decision_is_found_out(path, change, named):
    tamper(path, change)
    assert {found.sequence for found in problems(path)} == {named}
    assert "table of subjects" in str(problems(path)[0])


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM subjects",
        "UPDATE subjects SET subject = 'other' WHERE sequence = 7",
        "INSERT INTO subjects VALUES ('f9', 1)",
    ],
)
def test_the_table_of_subjects_is_derived_anew_and_the_events_stay(path, change):
    with Journal.open(path) as journal:
        heads, repository = journal.heads(), next(journal.events()).repository
        made = recall(journal, repository, ["f1"])
        journal.rebuild()
        assert journal.verify() == [], "what is right stays"
    tamper(path, change)
    assert problems(path)
    with Journal.open(path) as journal:
        journal.rebuild()
        assert journal.verify() == []
        assert journal.heads() == heads
        assert recall(journal, repository, ["f1"]) == made


def test_missing_triggers_are_named(path):
    tamper(path, keep_triggers=False)
    found = problems(path)
    assert [problem.sequence for problem in found] == [None] * len(TRIGGERS)
    assert all(name in " ".join(map(str, found)) for name in TRIGGERS)


def test_a_file_with_a_page_of_rubbish_does_not_pass(path):
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\xa5" * 4096
    path.write_bytes(content)
    with pytest.raises(JournalError, match="damaged"):
        problems(path)
