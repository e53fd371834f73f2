"""Three families that read the same code, and what their overlap says of the rest."""

import json
from collections.abc import AsyncGenerator, Iterable
from math import ceil, exp, floor, log, sqrt
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.provider_server import google
from tests.fakes.provider_server.reply import Reply, Request, json_reply
from tests.fakes.provider_server.server import ProviderServer
from tests.proof.readers import ApiReaders, api_readers
from tests.proof.shop import Shop
from tests.review.asking.test_reviewer import finding

PATH = "src/rows.py"
NAMES = (
    "alpha", "border", "cellar", "dragon", "embers", "fabric", "garden", "harbour", "island",
)  # fmt: skip
CODE = "".join(f"def {name}(rows):\n    return {name}_of(rows)\n\n\n" for name in NAMES)
CLAIMS = (
    "Empty input raises", "Order gets lost", "Duplicates are kept", "Negative numbers overflow",
    "Unicode is mangled", "Memory grows without end", "Time zones are ignored",
    "A header is dropped", "Rounding loses cents",
)  # fmt: skip


def problems(numbers: Iterable[int]) -> list[dict[str, Any]]:
    return [
        {**finding(PATH, f"    return {NAMES[at]}_of(rows)", CLAIMS[at]), "start_line": 4 * at + 2}
        for at in numbers
    ]


@pytest.fixture
async def readers() -> AsyncGenerator[ApiReaders, None]:
    async with api_readers() as running:
        yield running


@pytest.fixture
async def third() -> AsyncGenerator[ProviderServer, None]:
    async with ProviderServer() as running:
        yield running


def shop_with(tmp_path: Path, readers: ApiReaders, third: ProviderServer | None) -> Shop:
    shop = Shop(tmp_path, readers)
    names = '["opus", "gpt"]' if third is None else '["opus", "gpt", "gem"]'
    more = "" if third is None else (
        f'[reviewers.gem]\nprovider = "google"\nmodel = "{google.MODEL}"\n'
        f'base_url = "{third.url}/v1"\nkey_variable = "MY_KEY"\n'
    )  # fmt: skip
    text = f"review_with = {names}\nrebuttals = false\n{readers.config}\n{more}"
    (shop.program.config / "config.toml").write_text(text)
    shop.repository.write(PATH, CODE)
    return shop


def says(server: ProviderServer, numbers: Iterable[int]) -> None:
    said = json.dumps({"findings": problems(numbers)})

    def answer(request: Request) -> Reply:
        made = google.reply(google.text(said))
        return made if isinstance(made, Reply) else made(request)

    server.on(google.STREAM.partition(":")[0], json_reply(google.model(most_input=1_000_000)))
    for path in (google.PATH, google.STREAM):
        server.on(path, answer)


async def estimate(shop: Shop) -> tuple[dict[str, Any], str]:
    done = await shop.run("review", "--author", "mistral", "--yes-egress")
    assert done.code == 1, done.err
    told = shop.as_json("log", "stats", "--session", "latest")["session_account"]["remaining"]
    return told, done.err


async def test_three_readers_give_the_number_that_the_formula_gives_by_hand(
    tmp_path: Path, readers: ApiReaders, third: ProviderServer
) -> None:
    shop = shop_with(tmp_path, readers, third)
    readers.knows("opus", *problems([0, 1, 2, 3]))
    readers.knows("gpt", *problems([0, 1, 4, 5]))
    says(third, [0, 2, 6])
    told, said = await estimate(shop)
    # Problem 0 was found by three, 1 and 2 by two, 3 to 6 by one: f1 = 4, f2 = 2, t = 3.
    mean = 2 / 3 * 4 * 3 / (2 * (2 + 1))
    assert (told["found"], told["shared"]) == (7, 3), (told, said)
    assert told["unseen"]["likely"] == pytest.approx(mean, abs=0.01)
    share, one, two = 2 / 3, 4, 3  # (t - 1) / t, f1, f2 + 1; the variance of Chao's estimate
    variance = share * one * (one - 1) / (2 * two)
    variance += share**2 * one * (2 * one - 1) ** 2 / (4 * two**2)
    variance += share**2 * one**2 * (two - 1) * (one - 1) ** 2 / (4 * two**4)
    spread = exp(1.96 * sqrt(log(1 + variance / mean**2)))
    assert told["unseen"]["low"] == floor(mean / spread)
    assert told["unseen"]["high"] == ceil(mean * spread)
    assert f"perhaps up to {ceil(mean * spread)}" in said


async def test_two_readers_without_overlap_tell_nothing(
    tmp_path: Path, readers: ApiReaders
) -> None:
    shop = shop_with(tmp_path, readers, None)
    readers.knows("opus", *problems([0, 1, 2, 3]))
    readers.knows("gpt", *problems([4, 5, 6, 7]))
    told, said = await estimate(shop)
    assert (told["found"], told["shared"], told["unseen"]) == (8, 0, None)
    assert "estimated from what readers share" not in said
    shown = shop.program.run("log", "stats", "--session").out
    assert "can't be estimated" in shown
