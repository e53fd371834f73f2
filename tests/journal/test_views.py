"""What a person sees who opens the journal with any SQLite tool."""

import sqlite3
from contextlib import closing

import pytest

from xreview.journal.store import Journal

from .build import REJECT, REPOSITORY, decided, noted, opened, redone, reported, undone


@pytest.fixture
def view(tmp_path):
    path = tmp_path / "journal.sqlite3"

    def look(events, sql):
        with Journal.open(path) as journal:
            journal.append(events)
        with closing(sqlite3.connect(path)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql)]

    return look


def test_sessions(view):
    (row,) = view([opened(), reported("r1"), decided("d1")], "SELECT * FROM sessions")
    assert row == {
        "session": "s1",
        "repository": REPOSITORY,
        "opened_at": "2025-11-21T10:00:00.000000+00:00",
        "actor": "Ada <ada@example.com>",
        "kind": "worktree",
        "title": "worktree against HEAD",
        "base": "b" * 40,
        "head": None,
        "program": "xreview-tui 0.1.0",
        "reports": 1,
        "decisions": 1,
    }


def test_decisions_say_which_hold(view):
    events = [
        decided("d1", "f1", "f2"),
        decided("d2", "f3", decision=REJECT),
        decided("d3", "f4"),
        undone("u2", "d2"),
        undone("u3", "d3"),
        redone("r3", "d3"),
        decided("d2/elsewhere", "f3", action="d2", session="s2", repository="/elsewhere"),
    ]
    rows = view(
        events,
        "SELECT fingerprint, verdict, reason, action, repository = '/elsewhere' AS elsewhere, holds"
        " FROM decisions ORDER BY sequence, fingerprint",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("f1", "accept", "fix", "d1", 0, 1),
        ("f2", "accept", "fix", "d1", 0, 1),
        ("f3", "reject", "intended", "d2", 0, 0),
        ("f4", "accept", "fix", "d3", 0, 1),
        ("f3", "accept", "fix", "d2", 1, 1),
    ]


def test_findings_show_the_last_report_the_decision_that_holds_and_the_note(view):
    events = [
        reported("r1", "f1", "old words", second=1),
        reported("r2", "f2", second=1),
        decided("d1", "f1"),
        decided("d2", "f1", decision=REJECT),
        noted("n1", "f1", "first"),
        noted("n2", "f1", "second"),
        reported("r3", "f1", "new words", session="s2", second=9),
        undone("u1", "d2"),
    ]
    first, second = view(events, "SELECT * FROM findings ORDER BY fingerprint")
    assert first["title"] == "new words"
    assert (first["path"], first["line"]) == ("shop/cart.py", 12)
    assert (first["severity"], first["category"], first["reviewer"]) == ("high", "security", "risk")
    assert first["first_reported_at"] == "2025-11-21T10:00:01.000000+00:00"
    assert first["last_reported_at"] == "2025-11-21T10:00:09.000000+00:00"
    assert first["times_reported"] == 2
    assert (first["verdict"], first["reason"], first["note"]) == ("accept", "fix", "second")
    assert first["decided_by"] == "Ada <ada@example.com>"
    assert (second["verdict"], second["note"]) == (None, "")


@pytest.mark.parametrize("introducer", "\x1b\x90\x9b\x9d")
def test_no_control_sequence_comes_out_of_a_view(view, introducer):
    hostile = f"{introducer}]52;c;aGk=\x07"
    events = [opened(title=hostile), reported("r1", title=hostile), noted("n1", "f1", hostile)]
    (session,) = view(events, "SELECT * FROM sessions")
    (finding,) = view([], "SELECT * FROM findings")
    for text in (session["title"], finding["title"], finding["note"]):
        assert text == "␛]52;c;aGk=\x07"
