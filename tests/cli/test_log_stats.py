"""`xreview-tui log stats`, in real processes."""

import json
from dataclasses import replace

import pytest

from tests.cli.program import Program
from tests.domain.scorecard.test_prompting import RISK_1, RISK_2, asked
from tests.domain.scorecard.test_scorecard import GPT, WRONG, by, read, said
from tests.journal.build import ACCEPT, decided, opened
from xreview.domain.reply_count import ReplyCount
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.scorecard.prompt_figures import ScoredPrompt
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


@pytest.fixture
def prompted(program: Program, repository) -> None:
    """Two versions of a prompt, one with hostile words in its name, and a model that breaks the
    schema."""
    identity = str((repository.top / ".git").resolve())
    evil = ScoredPrompt("risk/2+\x1b[2Jyours", "c" * 12)
    facts = []
    for at, prompt in enumerate((RISK_1, RISK_2, evil)):
        session = f"s{at}"
        facts.append(asked(prompt, session=session, replies=ReplyCount(20, 3, 2)))
        for number in range(12):
            name = f"{session}-{number}"
            facts.append(said(name, name, session=session))
            decision = WRONG if (number < 6 if at else number) else ACCEPT
            facts.append(decided(f"d{name}", name, decision=decision, session=session))
    with Journal.open(program.data / "journal.sqlite3") as journal:
        journal.append([replace(fact, repository=identity) for fact in facts])


def test_prompts_are_compared(program: Program, prompted) -> None:
    done = program.run("log", "stats", "--by", "prompt")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in done.out
    at = lines.index("risk/1 (aaaaaaaaaaaa)")
    assert lines[at + 1].split() == ["1", "12", "12", "1", "8%", "(1–35%)", "unknown", "unknown"]
    assert lines[lines.index("risk/2 (bbbbbbbbbbbb)") + 1].split()[3:6] == ["6", "50%", "(25–75%)"]
    words = " ".join(done.out.split())
    assert (
        "risk/1 (aaaaaaaaaaaa) and risk/2 (bbbbbbbbbbbb) can't be told apart yet: their intervals "
        "overlap" in words
    )
    assert "opus-5: 9 of 60 replies broke the schema, 6 repaired" in lines
    assert "opus-5: 9 of 60 replies broke the schema, 6 repaired" in program.run("log", "stats").out


def test_prompts_as_json(program: Program, prompted) -> None:
    document = json.loads(program.run("log", "stats", "--by", "prompt", "--json").out)
    first = document["records"][0]
    assert first["prompt"] == {"reference": "risk/1", "digest": "a" * 12}
    assert (first["sessions"], first["reports"], first["decided"]) == (1, 12, 12)
    assert first["precision"]["count"] == 1
    assert first["dollars"] == {"amount": None, "known": 0, "of": 1}
    assert first["replies"] == {"answers": 20, "malformed": 3, "repaired": 2}
    assert [one["verdict"] for one in document["comparisons"]] == ["overlap", "overlap"]
    everything = json.loads(program.run("log", "stats", "--json").out)
    assert everything["prompts"]["records"] == document["records"]


def test_without_prompts_it_says_what_to_do(program: Program, filled) -> None:
    done = program.run("log", "stats", "--by", "prompt")
    words = " ".join(done.out.split())
    assert words.startswith("No prompt has been sent yet")
    assert "3 reports are of reviews without a recorded prompt" in words
    wrong = program.run("log", "stats", "--by", "promt")
    assert (wrong.code, "Did you mean prompt?" in wrong.err) == (2, True)
    both = program.run("log", "stats", "--by", "prompt", "--session")
    assert (both.code, "can't be combined" in both.err) == (2, True)
