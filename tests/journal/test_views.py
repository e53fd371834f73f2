"""What a person sees who opens the journal with any SQLite tool."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from tests.journal.build import (
    REJECT,
    REPOSITORY,
    decided,
    event,
    noted,
    opened,
    redone,
    report,
    reported,
    undone,
)
from xreview.domain.events.event import FindingRemoved, FindingWritten, ReportReceived
from xreview.domain.own_findings import as_reviewer
from xreview.domain.text import visible
from xreview.journal.store import Journal


def by_ada(title):
    return replace(report(title=title), reviewer=as_reviewer("Ada <ada@example.com>"))


def wrote(action, title, **given):
    return event(action, FindingWritten(action, by_ada(title)), **given)


def removed(action, **given):
    return event(action, FindingRemoved(action, ("f1",)), **given)


def found_again(id, title, **given):
    return event(id, ReportReceived(by_ada(title)), **given)


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


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        ([wrote("w1", "leak")], [("leak", 1)]),
        ([wrote("w1", "leak"), wrote("w2", "race", second=1)], [("race", 1)]),
        ([wrote("w1", "leak"), wrote("w2", "race"), undone("u", "w2")], [("leak", 1)]),
        (
            [wrote("w1", "leak"), found_again("r1", "leak"), found_again("r2", "leak")],
            [("leak", 3)],
        ),
        ([wrote("w1", "leak"), undone("u", "w1")], []),
        ([wrote("w1", "leak"), undone("u", "w1"), redone("r", "w1")], [("leak", 1)]),
        ([wrote("w1", "leak"), removed("x1")], []),
        ([wrote("w1", "leak"), removed("x1"), undone("u", "x1")], [("leak", 1)]),
        ([wrote("w1", "leak"), found_again("r1", "leak"), removed("x1")], []),
        ([wrote("w1", "leak"), removed("x1"), wrote("w2", "race")], [("race", 1)]),
        ([reported("r1"), wrote("w1", "leak"), removed("x1")], [(report().title, 1)]),
        ([wrote("w1", "leak"), removed("x1", repository="/elsewhere")], [("leak", 1)]),
        ([wrote("w1", "leak"), undone("u", "w1", repository="/elsewhere")], [("leak", 1)]),
    ],
)
def test_findings_show_what_a_person_wrote_while_it_holds(view, events, shown):
    rows = view(events, "SELECT title, times_reported FROM findings")
    assert [tuple(row.values()) for row in rows] == shown


def test_a_person_s_finding_has_the_columns_of_any_other(view):
    events = [wrote("w1", "leak"), decided("d1"), noted("n1", "f1", "mine"), wrote("w2", "race")]
    (row,) = view(events, "SELECT * FROM findings")
    assert (row["reviewer"], row["title"], row["path"]) == ("Ada", "race", "shop/cart.py")
    assert (row["verdict"], row["note"]) == ("accept", "mine")
    assert row["first_reported_at"] == row["last_reported_at"] == events[0].at


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
