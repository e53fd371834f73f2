"""What Claude Code's events mean, its ways to fail as if all were well among them."""

import json

import pytest

from tests.agents.playing import result
from tests.agents.reading_events import Json, read
from tests.models.requests import PLAIN
from xreview.agents import claude_code
from xreview.agents.base.agent import Exit
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    Restarted,
    Stop,
    TextDelta,
    Tokens,
    Waiting,
)

AGENT = claude_code.PROVIDER
ANSWER = {"findings": ["x"]}


def stream(**event: object) -> Json:
    return {"type": "stream_event", "event": event, "parent_tool_use_id": None}


def starts(**block: object) -> Json:
    return stream(type="content_block_start", content_block=block)


def delta(**fields: object) -> Json:
    return stream(type="content_block_delta", delta=fields)


def calls(name: str, **arguments: object) -> Json:
    block = {"type": "tool_use", "name": name, "input": arguments}
    return {"type": "assistant", "message": {"content": [block]}}


STOPS = stream(type="content_block_stop")
STARTS_ANSWER = starts(type="tool_use", name="StructuredOutput")


def test_an_answer_is_streamed_and_then_given_whole():
    events = [
        starts(type="thinking"),
        starts(type="text"),
        delta(text="I look at it."),
        STOPS,
        calls("Read", file_path="/project/src/x.py"),
        calls("Grep", pattern="def x", path="/project"),
        STARTS_ANSWER,
        delta(partial_json='{"findings":'),
        delta(partial_json=' ["x"]}'),
        STOPS,
        result(structured_output=ANSWER),
    ]
    assert read(AGENT, events) == [
        Doing("thinking"),
        Doing("reading src/x.py"),
        Doing("searching for def x"),
        TextDelta('{"findings":'),
        TextDelta(' ["x"]}'),
        Tokens(input=70, cached=50, output=40, cost=0.25),
        Finished(Stop.OK, "", echo=json.dumps(ANSWER), answer=json.dumps(ANSWER)),
    ]


def test_a_second_answer_takes_the_place_of_the_first():
    first = [STARTS_ANSWER, delta(partial_json='{"wrong": 1}'), STOPS]
    second = [STARTS_ANSWER, delta(partial_json='{"findings": ["x"]}'), STOPS]
    signals = read(AGENT, [*first, *second, result(structured_output=ANSWER)])
    assert signals[:3] == [
        TextDelta('{"wrong": 1}'),
        Restarted(),
        TextDelta('{"findings": ["x"]}'),
    ]


def test_no_structured_output_with_exit_0_leaves_the_text_to_be_checked():
    """A failure of the schema is no error to the program."""
    signals = read(AGENT, [result(result="I would rather not.")])
    assert signals[-2:] == [
        Tokens(input=70, cached=50, output=40, cost=0.25),
        Finished(Stop.OK, echo="I would rather not."),
    ]
    assert TextDelta("I would rather not.") in signals


def test_text_after_a_half_answer_takes_its_place():
    events = [STARTS_ANSWER, delta(partial_json='{"fin'), STOPS, result(result="I give up.")]
    signals = read(AGENT, events)
    assert signals.index(Restarted()) < signals.index(TextDelta("I give up."))


@pytest.mark.parametrize("said", ["", " \n"])
def test_an_empty_last_message_is_no_answer(said):
    error = read(AGENT, [result(result=said)])[-1]
    assert isinstance(error, ModelError)
    assert error.failure is Failure.PROTOCOL
    assert "gave no answer" in error.message


@pytest.mark.parametrize(
    ("status", "said", "failure"),
    [
        (401, "Failed to authenticate. API Error: 401", Failure.KEY),
        (429, "API Error: Request rejected (429)", Failure.RATE),
        (400, "Your credit balance is too low to access the API", Failure.MONEY),
        (400, "prompt is too long: 1200000 tokens > 1000000 maximum", Failure.TOO_LARGE),
        (404, "There's an issue with the selected model", Failure.NOT_FOUND),
        (529, "Overloaded", Failure.SERVER),
        (None, "Not logged in · Please run /login", Failure.KEY),
    ],
)
def test_an_error_counts_whatever_the_subtype_and_the_exit_status_say(status, said, failure):
    event = result(is_error=True, subtype="success", result=said, api_error_status=status)
    error = read(AGENT, [event], Exit(0, ""))[-1]
    assert isinstance(error, ModelError)
    assert error.failure is failure
    assert "Claude Code" in error.message


def test_a_missing_is_error_is_not_taken_for_a_success():
    event = result(structured_output=ANSWER)
    del event["is_error"]
    assert isinstance(read(AGENT, [event])[-1], ModelError)


@pytest.mark.parametrize("is_error", [True, False])
def test_a_refusal_is_one_with_and_without_an_error(is_error):
    told = stream(
        type="message_delta",
        delta={"stop_reason": "refusal", "stop_details": {"explanation": "no way"}},
    )
    events = [told, result(is_error=is_error, stop_reason="refusal", result="API Error: flagged")]
    assert read(AGENT, events)[-1] == Finished(Stop.REFUSED, "", "no way")


def test_an_answer_that_was_cut_off():
    signals = read(AGENT, [result(result='{"fin', stop_reason="max_tokens")])
    assert signals[-1] == Finished(Stop.TRUNCATED, echo='{"fin')


def test_attempts_are_shown():
    event = {"type": "system", "subtype": "api_retry", "attempt": 1, "retry_delay_ms": 505}
    signals = read(AGENT, [{**event, "error_status": 529}, result(structured_output=ANSWER)])
    assert signals[0] == Waiting(0.505, "Claude Code retries: the server answered 529.")


def test_a_refused_login_is_not_tried_for_minutes():
    events = [
        {
            "type": "system",
            "subtype": "api_retry",
            "attempt": attempt,
            "retry_delay_ms": 500,
            "error_status": 401,
        }
        for attempt in range(1, 10)
    ]
    *waits, error = read(AGENT, events)
    assert len(waits) == 2
    assert isinstance(error, ModelError)
    assert error.failure is Failure.KEY


def test_free_text_keeps_what_comes_after_the_last_call():
    events = [
        starts(type="text"),
        delta(text="Let me see."),
        calls("Read", file_path="a.py"),
        starts(type="text"),
        delta(text="Fine."),
        result(result="Fine."),
    ]
    signals = read(AGENT, events, request=PLAIN)
    assert signals[2:4] == [Restarted(), TextDelta("Fine.")]
    assert signals[-1] == Finished(Stop.OK, echo="Fine.")


def test_what_subagents_stream_is_not_the_answer():
    event = {**delta(text="inner"), "parent_tool_use_id": "t1"}
    signals = read(AGENT, [event, result(result="Fine.")], request=PLAIN)
    assert TextDelta("inner") not in signals


@pytest.mark.parametrize(
    ("code", "complaint", "failure"),
    [
        (1, "error: unknown option '--restricted'", Failure.REQUEST),
        (-15, "", Failure.PROTOCOL),
        (None, "", Failure.PROTOCOL),
        (1, "fetch failed: ENOTFOUND api.anthropic.com", Failure.CONNECTION),
    ],
)
def test_an_end_without_a_result(code, complaint, failure):
    error = read(AGENT, [], Exit(code, complaint))[-1]
    assert isinstance(error, ModelError)
    assert error.failure is failure
    assert "api.anthropic.com" not in error.message
