import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.strategies import names, payloads, stored_events, times
from tests.journal.build import REPOSITORY, decided, noted, opened, reported, undone
from xreview.domain.change import ChangeKind
from xreview.domain.errors import JournalError
from xreview.domain.events.codec import to_json
from xreview.domain.events.event import (
    DecisionMade,
    DecisionUndone,
    Event,
    NoteWritten,
    SessionsPruned,
)
from xreview.journal.migrate import transaction
from xreview.journal.store import Journal


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "journal.sqlite3"


def query(path, sql, *values):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def test_what_was_appended_is_read_back_in_order_by_a_new_journal(path):
    written = [opened(), reported("r1"), decided("d1"), noted("n1", "f1", "see ticket 7")]
    with Journal.open(path) as journal:
        journal.append(written[:1])
        journal.append(written[1:])
    with Journal.open(path) as journal:
        assert list(journal.events()) == written


def test_the_file_is_private_in_a_private_folder(path):
    with Journal.open(path) as journal:
        journal.append([opened()])
        files = list(path.parent.iterdir())
        assert {file.name for file in files} >= {path.name, path.name + "-wal"}
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(path):
    Journal.open(path).close()
    path.chmod(0o644)
    Journal.open(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_was_there_keeps_its_mode(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    Journal.open(folder / "journal.sqlite3").close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_durability_is_as_promised(path):
    with Journal.open(path) as journal:
        connection = journal._connection
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_same_id_is_written_once(path):
    first, again = decided("d1", "f1"), decided("d1", "f2")
    with Journal.open(path) as journal:
        journal.append([first, again])
        journal.append([again, decided("d2")])
        assert list(journal.events()) == [first, decided("d2")]
        assert journal.verify() == []


def test_an_append_is_all_or_nothing(path):
    broken = Event("e2", "s1", REPOSITORY, "", "", NoteWritten(("f1",), float("nan")))  # type: ignore[arg-type]
    with Journal.open(path) as journal:
        with pytest.raises(ValueError, match="JSON"):
            journal.append([opened(), broken])
        assert list(journal.events()) == []
        journal.append([opened()])
        assert list(journal.events()) == [opened()]


def test_appending_nothing_writes_nothing(path):
    with Journal.open(path) as journal:
        journal.append([])
    assert query(path, "SELECT count(*) FROM events") == [(0,)]


def test_events_are_chosen_by_repository_session_and_type(path):
    here = [opened(), decided("d1"), undone("u1", "d1")]
    other_session = decided("d2", session="s2")
    elsewhere = decided("d3", session="s3", repository="/elsewhere")
    with Journal.open(path) as journal:
        journal.append([*here, other_session, elsewhere])
        assert list(journal.events(repository=REPOSITORY)) == [*here, other_session]
        assert list(journal.events(session="s1")) == here
        assert list(journal.events(types=[DecisionMade])) == [here[1], other_session, elsewhere]
        assert (
            list(
                journal.events(
                    repository=REPOSITORY, session="s1", types=[DecisionMade, DecisionUndone]
                )
            )
            == here[1:]
        )
        assert list(journal.events(types=[])) == []
        assert list(journal.events(session="nobody")) == []


def test_a_stream_longer_than_a_page_is_whole_and_ends_where_it_began(path):
    written = [decided(f"d{number}") for number in range(1203)]
    with Journal.open(path) as journal:
        journal.append(written)
        stream = journal.events(repository=REPOSITORY)
        first = next(stream)
        journal.append([decided("later")])
        assert [first, *stream] == written


def test_rows_of_a_newer_program_are_skipped_and_counted(path):
    with Journal.open(path) as journal:
        journal.append([decided("d1"), decided("d2")])
    insert = (
        "INSERT INTO events (id, session, repository, at, actor, type, version, payload, previous,"
        " hash) VALUES (?, 's1', ?, '', '', ?, ?, '{}', '', '')"
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(insert, ("x", REPOSITORY, "prophecy-made", 1))
        connection.execute(insert, ("y", REPOSITORY, "decision-made", 99))
    with Journal.open(path) as journal:
        stream = journal.events(repository=REPOSITORY)
        assert [event.id for event in stream] == ["d1", "d2"]
        assert (stream.newer, stream.malformed) == (2, [])


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "nonsense",
        "[]",
        "null",
        "{}",
        '{"action":1}',
        "[" * 100_000,
        '{"action":"a","reason":"fix","subjects":["f"],"verdict":"reject"}',
    ],
)
def test_a_malformed_row_is_left_out_and_named(path, payload):
    with Journal.open(path) as journal:
        journal.append([decided("d1")])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO events (id, session, repository, at, actor, type, version, payload,"
            " previous, hash) VALUES ('x', 's1', '', '', '', 'decision-made', 1, ?, '', '')",
            (payload,),
        )
    with Journal.open(path) as journal:
        journal.append([decided("d2", session="s2")])
        stream = journal.events()
        assert [event.id for event in stream] == ["d1", "d2"]
        assert (stream.newer, stream.malformed) == (0, [2])


def is_no_pruning(event) -> bool:
    """A pruning that never happened is rightly a problem to `verify`."""
    return not isinstance(event.payload, SessionsPruned)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batch=st.lists(stored_events().filter(is_no_pruning), max_size=6))
def test_any_event_survives_as_it_was(path, batch):
    shutil.rmtree(path.parent, ignore_errors=True)
    unique = list({event.id: event for event in reversed(batch)}.values())[::-1]
    with Journal.open(path) as journal:
        journal.append(batch)
        assert list(journal.events()) == sorted(unique, key=batch.index)
        assert journal.verify() == []
        for event in unique:
            chosen = journal.events(session=event.session, repository=event.repository)
            assert event in list(chosen)


@settings(max_examples=30, deadline=None)
@given(st.builds(Event, names, names, names, times, names, payloads))
def test_no_control_character_stands_in_a_payload(event):
    from xreview.journal.rows import row_after

    payload = row_after(event, "").payload
    assert payload.isascii()
    assert payload.isprintable()
    assert json.loads(payload) == to_json(event.payload)


def test_a_lone_high_surrogate_and_a_path_that_is_not_utf8_survive(path):
    hostile = Event("\ud800", "s\udcff", "/r\udc80", "at", "a\ud83d", NoteWritten(("f",), "\ud83d"))
    with Journal.open(path) as journal:
        journal.append([hostile])
        journal.append([hostile])
        assert list(journal.events(repository="/r\udc80", session="s\udcff")) == [hostile]
        assert journal.verify("s\udcff") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'Eve'",
        "UPDATE OR IGNORE events SET actor = 'Eve'",
        "UPDATE OR REPLACE events SET id = 'd2' WHERE id = 'd1'",
        "DELETE FROM events",
        "DELETE FROM events WHERE id = 'd1'",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE id = 'd1'",
        "REPLACE INTO events (id, session, repository, at, actor, type, version, payload, previous,"
        " hash) VALUES ('d1', '', '', '', 'Eve', '', 1, '', '', '')",
        "INSERT INTO events SELECT * FROM events WHERE id = 'd1'"
        " ON CONFLICT DO UPDATE SET actor = 'Eve'",
    ],
)
def test_rows_can_be_neither_changed_nor_removed(path, statement):
    with Journal.open(path) as journal:
        journal.append([decided("d1"), decided("d2")])
    before = query(path, "SELECT * FROM events")
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
        connection,
    ):
        connection.execute(statement)
    assert query(path, "SELECT * FROM events") == before


def test_sessions_are_listed_newest_first_with_what_came_of_them(path):
    with Journal.open(path) as journal:
        journal.append([opened("s1"), reported("r1"), reported("r2", "f2"), decided("d1")])
        journal.append([opened("s2", "main..feature", second=5), decided("x", session="s2")])
        journal.append([opened("s3", repository="/elsewhere")])
        newest, oldest = journal.sessions(REPOSITORY)
        assert journal.sessions("/nowhere") == []
    assert (newest.id, newest.title, newest.kind) == ("s2", "main..feature", "worktree")
    assert (newest.reports, newest.decisions) == (0, 1)
    assert newest.opened_at == "2025-11-21T10:00:05.000000+00:00"
    assert (oldest.id, oldest.reports, oldest.decisions) == ("s1", 2, 1)


def test_closing_twice_is_harmless_and_use_after_it_is_a_mistake(path):
    journal = Journal.open(path)
    journal.close()
    journal.close()
    with pytest.raises(sqlite3.ProgrammingError):
        journal.append([opened()])


def test_a_second_connection_of_this_process_keeps_its_locks(path):
    with Journal.open(path) as first:
        with (
            transaction(first._connection),
            Journal.open(path, patience=0) as second,
            pytest.raises(JournalError, match="locked"),
        ):
            second.append([opened()])
        first.append([opened()])


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277, 0o777])
def test_folders_and_files_are_their_owners_alone_whatever_the_umask(tmp_path, umask):
    path = tmp_path / "deep" / "er" / "data" / "journal.sqlite3"
    before = os.umask(umask)
    try:
        with Journal.open(path) as journal:
            journal.append([decided("d1")])
    finally:
        os.umask(before)
    made = [
        one for one in (tmp_path / "deep").rglob("*") if not one.name.endswith(("-wal", "-shm"))
    ]
    folders = {stat.S_IMODE(one.stat().st_mode) for one in made if one.is_dir()}
    files = {stat.S_IMODE(one.stat().st_mode) for one in made if one.is_file()}
    assert folders == {0o700}
    assert all(mode & 0o077 == 0 for mode in files)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_sessions_that_reviewed_attempts_are_told_from_others(path):
    def session(id: str, kind: ChangeKind) -> Event:
        one = opened(id)
        return replace(one, payload=replace(one.payload, kind=kind))

    sessions = [session("s1", ChangeKind.WORKTREE), session("s2", ChangeKind.ATTEMPT)]
    with Journal.open(path) as journal:
        journal.append([*sessions, session("s3", ChangeKind.ATTEMPT), reported("r1")])
        assert journal.attempts_among(["s1", "s2", "s4", "\ud800"]) == {"s2"}
        assert journal.attempts_among([]) == frozenset()
        assert {one.id: one.is_of_attempt for one in journal.sessions()} == {
            "s1": False,
            "s2": True,
            "s3": True,
        }
