"""The real programs against the double: answers, failures, and none that is left running."""

import asyncio
import json
from contextlib import aclosing, suppress
from pathlib import Path

import pytest

from tests.agents.playing import alive
from tests.agents.real import (
    ALL,
    CLAUDE,
    CODEX,
    GEMINI,
    OPENCODE,
    Real,
    model_of,
    program_folder,
    signals_of,
)
from tests.fakes.provider_server import anthropic, chat, google, openai
from tests.fakes.provider_server.reply import Answer, Ending
from tests.fakes.provider_server.server import ProviderServer
from tests.models.requests import FULL
from xreview.agents.base.agent import ReadableFolder, agent_named
from xreview.agents.finding.detection import version_of
from xreview.agents.running.model import AgentModel, AgentPatience
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    Stop,
    Tokens,
    Waiting,
)
from xreview.ports.request import Exchange, ModelRequest

ANSWER = '{"findings": ["x"]}'
REPAIR = ModelRequest(
    instructions=FULL.instructions,
    question="The first question.",
    schema=FULL.schema,
    exchanges=(Exchange(echo="the first answer", text="That was not what was asked for."),),
)


@pytest.fixture(params=ALL, ids=lambda real: real.name)
def real(request) -> Real:
    program_folder(request.param)
    return request.param


@pytest.fixture
async def server():
    async with ProviderServer() as made:
        yield made


@pytest.fixture
def model(real, server, tmp_path) -> AgentModel:
    return asked(real, server, tmp_path)


def asked(real: Real, server: ProviderServer, tmp_path, **more) -> AgentModel:
    (tmp_path / "project").mkdir(exist_ok=True)
    return model_of(real, server, ReadableFolder(tmp_path / "project"), tmp_path / "home", **more)


def answers(real: Real, server: ProviderServer, *turns: Answer) -> None:
    for path in real.paths:
        server.on(path, *turns)


def answer(real: Real) -> Answer:
    if real is CLAUDE:
        block = anthropic.tool_use("t9", "StructuredOutput", findings=["x"])
        return anthropic.message(block, stop_reason="tool_use")
    return real.says(ANSWER)


async def test_a_repair_turn_holds_the_conversation_and_tells_what_was_used(real, server, model):
    answers(real, server, answer(real), real.says("done"))
    signals = await signals_of(model, REPAIR)
    asked = server.requests[-1].body.decode()
    assert asked.index("The first question.") < asked.index("the first answer")
    assert asked.index("the first answer") < asked.index("That was not what was asked for.")
    last = signals[-1]
    assert isinstance(last, Finished)
    assert json.loads(last.answer or str(last.echo)) == json.loads(ANSWER)
    used = next(signal for signal in reversed(signals) if isinstance(signal, Tokens))
    assert used.input >= 100
    assert used.output >= 40


REFUSED_KEY = {
    CLAUDE: anthropic.error(401, "authentication_error", "invalid x-api-key"),
    CODEX: openai.error(401, "invalid_api_key", "Incorrect API key provided"),
    GEMINI: google.error(400, "INVALID_ARGUMENT", "API key not valid.", google.key_invalid()),
    OPENCODE: chat.error(401, "bad key"),
}


async def test_a_refused_key(real, server, model):
    answers(real, server, REFUSED_KEY[real])
    with pytest.raises(ModelError) as caught:
        await signals_of(model, FULL)
    assert caught.value.failure is Failure.KEY


NOTHING = {
    CODEX: openai.response(openai.message("", refusal="I cannot")),
}


@pytest.mark.parametrize("real", NOTHING, ids=lambda real: real.name, indirect=True)
async def test_an_empty_answer_with_exit_0_is_a_failure(real, server, model):
    answers(real, server, NOTHING[real])
    with pytest.raises(ModelError) as caught:
        await signals_of(model, FULL)
    assert caught.value.failure is Failure.PROTOCOL


@pytest.mark.parametrize("real", [CLAUDE], ids=lambda real: real.name, indirect=True)
async def test_a_refusal(real, server, model):
    details = {"type": "refusal", "category": "cyber", "explanation": "no way"}
    refusal = anthropic.message(anthropic.text(""), stop_reason="refusal", stop_details=details)
    answers(real, server, refusal)
    last = (await signals_of(model, FULL))[-1]
    assert isinstance(last, Finished)
    assert (last.stop, last.detail) == (Stop.REFUSED, "no way")


@pytest.mark.parametrize("real", [CLAUDE], ids=lambda real: real.name, indirect=True)
async def test_a_schema_that_is_not_kept_leaves_its_words_to_be_checked(real, server, model):
    answers(real, server, real.says("I would rather not."))
    last = (await signals_of(model, FULL))[-1]
    assert isinstance(last, Finished)
    assert (last.answer, last.echo) == ("", "I would rather not.")


@pytest.mark.parametrize("real", [CLAUDE, CODEX], ids=lambda real: real.name, indirect=True)
async def test_attempts_are_shown_as_they_are_made(real, server, model):
    busy = {
        CLAUDE: anthropic.error(529, "overloaded_error", "Overloaded"),
        CODEX: openai.streamed(openai.message("half")).cut_off_after(300, Ending.RESET),
    }[real]
    answers(real, server, busy, answer(real), real.says("done"))
    signals = await signals_of(model, FULL)
    assert any(
        isinstance(signal, Waiting) or (isinstance(signal, Doing) and "retrying" in signal.what)
        for signal in signals
    )
    assert isinstance(signals[-1], Finished)


async def test_a_cancelled_run_leaves_no_process(real, server, tmp_path):
    stalled = real.says(ANSWER)
    answers(real, server, lambda request: stalled(request).cut_off_after(0, Ending.STALL))
    model = asked(real, server, tmp_path, patience=AgentPatience(overall=60.0, grace=0.5))
    task = asyncio.create_task(signals_of(model, FULL))
    await asyncio.wait_for(server.received.wait(), 60)
    started = running(model)
    assert started
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert alive(started) == []


@pytest.mark.parametrize("real", [CODEX], ids=lambda real: real.name, indirect=True)
async def test_a_command_that_the_agent_runs_does_not_outlive_it(real, server, tmp_path):
    """Codex runs commands in sessions of their own, out of its process group."""
    answers(real, server, real.calls("exec_command", cmd="sleep 600"), real.says(ANSWER))
    model = asked(real, server, tmp_path, patience=AgentPatience(overall=60.0, grace=0.5))
    started: list[int] = []
    async with aclosing(model.ask(FULL)) as signals:
        async for signal in signals:
            if isinstance(signal, Doing) and "sleep 600" in signal.what:
                while len(started) < 3:
                    await asyncio.sleep(0.05)
                    started = running(model)
                break
    assert alive(started) == []


def test_it_says_its_own_version(real, tmp_path):
    """What is read from its package is what it says itself."""
    program = program_folder(real) / real.name
    agent = agent_named(real.provider)
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    assert version_of(program, agent.package, environ, tmp_path / "project") == real.version
    assert tuple(map(int, real.version.split(".")[:2])) == agent.tested


def running(model: AgentModel) -> list[int]:
    """The process that the model started, and all below it."""
    (process,) = model._running
    return [process.pid, *_below(process.pid)]


def _below(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, children.read_text().split()):
                found += [child, *_below(child)]
    return found
