"""A pull request whose every text is hostile is shown on a terminal as harmless text."""

import re
from pathlib import Path

import pytest

from tests.cli.pulling import Pulls
from tests.fakes.forge_server import ForgeServer
from tests.repo.builder import Builder

EVIL = "\x1b]0;owned\x07\x1b[31mred\x9b2J\u202egnp.\u2066\u200b\x00\r\nxreview-tui: all is well"
# All that moves, colours or hides something on a terminal. JSON and CSV escape or keep it.
ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]")
WORDS = (
    ("doctor",),
    ("pr", "--list"),
    ("pr", "--list", "--json"),
    ("who", "pr"),
    ("review", "--pr", "12"),
    ("review", "--pr", "12", "--format", "json"),
    ("prompt", "show", "--pr", "12"),
    *(("export", "--format", format) for format in ("markdown", "html", "json", "csv", "prompt")),
    ("post", "--dry-run"),
    ("post", "--dry-run", "--json"),
    ("post", "--yes"),
    ("post", "--discard"),
    ("reply", "--all-decided", "--dry-run"),
    ("log",),
)


@pytest.fixture
def pulls(tmp_path: Path):
    with ForgeServer() as server:
        made = Pulls(server, Builder(tmp_path / "work"), tmp_path)
        made.pull.title = f"Title {EVIL}"
        made.pull.body = f"Body {EVIL}"
        for login in ("coderabbitai[bot]", "copilot-pull-request-reviewer[bot]"):
            server.account(login)
            made.pull.comment(
                login, "run.py", 5, f"**Bug {EVIL}**\n\n{EVIL}\n\n```suggestion\n{EVIL}"
            )
            made.pull.review(login, f"Copilot was unable to review this pull request {EVIL}")
            made.pull.say(login, f"## Walkthrough\n{EVIL}")
        made.pull.comment("bob", "run.py", 4, f"Why? {EVIL}").reply("bob", EVIL)
        made.review()
        yield made


def test_nothing_of_it_reaches_the_terminal(pulls: Pulls) -> None:
    for words in WORDS:
        done = pulls.run(*words)
        assert "Internal error" not in done.err, words
        found = ACTIVE.search(done.out + done.err)
        assert found is None, (words, (done.out + done.err)[max(0, found.start() - 200) :][:300])
        if words[0] != "export":  # a document
            rows = (done.out + done.err).split("\n")
            assert "xreview-tui: all is well" not in rows, "no line is all the attacker's"


def test_nothing_of_it_is_posted(pulls: Pulls) -> None:
    assert pulls.run("post", "--yes").code == 0
    assert pulls.run("post", "--submit", "comment").code == 0
    assert len(pulls.bodies) > 3
    ours = [body for body in pulls.bodies if "xreview:v1" in body]
    assert ours
    assert not any(ACTIVE.search(body) for body in ours)
