"""Sessions that leave the journal for a file, and what is proved afterwards."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.journal.build import REPOSITORY, decided, event, noted, opened, reported
from tests.journal.test_verify import tamper
from xreview.domain.errors import JournalError, UsageError
from xreview.domain.events.upkeep_events import ChainHead
from xreview.journal.archive import read_archive
from xreview.journal.migrate import TRIGGERS
from xreview.journal.replay import recall
from xreview.journal.store import Journal

DONE = {"id": "p1", "repository": REPOSITORY, "at": "2026-01-01T00:00:00.000000+00:00"}


@pytest.fixture
def path(tmp_path):
    """Sessions s1 and s2 written by turns, then s3."""
    path = tmp_path / "journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append([opened("s1"), reported("r1"), opened("s2"), decided("d1")])
        journal.append([decided("d2", "f2", session="s2"), noted("n1", "f1", "caf\udce9 \x1b[2J")])
        journal.append([opened("s3"), decided("d3", "f3", session="s3")])
    return path


def prune(path, *sessions, to="old.jsonl", **given):
    with Journal.open(path) as journal:
        archive = journal.archive(sessions, path.with_name(to))
        journal.prune(archive, actor="Ada", **{**DONE, **given})
    return archive


def sessions(path):
    with Journal.open(path) as journal:
        return {event.session for event in journal.events()}


def problems(path):
    with Journal.open(path) as journal:
        return journal.verify()


def test_what_is_pruned_is_in_the_file_and_the_rest_in_the_journal(path):
    with Journal.open(path) as journal:
        before = list(journal.events())
        heads = journal.heads()
    archive = prune(path, "s1", "s2")
    assert archive.sessions == (heads["s1"], heads["s2"])
    assert archive == read_archive(archive.path)
    lines = [json.loads(line) for line in archive.path.read_text().splitlines()]
    assert [line["id"] for line in lines[1:]] == ["s1/opened", "r1", "d1", "n1", "s2/opened", "d2"]
    assert lines[4]["payload"] == {"subjects": ["f1"], "text": "caf\udce9 \x1b[2J"}
    assert "\x1b" not in archive.path.read_text()
    with Journal.open(path) as journal:
        *kept, pruned = journal.events()
        assert kept == [one for one in before if one.session == "s3"]
        assert journal.pruned_sessions() == [heads["s1"], heads["s2"]]
        assert pruned.payload.archive_digest == archive.digest
        assert journal.verify() == []
        assert recall(journal, REPOSITORY, ("f1", "f2", "f3")).history.keys() == {"f3"}


def test_a_journal_goes_on_and_is_pruned_again(path):
    prune(path, "s1")
    with Journal.open(path) as journal:
        journal.append([decided("d4", session="s3"), opened("s4")])
        journal.compact()
        assert journal.verify() == []
    prune(path, "s2", "s3", to="more.jsonl", id="p2")
    with Journal.open(path) as journal:
        assert [head.session for head in journal.pruned_sessions()] == ["s1", "s2", "s3"]
        journal.append([decided("d5", session="s4")])
        assert journal.verify() == []
    assert sessions(path) == {"s4", "prune-p1", "prune-p2"}


def test_what_was_removed_beside_a_pruning_is_found_out(path):
    prune(path, "s1")
    tamper(
        path,
        "DELETE FROM events WHERE session = 's2'",
        "DELETE FROM subjects WHERE sequence NOT IN (SELECT sequence FROM events)",
    )
    (found,) = problems(path)
    assert found.session == "prune-p1"
    assert "more rows were kept" in found.what


def test_the_end_of_a_session_that_was_kept_is_missed(path):
    prune(path, "s1")
    tamper(path, "DELETE FROM events WHERE id = 'd3'", "DELETE FROM subjects WHERE sequence = 8")
    assert "more rows were kept" in problems(path)[0].what


def test_what_is_removed_after_a_pruning_is_named(path):
    prune(path, "s1")
    with Journal.open(path) as journal:
        journal.append([opened("s4"), decided("d4", session="s4"), opened("s5")])
    tamper(path, "DELETE FROM events WHERE session = 's4'")
    assert [found.sequence for found in problems(path)] == [10]


def test_the_triggers_are_back(path):
    prune(path, "s1")
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        assert {name for (name,) in names} == set(TRIGGERS)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("DELETE FROM events")


def test_a_session_that_goes_on_meanwhile_stays_whole(path):
    with Journal.open(path) as journal, Journal.open(path) as other:
        archive = journal.archive(["s1", "s2"], path.with_name("old.jsonl"))
        other.append([decided("late", session="s2")])
        with pytest.raises(JournalError, match="s2 grew in the meantime"):
            journal.prune(archive, actor="Ada", **DONE)
        assert {one.session for one in journal.events()} == {"s1", "s2", "s3"}
        assert journal.verify() == []


def test_a_program_that_has_the_journal_open_goes_on_writing_to_it(path):
    with Journal.open(path) as running:
        running.append([opened("s4")])
        prune(path, "s1", "s2")
        running.append([decided("d9", "f9", session="s4")])
        with Journal.open(path) as journal:
            journal.compact()
        running.append([decided("d10", "f9", session="s4")])
    assert sessions(path) == {"s3", "s4", "prune-p1"}
    with Journal.open(path) as journal:
        assert len(recall(journal, REPOSITORY, ("f9",)).history["f9"]) == 2
        assert journal.verify() == []


def test_an_altered_session_is_not_archived(path, tmp_path):
    tamper(path, "UPDATE events SET actor = 'Eve' WHERE id = 'r1'")
    with Journal.open(path) as journal, pytest.raises(JournalError, match=r"Row 2 .* altered"):
        journal.archive(["s1"], tmp_path / "old.jsonl")
    assert not (tmp_path / "old.jsonl").exists()


def test_no_file_is_written_over(path):
    prune(path, "s1")
    with Journal.open(path) as journal, pytest.raises(UsageError, match="already exists"):
        journal.archive(["s2"], path.with_name("old.jsonl"))


def test_a_place_that_can_not_be_written_is_a_sentence(path, tmp_path):
    (tmp_path / "file").write_text("")
    with Journal.open(path) as journal, pytest.raises(UsageError, match="can't be written"):
        journal.archive(["s2"], tmp_path / "file" / "old.jsonl")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:2] + lines[3:], "line 3: the line before it"),
        (lambda lines: lines[:1] + lines[2:], "line 2: the line before it"),
        (lambda lines: lines[:-1], "doesn't end as the header says"),
        (lambda lines: lines[:1], "doesn't end as the header says"),
        (lambda lines: [*lines[:2], lines[2].replace("Ada", "Eve"), *lines[3:]], "line 3: it was"),
        (lambda lines: [*lines[:3], "nonsense", *lines[3:]], "line 4: not a JSON object"),
        (lambda lines: [*lines[:3], "{}", *lines[3:]], "line 4: .* form of an event"),
        (lambda lines: lines[1:], "line 1: this isn't a file of xreview-tui sessions"),
        (lambda lines: [], "line 1: this isn't a file of xreview-tui sessions"),
        (lambda lines: ["[1]"], "line 1: not a JSON object"),
        (lambda lines: [lines[0].replace(":1}", ":2}"), *lines[1:]], "newer version"),
        (
            lambda lines: ['{"format":"xreview-tui sessions","version":1}'],
            "the sessions of the file",
        ),
    ],
)
def test_a_file_that_was_altered_is_refused_with_its_line(path, change, said):
    archive = prune(path, "s1")
    lines = archive.path.read_text().splitlines()
    archive.path.write_text("".join(f"{line}\n" for line in change(lines)))
    with pytest.raises(UsageError, match=said):
        read_archive(archive.path)


def test_a_file_with_a_session_that_it_does_not_name_is_refused(path):
    first, second = prune(path, "s1"), prune(path, "s2", to="two.jsonl", id="p2")
    with first.path.open("a") as file:
        file.writelines(second.path.read_text().splitlines(keepends=True)[1:])
    with pytest.raises(UsageError, match="s2 isn't in the header"):
        read_archive(first.path)


def test_events_of_others_are_taken_in_by_union(path, tmp_path):
    theirs = [
        opened("t1"),
        decided("x1", session="t1"),
        event("x2", decided("", "f7").payload, session="t1"),
    ]
    with Journal.open(path) as journal:
        done = journal.import_events(theirs)
        assert (done.added, done.known, done.differing, done.pruned) == (3, 0, 0, 0)
        assert journal.verify() == []
        again = journal.import_events([*theirs, decided("x3", session="t1")])
        assert (again.added, again.known) == (1, 3)
        clash = journal.import_events([noted("d1", "f1", "not a decision"), opened("t2")])
        assert (clash.added, clash.differing) == (1, 1)
        assert journal.verify() == []
        assert list(journal.events(session="t1"))[:3] == theirs


def test_what_is_known_by_another_name_of_the_repository_is_known(path):
    with Journal.open(path) as journal:
        done = journal.import_events([decided("d1", repository="/home/bob/shop/.git")])
        assert (done.added, done.known, done.differing) == (0, 1, 0)


def test_what_was_pruned_does_not_come_back_by_an_import(path):
    with Journal.open(path) as journal:
        gone = list(journal.events(session="s1"))
    prune(path, "s1")
    with Journal.open(path) as journal:
        done = journal.import_events([*gone, opened("t1")])
        assert (done.added, done.pruned) == (1, len(gone))
        assert "s1" not in {one.session for one in journal.events()}


def test_an_import_that_fails_leaves_nothing(path):
    def torn():
        yield opened("t1")
        raise ConnectionError("the other side left")

    with Journal.open(path) as journal:
        before = journal.heads()
        with pytest.raises(ConnectionError):
            journal.import_events(torn())
        assert journal.heads() == before
        assert journal.heads()["s3"] == ChainHead("s3", before["s3"].head, 2)
