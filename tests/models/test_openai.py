"""The Responses adapter against the double, and the double against OpenAI's own package."""

import json
from typing import Any

import openai as package
import pytest
from openai.types.responses import response_create_params
from pydantic import ConfigDict, TypeAdapter, with_config

from tests.fakes.provider_server import openai as double
from tests.fakes.provider_server.reply import event_stream, frame
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
from xreview.models.openai import adapter as openai
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    ModelLimits,
    ServedModel,
    Stop,
    Tokens,
)
from xreview.ports.request import (
    Effort,
    Exchange,
    ModelRequest,
    Tool,
    ToolCall,
    ToolResult,
)

MODELS = "/v1/models"


@pytest.fixture
async def server():
    async with ProviderServer() as server:
        yield server


@pytest.fixture
def still():
    return StillClock()


def model_at(url: str, still: StillClock, **options: Any) -> openai.OpenAIModel:
    client = client_for("openai", f"{url}/v1/", still.clock)
    return openai.OpenAIModel(identity(double.MODEL, "openai"), client, **options)


async def test_a_streamed_answer_becomes_signals(server, still):
    server.on(
        double.PATH,
        double.response(
            double.reasoning(),
            double.message("I will look first.", phase="commentary"),
            double.message("All is well, é\u2028."),
        ),
    )
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "All is well, é\u2028."
    assert Doing("thinking") in signals
    assert Tokens(input=100, cached=50, cache_written=30, output=40, reasoning=15) in signals
    assert (finished(signals).stop, finished(signals).model) == (Stop.OK, double.MODEL)


async def test_the_request_is_that_of_the_reference(server, still):
    server.on(double.PATH, double.response(double.message("{}")))
    await ask(model_at(server.url, still), FULL)
    (request,) = server.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    body = request.json
    assert body["store"] is False
    assert body["include"] == ["reasoning.encrypted_content"]
    assert body["reasoning"] == {"effort": "high"}
    assert body["prompt_cache_key"] == "repository"
    assert body["text"]["format"] == {
        "type": "json_schema",
        "name": "review",
        "strict": True,
        "schema": SCHEMA,
    }
    shared, question = body["input"][0]["content"]
    assert (shared["text"], question["text"]) == ("The conventions.", "Review this.")
    assert body["stream_options"] == {"include_obfuscation": False}
    assert not {"temperature", "top_p"} & set(body)


async def test_a_tool_with_an_open_schema_is_not_called_strict():
    loose = Tool("grep", "", {"type": "object", "properties": {"a": {"type": "string"}}})
    body = openai.responses_body(
        ModelRequest("i", "q", tools=(loose, GREP)), "m", None, ModelLimits()
    )
    assert [tool["strict"] for tool in body["tools"]] == [False, True]


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
                    (
                        double.reasoning(),
                        double.message("I look.", phase="commentary"),
                        double.function_call("c1", "grep", "{}"),
                    ),
                    (ToolResult(ToolCall("c1", "grep", "{}"), "nothing", is_error=True),),
                    "Go on.",
                ),
            ),
        ),
    ],
)
def test_requests_are_those_of_the_package(request_):
    body = openai.responses_body(request_, double.MODEL, Effort.MAX, ModelLimits(None, 64_000))
    types = response_create_params.ResponseCreateParamsStreaming
    with_config(ConfigDict(extra="forbid"))(types)
    TypeAdapter(types).validate_python(body)
    for wrong in ({"max_output_tokens": "many"}, {"max_tokens": 1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            TypeAdapter(types).validate_python({**body, **wrong})


async def test_a_tool_call_and_its_answer_make_a_loop(server, still):
    items = (
        double.reasoning(encrypted="b3BhcXVl"),
        double.message("I look.", phase="commentary"),
        double.function_call("c1", "grep", '{"pattern": "é"}'),
        double.function_call("c2", "grep", ""),
    )
    server.on(double.PATH, double.response(*items), double.response(double.message("Found.")))
    model = model_at(server.url, still)
    first = await ask(model, FULL)
    calls = [signal for signal in first if isinstance(signal, ToolCall)]
    assert calls == [ToolCall("c1", "grep", '{"pattern": "é"}'), ToolCall("c2", "grep", "{}")]
    assert finished(first).stop is Stop.TOOLS
    assert text_of(first) == ""
    results = (ToolResult(calls[0], "x.py:1"), ToolResult(calls[1], "no such file", is_error=True))
    exchange = Exchange(finished(first).echo, results, "Go on.")
    second = await ask(model, ModelRequest("i", "q", tools=(GREP,), exchanges=(exchange,)))
    assert text_of(second) == "Found."
    turns = server.requests[1].json["input"]
    assert turns[1:5] == list(items)
    assert turns[5:7] == [
        {"type": "function_call_output", "call_id": "c1", "output": "x.py:1"},
        {"type": "function_call_output", "call_id": "c2", "output": "no such file"},
    ]
    assert turns[7]["content"] == [{"type": "input_text", "text": "Go on."}]


async def test_items_are_kept_where_the_end_holds_none(server, still):
    items = (double.reasoning(), double.message("Fine."))
    events = double.events_of(items)
    events[-1]["response"] = double.document([])
    server.on(double.PATH, event_stream([*map(frame, events), frame("[DONE]")]))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "Fine."
    assert finished(signals).echo == items


async def test_an_answer_without_deltas_is_given_once(server, still):
    events = [
        event
        for event in double.events_of([double.message("Fine.")])
        if "delta" not in event["type"]
    ]
    server.on(double.PATH, event_stream(map(frame, events)))
    assert text_of(await ask(model_at(server.url, still), PLAIN)) == "Fine."


@pytest.mark.parametrize(
    ("fields", "stop", "detail"),
    [
        ({"status": "completed"}, Stop.REFUSED, "I can't."),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            Stop.TRUNCATED,
            "max_output_tokens",
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
            Stop.REFUSED,
            "content_filter",
        ),
    ],
)
async def test_other_ends_are_told_apart(server, still, fields, stop, detail):
    call = double.function_call("c1", "grep", '{"patt')
    server.on(double.PATH, double.response(double.message("", refusal="I can't."), call, **fields))
    signals = await ask(model_at(server.url, still), FULL)
    assert (finished(signals).stop, finished(signals).detail) == (stop, detail)
    assert not [signal for signal in signals if isinstance(signal, ToolCall)]


@pytest.mark.parametrize("is_nested", [False, True])
async def test_errors_in_the_stream_are_read_flat_and_nested(server, still, is_nested):
    error = {"code": "insufficient_quota", "message": "You ran out.", "param": None}
    event = {"type": "error", "error": error} if is_nested else {"type": "error", **error}
    events = [*double.events_of([])[:2], event]
    server.on(double.PATH, event_stream(frame(event, event["type"]) for event in events))
    with pytest.raises(ModelError, match="You ran out") as caught:
        await ask(model_at(server.url, still), PLAIN)
    assert caught.value.failure is Failure.MONEY
    assert len(server.requests) == 1


async def test_a_failed_response_is_asked_for_again(server, still):
    error = {"code": "server_error", "message": "It broke."}
    server.on(
        double.PATH,
        double.response(status="failed", error=error),
        double.response(double.message("ok")),
    )
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "ok"
    assert still.slept == [0.5]


async def test_a_model_that_does_not_reason_is_asked_without_its_reasoning(server, still):
    said = "Encrypted content is not supported with this model."
    refused = double.error(400, None, said, kind="invalid_request_error")
    server.on(double.PATH, refused, double.response(double.message("ok")))
    model = model_at(server.url, still)
    assert text_of(await ask(model, PLAIN)) == "ok"
    await ask(model, PLAIN)
    assert ["include" in request.json for request in server.requests] == [True, False, False]


async def test_check_lists_what_the_key_may_use(server, still):
    server.on(MODELS, double.models("gpt-6.2-sol", "gpt-6-luna"))
    model = model_at(server.url, still, known=ModelLimits(922_000, 128_000))
    assert await model.check() == (ServedModel("gpt-6.2-sol"), ServedModel("gpt-6-luna"))
    assert await model.limits() == ModelLimits(922_000, 128_000)


@pytest.fixture
async def official(server):
    async with package.AsyncOpenAI(
        api_key=KEY, base_url=f"{server.url}/v1", max_retries=0
    ) as client:
        yield client


async def test_the_package_reads_the_stream_of_the_double(server, official):
    items = (
        double.reasoning(),
        double.message("Hi there."),
        double.function_call("c1", "grep", '{"pattern": "x"}'),
    )
    server.on(double.PATH, double.response(*items))
    async with official.responses.stream(model=double.MODEL, input="q") as stream:
        deltas = [
            event.delta async for event in stream if event.type == "response.output_text.delta"
        ]
        got = await stream.get_final_response()
    assert "".join(deltas) == got.output_text == "Hi there."
    call = got.output[2]
    assert (call.type, call.name, call.arguments) == ("function_call", "grep", '{"pattern": "x"}')
    assert got.usage.input_tokens_details.cached_tokens == 50


async def test_the_package_reads_a_whole_structured_answer_of_the_double(server, official):
    server.on(double.PATH, double.response(double.message('{"findings": []}')))
    text = {"format": {"type": "json_schema", "name": "review", "schema": SCHEMA, "strict": True}}
    got = await official.responses.create(model=double.MODEL, input="q", text=text)
    assert json.loads(got.output_text) == {"findings": []}
    assert got.status == "completed"


async def test_the_package_reads_the_errors_and_models_of_the_double(server, official):
    server.on(double.PATH, double.error(429, "insufficient_quota", "You ran out."))
    with pytest.raises(package.RateLimitError, match="You ran out") as caught:
        await official.responses.create(model=double.MODEL, input="q")
    assert caught.value.code == "insufficient_quota"
    server.on(MODELS, double.models("a", "b"))
    assert [model.id async for model in official.models.list()] == ["a", "b"]
