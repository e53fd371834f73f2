"""`xreview-tui prompt show`: what it shows is what a review sends, and it sends nothing itself."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Done, Program
from tests.cli.test_models import NO_KEYS
from tests.fakes.provider_server import openai as double
from tests.fakes.provider_server.server import ProviderServer
from tests.repo.builder import Builder
from xreview.cli.main import run
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.errors import ReviewerError
from xreview.domain.report import Lens
from xreview.hardening import address
from xreview.ports.provider import ReviewerSettings
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.preview import preview
from xreview.review.assembly.run_options import RunOptions

KEY = "sk-test-Zq3R8vXk1LmT0pWd"
TOKEN = "ghp_" + "A1b2C3d4E5f6G7h8I9j0" * 2
EMPTY = json.dumps({"findings": []})
Here = Callable[..., Awaitable[Done]]
PAY = "def pay(account, amount):\n    account.balance -= amount\n    lock.release()\n"


@pytest.fixture
async def server() -> AsyncGenerator[ProviderServer, None]:
    async with ProviderServer() as running:
        running.on(double.PATH, double.response(double.message(EMPTY)))
        yield running


@pytest.fixture
def change(repository: Builder) -> Builder:
    """A risky file, a dull one, one with a secret, one that is ignored, and a lock file."""
    repository.write("payment/pay.py", PAY)
    repository.write("a.py", "print('a colour')\n")
    repository.write("deploy/settings.py", f'token = "{TOKEN}"\nname = "deploy"\n')
    repository.write("skipped/x.py", "y = 'left out by the ignore list'\n")
    repository.write("uv.lock", "version = 1\n")
    repository.write(
        ".xreview.toml", 'ignore = ["skipped/"]\nconventions = ["Colours are printed."]\n'
    )
    repository.git("add", ".xreview.toml")
    repository.git("commit", "--quiet", "--message", "policy", "--", ".xreview.toml")
    return repository


def configure(program: Program, url: str) -> None:
    (program.config / "config.toml").write_text(
        '[reviewers.mine]\nprovider = "openai"\nmodel = "gpt-6.2-sol"\nlighter = "gpt-6-luna"\n'
        f'base_url = "{url}/v1"\nkey_variable = "MY_KEY"\n'
    )


@pytest.fixture
def here(program: Program, monkeypatch, capsys) -> Here:
    """The program in this process: loading the detectors of secrets takes seconds in each."""
    for name, value in (program.environ | NO_KEYS | {"MY_KEY": KEY}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(program.folder)

    async def call(*words: str) -> Done:
        code = await asyncio.to_thread(run, words)
        told = capsys.readouterr()
        return Done(code, told.out, told.err)

    return call


async def show(here: Here, *words: str) -> Done:
    done = await here("prompt", "show", "--reviewer", "mine", *words)
    assert (done.code, done.err) == (0, "")
    return done


def unmarked(text: str) -> str:
    """Without the mark of its fences, which is another in each run of the program."""
    return re.sub(r"(<<<(?:BEGIN|END) \w+ )[0-9a-f]{24}\b", r"\1mark", text)


def texts_of(body: dict[str, Any]) -> list[str]:
    parts = [part["text"] for turn in body["input"] for part in turn["content"]]
    return [unmarked(one) for one in (body["instructions"], *parts)]


async def test_what_is_shown_is_what_a_review_sends(
    program: Program, here: Here, change: Builder, server: ProviderServer, tmp_path: Path
) -> None:
    configure(program, server.url)
    given = ("--brief", "Pay, and say so.", "--author", "anthropic")
    out = tmp_path / "prompts.txt"
    await show(here, *given, "--output", str(out))
    dry = (await show(here, *given, "--dry-run")).out
    assert server.requests == [], "nothing is sent"

    review = ("review", "--quiet", "--reviewer", "mine", *given)
    await asyncio.to_thread(program.run, *review, MY_KEY=KEY, **NO_KEYS)

    shown = unmarked(out.read_text())
    bodies = server.bodies(double.PATH)
    assert len(bodies) > 1
    planned = re.findall(r"^##### \S+ \(\w+\): (\d+) requests?,", shown, re.MULTILINE)
    assert sum(map(int, planned)) == len(bodies)
    for body in bodies:
        for text in texts_of(body):
            assert f"\n{text}\n" in shown
        for tool in body["tools"]:
            assert json.dumps(tool["description"]) in shown
        assert json.dumps(body["text"]["format"]["schema"], indent=1) in shown
    sent = [body["model"] for body in bodies]
    assert set(sent) == {"gpt-6.2-sol", "gpt-6-luna"}
    for model in set(sent):
        assert dry.count(f" {model} ") == sent.count(model)


async def test_the_dry_run_accounts_for_every_file(
    program: Program, here: Here, change: Builder, server: ProviderServer
) -> None:
    configure(program, server.url)
    dry = (await show(here, "--dry-run", "--lens", "risk")).out
    assert "skipped: uv.lock: " in dry
    assert "withheld: deploy/settings.py: 1 line withheld" in dry
    for path in ("payment/pay.py", "a.py", "deploy/settings.py"):
        assert f"  {path}\n" in dry
    assert "skipped/x.py" not in dry, "the repository's own ignore list is not accounted for"
    assert "The budget is $1.00" in dry
    assert TOKEN not in dry
    assert KEY not in dry


async def test_the_tier_and_its_reason_are_shown_and_can_be_overridden(
    program: Program, here: Here, change: Builder, server: ProviderServer
) -> None:
    configure(program, server.url)
    deep = (await show(here, "--dry-run")).out
    assert "so the deep model reads it; " in deep, deep
    assert " gpt-6.2-sol " in deep

    fast = (await show(here, "--dry-run", "--tier", "fast")).out
    assert "Fast, as you chose, although attention is “decide”: it touches" in fast, fast
    assert "gpt-6.2-sol" not in fast
    done = await here("prompt", "show", "--tier", "quick")
    assert done.code == 2
    assert "auto, fast, deep" in done.err


async def test_a_change_of_a_word_in_a_text_is_for_the_fast_model(
    program: Program, here: Here, repository: Builder, server: ProviderServer
) -> None:
    configure(program, server.url)
    repository.write("README.md", "A password is a word.\n")
    out = (await show(here)).out
    assert "(gpt-6-luna, openai)" in out
    dry = (await show(here, "--dry-run")).out
    told = "Attention is “skip”, so the fast models that you named read it."
    assert told in dry
    assert " gpt-6-luna " in dry

    repository.write("src/refunds.py", "x = 1\n")
    dry = (await show(here, "--dry-run")).out
    assert "so the deep model reads it" in dry, dry


async def test_a_review_by_the_fast_model_asks_no_other_and_says_so(
    program: Program, repository: Builder, server: ProviderServer
) -> None:
    configure(program, server.url)
    repository.write("README.md", "A word more.\n")
    review = ("review", "--reviewer", "mine", "--author", "anthropic")

    async def run_it(*words: str) -> Done:
        return await asyncio.to_thread(program.run, *words, MY_KEY=KEY, **NO_KEYS)

    told = "Attention is “skip”, so the fast models that you named read it."
    assert told in (await run_it(*review)).err
    assert {body["model"] for body in server.bodies(double.PATH)} == {"gpt-6-luna"}
    logged = json.loads((await run_it("log", "show", "latest", "--json")).out)["events"]
    (chosen,) = (one["payload"] for one in logged if one["type"] == "opponent-chosen")
    assert told in chosen["why"]

    assert "Deep, as you chose" in (await run_it(*review, "--tier", "deep")).err


async def test_secrets_are_not_shown_since_they_are_not_sent(
    program: Program, here: Here, change: Builder, server: ProviderServer
) -> None:
    configure(program, server.url)
    shown = (await show(here)).out
    assert TOKEN not in shown
    assert "withheld because it looks like a secret" in shown
    assert "left out by the ignore list" not in shown
    assert "Colours are printed." in shown


async def test_standard_output_is_neutral_and_a_file_is_exact(
    program: Program, here: Here, repository: Builder, server: ProviderServer, tmp_path: Path
) -> None:
    configure(program, server.url)
    repository.write("a.py", "print('\x1b[2J')\n")
    assert "\x1b" not in (await show(here)).out
    await show(here, "--output", str(tmp_path / "out.txt"))
    assert "print('␛[2J')" in (tmp_path / "out.txt").read_text(), "models see signs too"


async def test_without_any_key_a_model_is_shown_by_name(
    program: Program, here: Here, change: Builder
) -> None:
    named = await here("prompt", "show", "--dry-run", "--reviewer", "gpt")
    assert named.code == 0
    assert "can't be asked now: no key in $OPENAI_API_KEY" in named.out
    assert "You will be asked before code goes to api.openai.com" in named.out
    allowed = await here("prompt", "show", "--dry-run", "--reviewer", "gpt", "--yes-egress")
    assert "You will be asked" not in allowed.out


async def test_a_name_that_nobody_has_is_a_sentence(here: Here, change: Builder) -> None:
    done = await here("prompt", "show", "--reviewer", "gtp")
    assert done.code == 3
    assert "Unknown reviewer “gtp”." in done.err


def options_for(tmp_path: Path, **reviewers: ReviewerSettings) -> RunOptions:
    settings = Settings(review_with=tuple(reviewers), reviewers=reviewers)
    places = Folders(*(tmp_path / name for name in ("config", "data", "cache", "state")))
    return RunOptions(settings, places, {"MY_KEY": KEY})


def far_away(monkeypatch) -> None:
    """To the program every host is somewhere else."""
    real = address.address_of
    monkeypatch.setattr(
        "xreview.review.asking.prospects.address_of",
        lambda url: replace(real(url), is_local=False),
    )


@pytest.mark.parametrize("provider", ["anthropic", "google", "compatible"])
async def test_no_vendor_is_asked_even_for_what_fits(
    provider, change: Builder, server: ProviderServer, monkeypatch, tmp_path
) -> None:
    far_away(monkeypatch)
    mine = ReviewerSettings("mine", provider, "m", base_url=server.url, key_variable="MY_KEY")
    options = options_for(tmp_path, mine=mine)
    found = await asyncio.to_thread(preview, ChangeRequest(change.top), options, Lens.RISK)
    (only,) = found.previews
    assert only.requests
    assert only.at_most is None, "the price of m is not known"
    assert [one.host for one in found.wanting_consent] == [server.url.removeprefix("http://")]
    assert server.connections == 0


async def test_one_lens_makes_one_reviewer_and_both_make_two(
    change: Builder, monkeypatch, tmp_path
) -> None:
    far_away(monkeypatch)
    mine = ReviewerSettings("mine", "openai", "gpt-6.2-sol", key_variable="MY_KEY")
    options = options_for(tmp_path, mine=mine)
    request = ChangeRequest(change.top)
    both = await asyncio.to_thread(preview, request, options)
    one = await asyncio.to_thread(preview, request, options, Lens.ECONOMY)
    assert [p.identity.name for p in both.previews] == ["mine/risk", "mine/economy"]
    assert [(p.identity.name, p.lens) for p in one.previews] == [("mine", Lens.ECONOMY)]
    costs = [request.at_most for request in one.previews[0].requests]
    assert one.previews[0].at_most == sum(costs) > 0


async def test_only_analysers_send_nothing(change: Builder, tmp_path) -> None:
    with pytest.raises(ReviewerError, match=r"^Nothing would be sent\."):
        await asyncio.to_thread(preview, ChangeRequest(change.top), options_for(tmp_path))
