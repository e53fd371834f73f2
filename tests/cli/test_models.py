"""`xreview-tui models`: who can be asked and why not, and what servers say when they are asked."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.program import Done, Program
from tests.fakes.provider_server.reply import json_reply
from tests.fakes.provider_server.server import ProviderServer, unused_url
from xreview.cli.main import run
from xreview.cli.model_table import ModelLine, as_text
from xreview.config.prices import load_prices
from xreview.models.local_servers import FoundServer
from xreview.ports.model import ModelLimits, ServedModel
from xreview.ports.provider import ReviewerSettings
from xreview.review.asking.models import ModelMaker
from xreview.review.asking.prospects import agent_prospect, local_prospects, prospect_of
from xreview.review.asking.server_check import ServerCheck, check_servers

KEY = "sk-test-Zq3R8vXk1LmT0pWd"
LIST = "/v1/models"
NO_KEYS = dict.fromkeys(
    (
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "OPENAI_API_KEY",
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
        "OPENROUTER_API_KEY",
    ),
    "",
)


def listed(*ids: str):
    return json_reply({"object": "list", "data": [{"id": id, "object": "model"} for id in ids]})


@pytest.fixture
async def server() -> AsyncGenerator[ProviderServer, None]:
    async with ProviderServer() as running:
        yield running


def configure(program: Program, *tables: str) -> None:
    (program.config / "config.toml").write_text("\n".join(tables))


def reviewer(name: str, url: str, model: str = "gpt-6.2-sol", more: str = "") -> str:
    return (
        f'[reviewers.{name}]\nprovider = "openai"\nmodel = "{model}"\n'
        f'base_url = "{url}/v1"\nkey_variable = "MY_KEY"\n{more}\n'
    )


async def models(program: Program, *words: str, **environ: str) -> tuple[Done, dict[str, dict]]:
    done = await asyncio.to_thread(program.run, "models", "--json", *words, **NO_KEYS | environ)
    assert done.err == ""
    answer = json.loads(done.out)
    return done, {one["name"]: one for one in answer["models"]}


async def test_without_a_key_each_says_why_and_the_exit_code_is_3(program: Program) -> None:
    done, found = await models(program, "--offline")
    assert found["claude"]["why_not"] == "--offline"
    done, found = await models(program)
    assert "$ANTHROPIC_API_KEY" in found["claude"]["why_not"]
    assert not found["claude"]["usable"]
    remote = [one for one in found.values() if not one["is_local"]]
    assert not any(one["usable"] for one in remote)
    assert done.code == (0 if len(remote) < len(found) else 3), "a server may run on this machine"


async def test_one_exported_key_is_enough_and_is_never_printed(program: Program) -> None:
    done, found = await models(program, OPENAI_API_KEY=KEY)
    assert done.code == 0
    gpt = found["gpt"]
    assert (gpt["usable"], gpt["key"]) == (True, "$OPENAI_API_KEY")
    assert (gpt["vendor"], gpt["host"]) == ("openai", "api.openai.com")
    assert gpt["price"] == {"input": 2.0, "output": 10.0}
    assert gpt["checked"] is False
    text = program.run("models", OPENAI_API_KEY=KEY, COLUMNS="80").out
    assert "key from $OPENAI_API_KEY" in text
    assert max(map(len, text.splitlines())) <= 80
    assert KEY not in done.out + text


async def test_check_asks_each_server_once_and_believes_it(
    program: Program, server: ProviderServer
) -> None:
    server.on(LIST, listed("gpt-6.2-sol", "gpt-6-luna-20260801", "gpt-6.3-sol"))
    configure(
        program,
        reviewer("there", server.url, more='lighter = "gpt-6-luna"'),
        reviewer("gone", server.url, "gpt-6.1-sol"),
        reviewer("no-lighter", server.url, more='lighter = "gpt-mini"'),
    )
    done, found = await models(program, "--check", MY_KEY=KEY)
    assert done.code == 0
    assert (found["there"]["usable"], found["there"]["checked"]) == (True, True)
    assert "doesn't list gpt-6.1-sol; it lists gpt-6." in found["gone"]["why_not"]
    assert "doesn't list gpt-mini" in found["no-lighter"]["why_not"]
    assert [request.path for request in server.requests] == [LIST]
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_check_has_a_sentence_for_each_failure_and_hides_the_key(
    program: Program, server: ProviderServer
) -> None:
    refusal = {"error": {"message": f"bad key {KEY}", "code": "invalid_api_key"}}
    server.on(LIST, json_reply(refusal, 401))
    configure(program, reviewer("refused", server.url), reviewer("silent", unused_url()))
    done, found = await models(program, "--check", MY_KEY=KEY)
    assert "rejected the key" in found["refused"]["why_not"]
    assert "127.0.0.1" in found["silent"]["why_not"]
    assert not found["refused"]["usable"]
    assert not found["silent"]["usable"]
    assert KEY not in done.out


async def test_without_check_no_configured_server_is_asked(
    program: Program, server: ProviderServer
) -> None:
    configure(program, reviewer("there", server.url))
    _, found = await models(program, MY_KEY=KEY)
    assert found["there"]["usable"]
    assert found["there"]["is_free"], "it is on this machine"
    assert server.connections == 0


def line(settings: ReviewerSettings, check: ServerCheck | None = None, **environ: str):
    return ModelLine(prospect_of(settings, environ), load_prices().of(settings.model), check)


GPT = ReviewerSettings("gpt", "openai", "gpt-6.2-sol")


def test_an_unknown_price_is_unknown_and_a_local_model_is_free() -> None:
    unknown = line(replace(GPT, model="gpt-99"), OPENAI_API_KEY=KEY)
    (local,) = (
        ModelLine(one, None)
        for one in local_prospects(
            [FoundServer("ollama", "ollama", "http://127.0.0.1:11434", (ServedModel("qwen3:8b"),))]
        )
    )
    assert unknown.narrow_row[3:] == ("unknown", "unknown", "yes")
    assert unknown.json["price"] is None
    assert not unknown.json["is_free"]
    assert local.narrow_row == ("ollama", "qwen", "qwen3:8b", "free", "free", "yes")
    assert "this machine (127.0.0.1:11434), no key needed" in local.sentence


def test_an_agent_has_its_own_login_instead_of_a_key_and_a_price(tmp_path: Path) -> None:
    claude = tmp_path / "bin" / "claude"
    claude.parent.mkdir()
    claude.write_text("#!/bin/sh\necho '2.1.330 (Claude Code)'\n")
    claude.chmod(0o755)
    settings = ReviewerSettings("claude-code", "claude-code")
    environ = {"PATH": str(claude.parent), "HOME": str(tmp_path), "ANTHROPIC_API_KEY": KEY}
    agent = agent_prospect(settings, environ, tmp_path / "project")
    told = ModelLine(agent, None)
    assert told.narrow_row == (
        "claude-code",
        "anthropic",
        "its own choice",
        "login",
        "login",
        "yes",
    )
    assert "2.1.330, with its own login." in told.sentence
    assert (told.json["price"], told.json["is_free"], told.json["model"]) == (None, False, None)
    assert asyncio.run(check_servers([agent], ModelMaker(load_prices()))) == {}
    assert KEY not in str(told.json) + told.sentence


def test_the_fast_tier_is_told_with_its_price() -> None:
    luna = load_prices().of("gpt-6-luna")
    prospect = prospect_of(replace(GPT, lighter="gpt-6-luna"), {"OPENAI_API_KEY": KEY})
    told = ModelLine(prospect, None, fast_price=luna)
    assert luna is not None
    prices = (f"{luna.rates.input:.2f}", f"{luna.rates.output:.2f}")
    assert told.fast_row == ("gpt", "gpt-6-luna", *prices)
    assert told.json["lighter"] == "gpt-6-luna"
    assert told.json["lighter_price"]["input"] == luna.rates.input
    assert ModelLine(prospect, None).fast_row == ("gpt", "gpt-6-luna", "unknown", "unknown")
    assert "FAST MODEL" in as_text([told, line(GPT, OPENAI_API_KEY=KEY)], 80)
    assert line(GPT, OPENAI_API_KEY=KEY).fast_row == ()
    assert "FAST MODEL" not in as_text([line(GPT, OPENAI_API_KEY=KEY)], 80)


def test_what_the_server_says_goes_over_what_was_known() -> None:
    told = line(GPT, ServerCheck(limits=ModelLimits(50_000)), OPENAI_API_KEY=KEY)
    assert (told.limits.input_tokens, told.limits.output_tokens) == (50_000, 128_000)
    wrong = line(GPT, ServerCheck("It is on fire."), OPENAI_API_KEY=KEY)
    assert not wrong.is_usable
    assert wrong.sentence == "It is on fire."


@pytest.mark.parametrize("width", [60, 80, 140, 200])
def test_the_table_lines_up_at_every_width(width: int) -> None:
    lines = [line(GPT, OPENAI_API_KEY=KEY), line(replace(GPT, name="other", model="m" * 200))]
    text = as_text(lines, width)
    rows = text.split("\n\n")[0].splitlines()
    assert max(map(len, rows)) <= max(width, 71)
    assert len({row.rindex("  ") for row in rows}) == 1, "the last column begins at one place"
    assert ("WHERE" in rows[0]) is (width >= 140)


def test_names_of_models_are_shown_not_executed() -> None:
    served = (ServedModel("evil\x1b]52;c;aGk=\x07"),)
    server = FoundServer("ollama", "ollama", "http://127.0.0.1:11434", served)
    text = as_text([ModelLine(one, None) for one in local_prospects([server])], 100)
    assert not {"\x1b", "\x07"} & set(text)


def test_nothing_usable_at_all_is_exit_code_3(program: Program, monkeypatch, capsys) -> None:
    for name in ("XREVIEW_CONFIG_DIR", "XREVIEW_DATA_DIR"):
        monkeypatch.setenv(name, program.environ[name])
    assert run(["models", "--offline"]) == 3
    assert "No model is available, so only the analysers review." in capsys.readouterr().out
