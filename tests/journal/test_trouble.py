"""What goes wrong around a journal gets a sentence, and the journal goes on where it can."""

import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.journal import writer
from tests.journal.build import decided, opened
from xreview.domain.errors import JournalError
from xreview.journal.migrate import MIGRATIONS
from xreview.journal.store import Journal


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append([opened(), *(decided(f"d{number}") for number in range(300))])
    return path


def refusal(path, **given) -> JournalError:
    def use() -> None:
        with Journal.open(path, **given) as journal:
            list(journal.events())
            journal.append([decided("one more")])

    with pytest.raises(JournalError) as caught:
        use()
    assert caught.value.advice
    return caught.value


def test_a_full_disk_is_said_nothing_is_lost_and_writing_goes_on_when_there_is_room(path):
    with Journal.open(path) as journal:
        connection = journal._connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        events = [decided(f"new{number}", "f" * 500) for number in range(500)]
        with pytest.raises(JournalError, match="disk is full") as caught:
            journal.append(events)
        assert "Free some space" in caught.value.advice
        assert len(list(journal.events())) == 301
        connection.execute("PRAGMA max_page_count = 1000000")
        journal.append(events)
        assert len(list(journal.events())) == 801
        assert journal.verify() == []


def test_a_file_that_may_not_grow_is_said_and_nothing_is_lost(path):
    def limit() -> None:
        size = path.stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    program = """
import sys
from pathlib import Path
from tests.journal.writer import event
from xreview.domain.errors import JournalError
from xreview.journal.store import Journal
journal = Journal.open(Path(sys.argv[1]))
number = 0
try:
    for number in range(1, 100_000):
        journal.append([event("w", "s1", number)])
except JournalError as error:
    print(number - 1, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, path],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=limit,
        cwd=__file__.rsplit("/tests/", 1)[0],
    )
    acknowledged, sentence = done.stdout.split(" ", 1)
    assert "nothing was written to the journal" in sentence
    with Journal.open(path) as journal:
        assert sum(event.actor == "w" for event in journal.events()) == int(acknowledged) > 0
        assert journal.verify() == []


def test_a_locked_journal_is_said_and_can_be_written_when_it_is_free(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Journal.open(path, patience=0.05) as journal:
            with pytest.raises(JournalError, match="locked") as caught:
                journal.append([decided("late")])
            assert "then try again" in caught.value.advice
            assert len(list(journal.events())) == 301
            other.execute("ROLLBACK")
            journal.append([decided("late")])
            assert journal.verify() == []


def test_a_journal_locked_exclusively_is_said_at_opening(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert "locked" in refusal(path, patience=0.05).message


def test_a_folder_below_a_file_can_not_be_made(tmp_path):
    (tmp_path / "data").write_text("a file")
    error = refusal(tmp_path / "data" / "xreview" / "journal.sqlite3")
    assert "can't be opened: Not a directory" in error.message


def test_a_folder_where_nothing_can_be_written():
    error = refusal(Path("/proc/xreview/journal.sqlite3"))
    assert "can't be opened" in error.message
    assert "data folder" in error.advice


def test_a_file_and_a_folder_without_the_right_to_write(path, monkeypatch):
    # Root may write whatever the modes say, so the system's answer is given here.
    monkeypatch.setattr("os.access", lambda *given: False)
    assert "read-only" in refusal(path).message


def test_a_connection_that_turned_read_only(path):
    with Journal.open(path) as journal:
        journal._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(JournalError, match="read-only"):
            journal.append([decided("late")])


def test_a_folder_in_place_of_the_file(tmp_path):
    path = tmp_path / "journal.sqlite3"
    path.mkdir()
    assert "can't be opened" in refusal(path).message


def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "journal.sqlite3"
    path.write_text("Dear diary, " * 500)
    assert "isn't an SQLite database" in refusal(path).message
    assert path.read_text().startswith("Dear diary")


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    assert "another program" in refusal(path).message
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]


@pytest.mark.parametrize("kept", [1.0, 0.9, 0.5, 0.1])
def test_a_torn_file_is_said(path, kept):
    content = path.read_bytes()
    cut = int(len(content) * kept)
    path.write_bytes(content[:cut] if kept < 1 else content[: 4096 * 2] + b"\xa5" * (cut - 8192))
    error = refusal(path)
    assert "damaged" in error.message or "isn't an SQLite database" in error.message
    assert "keep it" in error.advice


def test_a_torn_write_ahead_log_loses_only_what_was_torn_off(path):
    with Journal.open(path) as journal:
        journal.append([decided("early")])
        journal.append([decided("late", "f" * 20_000)])
        log = path.with_name(path.name + "-wal")
        content, whole = log.read_bytes(), path.read_bytes()
    copy = path.with_name("copy.sqlite3")
    copy.write_bytes(whole)
    copy.with_name(copy.name + "-wal").write_bytes(content[:-5000])
    with Journal.open(copy) as journal:
        kept = {event.id for event in journal.events()}
        assert journal.verify() == []
    assert "early" in kept
    assert "late" not in kept


def test_a_journal_of_a_newer_program_is_read_but_not_written(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        connection.execute("ALTER TABLE events ADD COLUMN mood TEXT")
    with Journal.open(path) as journal:
        assert journal.is_read_only
        assert "newer version" in journal.notice
        assert len(list(journal.events())) == 301
        assert len(journal.sessions(writer.REPOSITORY)) == 1
        with pytest.raises(JournalError, match="newer version"):
            journal.append([decided("late")])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (301,)
        version = connection.execute("PRAGMA user_version").fetchone()
    assert version == (len(MIGRATIONS) + 1,)


def test_a_path_with_signs_that_mean_something_to_sqlite(tmp_path):
    path = tmp_path / "50% a?mode=memory#x" / "file:journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append([opened()])
    assert path.exists()
    with Journal.open(path) as journal:
        assert list(journal.events()) == [opened()]
