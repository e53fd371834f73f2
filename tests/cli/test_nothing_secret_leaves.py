"""Whatever is sent for a review, and by whichever way it got there, holds no secret."""

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.cli.program import Done, Program
from tests.cli.test_models import NO_KEYS
from tests.cli.test_prompt_show import KEY, configure, here, texts_of, unmarked
from tests.fakes.provider_server import openai as double
from tests.fakes.provider_server.server import ProviderServer
from tests.repo.builder import Builder

__all__ = ["here"]  # a fixture

PASSWORD = "tr0ub4dor-3x-" + "canary"
BY_NAME = {
    ".netrc": "machine example.com login bob password canary-netrc-1\n",
    "web/.npmrc": "//registry/:_auth=canary-npmrc-2\n",
    ".git-credentials": "https://bob:canary-git-3@example.com\n",
    "infra/terraform.tfstate": '{"plain": "canary-tfstate-4"}\n',
    "config/secrets.yml": "plain: canary-secrets-5\n",
}
TOKEN = "ghp_" + "A1b2C3d4E5f6G7h8I9j0" * 2
CODE = "def pay(account, amount):\n    account.balance -= amount\n"


@pytest.fixture
def change(repository: Builder) -> Builder:
    """A commit that holds secrets of each kind, and two files that hold none of their own."""
    key = subprocess.run(
        ["openssl", "genrsa", "2048"], capture_output=True, text=True, check=True
    ).stdout
    (repository.top.parent / "key").write_text(key)
    repository.write("deploy/key.txt", key)
    repository.write("lib/settings.py", f'debug = True\nDATABASE_PASSWORD = "{PASSWORD}"\n')
    repository.write("k8s/app.yml", f"env:\n  - name: DB_PASSWORD\n    value: {PASSWORD}\n")
    repository.write(
        ".xreview.toml", f'conventions = ["The password is {PASSWORD} on all our machines."]\n'
    )
    repository.commit("lay the ground")
    # One row in the middle of the key: what git shows around it does not say that it is one.
    rows = key.split("\n")
    rows[12] = rows[12][::-1]
    repository.write("deploy/key.txt", "\n".join(rows))
    (repository.top.parent / "key").write_text(key + "\n".join(rows))
    repository.write("pay.py", CODE)
    repository.write(f"docs/{TOKEN}.py", "x = 1\n")
    for path, content in BY_NAME.items():
        repository.write(path, content)
    repository.commit(f"Pay\n\nThe password is {PASSWORD} for now.")
    return repository


def _canaries(change: Builder) -> list[str]:
    key = (change.top.parent / "key").read_text().split("\n")
    return [PASSWORD, TOKEN, "canary", *(row for row in key if len(row) > 40 and " " not in row)]


async def test_no_request_holds_one_and_all_that_is_shown_is_what_is_sent(
    program: Program,
    here: Callable[..., Awaitable[Done]],
    change: Builder,
    tmp_path: Path,
) -> None:
    calls = (
        ("search", {"pattern": "PASSWORD|value|[A-Za-z0-9+/]{60}", "path": None}),
        ("search", {"pattern": "tr0ub4dor", "path": None}),
        ("read_file", {"path": "lib/settings.py", "start_line": None, "end_line": None}),
        ("read_file", {"path": "k8s/app.yml", "start_line": 3, "end_line": 3}),
        ("read_file", {"path": "deploy/key.txt", "start_line": 10, "end_line": 14}),
        ("read_file", {"path": ".netrc", "start_line": None, "end_line": None}),
        ("list_files", {"path": None}),
        ("git_log", {"path": "pay.py"}),
    )
    asked = [
        double.function_call(str(number), name, json.dumps(given))
        for number, (name, given) in enumerate(calls)
    ]
    answer = double.message(json.dumps({"findings": []}))
    given = ("--commit", "HEAD", "--author", "anthropic")
    given += ("--brief", f"It pays. password: {PASSWORD}")
    out = tmp_path / "prompts.txt"
    async with ProviderServer() as server:
        server.on(double.PATH, double.response(*asked), double.response(answer))
        configure(program, server.url)
        await here("prompt", "show", "--reviewer", "mine", *given, "--output", str(out))
        review = ("review", "--format", "json", "--reviewer", "mine", *given)
        done = await asyncio.to_thread(program.run, *review, MY_KEY=KEY, **NO_KEYS)
        bodies = server.bodies(double.PATH)

    sent = json.dumps(bodies)
    assert len(bodies) > 1, done.err + done.out[-1500:]
    for canary in _canaries(change):
        assert canary not in sent, canary
    assert "account.balance -= amount" in sent
    assert "debug = True" in sent
    shown = unmarked(out.read_text())
    for text in texts_of(bodies[0]):
        assert f"\n{text}\n" in shown
    assert done.code == 3, "files that nobody but analysers read are a gap"
    gaps = {
        one["path"]: one["why"]
        for one in json.loads(done.out)["coverage"]["gap_entries"]
        if one["reviewer"].startswith("mine")
    }
    whole = "withheld whole: its name suggests that it holds secrets"
    assert gaps.pop("deploy/key.txt") == "9 lines withheld as possible secrets: lines 10-16"
    assert gaps == dict.fromkeys(BY_NAME, whole)
    assert KEY not in done.out
