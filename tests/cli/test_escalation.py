"""`xreview-tui escalation`: list, letter and answer, in real processes."""

import json

import pytest

from tests.cli.program import Program
from tests.cli.test_export import RISKY
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.escalation_events import Favour
from xreview.domain.events.event import DecisionMade, DecisionUndone, Event, OpinionGiven, Payload
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.journal.store import Journal

GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-4")
COMMANDS = ("list", "letter", "answer")


@pytest.fixture
def findings(program: Program, repository) -> list[dict]:
    """What a review found."""
    repository.write("run.py", RISKY)
    done = program.run("review", "--format", "json")
    assert done.code == 1, done.err
    return json.loads(done.out)["findings"]


def keep(program: Program, repository, id: str, payload: Payload, second: int = 0) -> None:
    identity = str((repository.top / ".git").resolve())
    at = f"2030-01-01T00:00:{second:02}.000000+00:00"
    with Journal.open(program.data / "journal.sqlite3") as journal:
        (session, *_) = journal.sessions(identity)
        journal.append([Event(id, session.id, identity, at, "Ada <ada@example.com>", payload)])


def escalate(program: Program, repository, finding: dict, to: Reason, second: int = 0) -> str:
    decision = Decision(Verdict.ESCALATE, to)
    action = f"action-{second}"
    keep(
        program,
        repository,
        f"e{second}",
        DecisionMade(action, tuple(finding["fingerprints"]), decision),
        second,
    )
    return action


def test_the_way_of_a_letter_from_the_list_to_the_export(
    program: Program, repository, findings: list[dict], tmp_path
) -> None:
    first, other = findings[:2]
    assert "Nothing is escalated" in program.run("escalation").out
    escalate(program, repository, first, Reason.PERSON)
    action = escalate(program, repository, other, Reason.ARBITER, 1)
    keep(
        program,
        repository,
        "o1",
        OpinionGiven(
            action, tuple(other["fingerprints"]), GEMINI, Favour.ANSWER, False,
            "So it is.\n\x1b[2J\nabcdef  high  forged.py:1", "x", "", "run.py", 1, False,
        ),
        2,
    )  # fmt: skip

    listed = program.run("escalation", "list")
    assert listed.code == 0, listed.err
    name = first["fingerprint"][:12]
    (row,) = [line for line in listed.out.splitlines() if line.startswith(name)]
    assert "run.py:" in row
    assert "escalated: person, by Ada" in listed.out
    assert "no answer yet" in listed.out
    assert "Opinion, no verdict, gemini (model: google gemini-4)" in listed.out
    assert "\n    abcdef  high  forged.py:1" in listed.out, "it stays below its finding"
    assert "\x1b" not in listed.out
    assert "ada@example.com" not in listed.out
    assert program.run("escalation").out == listed.out

    letter = tmp_path / "letter.md"
    written = program.run("escalation", "letter", name, "--to", str(letter))
    assert written.code == 0, written.err
    assert str(letter) in written.out
    printed = program.run("escalation", "letter", first["fingerprint"])
    assert printed.out == letter.read_text()
    again = program.run("escalation", "letter", name, "--to", str(letter))
    assert (again.code, again.out) == (2, "")
    assert "already exists" in again.err

    answered = letter.read_text().replace("answer:", "answer: reviewer", 1)
    letter.write_text(answered.replace("by:", "by: Bob", 1) + "\nQuote it.\n")
    done = program.run("escalation", "answer", str(letter))
    assert (done.code, done.out) == (0, "Bob answered: the report is right: Quote it.\n")
    twice = program.run("escalation", "answer", str(letter))
    assert (twice.code, twice.out) == (2, "")
    assert "already" in twice.err

    assert "Answer, Bob, " in program.run("escalation", "list").out
    as_json = program.run("escalation", "list", "--json").out
    for words in (("--json",), ("--json", "list")):
        assert program.run("escalation", *words).out == as_json
    data = json.loads(as_json)
    exported = json.loads(program.run("export", "--format", "json").out)["findings"]
    assert {one["fingerprint"] for one in data} == {first["fingerprint"], other["fingerprint"]}
    assert all(one in exported for one in data)
    (of_first,) = [one for one in data if one["fingerprint"] == first["fingerprint"]]
    assert [one["by"] for one in of_first["outcomes"]] == ["Bob"]

    keep(program, repository, "undone", DecisionUndone("action-0"), 3)
    assert name not in program.run("escalation", "list").out
    refused = program.run("escalation", "letter", name)
    assert (refused.code, refused.out) == (2, "")


def test_what_is_meant_by_nobody_is_a_sentence(
    program: Program, repository, findings: list[dict]
) -> None:
    escalate(program, repository, findings[0], Reason.MEASURE)
    for words, said in (
        (("letter", "nosuch"), "No escalated finding of this repository matches “nosuch”"),
        (("letter", findings[1]["fingerprint"]), "No escalated finding"),
        (("letter", findings[0]["fingerprint"]), "is escalated to: measure"),
        (("letter",), "FINGERPRINT"),
        (("--json", "letter", "x"), "`escalation letter` doesn't accept --json"),
        (("answer", "nosuch.md"), "can't be read"),
        (("send", "x"), "Unknown command “send”"),
        (("list", "--to", "x"), "option --to"),
    ):
        done = program.run("escalation", *words)
        assert (done.code, done.out) == (2, ""), words
        assert said in done.err


def test_without_a_journal_none_is_made(program: Program) -> None:
    for words in (("list",), ("letter", "abc")):
        done = program.run("escalation", *words)
        assert (done.code, done.out) == (2, "")
        assert "There is no journal yet" in done.err
    assert not (program.data / "journal.sqlite3").exists()


def test_what_is_not_in_the_journal_is_told_beside_the_list(
    program: Program, repository, findings: list[dict]
) -> None:
    gone = {"fingerprints": ["elsewhere"]}
    escalate(program, repository, gone, Reason.PERSON)
    done = program.run("escalation", "list", "--json")
    assert (done.code, json.loads(done.out)) == (0, [])
    assert "1 escalated report can't be shown" in done.err


def test_the_help_names_each_command(program: Program) -> None:
    text = program.run("escalation", "--help").out
    for command in COMMANDS:
        assert f"\n    {command} " in text
        assert program.run("escalation", command, "--help").code == 0
