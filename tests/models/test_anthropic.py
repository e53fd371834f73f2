"""The Messages adapter against the double, and the double against Anthropic's own package."""

import json
from typing import Any

import anthropic as package
import pytest
from anthropic.types import message_create_params
from pydantic import ConfigDict, TypeAdapter, with_config

from tests.fakes.provider_server import anthropic as double
from tests.fakes.provider_server.reply import event_stream, frame, json_reply
from tests.fakes.provider_server.server import ProviderServer
from tests.models.http.asking import (
    FULL,
    GREP,
    KEY,
    PLAIN,
    SCHEMA,
    StillClock,
    ask,
    client_for,
    finished,
    identity,
    text_of,
)
from xreview.models.anthropic import adapter as anthropic
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    ModelLimits,
    Restarted,
    ServedModel,
    Stop,
    TextDelta,
    Tokens,
    Waiting,
)
from xreview.ports.request import (
    Effort,
    Exchange,
    ModelRequest,
    ToolCall,
    ToolResult,
)


@pytest.fixture
async def server():
    async with ProviderServer() as server:
        yield server


@pytest.fixture
def still():
    return StillClock()


def model_at(url: str, still: StillClock, **options: Any) -> anthropic.AnthropicModel:
    client = client_for("anthropic", url, still.clock)
    return anthropic.AnthropicModel(identity(double.MODEL, "anthropic"), client, **options)


async def test_a_streamed_answer_becomes_signals(server, still):
    server.on(
        double.PATH, double.message(double.thinking("hm"), double.text("All is well, é\u2028."))
    )
    model = model_at(server.url, still)
    signals = await ask(model, PLAIN)
    assert text_of(signals) == "All is well, é\u2028."
    assert finished(signals).stop is Stop.OK
    assert finished(signals).model == double.MODEL
    assert Doing("thinking") in signals
    counts = [signal for signal in signals if isinstance(signal, Tokens)]
    assert counts[-1] == Tokens(input=100, cached=50, cache_written=30, output=40, reasoning=15)
    await model.close()


async def test_the_request_is_that_of_the_reference(server, still):
    server.on(double.PATH, double.message(double.text("{}")))
    await ask(model_at(server.url, still), FULL)
    (request,) = server.requests
    assert request.headers["x-api-key"] == KEY
    assert request.headers["anthropic-version"] == "2026-10-21"
    assert "authorization" not in request.headers
    body = request.json
    assert body["stream"] is True
    assert body["output_config"] == {
        "effort": "high",
        "format": {"type": "json_schema", "schema": SCHEMA},
    }
    shared, question = body["messages"][0]["content"]
    assert shared["cache_control"] == {"type": "ephemeral"}
    assert question["text"] == "Review this."
    assert body["tools"][0]["strict"] is True
    assert not {"thinking", "temperature", "top_p", "top_k"} & set(body)


@pytest.mark.parametrize(
    "request_",
    [
        PLAIN,
        FULL,
        ModelRequest(
            instructions="",
            question="q",
            tools=(GREP,),
            exchanges=(
                Exchange(
                    (double.thinking("hm"), double.tool_use("t1", "grep", pattern="x")),
                    (ToolResult(ToolCall("t1", "grep", "{}"), "nothing", is_error=True),),
                    "Go on.",
                ),
            ),
        ),
    ],
)
def test_requests_are_those_of_the_package(request_):
    body = anthropic.messages_body(request_, double.MODEL, Effort.MAX, ModelLimits(None, 64_000))
    types = message_create_params.MessageCreateParamsStreaming
    with_config(ConfigDict(extra="forbid"))(types)
    TypeAdapter(types).validate_python(body)
    for wrong in ({"max_tokens": "many"}, {"max_output_tokens": 1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            TypeAdapter(types).validate_python({**body, **wrong})


async def test_a_shared_client_caps_the_answer_at_what_the_model_gives(server, still):
    server.on(double.PATH, double.message(double.text("ok")))
    await ask(model_at(server.url, still, known=ModelLimits(None, 8_000)), PLAIN)
    assert server.requests[0].json["max_tokens"] == 8_000


async def test_a_tool_call_and_its_answer_make_a_loop(server, still):
    content = [
        double.thinking("look", signature="c2lnbmF0dXJl"),
        double.text("I look."),
        double.tool_use("t1", "grep", pattern="é"),
        double.tool_use("t2", "grep"),
    ]
    server.on(
        double.PATH,
        double.message(*content, stop_reason="tool_use"),
        double.message(double.text("Found.")),
    )
    model = model_at(server.url, still)
    first = await ask(model, FULL)
    calls = [signal for signal in first if isinstance(signal, ToolCall)]
    assert [(call.id, call.name, json.loads(call.arguments)) for call in calls] == [
        ("t1", "grep", {"pattern": "é"}),
        ("t2", "grep", {}),
    ]
    assert finished(first).stop is Stop.TOOLS
    results = (ToolResult(calls[0], "x.py:1"), ToolResult(calls[1], "no such file", is_error=True))
    exchange = Exchange(finished(first).echo, results, "Go on.")
    second = await ask(model, ModelRequest("i", "q", tools=(GREP,), exchanges=(exchange,)))
    assert text_of(second) == "Found."
    _, turn, answer = server.requests[1].json["messages"]
    assert turn == {"role": "assistant", "content": content}
    assert [block["type"] for block in answer["content"]] == ["tool_result", "tool_result", "text"]
    assert answer["content"][1]["is_error"] is True
    assert answer["content"][1]["tool_use_id"] == "t2"


async def test_a_call_that_a_length_stop_cuts_off_is_never_given(server, still):
    events = double.events_of([double.tool_use("t1", "grep", pattern="x" * 50)], "max_tokens")
    last = max(i for i, event in enumerate(events) if event["type"] == "content_block_delta")
    cut = events[:last] + events[last + 1 :]
    server.on(double.PATH, event_stream(frame(event) for event in cut))
    signals = await ask(model_at(server.url, still), FULL)
    assert not [signal for signal in signals if isinstance(signal, ToolCall)]
    assert finished(signals).stop is Stop.TRUNCATED
    assert finished(signals).detail == "max_tokens"


async def test_a_refusal_says_why(server, still):
    details = {"type": "refusal", "category": "cyber", "explanation": "It looks like an attack."}
    server.on(double.PATH, double.message(stop_reason="refusal", stop_details=details))
    end = finished(await ask(model_at(server.url, still), PLAIN))
    assert (end.stop, end.detail) == (Stop.REFUSED, "cyber: It looks like an attack.")


async def test_a_paused_turn_is_sent_back_until_it_ends(server, still):
    first, second = double.text("One, "), double.text("two.")
    server.on(
        double.PATH,
        double.message(first, stop_reason="pause_turn"),
        double.streamed(second).cut_off_after(600),
        double.message(second),
    )
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "One, two."
    assert Restarted() in signals
    assert finished(signals).echo == (first, second)
    assert server.requests[1].json["messages"][1] == {"role": "assistant", "content": [first]}
    total = [signal for signal in signals if isinstance(signal, Tokens)][-1]
    assert total.output == 81  # two whole turns of 40 and the start of a broken one


async def test_a_model_that_only_pauses_is_given_up(server, still):
    server.on(double.PATH, double.message(double.text("…"), stop_reason="pause_turn"))
    with pytest.raises(ModelError, match="paused 8 times") as caught:
        await ask(model_at(server.url, still), PLAIN)
    assert caught.value.failure is Failure.PROTOCOL


async def test_an_overloaded_server_in_mid_stream_is_asked_again(server, still):
    events = double.events_of([double.text("lost")])[:4]
    broken = [*events, double.error_body("overloaded_error", "Overloaded")]
    server.on(
        double.PATH,
        event_stream(frame(event, event["type"]) for event in broken),
        double.message(double.text("kept")),
    )
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "kept"
    waiting = next(signal for signal in signals if isinstance(signal, Waiting))
    assert waiting.seconds == 0.5
    assert "Overloaded" in waiting.why


async def test_unknown_events_blocks_and_deltas_are_passed_over(server, still):
    events = double.events_of([{"type": "citation_of_2027", "index": 9}, double.text("fine")])
    odd = {"type": "content_block_delta", "index": 0, "delta": {"type": "new_delta", "x": 1}}
    events[3:3] = [{"type": "weather"}, odd, {"no": "type"}]
    server.on(double.PATH, event_stream(frame(event) for event in events))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "fine"


async def test_limits_come_from_the_list_of_models_once(server, still):
    server.on("/v1/models", double.models((double.MODEL, 1_000_000, 128_000), ("other", 5, 5)))
    model = model_at(server.url, still, known=ModelLimits(7, 7))
    assert await model.limits() == ModelLimits(output_tokens=128_000, window=1_000_000)
    assert await model.limits() == ModelLimits(output_tokens=128_000, window=1_000_000)
    assert len(server.requests) == 1
    assert server.requests[0].query == "limit=1000"


async def test_limits_fall_back_on_what_is_known(server, still):
    server.on("/v1/models", double.models(("other", 5, 5)))
    known = ModelLimits(200_000, 32_000)
    assert await model_at(server.url, still, known=known).limits() == known
    server.on("/v1/models", double.error(500, "api_error", "down"))
    assert await model_at(server.url, still, known=known).limits() == known
    with pytest.raises(ModelError, match="down"):
        await model_at(server.url, still).limits()


async def test_check_reads_all_pages(server, still):
    first = json_reply(
        {"data": [{"id": "a", "display_name": "A"}], "has_more": True, "last_id": "a/b"}
    )
    server.on("/v1/models", first, double.models(("b", 10, 5), lifecycle="retired"))
    models = await model_at(server.url, still).check()
    assert models == (
        ServedModel("a", "A"),
        ServedModel("b", "B", ModelLimits(output_tokens=5, window=10), "retired"),
    )
    assert server.requests[1].query == "limit=1000&after_id=a%2Fb"


async def test_text_that_comes_with_the_block_is_not_lost(server, still):
    events = double.events_of([double.text("")])
    events[1]["content_block"]["text"] = "whole"
    server.on(double.PATH, event_stream(frame(event) for event in events))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert TextDelta("whole") in signals
    assert finished(signals).echo == (double.text("whole"),)


@pytest.fixture
async def official(server):
    async with package.AsyncAnthropic(api_key=KEY, base_url=server.url, max_retries=0) as client:
        yield client


async def test_the_package_reads_the_stream_of_the_double(server, official):
    blocks = [double.thinking("hm"), double.text("Hi."), double.tool_use("t", "grep", pattern="x")]
    server.on(double.PATH, double.message(*blocks, stop_reason="tool_use"))
    async with official.messages.stream(
        model=double.MODEL, max_tokens=9, messages=[{"role": "user", "content": "q"}]
    ) as stream:
        got = await stream.get_final_message()
    thought, said, call = got.content
    assert (thought.thinking, thought.signature) == ("hm", "c2lnbmVk")
    assert (said.text, call.input, got.stop_reason) == ("Hi.", {"pattern": "x"}, "tool_use")
    assert (got.usage.cache_read_input_tokens, got.usage.output_tokens) == (50, 40)


async def test_the_package_reads_a_whole_structured_answer_of_the_double(server, official):
    server.on(double.PATH, double.message(double.text('{"findings": []}')))
    got = await official.messages.create(
        model=double.MODEL,
        max_tokens=9,
        messages=[{"role": "user", "content": "q"}],
        output_config={"format": {"type": "json_schema", "schema": SCHEMA}},
    )
    assert json.loads(got.content[0].text) == {"findings": []}


async def test_the_package_reads_the_errors_and_models_of_the_double(server, official):
    server.on(double.PATH, double.error(529, "overloaded_error", "Overloaded"))
    with pytest.raises(package.APIStatusError, match="Overloaded"):
        await official.messages.create(
            model=double.MODEL, max_tokens=9, messages=[{"role": "user", "content": "q"}]
        )
    server.on("/v1/models", double.models((double.MODEL, 1_000_000, 128_000)))
    (listed,) = [model async for model in official.models.list()]
    assert (listed.id, listed.max_tokens) == (double.MODEL, 128_000)
