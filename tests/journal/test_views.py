"""What a person sees who opens the journal with any SQLite tool."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from tests.journal.build import REJECT, REPOSITORY, decided, noted, opened, redone, reported, undone
from xreview.domain.text import visible
from xreview.journal.store import Journal


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


HOSTILE = "\x1b]52;c;aGk=\x07\x9b2J\x90\r\n\u202egnp.exe\u2066\u200b\ufeff\x7f caf\u00e9 \u65e5"


def test_nothing_that_a_terminal_acts_on_comes_out_of_a_view(view):
    events = [
        replace(opened(title=HOSTILE), actor=HOSTILE),
        reported("r1", title=HOSTILE),
        noted("n1", "f1", HOSTILE),
        replace(decided("d1", "f1"), actor=HOSTILE),
    ]
    rows = [
        row
        for name in ("sessions", "decisions", "findings")
        for row in view(events, f"SELECT * FROM {name}")
    ]
    shown = [value for row in rows for value in row.values() if isinstance(value, str)]
    assert [text for text in shown if visible(text) != text] == []
    assert rows[0]["title"].endswith("caf\u00e9 \u65e5")
    assert rows[0]["title"].startswith("␛]52;c;aGk=␇")


def test_a_repository_that_is_not_utf_8_is_shown_in_hexadecimal_with_its_decisions(view):
    name = "/caf\udce9/.git"
    events = [reported("r1", repository=name), decided("d1", "f1", repository=name)]
    (finding,) = view(events, "SELECT * FROM findings")
    assert finding["repository"].startswith("X'")
    assert finding["verdict"] == "accept"
