"""What programs do that misbehave: none of them outlives its run, and none fills the memory."""

import asyncio
import json
import sys
from contextlib import aclosing

import pytest

from tests.agents.playing import Played, alive, result
from tests.agents.real import signals_of
from tests.models.requests import FULL, PLAIN
from xreview.agents.running import process as process_module
from xreview.agents.running.model import AgentPatience
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Doing, Finished, TextDelta

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
ANSWER = {"findings": ["x"]}


@pytest.fixture
def played(tmp_path) -> Played:
    return Played(tmp_path)


async def began(played: Played) -> None:
    while True:
        if played.pids:
            return
        await asyncio.sleep(0.02)


async def failure_of(model, request=PLAIN) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await signals_of(model, request)
    return caught.value


async def test_a_prompt_and_an_answer(played):
    played.say(result(structured_output=ANSWER))
    signals = await signals_of(played.model("answers"), FULL)
    assert isinstance(signals[-1], Finished)
    assert json.loads(signals[-1].answer) == ANSWER
    assert played.given["prompt"] == "The conventions.\n\nReview this."


async def test_a_prompt_larger_than_any_argument(played):
    played.say(result(result="fine"))
    question = "x" * 3_000_000
    request = type(PLAIN)(instructions="y" * 300_000, question=question)
    await signals_of(played.model("answers"), request)
    assert played.given["prompt"] == question


async def test_cancelling_ends_a_program_that_ignores_sigterm(played):
    model = played.model("ignores_sigterm")
    async with aclosing(model.ask(PLAIN)) as signals:
        async for signal in signals:
            if signal == Doing("thinking"):
                break
    assert played.pids
    assert alive(played.pids) == []


async def test_cancelling_the_task_ends_it_too(played):
    model = played.model("ignores_sigterm")
    task = asyncio.create_task(signals_of(model, PLAIN))
    await began(played)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert alive(played.pids) == []


async def test_closing_the_model_ends_what_runs(played):
    model = played.model("ignores_sigterm")
    task = asyncio.create_task(failure_of(model))
    await began(played)
    await model.close()
    assert (await task).failure is Failure.PROTOCOL
    assert alive(played.pids) == []


async def test_a_deadline_ends_it(played):
    patience = AgentPatience(overall=0.8, quiet=0.1, grace=0.1)
    error = await failure_of(played.model("ignores_sigterm", patience=patience))
    assert error.failure is Failure.TIMEOUT
    assert "0.8 seconds" in error.message
    assert alive(played.pids) == []


async def test_silence_is_told(played):
    patience = AgentPatience(overall=30.0, quiet=0.05, grace=0.1)
    async with aclosing(played.model("ignores_sigterm", patience=patience).ask(PLAIN)) as signals:
        async for signal in signals:
            if isinstance(signal, Doing) and "silent" in signal.what:
                break
    assert alive(played.pids) == []


@LINUX
@pytest.mark.parametrize("stays", [False, True])
async def test_children_do_not_outlive_it(played, stays):
    played.say(result(result="fine"))
    if stays:
        played.tell("stay", "")
    signals = await signals_of(played.model("leaves_children"), PLAIN)
    assert isinstance(signals[-1], Finished)
    assert len(played.pids) == 3
    assert alive(played.pids) == []


@LINUX
async def test_children_that_hold_the_output_open_do_not_keep_it_from_ending(played):
    played.tell("says", "no event at all")
    error = await failure_of(played.model("leaves_children"))
    assert error.failure is Failure.PROTOCOL
    assert alive(played.pids) == []


@pytest.mark.parametrize("length", [0, 100_000], ids=["one endless line", "lines without end"])
async def test_a_flood_is_an_error(played, length, monkeypatch):
    monkeypatch.setattr(process_module, "TOTAL_BYTES", 20 * 1024 * 1024)
    played.tell("length", str(length))
    error = await failure_of(played.model("floods"))
    assert error.failure is Failure.PROTOCOL
    assert "without an end" in error.message


async def test_a_line_that_is_too_long_is_left_out(played, monkeypatch):
    monkeypatch.setattr(process_module, "LINE_BYTES", 1000)
    long = json.dumps(result(result="y" * 2000))
    played.tell("says", f"{long}\n{json.dumps(result(result='fine'))}\n")
    signals = await signals_of(played.model("answers"), PLAIN)
    assert TextDelta("fine") in signals


@pytest.mark.parametrize("cut", [1, 40, 200])
async def test_a_program_that_dies_in_the_middle_of_a_line(played, cut):
    whole = json.dumps(result(result="fine"))
    played.tell("says", whole[: len(whole) - cut])
    played.tell("status", "139")
    error = await failure_of(played.model("answers"))
    assert error.failure is Failure.PROTOCOL
    assert "139" in error.message


async def test_a_last_line_without_an_end_counts(played):
    played.tell("says", json.dumps(result(result="fine")))
    signals = await signals_of(played.model("answers"), PLAIN)
    assert isinstance(signals[-1], Finished)


async def test_a_loud_program_neither_blocks_nor_is_quoted(played):
    played.say(result(is_error=True, result=""))
    error = await failure_of(played.model("shouts"))
    assert "secret-prompt" not in str(error)


async def test_a_program_that_can_not_be_started(played):
    model = played.model("no_such_program")
    error = await failure_of(model)
    assert error.failure is Failure.CONNECTION
    assert "can't be started" in error.message


async def test_no_file_stays_behind(played, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    played.say(result(structured_output=ANSWER))
    await signals_of(played.model("answers"), FULL)
    assert list((tmp_path / "temporary").iterdir()) == []
