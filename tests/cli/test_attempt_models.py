"""`xreview-tui attempt` as a process: two models write over their APIs, and review each other."""

import asyncio
import json

from tests.cli.program import Program
from tests.fakes.provider_server import anthropic, openai
from tests.fakes.provider_server.server import ProviderServer
from tests.repo.disposable.trees import hashed
from tests.review.assembly.test_attempts import says

CONFIG = """\
[reviewers.opus]
provider = "anthropic"
model = "claude-opus-5-5"
base_url = "{opus}"
key_variable = "MY_KEY"

[reviewers.gpt]
provider = "openai"
model = "gpt-6.2-sol"
base_url = "{gpt}/v1"
key_variable = "MY_KEY"
"""
TASK = "Sum up the prices.\nThey are in cents."


async def test_from_the_task_to_the_account(program: Program, repository) -> None:
    repository.write("cart.py", "total = 0\n")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "second")
    before = hashed(repository.top)

    async def run(*words: str):
        return await asyncio.to_thread(program.run, *words, MY_KEY="sk-test-Zq3R8vXk1LmT0pWd")

    async with ProviderServer() as opus, ProviderServer() as gpt:
        says(opus, "opus")
        says(gpt, "gpt")
        config = CONFIG.format(opus=opus.url, gpt=gpt.url)
        (program.config / "config.toml").write_text(config)
        preview = await run("attempt", TASK, "--with", "opus,gpt", "--dry-run")
        assert (preview.code, preview.err) == (0, "")
        assert "They are in cents." in preview.out
        assert not opus.bodies(anthropic.PATH)
        assert not gpt.bodies(openai.PATH)
        done = await run(
            "attempt", TASK, "--with", "opus,gpt", "--swap", "--yes-egress", "--budget", "20",
            "--check", "python3 -m py_compile cart.py", "--json",
        )  # fmt: skip
        assert opus.bodies(anthropic.PATH)
        assert gpt.bodies(openai.PATH)
    assert done.code == 0, done.err
    assert hashed(repository.top) == before
    found = json.loads(done.out)
    assert found["hidden"] is True
    assert found["preset"] == "swap"
    assert [one["reviewed"] for one in found["attempts"]] == [True, True], found["attempts"]
    assert [one["facts"]["checks_passed"] for one in found["attempts"]] == [1, 1]
    assert [one["kind"] for one in found["pieces"]] == ["conflicting"]
    assert "opus" not in done.out
    assert "gpt" not in done.out
    taken = await run("attempt", "--take", f"{found['id']}:A", "--reason", "Clear.")
    assert (taken.code, taken.err) == (0, ""), taken.out
    assert "def add" in repository.path("cart.py").read_text()
    card = json.loads((await run("log", "stats", "--json")).out)["attempts"]
    assert {one["writer"]["name"] for one in card["writers"]} == {"opus", "gpt"}
    (cross,) = [one for one in card["arms"] if one["arm"] == "cross-family"]
    assert cross["working"] == 1
    assert cross["attempts"] == 2
    assert (await run("attempt", "--undo")).code == 0
    assert hashed(repository.top) == before
    assert (await run("attempt", "--clean")).code == 0
    assert json.loads((await run("attempt", "--list", "--json")).out) == []


def test_a_terminal_opens_the_app_on_the_attempts(program: Program, repository) -> None:
    done = program.run_on_terminal("attempt", "--open", "nosuch")
    assert done.code == 2
    assert "No kept attempts begin with “nosuch”." in done.out
