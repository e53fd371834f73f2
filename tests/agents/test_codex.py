"""What Codex's events mean."""

import pytest

from tests.agents.reading_events import MODEL, Json, read
from xreview.agents import codex
from xreview.agents.base.agent import Exit
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    Stop,
    TextDelta,
    Tokens,
)

AGENT = codex.PROVIDER
STARTED = {"type": "turn.started"}
COMPLETED = {
    "type": "turn.completed",
    "usage": {
        "input_tokens": 200,
        "cached_input_tokens": 100,
        "cache_write_input_tokens": 60,
        "output_tokens": 80,
        "reasoning_output_tokens": 30,
    },
}
USED = Tokens(200, 100, 60, 80, 30)


def item(kind: str, moment: str = "completed", **fields: object) -> Json:
    return {"type": f"item.{moment}", "item": {"id": "item_1", "type": kind, **fields}}


def test_the_last_message_is_the_answer():
    events = [
        {"type": "thread.started", "thread_id": "1"},
        STARTED,
        item("error", message="Model metadata for `x` not found."),
        item("agent_message", text="I look at it."),
        item("command_execution", "started", command="/bin/bash -lc 'cat src/x.py'"),
        item("command_execution", command="/bin/bash -lc 'cat src/x.py'"),
        item("agent_message", text='{"findings": []}'),
        COMPLETED,
    ]
    assert read(AGENT, events) == [
        Doing("thinking"),
        Doing("running cat src/x.py"),
        USED,
        TextDelta('{"findings": []}'),
        Finished(Stop.OK, MODEL, echo='{"findings": []}'),
    ]


@pytest.mark.parametrize("last", [[], [item("agent_message", text="")]], ids=["none", "empty"])
def test_a_refusal_is_an_empty_last_message_with_exit_0(last):
    error = read(AGENT, [STARTED, *last, COMPLETED])[-1]
    assert isinstance(error, ModelError)
    assert "how it refuses" in error.message


def test_an_empty_message_after_a_remark_is_not_answered_by_the_remark():
    events = [
        STARTED,
        item("agent_message", text="I look at it."),
        item("agent_message", text=""),
        COMPLETED,
    ]
    assert isinstance(read(AGENT, events)[-1], ModelError)


def test_new_attempts_are_shown_and_do_not_fail_the_turn():
    again = {"type": "error", "message": "Reconnecting... 2/5 (unexpected status 500)"}
    events = [STARTED, again, item("agent_message", text="fine"), COMPLETED]
    signals = read(AGENT, events)
    assert Doing("retrying the connection to the server") in signals
    assert signals[-1] == Finished(Stop.OK, MODEL, echo="fine")


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ("unexpected status 401 Unauthorized: wrong, url: http://x", Failure.KEY),
        ("You've hit your usage limit. Try again at 5 PM.", Failure.RATE),
        ("Quota exceeded. Check your plan and billing details.", Failure.MONEY),
        ("stream disconnected before completion: error sending request", Failure.CONNECTION),
    ],
)
@pytest.mark.parametrize("code", [0, 1])
def test_a_failed_turn(said, failure, code):
    events = [STARTED, {"type": "turn.failed", "error": {"message": said}}]
    error = read(AGENT, events, Exit(code, ""))[-1]
    assert isinstance(error, ModelError)
    assert error.failure is failure


def test_an_answer_that_was_cut_off():
    said = "Incomplete response returned, reason: max_output_tokens"
    events = [
        item("agent_message", text='{"fi'),
        {"type": "turn.failed", "error": {"message": said}},
    ]
    assert read(AGENT, events)[-1] == Finished(Stop.TRUNCATED, MODEL, echo='{"fi')


def test_an_end_without_an_end_of_the_turn():
    error = read(AGENT, [STARTED, item("agent_message", text="fine")], Exit(-9, ""))[-1]
    assert isinstance(error, ModelError)
    assert "signal 9" in error.message
