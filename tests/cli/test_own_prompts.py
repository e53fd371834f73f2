"""A review with a user's own prompt, and with a model that breaks the schema, from end to end."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tests.cli.program import Done, Program
from tests.cli.test_models import NO_KEYS
from tests.cli.test_prompt import write
from tests.cli.test_prompt_show import EMPTY, KEY, configure
from tests.fakes.provider_server import openai as double
from tests.fakes.provider_server.server import ProviderServer
from tests.repo.builder import Builder

REVIEW = ("review", "--quiet", "--reviewer", "mine", "--author", "anthropic")
PROSE = "Looks good to me \u202e."


@pytest.fixture
async def server() -> AsyncGenerator[ProviderServer, None]:
    async with ProviderServer() as running:
        yield running


@pytest.fixture
def change(program: Program, repository: Builder, server: ProviderServer) -> Builder:
    configure(program, server.url)
    repository.write("a.py", "print('a colour')\n")
    return repository


async def run(program: Program, *words: str) -> Done:
    return await asyncio.to_thread(program.run, *words, MY_KEY=KEY, **NO_KEYS)


async def asked(program: Program) -> list[dict[str, Any]]:
    shown = json.loads((await run(program, "log", "show", "latest", "--json")).out)
    return [one["payload"] for one in shown["events"] if one["type"] == "model-asked"]


def answers(server: ProviderServer, *texts: str) -> None:
    server.on(double.PATH, *(double.response(double.message(text)) for text in texts))


async def test_the_users_words_are_sent_and_the_journal_says_so(
    program: Program, change: Builder, server: ProviderServer
) -> None:
    answers(server, EMPTY)
    await run(program, *REVIEW)
    (ours,) = await asked(program)
    write(program, "economy", 'based_on = 1\nfocus = "mistakes with money"\n')
    write(program, "risk", 'based_on = 2\nfocus = "words"\n')

    done = await run(program, *REVIEW)
    bodies = server.bodies(double.PATH)
    assert len(bodies) == 2, "a reply to our words isn't one to the user's"
    assert "Look for mistakes with money, and for nothing else." in " ".join(
        str(bodies[-1]["instructions"]).split()
    )
    assert "untrusted data" in str(bodies[-1]["instructions"])
    (mine,) = await asked(program)
    assert (ours["prompt"], mine["prompt"]) == ("economy/2", "economy/2+yours")
    assert ours["digest"] != mine["digest"]
    assert "yours is based on version 1, ours is 2 now" in done.err + done.out
    compared = await run(program, "log", "stats", "--by", "prompt")
    assert f"economy/2+yours ({mine['digest'][:12]})" in compared.out.splitlines()


async def test_a_broken_prompt_stops_the_review_before_anything_is_sent(
    program: Program, change: Builder, server: ProviderServer
) -> None:
    answers(server, EMPTY)
    path = write(program, "risk", 'based_on = 2\nfocus = ""\n')
    done = await run(program, *REVIEW)
    assert done.code == 2
    assert f"{path}:2: “focus” is blank. Remove it to use our words." in done.err
    assert server.requests == []
    shown = await run(program, "prompt", "show", "--reviewer", "mine")
    assert (shown.code, str(path) in shown.err) == (2, True)
    assert (await run(program, "models")).code != 2, "it asks nobody"


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (EMPTY, "1 of 1 reply broke the schema, 1 repaired"),
        (PROSE, "1 of 1 reply broke the schema, 0 repaired"),
    ],
)
async def test_a_model_that_breaks_the_schema_is_told_why_and_counted(
    program: Program, change: Builder, server: ProviderServer, second: str, words: str
) -> None:
    answers(server, PROSE, second)
    await run(program, *REVIEW)
    (found,) = await asked(program)
    repaired = int(second == EMPTY)
    assert found["replies"] == {"answers": 1, "malformed": 1, "repaired": repaired}
    question = json.dumps(server.bodies(double.PATH)[1], ensure_ascii=False)
    assert "must be one JSON object" in question
    assert "it begins with “Looks good to me" in question
    assert "with “Looks good to me \u202e" not in question
    assert f"gpt-6-luna: {words}" in (await run(program, "log", "stats")).out
    wide = {**NO_KEYS, "COLUMNS": "400"}
    shown = await asyncio.to_thread(program.run, "log", "show", "latest", **wide)
    assert words in shown.out


async def test_a_prompt_in_the_repository_has_no_effect(
    program: Program, change: Builder, server: ProviderServer
) -> None:
    answers(server, EMPTY)
    for folder in ("prompts", ".xreview/prompts", "config/prompts"):
        change.write(f"{folder}/economy.toml", 'based_on = 2\nfocus = "nothing at all"\n')
    await run(program, *REVIEW)
    sent = [str(one["instructions"]) for one in server.bodies(double.PATH)]
    assert sent
    assert not any("nothing at all, and" in one for one in sent)
    assert {one["prompt"] for one in await asked(program)} == {"economy/2"}
