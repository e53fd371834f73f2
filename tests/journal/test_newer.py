"""Events that a newer version of the program wrote: named as such, never called altered."""

import pytest

from tests.journal.build import append_of_newer_program, decided, opened
from tests.journal.test_verify import tamper
from xreview.journal.store import Journal


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append([opened(), decided("d1")])
    return path


@pytest.mark.parametrize("newer", [{"version": 99}, {"reason": "because"}, {"verdict": "defer"}])
def test_a_newer_version_or_value_is_skipped_and_counted_and_no_problem(path, newer):
    append_of_newer_program(path, "n1", **newer)
    with Journal.open(path) as journal:
        stream = journal.events()
        assert [event.id for event in stream] == ["s1/opened", "d1"]
        assert (stream.newer, stream.malformed) == (1, [])
        assert journal.verify() == []


def test_a_value_that_was_altered_is_a_problem_all_the_same(path):
    tamper(path, "UPDATE events SET payload = replace(payload, 'fix', 'because') WHERE id = 'd1'")
    with Journal.open(path) as journal:
        (problem,) = journal.verify()
    assert "altered" in problem.what


def test_opening_says_so(path):
    with Journal.open(path) as journal:
        assert journal.notice == ""
    append_of_newer_program(path, "n1", version=99)
    with Journal.open(path) as journal:
        assert "written by a newer version of xreview-tui" in journal.notice
        journal.append([decided("d2")])
