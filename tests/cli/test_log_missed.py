"""`xreview-tui log missed`, in real processes."""

import json
from dataclasses import replace

import pytest

from tests.cli.program import Program
from tests.domain.scorecard.test_scorecard import read, said
from tests.journal.build import opened
from xreview.journal.store import Journal

PATH = "shop/cart.py"


@pytest.fixture
def filled(program: Program, repository) -> str:
    """A journal in which opus read one file of a commit, and later one of another change."""
    head = repository.git("rev-parse", "HEAD").strip()
    identity = str((repository.top / ".git").resolve())
    start, later = opened(), opened(session="s2", second=5)
    facts = [
        replace(start, payload=replace(start.payload, head=head)),
        said("1", "f1", second=1),
        read("opus", second=2),
        later,
        read("opus", session="s2", path="other.py", second=6),
    ]
    with Journal.open(program.data / "journal.sqlite3") as journal:
        journal.append([replace(fact, repository=identity) for fact in facts])
    return head


def stats(program: Program) -> dict[str, int]:
    return json.loads(program.run("log", "stats", "--json").out)["catches"]


def test_a_miss_is_charged_to_the_latest_session_that_read_the_file(program, filled) -> None:
    done = program.run("log", "missed", f"{PATH}:12", "Totals\x1b[2J lost", "--severity", "high")
    assert done.code == 0, done.err
    assert "found in production. opus read shop/cart.py in session s1" in done.out
    assert stats(program) == {"caught": 0, "missed": 0, "shipped": 1}
    (one,) = json.loads(program.run("log", "missed", "--list", "--json").out)
    assert (one["session"], one["path"], one["line"]) == ("s1", PATH, 12)
    assert (one["found"], one["severity"], one["category"]) == ("production", "high", None)
    listed = program.run("log", "missed", "--list").out
    assert "shop/cart.py:12" in listed
    assert "\x1b" not in listed
    shown = program.run("log", "show", "s1").out
    assert "missed, found in production: high shop/cart.py:12" in shown
    assert program.run("log", "verify").code == 0


def test_it_can_be_taken_back(program, filled) -> None:
    program.run("log", "missed", PATH, "Totals lost", "--found", "testing")
    assert stats(program)["missed"] == 1
    (one,) = json.loads(program.run("log", "missed", "--list", "--json").out)
    assert program.run("log", "missed", "--remove", one["id"][:6]).code == 0
    assert stats(program)["missed"] == 0
    assert program.run("log", "missed", "--list").out.strip() == "Nothing was recorded as missed."
    assert program.run("log", "missed", "--remove", one["id"][:6]).code == 2


def test_the_session_can_be_named_by_its_id_or_commit(program, filled) -> None:
    assert program.run("log", "missed", PATH, "x", "--session", "s2").code == 0
    assert program.run("log", "missed", PATH, "x", "--commit", "HEAD").code == 0
    listed = json.loads(program.run("log", "missed", "--list", "--json").out)
    assert [one["session"] for one in listed] == ["s2", "s1"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "are required"),
        ([PATH, " "], "are required"),
        (["nowhere.py", "x"], "did a reviewer read"),
        ([PATH, "x", "--commit", "nothing"], "isn't a commit"),
        ([PATH, "x", "--found", "dreams"], "isn't one of"),
        ([PATH, "x", "--session", "s9"], "not found"),
    ],
)
def test_what_is_wrong_is_said(program, filled, words, said) -> None:
    done = program.run("log", "missed", *words)
    assert done.code == 2
    assert said in done.err
