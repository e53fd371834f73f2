"""`xreview-tui log stats`, in real processes."""

import json
from dataclasses import replace

import pytest

from tests.cli.program import Program
from tests.domain.scorecard.test_scorecard import GPT, by, read, said
from tests.journal.build import decided, opened
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.journal.store import Journal

EVIL = ReviewerIdentity("\x1b[2Jevil", ReviewerKind.MODEL, "xai")


@pytest.fixture
def filled(program: Program, repository) -> str:
    """A journal with reports of this repository and one of another; this one's identity."""
    identity = str((repository.top / ".git").resolve())
    facts = [
        opened(),
        by("anthropic"),
        said("1", "f1", second=1),
        said("2", "f2", by=GPT, second=2),
        said("3", "f3", by=EVIL, second=3),
        read("opus", "gpt", second=30),
        decided("d", "f1", "f2", second=40),
    ]
    with Journal.open(program.data / "journal.sqlite3") as journal:
        journal.append([replace(fact, repository=identity) for fact in facts])
        journal.append([said("9", "f9", repository="/other/.git", session="s9")])
    return identity


def test_the_table_reads_well_at_80_columns(program: Program, filled) -> None:
    done = program.run("log", "stats")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == "3 reports in 1 session: 2 accepted, 0 rejected, 0 escalated, 1 open"
    assert max(map(len, lines)) <= 80
    assert "Code by anthropic, reviewed by opus (anthropic)" in lines
    assert any(line.startswith("another family") for line in lines)
    assert any(line.split()[:2] == ["the", "author's"] for line in lines)
    assert "\x1b" not in done.out
    assert "unknown" in done.out
    assert "100%" not in done.out
    assert "not enough" in done.out


def test_json_has_the_documented_shape(program: Program, filled) -> None:
    done = program.run("log", "stats", "--json")
    document = json.loads(done.out)
    assert document["schema"] == 1
    assert document["total"]["raised"] == 3
    assert [arm["raised"] for arm in document["arms"]] == [2, 1, 0, 0, 0]
    assert {row["author"] for row in document["rows"]} == {"anthropic"}
    (opus,) = [one for one in document["yields"] if one["reviewer"]["name"] == "opus"]
    assert opus["dollars"]["effort"] is None
    assert opus["dollars"]["per_unit"] is None
    assert opus["minutes"] == {
        "accepted": 1, "effort": 0.5, "sessions": 1, "of_sessions": 1, "per_unit": 2.0,
    }  # fmt: skip
    assert document["delay"] == {"decided": 2, "median_seconds": 38.5, "p90_seconds": 39.0}
    assert document["catches"] == {"caught": 1, "missed": 0, "shipped": 0}
    assert [one["reviewer"]["name"] for one in document["catches_by"]] == ["gpt", "opus"]
    assert document["sight"][0].keys() >= {"reviewer", "category", "count", "of", "fraction"}
    assert document["sight"][0].keys() >= {
        "reviewer",
        "category",
        "count",
        "of",
        "fraction",
        "low",
        "high",
    }


def raised(program: Program, *words: str) -> int:
    return json.loads(program.run("log", "stats", "--json", *words).out)["total"]["raised"]


def test_which_repository(program: Program, filled, repository, tmp_path) -> None:
    assert raised(program) == 3
    assert raised(program, "--all") == 4
    assert raised(program, "--repository", "/other/.git") == 1
    assert raised(program, "--repository", str(repository.top)) == 3
    assert raised(program, "--repository", filled) == 3
    assert raised(program, "-C", str(tmp_path)) == 0
    both = program.run("log", "stats", "--all", "--repository", "x")
    assert (both.code, "can't be combined" in both.err) == (2, True)


def test_since(program: Program, filled) -> None:
    assert raised(program, "--since", "2025-11-21T10:00:01.500+00:00") == 2
    assert raised(program, "--since", "2030-01-01") == 0
    assert raised(program, "--since", "2020-01-01") == 3
    wrong = program.run("log", "stats", "--since", "yesterday")
    assert (wrong.code, "isn't a date" in wrong.err) == (2, True)
    none = program.run("log", "stats", "--since", "2030-01-01")
    assert none.out.startswith("Nothing decided yet: the journal has no reports since 20")


def test_without_a_journal_it_says_what_to_do(program: Program) -> None:
    done = program.run("log", "stats")
    assert done.code == 0
    assert "Review a change" in done.out


def test_the_account_of_one_session(program: Program, filled) -> None:
    done = program.run("log", "stats", "--session")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[1] == "1 caught, 0 rejected, 0 undecided; what was read is unknown"
    assert {"Findings", "By reviewer", "Not reviewed", "Cost"} <= set(lines)
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in done.out
    assert program.run("log", "stats", "--session", "s1").out == done.out
    assert program.run("log", "stats", "--session", "latest").out == done.out
    told = json.loads(program.run("log", "stats", "--session", "--json").out)
    assert told["id"] == "s1"
    assert told["session_account"]["findings"]["by_fate"] == {"accepted": 1}
    assert told["session_account"]["attention"] is None


@pytest.mark.parametrize("words", [("nothing-like-it",), ("--since", "2025-01-01")])
def test_an_account_that_can_not_be_told_is_refused(program: Program, filled, words) -> None:
    done = program.run("log", "stats", "--session", *words)
    assert done.code == 2
    assert done.err


def test_an_account_needs_a_journal(program: Program) -> None:
    done = program.run("log", "stats", "--session")
    assert (done.code, "There is no journal yet" in done.err) == (2, True)
