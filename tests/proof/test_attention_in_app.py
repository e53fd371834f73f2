"""What deserves a person's look, in the app on a terminal: by hand only, and never lost."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.functional.terminal import Terminal
from tests.proof.readers import ApiReaders, api_readers
from tests.proof.shop import BY, LOGIN, SAFE, Shop, weak


@pytest.fixture
async def readers() -> AsyncGenerator[ApiReaders, None]:
    async with api_readers() as running:
        running.knows("opus", weak())
        running.knows("gpt", weak())
        yield running


def opened(shop: Shop) -> Terminal:
    top, home = shop.repository.top, shop.program.home
    return Terminal(top, *BY, home=home, extra=shop.program.environ)


def decide_in_app(shop: Shop) -> None:
    """Try to confirm in bulk, decide by hand, look at the account, and die."""
    with opened(shop) as terminal:
        terminal.wait_for("conceded")
        start = len(terminal.output)
        terminal.type("C")
        terminal.wait_for("left out", start)
        assert "0 accepted" in shop.program.run("export", "--format", "markdown").out
        start = len(terminal.output)
        terminal.type("a")
        terminal.wait_for("decided", start)
        start = len(terminal.output)
        terminal.type("A")
        terminal.wait_for("1 caught, 0 rejected", start)
        terminal.process.kill()
        terminal.process.wait()


async def test_it_is_decided_by_hand_and_a_killed_app_loses_and_doubles_nothing(
    tmp_path: Path, readers: ApiReaders
) -> None:
    shop = Shop(tmp_path, readers)
    shop.weaken()
    await asyncio.to_thread(decide_in_app, shop)

    verified = shop.program.run("log", "verify")
    assert verified.code == 0, verified.out
    session = shop.as_json("log", "stats", "--session", "latest")
    assert session["session_account"]["findings"]["by_fate"] == {"accepted": 1}
    shown = shop.program.run("log", "show", session["id"]).out
    assert shown.count("accepted") == 1, shown
    assert shown.count("attention") == 1, shown

    done = await shop.run("review", *BY, "--require-human", "4")
    assert (done.code, "A person has to look" in done.err) == (0, False), done.err


def view_in_app(shop: Shop) -> None:
    with opened(shop) as terminal:
        terminal.wait_for("opus ✓")
        terminal.type("2m")
        terminal.wait_for("viewed")
        terminal.type("q")
        assert terminal.wait_for_end() == 0


async def test_a_file_without_findings_is_asked_for_until_it_was_viewed(
    tmp_path: Path, readers: ApiReaders
) -> None:
    shop = Shop(tmp_path, readers)
    shop.repository.write(LOGIN, SAFE.replace("None", "{}"))
    words = ("review", *BY, "--require-human", "4")
    assert (await shop.run(*words)).code == 1
    await asyncio.to_thread(view_in_app, shop)
    done = await shop.run(*words)
    assert done.code == 0, done.err
    shop.repository.write(LOGIN, SAFE.replace("None", "[]"))
    assert (await shop.run(*words)).code == 1, "what was viewed is another change"
