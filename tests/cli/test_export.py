"""`xreview-tui export`: earlier sessions out of the journal, in real processes."""

import json

import pytest

from tests.cli.program import Program
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import DecisionMade, Event
from xreview.journal.store import Journal

RISKY = """\
import subprocess


def run(name):
    subprocess.run(f"ls {name}", shell=True)


def fetch(items=[]):
    try:
        return items[0]
    except:
        pass
"""


@pytest.fixture
def reviewed(program: Program, repository) -> dict:
    """A review of the repository; its document."""
    repository.write("run.py", RISKY)
    done = program.run("review", "--format", "json")
    assert done.code == 1, done.err
    document = json.loads(done.out)
    assert len(document["findings"]) > 1
    return document


def decide(program: Program, repository, finding: dict, decision: Decision) -> None:
    with Journal.open(program.data / "journal.sqlite3") as journal:
        identity = str((repository.top / ".git").resolve())
        (session, *_) = journal.sessions(identity)
        subjects = tuple(report["fingerprint"] for report in finding["reports"])
        made = DecisionMade(f"action-{subjects[0]}", subjects, decision)
        at = "2030-01-01T00:00:00.000000+00:00"
        journal.append([Event(f"event-{subjects[0]}", session.id, identity, at, "Ada", made)])


def fingerprints(document: dict) -> list[str]:
    return [finding["reports"][0]["fingerprint"] for finding in document["findings"]]


def test_the_latest_session_is_exported_as_it_was(program: Program, reviewed: dict) -> None:
    done = program.run("export", "--format", "json")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    assert sorted(fingerprints(document)) == sorted(fingerprints(reviewed))
    assert document["is_complete"] is True
    assert done.err == ""


def test_decisions_are_exported_and_select(program: Program, repository, reviewed: dict) -> None:
    first, second = reviewed["findings"][:2]
    decide(program, repository, first, Decision(Verdict.ACCEPT, Reason.FIX))
    decide(program, repository, second, Decision(Verdict.REJECT, Reason.INTENDED))
    accepted = json.loads(program.run("export", "--format", "json", "--decisions", "accepted").out)
    assert fingerprints(accepted) == fingerprints({"findings": [first]})
    both = program.run("export", "--format", "json", "--decisions", "accepted,rejected")
    assert set(fingerprints(json.loads(both.out))) == set(
        fingerprints({"findings": [first, second]})
    )
    prompt = program.run("export", "--format", "prompt")
    assert prompt.code == 0
    assert "run.py" in prompt.out


def test_severity_selects(program: Program, reviewed: dict) -> None:
    words = ("low", "medium", "high", "critical")
    for threshold in words:
        done = program.run("export", "--format", "json", "--severity", threshold)
        kept = fingerprints(json.loads(done.out))
        expected = [
            finding
            for finding in reviewed["findings"]
            if words.index(finding["severity"]) >= words.index(threshold)
        ]
        assert sorted(kept) == sorted(fingerprints({"findings": expected}))


def test_an_earlier_session_by_its_id(program: Program, repository, reviewed: dict) -> None:
    with Journal.open(program.data / "journal.sqlite3") as journal:
        (earlier,) = journal.sessions(str((repository.top / ".git").resolve()))
    repository.write("run.py", "x = 1\n")
    assert program.run("review", "--quiet").code == 0
    latest = json.loads(program.run("export", "--format", "json").out)
    assert latest["findings"] == []
    done = program.run("export", "--format", "json", "--session", earlier.id)
    assert sorted(fingerprints(json.loads(done.out))) == sorted(fingerprints(reviewed))


@pytest.fixture
def twice(program: Program, repository, reviewed: dict) -> list[str]:
    """A second session, over a change with one finding of the first; both ids, newest first."""
    repository.write("run.py", RISKY.partition("\n\ndef fetch")[0] + "\n")
    assert program.run("review", "--quiet").code == 1
    with Journal.open(program.data / "journal.sqlite3") as journal:
        found = journal.sessions(str((repository.top / ".git").resolve()))
    assert len(found) == 2
    return [session.id for session in found]


def exported(program: Program, *words: str) -> dict:
    done = program.run("export", "--format", "json", *words)
    assert done.code == 0, done.err
    return json.loads(done.out)


def sessions_in(document: dict) -> list[str]:
    return [session["id"] for session in document["sessions"]]


def test_several_sessions_in_one_document_have_each_finding_once(
    program: Program, reviewed: dict, twice: list[str]
) -> None:
    document = exported(program, "--sessions", "all")
    assert sessions_in(document) == twice
    found = fingerprints(document)
    assert len(found) == len(set(found))
    assert set(fingerprints(reviewed)) <= set(found)
    by_session = {one["fingerprint"]: one["session"] for one in document["findings"]}
    latest = exported(program)
    assert {by_session[name] for name in fingerprints(latest)} == {twice[0]}
    gone = [one for one in document["findings"] if one["session"] == twice[1]]
    assert {one["carried"] for one in gone} == {"fixed"}
    for words in (
        ("--sessions", ",".join(twice)),
        ("--sessions", twice[1], "--sessions", "latest"),
        ("--since", "2020-01-01"),
    ):
        assert exported(program, *words) == document


def test_since_is_a_moment_in_time(program: Program, repository, twice: list[str]) -> None:
    document = exported(program, "--sessions", "all")
    moment = document["sessions"][0]["opened_at"]
    later = exported(program, "--since", moment)
    assert sessions_in(later) == twice[:1]
    assert later["summary"]["left_out"] == len(document["findings"]) - len(later["findings"]) > 0


def test_severities_and_decisions_combine(program: Program, repository, reviewed: dict) -> None:
    first, *_ = reviewed["findings"]
    decide(program, repository, first, Decision(Verdict.ACCEPT, Reason.FIX))
    words = ("--decisions", "accepted", "--decisions", "open", "--severities")
    kept = exported(program, *words, first["severity"])
    assert {one["severity"] for one in kept["findings"]} == {first["severity"]}
    assert fingerprints({"findings": [first]})[0] in fingerprints(kept)
    none = exported(program, "--decisions", "rejected", "--severities", "low,critical")
    assert none["findings"] == []
    assert none["summary"]["left_out"] == len(reviewed["findings"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--severity", "high", "--severities", "low"), "can't be given together"),
        (("--severities", "grave"), "grave"),
        (("--decisions", "decided"), "decided"),
        (("--since", "monday"), "isn't a date or time"),
        (("--since", "2099-01-01"), "Nothing was reviewed or decided since 2099-01-01"),
        (("--sessions", "all,latest"), "can't be combined with other sessions"),
        (("--sessions", "latest,"), "an empty name"),
        (("--format", "prompt", "--decisions", "open"), "holds only findings that are accepted"),
    ],
)
def test_nonsense_is_a_sentence(program: Program, reviewed: dict, words, said) -> None:
    done = program.run("export", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_where_nothing_was_reviewed_it_says_so(program: Program) -> None:
    done = program.run("export")
    assert done.code == 2, done.err
    assert "review" in done.err
    assert done.out == ""


def test_an_unknown_session_is_a_sentence(program: Program, reviewed: dict) -> None:
    done = program.run("export", "--session", "nosuch")
    assert done.code == 2, done.err
    assert "nosuch" in done.err


def test_output_goes_to_the_file(program: Program, reviewed: dict, tmp_path) -> None:
    out = tmp_path / "out.md"
    done = program.run("export", "--output", str(out))
    assert (done.code, done.out) == (0, "")
    assert "run.py" in out.read_text()


def test_a_journal_that_is_none_is_a_sentence(program: Program) -> None:
    program.data.mkdir()
    (program.data / "journal.sqlite3").write_bytes(b"this is no database " * 100)
    done = program.run("export")
    assert done.code == 3
    assert "journal" in done.err
