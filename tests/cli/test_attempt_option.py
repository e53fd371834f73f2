"""`--attempt TRIAL:LABEL`, as real processes: an attempt is reviewed, and stays out of the rest."""

import json

import pytest

from tests.cli.program import Program
from tests.review.attempts.shelved import TRIAL, shelve
from xreview.config.paths import folders
from xreview.config.schema import Settings
from xreview.review.assembly.run_options import RunOptions

CODE = "print(eval(input()))\n"


@pytest.fixture
def shelved(program: Program, repository, monkeypatch):
    for name, value in program.environ.items():
        monkeypatch.setenv(name, value)
    options = RunOptions(Settings(), folders(program.environ), {})
    return shelve(repository, options, {"A": {"a.py": CODE}, "B": {"b.py": "b = 1\n"}})


def test_an_attempt_is_reviewed_by_its_name_and_is_never_the_latest(
    program: Program, repository, shelved
):
    repository.write("a.py", "print(2)\n")
    assert program.run("review", "--quiet").code == 0

    done = program.run("review", "--attempt", f"{TRIAL[:6]}:A", "--format", "json")

    assert done.code == 1
    document = json.loads(done.out)
    (session,) = document["sessions"]
    assert session["change"]["kind"] == "attempt"
    assert session["change"]["title"] == "attempt A of: Sum up the prices."
    assert session["author"]["vendor"] == "openai"
    assert (repository.top / "a.py").read_text() == "print(2)\n"

    listed = json.loads(program.run("log", "list", "--json").out)
    assert [one["kind"] for one in listed] == ["attempt", "worktree"]
    attempt, own = (one["session"] for one in listed)
    assert json.loads(program.run("log", "show", "--json").out)["session"] == own
    latest = json.loads(program.run("export", "--format", "json").out)
    assert [one["id"] for one in latest["sessions"]] == [own]
    by_id = json.loads(program.run("export", "--format", "json", "--session", attempt).out)
    assert [one["id"] for one in by_id["sessions"]] == [attempt]


def test_with_attempts_only_there_is_nothing_to_export_or_fix(program: Program, shelved):
    assert program.run("review", "--quiet", "--attempt", f"{TRIAL}:A").code == 1
    for words in (("export",), ("export", "--sessions", "all"), ("log", "show")):
        done = program.run(*words)
        assert (done.code, done.out) == (2, "")
        assert "has no session" in done.err or "no sessions" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--attempt", "A"), "doesn't name an attempt"),
        (("--attempt", "ffff:A"), "No trial of this repository matches"),
        (("--attempt", ""), "--attempt needs a value"),
        (("--attempt", f"{TRIAL}:A", "--staged"), "can't be combined"),
    ],
)
def test_what_names_none_is_a_sentence(program: Program, shelved, words, said):
    done = program.run("review", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
