"""`bench/experiment.py` as a real process: a repository with later fixes, two loopback models."""

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from experiment import main

from tests.bench.scripts import BENCH
from tests.cli.program import Done, Program
from tests.cli.test_models import NO_KEYS
from tests.fakes.provider_server import anthropic, openai
from tests.fakes.provider_server.reply import Answer, Reply, Request
from tests.fakes.provider_server.server import ProviderServer, unused_url
from tests.journal.build import event
from tests.repo.builder import Builder
from xreview.domain.events.event import UsageReceived
from xreview.journal.store import Journal

CLAUDE = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>"
CART = """def total(items):
    amount = 0
    for item in items:
        amount += item.price
    return amount


def label(items):
    return str(len(items)) + " things"
"""
FIXED_CART = CART.replace("item.price", "item.price * item.count")
QUEUE = """def take(jobs):
    job = jobs[0]
    run(job)
    jobs.remove(job)
    return job
"""
FIXED_QUEUE = QUEUE.replace(
    "    run(job)\n    jobs.remove(job)\n", "    jobs.remove(job)\n    run(job)\n"
)
FIXED_QUEUE = FIXED_QUEUE.replace("jobs[0]", "jobs[0] if jobs else None")
NOTES = """def note(text):
    return text.strip()
"""


def finding(path: str, line: int, quote: str, title: str) -> dict[str, Any]:
    return {
        "path": path,
        "side": "new",
        "start_line": line,
        "quote": quote,
        "title": title,
        "claim": f"{title}.",
        "scenario": "",
        "settle": "",
        "category": "edge-case",
        "severity": "high",
        "confidence": "high",
        "request": None,
        "suggestion": None,
    }


PRICE = finding("shop/cart.py", 4, "        amount += item.price", "The number of items is ignored")
LABEL = finding("shop/cart.py", 9, '    return str(len(items)) + " things"', "Use an f-string")
EMPTY_QUEUE = finding("shop/queue.py", 2, "    job = jobs[0]", "Fails for an empty list of jobs")


def scripted(answer_with: Any, *said: dict[str, Any]) -> Answer:
    """A model that reports those of its findings whose file it is sent."""

    def answer(request: Request) -> Reply:
        asked = json.dumps(request.json)
        told = [one for one in said if one["path"] in asked]
        return answer_with(json.dumps({"findings": told}))(request)

    return answer


SAME_FAMILY = scripted(lambda text: anthropic.message(anthropic.text(text)), LABEL)
CROSS_FAMILY = scripted(lambda text: openai.response(openai.message(text)), PRICE, EMPTY_QUEUE)


@dataclass
class Experiment:
    """The script in a home of its own, and its two models."""

    program: Program
    repository: Builder
    same: ProviderServer
    cross: ProviderServer

    def command(self, *words: str) -> list[str]:
        script = str(BENCH / "experiment.py")
        return [sys.executable, script, str(self.repository.top), *words]

    @property
    def environ(self) -> dict[str, str]:
        return self.program.environ | NO_KEYS | {"CLAUDE_KEY": "sk-a", "GPT_KEY": "sk-b"}

    async def run(self, *words: str) -> Done:
        done = await asyncio.to_thread(
            subprocess.run,
            self.command(*words),
            env=self.environ,
            cwd=self.program.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    @property
    def asked(self) -> int:
        return len(self.same.bodies(anthropic.PATH)) + len(self.cross.bodies(openai.PATH))


@pytest.fixture
async def experiment(program: Program, repository: Builder) -> AsyncGenerator[Experiment, None]:
    """Three commits by a model and one by a person. The first was fixed after its release, the
    second before one; nothing is known of the third."""
    for path, content, by in (
        ("shop/cart.py", CART, CLAUDE),
        ("shop/queue.py", QUEUE, CLAUDE),
        ("shop/person.py", NOTES.replace("note", "mine"), ""),
        ("shop/notes.py", NOTES, CLAUDE),
    ):
        repository.write(path, content)
        repository.commit(f"Add {path}{by}")
        if path == "shop/cart.py":
            repository.git("tag", "v1")
    repository.write("shop/cart.py", FIXED_CART)
    repository.commit("fix: count each item")
    repository.write("shop/queue.py", FIXED_QUEUE)
    repository.commit("fix: a crash without jobs")
    async with ProviderServer() as same, ProviderServer() as cross:
        same.on(anthropic.PATH, SAME_FAMILY)
        cross.on(openai.PATH, CROSS_FAMILY)
        (program.config / "config.toml").write_text(
            "rebuttals = false\n"
            '[reviewers.mine]\nprovider = "anthropic"\nmodel = "claude-opus-5-5"\n'
            f'base_url = "{same.url}"\nkey_variable = "CLAUDE_KEY"\n'
            '[reviewers.theirs]\nprovider = "openai"\nmodel = "gpt-6.2-sol"\n'
            f'base_url = "{cross.url}/v1"\nkey_variable = "GPT_KEY"\n'
        )
        yield Experiment(program, repository, same, cross)


ARMS = ("--same", "mine", "--cross", "theirs")


async def test_the_table_says_who_caught_what(experiment: Experiment) -> None:
    dry = await experiment.run(*ARMS, "--dry-run")
    assert (dry.code, dry.out, experiment.asked) == (0, "", 0), dry.err
    assert "3 commits by anthropic" in dry.err
    assert "2 known problems (2 fixed later)" in dry.err
    assert not (experiment.program.data / "experiments").exists()
    unasked = await experiment.run(*ARMS)
    assert (unasked.code, experiment.asked) == (2, 0)
    assert "Agree with --yes." in unasked.err

    done = await experiment.run(*ARMS, "--yes", "--json")
    assert done.code == 0, done.err
    asked = experiment.asked
    told = json.loads(done.out)
    same, cross = told["arms"]["same-family"], told["arms"]["cross-family"]
    assert (same["caught"], same["missed"], same["would_have_shipped"]) == (0, 2, 1)
    assert (cross["caught"], cross["missed"], cross["would_have_shipped"]) == (2, 0, 0)
    assert (same["findings"], cross["findings"]) == (1, 2)
    assert (same["family"], cross["family"]) == ("anthropic", "openai")
    assert same["dollars"] == cross["dollars"] == 0, "servers on this machine are free"
    assert same["minutes"] > 0
    assert told["pairs"]["only_cross"] == 2
    assert told["pairs"]["verdict"].startswith("too few to tell")
    assert told["unpaired"] == 0
    assert len(told["commits"]) == 3

    again = await experiment.run(*ARMS, "--yes")
    assert again.code == 2, "results are never overwritten by chance"
    resumed = await experiment.run(*ARMS, "--resume")
    assert (resumed.code, experiment.asked) == (0, asked), resumed.err
    rows = [re.split(" {2,}", line.strip()) for line in resumed.out.splitlines()]
    cells = {row[0]: row[1:] for row in rows}
    assert cells["caught"] == ["0 of 2", "2 of 2"]
    assert cells["missed"] == ["2", "0"]
    assert cells["would have shipped"] == ["1", "0"]
    assert cells["findings to read"] == ["1", "2"]
    assert cells["dollars"] == ["0.00", "0.00"]
    assert "too few to tell: 2 known problems, 10 are needed" in resumed.out
    assert not (experiment.program.data / "journal.sqlite3").exists(), "the user's is left alone"


async def test_it_stops_at_the_budget_and_goes_on_where_it_stopped(
    experiment: Experiment, tmp_path: Path
) -> None:
    folder = tmp_path / "arms"
    words = (*ARMS, "--commits", "HEAD~4..HEAD~2", "--folder", str(folder), "--yes")
    (folder / "same").mkdir(parents=True)
    usage = event("u", UsageReceived("mine", 1, 1, 2.0, 1.0))
    with Journal.open(folder / "same" / "journal.sqlite3") as journal:
        journal.append([usage])
    spent = await experiment.run(*words, "--budget", "2")
    assert (spent.code, experiment.asked) == (3, 0), spent.err
    assert "of which $2.00 are spent" in spent.err
    assert "The budget is used up before commit 1 of 1." in spent.err

    refused = anthropic.error(400, "invalid_request_error", "no such model")
    experiment.same.on(anthropic.PATH, lambda request: refused)
    failed = await experiment.run(*words, "--budget", "3")
    assert failed.code == 3
    assert "mine failed: " in failed.err
    assert "1 commit left out: not reviewed by both arms yet." in failed.out

    experiment.same.on(anthropic.PATH, SAME_FAMILY)
    asked = len(experiment.cross.requests)
    resumed = await experiment.run(*words, "--budget", "3", "--resume")
    assert resumed.code == 0, resumed.err
    assert len(experiment.cross.requests) == asked, "this arm was done"
    other = await experiment.run("--same", "mine", "--cross", "claude", *words[4:], "--resume")
    assert other.code == 2


async def test_ctrl_c_ends_the_review_and_keeps_what_is_done(
    experiment: Experiment, tmp_path: Path
) -> None:
    folder = tmp_path / "arms"
    words = (*ARMS, "--commits", "HEAD~3..HEAD~2", "--folder", str(folder), "--yes")
    experiment.same.on(anthropic.PATH, lambda request: SAME_FAMILY(request).changed(latency=60.0))
    process = await asyncio.create_subprocess_exec(
        *experiment.command(*words),
        env=experiment.environ,
        cwd=experiment.program.home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    await asyncio.wait_for(experiment.same.received.wait(), 60)
    process.send_signal(signal.SIGINT)
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 130, said.decode()
    assert "Go on with --resume." in said.decode()
    experiment.same.on(anthropic.PATH, SAME_FAMILY)
    resumed = await experiment.run(*words, "--resume")
    assert resumed.code == 0, resumed.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--same", "nobody"), "unknown reviewer “nobody”"),
        (("--same", "theirs", "--cross", "mine", "--author", "claude"), "but anthropic wrote"),
        (("--same", "mine", "--cross", "mine", "--author", "claude"), "not of another one"),
        ((*("--commits", "HEAD~2"), *("--author", "claude")), "isn't a range"),
        ((*("--commits", "nothing..HEAD"), *("--author", "claude")), "“nothing” isn't a commit"),
        ((*("--author", "person"), "--dry-run"), "is no model family"),
        (("--budget", "0"), "--budget above 0"),
        (("--since", "yesterday"), "isn't a date"),
        (("--since", "2999-01-01", "--author", "claude"), "No commit by anthropic found"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    program: Program,
    repository: Builder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    for name, value in (program.environ | NO_KEYS | {"MY_KEY": "sk-a"}).items():
        monkeypatch.setenv(name, value)
    (program.config / "config.toml").write_text(
        "".join(
            f'[reviewers.{name}]\nprovider = "{provider}"\nmodel = "{model}"\n'
            f'base_url = "{unused_url()}"\nkey_variable = "MY_KEY"\n'
            for name, provider, model in (
                ("mine", "anthropic", "claude-opus-5-5"),
                ("theirs", "openai", "gpt-6.2-sol"),
            )
        )
    )
    repository.write("more.py", "more = 1\n")
    repository.commit("Add more")
    assert main([str(repository.top), *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
