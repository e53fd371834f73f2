"""The panel makes the model of a tier: over HTTP, and an agent in either mode."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.agents.playing import result
from tests.agents.real import signals_of
from tests.agents.test_detection import Machine
from tests.fakes.provider_server import openai as double
from tests.fakes.provider_server.server import ProviderServer
from tests.models.requests import FULL
from xreview.agents.base.agent import WritableFolder
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.report import Lens, ReviewerKind
from xreview.domain.stakes.tier import Tier
from xreview.models.local_servers import PORTS_VARIABLE
from xreview.ports.failure import ModelError
from xreview.ports.provider import ReviewerSettings
from xreview.review.asking.money import Money
from xreview.review.choosing.choice import Assignment, Candidate
from xreview.review.choosing.panel import ChangeContext, Panel

KEY = "sk-test-Zq3R8vXk1LmT0pWd"
NOTHING = json.dumps({"findings": []})


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    said = json.dumps(result(structured_output={"findings": []}))
    program = made.programs / "claude"
    program.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --version ]; then echo 2.1.330; exit; fi\n'
        f'cat > /dev/null; echo "$@" >> "{made.home}/arguments"\n'
        f"echo '{said}'\n"
    )
    program.chmod(0o755)
    made.write(".claude/.credentials.json")
    made.variables[PORTS_VARIABLE] = ""
    return made


@pytest.fixture
async def server() -> AsyncGenerator[ProviderServer, None]:
    async with ProviderServer() as running:
        running.on(double.PATH, double.response(double.message(NOTHING)))
        yield running


async def panel_of(machine: Machine, folder: Path, *reviewers: ReviewerSettings) -> Panel:
    folders = Folders(*(folder / name for name in ("config", "data", "cache", "state")))
    settings = Settings(reviewers={one.name: one for one in reviewers})
    environ = {**machine.environ, "MY_KEY": KEY}
    panel = Panel(settings, folders, environ, Money(2.0), machine.top)
    await panel.find()
    return panel


def over_http(server: ProviderServer, lighter: str = "gpt-6-luna") -> ReviewerSettings:
    return ReviewerSettings(
        *("mine", "openai", "gpt-6.2-sol", lighter),
        base_url=f"{server.url}/v1",
        key_variable="MY_KEY",
    )


async def test_a_model_of_either_tier_is_asked(machine, tmp_path, server) -> None:
    panel = await panel_of(machine, tmp_path, over_http(server))
    try:
        for tier, model in ((Tier.DEEP, "gpt-6.2-sol"), (Tier.FAST, "gpt-6-luna")):
            answerer = panel.answerer("mine", tier=tier)
            assert (answerer.identity.name, answerer.identity.model) == ("mine", model)
            assert answerer.lighter is None
            await signals_of(answerer.voice.model, FULL)
            assert server.bodies(double.PATH)[-1]["model"] == model
    finally:
        await panel.close()


async def test_a_fast_review_asks_no_other_model(machine, tmp_path, server) -> None:
    panel = await panel_of(machine, tmp_path, over_http(server))
    candidate = Candidate("mine", "openai", ReviewerKind.MODEL, fast="gpt-6-luna")
    try:
        deep = panel.model_reviewer(Assignment(candidate, Lens.RISK), ChangeContext())
        fast = panel.model_reviewer(
            Assignment(candidate, Lens.RISK, tier=Tier.FAST), ChangeContext()
        )
    finally:
        await panel.close()

    def asked(reviewer, *, is_hard: bool) -> str:
        return reviewer.asking.answerer.voice_for(is_hard=is_hard).model.identity.model

    assert [asked(deep, is_hard=one) for one in (True, False)] == ["gpt-6.2-sol", "gpt-6-luna"]
    assert [asked(fast, is_hard=one) for one in (True, False)] == ["gpt-6-luna", "gpt-6-luna"]
    assert (deep.identity.model, fast.identity.model) == ("gpt-6.2-sol", "gpt-6-luna")


async def test_without_a_fast_model_there_is_a_sentence(machine, tmp_path, server) -> None:
    panel = await panel_of(machine, tmp_path, over_http(server, ""))
    tree = tmp_path / "tree"
    try:
        with pytest.raises(ModelError, match="mine has no fast model") as raised:
            panel.answerer("mine", tier=Tier.FAST)
        assert "`lighter` in [reviewers.mine]" in raised.value.advice
        with pytest.raises(ModelError, match="claude-code has no fast model"):
            panel.fixer_voice("claude-code", WritableFolder(machine.top, tree), Tier.FAST)
    finally:
        await panel.close()


async def test_an_agent_is_started_with_the_model_of_its_tier(machine, tmp_path) -> None:
    agent = ReviewerSettings("claude-code", "claude-code", lighter="haiku")
    panel = await panel_of(machine, tmp_path, agent)
    tree = tmp_path / "tree"
    tree.mkdir()
    try:
        for tier in Tier:
            voice = panel.fixer_voice("claude-code", WritableFolder(machine.top, tree), tier)
            await signals_of(voice.model, FULL)
        answerer = panel.answerer("claude-code", tier=Tier.FAST)
        assert answerer.identity.model == "haiku"
        await signals_of(answerer.voice.model, FULL)
    finally:
        await panel.close()
    fast, deep, reading = (machine.home / "arguments").read_text().splitlines()
    assert "--model haiku" in fast
    assert "--model" not in deep
    assert "--model haiku" in reading


async def test_an_agents_fast_model_cannot_send_code_somewhere_else(machine, tmp_path) -> None:
    machine.install("opencode", "1.18.33")
    machine.variables |= {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY}
    machine.write(
        ".config/opencode/opencode.json",
        json.dumps({"provider": {"openai": {"options": {"baseURL": "https://elsewhere.example"}}}}),
    )
    agent = ReviewerSettings("opencode", "opencode", "anthropic/opus", "openai/luna")
    panel = await panel_of(machine, tmp_path, agent)
    try:
        with pytest.raises(ModelError, match="would send code somewhere else"):
            panel.answerer("opencode", tier=Tier.FAST)
    finally:
        await panel.close()
