"""Pull requests on the command line, over a loopback GitHub: `pr`, `--pr`, `pr` as a last word."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.cli.program import TIMEOUT, Program
from tests.fakes.forge import ADDRESS, BOT, ME
from tests.fakes.forge_server import ForgeServer
from tests.fakes.git_server import clone
from tests.repo.builder import Builder
from xreview.cli.pr import listing_as_text
from xreview.domain.pull.pull import PullSummary
from xreview.review.pulls.listing import PullListing

COAUTHORED = "Shout\n\nCo-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>"


@dataclass
class Forge:
    server: ForgeServer
    clone: Builder
    token: str

    @property
    def url(self) -> str:
        return f"{self.server.host.origin}/acme/shop/pull/1"


@pytest.fixture
def forge(tmp_path: Path, program: Program) -> Iterator[Forge]:
    work = Builder(tmp_path / "work")
    work.write("a.py", "one = 1\n")
    work.commit("first")
    work.branch("topic")
    work.write("a.py", "one = 1\ntry:\n    two()\nexcept:\n    pass\n")
    work.commit(COAUTHORED)
    work.checkout("main")
    with ForgeServer() as server:
        token = server.account("ada")
        server.account("bob")
        project = server.project("acme/shop", work.top)
        project.open_pull(head="topic", author="bob", title="Shout", body="Louder.")
        work.checkout("main")
        work.branch("quiet")
        work.write("b.py", "two = 2\n")
        work.commit("by nobody known")
        project.open_pull(head="quiet", branch="codex/quiet", author="bob", title="Quiet")
        top = tmp_path / "clone"
        clone(f"{server.host.origin}/acme/shop.git", top)
        netrc = program.home / ".netrc"
        netrc.write_text(f"machine 127.0.0.1 login ada password {token}\n")
        netrc.chmod(0o600)
        setting = f'[forges]\n"{server.host.origin}" = "github"\n'
        (program.config / "config.toml").write_text(setting)
        program.folder = top
        yield Forge(server, Builder(top, init=None), token)


@pytest.mark.parametrize("words", [("--pr", "1"), ("--pr", "URL"), ("pr",)])
def test_a_review_of_one_is_a_review_of_its_change(
    program: Program, forge: Forge, words: tuple[str, ...]
):
    forge.clone.branch("topic", "origin/main")
    given = [forge.url if word == "URL" else word for word in words]
    done = program.run("review", "--format", "json", *given)
    assert done.code == 1, done.err
    document = json.loads(done.out)
    assert "(#1 Shout)" in done.err
    assert document["findings"]
    assert json.dumps(document["findings"]).count('"a.py"') >= len(document["findings"])
    assert forge.token not in done.out + done.err


def test_one_can_be_reviewed_without_a_clone(program: Program, forge: Forge, tmp_path: Path):
    program.folder = tmp_path / "elsewhere"
    program.folder.mkdir()
    done = program.run("review", "--pr", forge.url)
    assert (done.code, "(#1 Shout)" in done.err) == (1, True), done.err


@pytest.mark.parametrize("words", [("--pr", "1"), ("pr",)])
def test_who_wrote_it(program: Program, forge: Forge, words: tuple[str, ...]):
    forge.clone.branch("topic", "origin/main")
    done = program.run("who", *words)
    assert done.out.startswith("author: anthropic Claude Opus 4.8"), done.out + done.err


def test_the_name_of_its_branch_is_evidence_and_that_of_the_checkout_is_not(
    program: Program, forge: Forge
):
    program.run("who", "--set", "gpt-6")
    done = program.run("who", "--pr", "2")
    assert done.out.startswith("author: openai"), done.out + done.err
    assert "branch codex/quiet" in done.out
    assert "your answer" not in done.out


def test_the_prompt_has_its_description(program: Program, forge: Forge):
    done = program.run("prompt", "show", "--reviewer", "gpt", "--pr", "1")
    assert done.code == 0, done.err
    assert "Shout\n\nLouder." in done.out
    own = program.run("prompt", "show", "--reviewer", "gpt", "--pr", "1", "--brief", "Mine.")
    assert "Mine." in own.out
    assert "Louder." not in own.out


def test_the_open_ones_are_listed(program: Program, forge: Forge):
    done = program.run("pr", "--list")
    assert (done.code, done.err) == (0, "")
    first, *rows = done.out.splitlines()
    assert first == f"{forge.server.host.name}/acme/shop, as ada"
    assert any("#1" in row and "Shout" in row for row in rows)
    listed = json.loads(program.run("pr", "--list", "--json").out)
    assert listed["account"] == "ada"
    (one,) = [one for one in listed["pulls"] if one["number"] == 1]
    assert (one["number"], one["url"], one["wants_review"]) == (1, forge.url, False)


def test_the_mark_of_those_that_want_a_review_is_explained():
    one = PullSummary(ADDRESS, "Shout", BOT, asked=(ME,))
    listing = PullListing(ADDRESS.forge, "acme/shop", ME, (one,))
    assert listing_as_text(listing).splitlines()[-1] == "* wants your review"
    assert "wants your" not in listing_as_text(replace(listing, account=BOT))


def test_the_doctor_says_where_a_token_is_from_and_asks_nobody(program: Program, forge: Forge):
    before = len(forge.server.requests)
    done = program.run("doctor")
    assert "GitHub, token from ~/.netrc" in done.out
    assert forge.token not in done.out + done.err
    assert len(forge.server.requests) == before
    (program.home / ".netrc").chmod(0o644)
    warned = program.run("doctor").out
    assert "GitHub, no token found" in warned
    assert "chmod 600" in warned


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("review", "--pr", "1", "--commit", "HEAD"), "--commit and --pr can't be combined"),
        (("review", "--pr", "1", "pr"), "--pr and `pr` can't be combined"),
        (("review", "--pr", " "), "--pr needs the URL or number"),
        (("review", "--pr", "twelve"), "neither the URL nor the number"),
        (("review", "pull"), "Unexpected argument “pull”"),
        (("who", "HEAD", "--pr", "1"), "can't be combined"),
        (("who", "--pr", "1", "--set", "gpt-6"), "not to a pull request"),
        (("pr", "--json"), "--json needs --list"),
        (("pr", "1", "--list"), "--list lists all"),
        (("--pr", "1", "doctor"), "`doctor` doesn't accept --pr"),
        (("--pr", "1", "pr", "--list"), "Leave out --pr"),
        (("review", "pr"), "has no open pull request"),
        (("review", "--pr", "9"), "#9"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(
    program: Program, forge: Forge, words: tuple[str, ...], said: str
):
    done = program.run(*words)
    assert done.code in (2, 3)
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", ["review", "who", "prompt"])
def test_a_forge_that_does_not_answer_can_be_interrupted(program: Program, command: str):
    words = ["prompt", "show"] if command == "prompt" else [command]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/acme/shop/pull/1"
        process = subprocess.Popen(
            program.command(*words, "--pr", url),
            cwd=program.folder,
            env=program.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        asked, _ = silent.accept()
        with asked:
            asked.recv(1)
            process.send_signal(signal.SIGINT)
            _, complaint = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, b"Traceback" in complaint) == (130, False), complaint


def test_the_app_needs_a_terminal(program: Program, forge: Forge):
    done = program.run("pr", "1")
    assert (done.code, "terminal" in done.err) == (2, True)
