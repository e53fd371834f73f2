"""What opencode's events mean."""

import pytest

from tests.agents.reading_events import MODEL, Json, read
from xreview.agents import opencode
from xreview.agents.base.agent import Exit
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    Restarted,
    Stop,
    TextDelta,
    Tokens,
)

AGENT = opencode.PROVIDER
USED = {"input": 50, "output": 25, "reasoning": 15, "cache": {"read": 50, "write": 5}}


def text(said: str) -> Json:
    return {"type": "text", "part": {"type": "text", "text": said}}


def step(reason: str = "stop", cost: object = 0) -> Json:
    return {"type": "step_finish", "part": {"reason": reason, "tokens": USED, "cost": cost}}


def test_the_last_text_is_the_answer_and_tokens_add_up():
    call = {
        "type": "tool_use",
        "part": {"tool": "read", "state": {"input": {"filePath": "src/x.py"}}},
    }
    events = [
        text("I look at it."),
        call,
        step("tool-calls", 0.5),
        text('{"findings": []}'),
        step(cost=0.25),
    ]
    assert read(AGENT, events) == [
        TextDelta("I look at it."),
        Doing("reading src/x.py"),
        Tokens(105, 50, 5, 40, 15, 0.5),
        Restarted(),
        TextDelta('{"findings": []}'),
        Tokens(210, 100, 10, 80, 30, 0.75),
        Tokens(210, 100, 10, 80, 30, 0.75),
        Finished(Stop.OK, MODEL, echo='{"findings": []}'),
    ]


def test_no_cost_is_told_for_a_model_whose_price_is_unknown():
    tokens = [signal for signal in read(AGENT, [text("x"), step()]) if isinstance(signal, Tokens)]
    assert [one.cost for one in tokens] == [None, None]


@pytest.mark.parametrize(
    ("reason", "stop"), [("content-filter", Stop.REFUSED), ("length", Stop.TRUNCATED)]
)
def test_other_ends(reason, stop):
    last = read(AGENT, [text('{"fin'), step(reason)])[-1]
    assert isinstance(last, Finished)
    assert last.stop is stop


@pytest.mark.parametrize("code", [0, 1])
def test_an_error_is_one_whatever_the_exit_status(code):
    data = {"message": "bad key", "statusCode": 401}
    event = {"type": "error", "error": {"name": "APIError", "data": data}}
    error = read(AGENT, [text("half"), event], Exit(code, ""))[-1]
    assert isinstance(error, ModelError)
    assert error.failure is Failure.KEY


@pytest.mark.parametrize("events", [[step()], [text(" "), step()], [text("half")], []])
def test_no_answer(events):
    assert isinstance(read(AGENT, events)[-1], ModelError)
