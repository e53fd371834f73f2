"""The Chat Completions adapter against the double, and the double against OpenAI's own package."""

import asyncio
import json
from functools import cache
from typing import Any

import openai as package
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.chat import completion_create_params
from pydantic import ConfigDict, TypeAdapter, with_config

from tests.fakes.provider_server import chat as double
from tests.fakes.provider_server.reply import event_stream, frame, json_reply
from tests.fakes.provider_server.server import ProviderServer
from tests.models.http.asking import KEY, StillClock, ask, client_for, finished, identity, text_of
from tests.models.requests import FULL, GREP, PLAIN, SCHEMA
from xreview.models.compatible import adapter as compatible
from xreview.models.compatible.calls import ToolCalls
from xreview.models.compatible.request import PLAIN as PLAIN_SERVER
from xreview.models.compatible.request import SERVERS, Concession, chat_body
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    ModelFeatures,
    ModelLimits,
    Restarted,
    Stop,
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
        server.on(double.MODELS, double.models({"id": double.MODEL}))
        yield server


@pytest.fixture
def still():
    return StillClock()


def model_at(url: str, still: StillClock, **options: Any) -> compatible.CompatibleModel:
    client = client_for("compatible", f"{url}/v1", still.clock)
    return compatible.CompatibleModel(identity(double.MODEL, "qwen"), client, **options)


def calls_of(signals) -> list[ToolCall]:
    return [signal for signal in signals if isinstance(signal, ToolCall)]


def tokens_of(signals) -> Tokens:
    return [signal for signal in signals if isinstance(signal, Tokens)][-1]


async def test_an_answer_is_streamed(server, still):
    server.on(double.PATH, double.reply('{"findings": ["é\u2028"]}'))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == '{"findings": ["é\u2028"]}'
    assert finished(signals).stop is Stop.OK
    assert finished(signals).model == "qwen3-coder:served"
    assert finished(signals).echo == {"role": "assistant", "content": '{"findings": ["é\u2028"]}'}
    assert tokens_of(signals) == Tokens(input=100, cached=50, output=40, reasoning=15)


async def test_the_request_is_that_of_the_reference(server, still):
    server.on(double.PATH, double.reply("{}"))
    await ask(model_at(server.url, still), FULL)
    request = server.requests[-1]
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.json == {
        "model": double.MODEL,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "The conventions.\n\nReview this."},
        ],
        "max_tokens": 32_000,
        "stream": True,
        "stream_options": {"include_usage": True},
        "reasoning_effort": "high",
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "review", "strict": True, "schema": SCHEMA},
        },
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "grep",
                    "description": "Search the repository.",
                    "parameters": GREP.parameters,
                },
            }
        ],
    }


@pytest.mark.parametrize("effort", [None, *Effort])
@pytest.mark.parametrize("conceded", [frozenset(), *(frozenset({one}) for one in Concession)])
@pytest.mark.parametrize("server", [PLAIN_SERVER, SERVERS["api.openai.com"]])
def test_requests_are_those_of_the_package(server, conceded, effort):
    echo = {
        "role": "assistant",
        "content": None,
        "tool_calls": [double.tool_call("t1", "grep", "{}")],
    }
    result = ToolResult(ToolCall("t1", "grep", "{}"), "none", is_error=True)
    request = ModelRequest(
        "Be brief.",
        "Review this.",
        schema=SCHEMA,
        tools=(GREP,),
        effort=effort,
        exchanges=(Exchange(echo, (result,), "Go on."),),
    )
    body = chat_body(request, double.MODEL, server, conceded)
    package_types().validate_python(body)
    with pytest.raises(ValueError, match="max_output_tokens"):
        package_types().validate_python({**body, "max_output_tokens": 1})


@cache
def package_types() -> TypeAdapter:
    types = completion_create_params.CompletionCreateParamsStreaming
    with_config(ConfigDict(extra="forbid"))(types)
    return TypeAdapter(types)


async def test_openrouter_gets_its_own_fields_and_tells_the_cost(server, still, monkeypatch):
    usage = {**double.USAGE, "cost": 0.0123}
    frames = [": OPENROUTER PROCESSING\n\n", frame(double.chunk({"content": "{}"}))]
    frames += [frame(double.chunk({}, "stop")), ": OPENROUTER PROCESSING\n\n"]
    frames += [frame({**double.chunk({}), "choices": [], "usage": usage}), frame("[DONE]")]
    server.on(double.PATH, event_stream(frames))
    monkeypatch.setitem(SERVERS, f"127.0.0.1:{server.port}", SERVERS["openrouter.ai"])
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == "{}"
    assert tokens_of(signals).cost == 0.0123
    body = server.requests[-1].json
    assert body["provider"] == {"require_parameters": True}
    assert body["reasoning"] == {"effort": "high"}
    assert "reasoning_effort" not in body


async def test_a_cost_that_nobody_tells_is_unknown(server, still):
    server.on(double.PATH, double.reply("{}"))
    assert tokens_of(await ask(model_at(server.url, still), PLAIN)).cost is None


async def test_a_tool_call_and_its_answer_make_a_loop(server, still):
    called = [
        double.tool_call("t1", "grep", '{"pattern": "é"}'),
        double.tool_call("t2", "grep", ""),
    ]
    server.on(double.PATH, double.reply("I look.", calls=called), double.reply("Found."))
    model = model_at(server.url, still)
    first = await ask(model, FULL)
    calls = calls_of(first)
    assert calls == [
        ToolCall("t1", "grep", '{"pattern": "é"}'),
        ToolCall("t2", "grep", "{}"),
    ]
    assert finished(first).stop is Stop.TOOLS
    results = (ToolResult(calls[0], "x.py:1"), ToolResult(calls[1], "no file", is_error=True))
    exchange = Exchange(finished(first).echo, results, "Go on.")
    second = await ask(model, ModelRequest("i", "q", tools=(GREP,), exchanges=(exchange,)))
    assert text_of(second) == "Found."
    turn, *answers = server.requests[-1].json["messages"][2:]
    assert turn == {
        "role": "assistant",
        "content": "I look.",
        "tool_calls": [called[0], double.tool_call("t2", "grep", "{}")],
    }
    assert answers == [
        {"role": "tool", "tool_call_id": "t1", "content": "x.py:1"},
        {"role": "tool", "tool_call_id": "t2", "content": "Error: no file"},
        {"role": "user", "content": "Go on."},
    ]


def delta(id: str = "", name: str = "", arguments: Any = "", **fields: Any) -> dict[str, Any]:
    function = {"name": name} if name else {}
    function |= {"arguments": arguments} if arguments else {}
    return {**({"id": id} if id else {}), "function": function, **fields}


TWO = [ToolCall("a", "grep", '{"x":1}'), ToolCall("b", "read", '{"y":2}')]


@pytest.mark.parametrize(
    ("deltas", "calls"),
    [
        pytest.param(
            [delta("a", "grep", '{"x":'), delta(arguments="1}"), delta("b", "read", '{"y":2}')],
            TWO,
            id="no index",
        ),
        pytest.param(
            [
                delta("a", "grep", '{"x":', index=0),
                delta("b", "read", '{"y"', index=1),
                delta("a", "grep", "1}", index=0),
                delta("b", "read", ":2}", index=1),
            ],
            TWO,
            id="id and name repeated, interleaved",
        ),
        pytest.param(
            [delta("a", "grep", '{"x":1}', index=0), delta("b", "read", '{"y":2}', index=0)],
            TWO,
            id="the same index for all",
        ),
        pytest.param(
            [delta("a", "grep", {"x": 1}, index=0), delta("b", "read", '{"y":2}', index=1)],
            [ToolCall("a", "grep", '{"x": 1}'), TWO[1]],
            id="whole arguments as an object",
        ),
        pytest.param(
            [
                delta("a", "grep", '{"x":', index=0),
                delta(arguments="1}", index=0),
                delta("a", "grep", '{"x":1}', index=0),
            ],
            [TWO[0]],
            id="whole arguments once more",
        ),
        pytest.param(
            [delta("a", "grep", '{"x":1}', index=0), delta("a", "grep", '{"x":2}', index=1)],
            [TWO[0], ToolCall("a-2", "grep", '{"x":2}')],
            id="one id for two calls",
        ),
        pytest.param(
            [delta("", "grep", '{"x":1}'), delta("", "read", '{"y":2}')],
            [ToolCall("call-1", "grep", '{"x":1}'), ToolCall("call-2", "read", '{"y":2}')],
            id="neither index nor id",
        ),
        pytest.param([delta("a", "now", index=0)], [ToolCall("a", "now", "{}")], id="none"),
    ],
)
async def test_calls_are_merged_however_they_come(server, still, deltas, calls):
    stream = double.streamed([{"tool_calls": [one]} for one in deltas], finish="tool_calls")
    server.on(double.PATH, stream)
    signals = await ask(model_at(server.url, still), FULL)
    assert calls_of(signals) == calls
    echoed = finished(signals).echo["tool_calls"]
    assert [(call["id"], call["function"]["arguments"]) for call in echoed] == [
        (call.id, call.arguments) for call in calls
    ]


async def test_what_a_server_puts_beside_a_call_is_echoed(server, still):
    signed = {"google": {"thought_signature": "c2ln"}}
    deltas = [
        {"reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}]},
        {"tool_calls": [delta("a", "grep", "{}", index=0, extra_content=signed)]},
    ]
    server.on(double.PATH, double.streamed(deltas, finish="tool_calls"))
    echo = finished(await ask(model_at(server.url, still), FULL)).echo
    assert echo["tool_calls"][0]["extra_content"] == signed
    assert echo["reasoning_details"] == [{"type": "reasoning.encrypted", "data": "x"}]


async def test_calls_are_calls_even_where_the_server_says_stop(server, still):
    called = [double.tool_call("t1", "grep", "{}")]
    server.on(double.PATH, double.reply(calls=called, finish="stop"))
    assert finished(await ask(model_at(server.url, still), FULL)).stop is Stop.TOOLS


async def test_a_call_that_a_length_stop_cuts_off_is_never_given(server, still):
    deltas = [{"tool_calls": [delta("a", "grep", '{"x', index=0)]}]
    server.on(double.PATH, double.streamed(deltas, finish="length"))
    signals = await ask(model_at(server.url, still), FULL)
    assert not calls_of(signals)
    assert (finished(signals).stop, finished(signals).detail) == (Stop.TRUNCATED, "length")


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
async def test_reasoning_is_never_the_answer(server, still, name):
    deltas = [{name: "first "}, {name: '{"findings": ["no"]}'}, *double.texts('{"findings": []}')]
    server.on(double.PATH, double.streamed(deltas))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == '{"findings": []}'
    assert signals.count(Doing("thinking")) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("<think>a <b> </think\n</think>\n\n {}", "{}"),
        ("\n <think></think>{}", "{}"),
        ("{} <think>not a thought</think>", "{} <think>not a thought</think>"),
        ("<thin ice", "<thin ice"),
        ("<th", "<th"),
        (" \n {}", " \n {}"),
    ],
)
async def test_a_leading_thought_is_stripped_while_it_streams(server, still, said, answer, size):
    server.on(double.PATH, double.streamed(double.texts(said, size)))
    assert text_of(await ask(model_at(server.url, still), PLAIN)) == answer


async def test_a_thought_that_never_ends_is_no_answer(server, still):
    server.on(double.PATH, double.streamed(double.texts("<think>and so on"), finish="length"))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == ""
    assert finished(signals).stop is Stop.TRUNCATED


async def test_a_refusal_says_why(server, still):
    deltas = [{"refusal": "I will "}, {"refusal": "not."}]
    server.on(double.PATH, double.streamed(deltas))
    end = finished(await ask(model_at(server.url, still), FULL))
    assert (end.stop, end.detail) == (Stop.REFUSED, "I will not.")
    server.on(double.PATH, double.reply("Half", finish="content_filter"))
    end = finished(await ask(model_at(server.url, still), FULL))
    assert (end.stop, end.detail) == (Stop.REFUSED, "content_filter")


async def test_an_empty_answer_is_asked_for_once_more(server, still):
    server.on(double.PATH, double.streamed([{"reasoning": "hm"}]), double.reply("here"))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "here"
    assert Restarted() in signals
    server.on(double.PATH, double.streamed([{"reasoning": "hm"}]))
    with pytest.raises(ModelError, match=r"an empty answer from the model .* twice"):
        await ask(model_at(server.url, still), PLAIN)


@pytest.mark.parametrize("reason", ["error", "abort", "insufficient_system_resource"])
async def test_a_stop_that_is_no_answer_is_a_sentence(server, still, reason):
    server.on(double.PATH, double.reply("x", finish=reason))
    with pytest.raises(ModelError, match=f"no answer from the model .* .{reason}"):
        await ask(model_at(server.url, still), FULL)


async def test_an_error_in_mid_stream_is_asked_again(server, still):
    error = {"error": {"code": 502, "message": "Provider returned error"}}
    broken = event_stream(
        [frame(double.chunk({"content": "lost"})), frame({**double.chunk({}, "error"), **error})]
    )
    server.on(double.PATH, broken, double.reply("kept"))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "kept"
    assert Restarted() in signals
    assert "Provider returned error" in next(s for s in signals if isinstance(s, Waiting)).why


async def test_an_error_in_mid_stream_that_does_not_pass_ends_it(server, still):
    error = {"error": {"code": 402, "message": "No credits."}}
    server.on(double.PATH, event_stream([frame(double.chunk({"content": "x"})), frame(error)]))
    with pytest.raises(ModelError, match="No credits") as caught:
        await ask(model_at(server.url, still), PLAIN)
    assert caught.value.failure is Failure.MONEY
    assert len(server.bodies(double.PATH)) == 1


async def test_a_stream_without_done_is_whole_where_it_says_why_it_stopped(server, still):
    server.on(double.PATH, double.streamed(double.texts("whole"), done=False))
    assert text_of(await ask(model_at(server.url, still), PLAIN)) == "whole"


async def test_a_stream_without_any_end_is_begun_anew(server, still):
    cut = double.streamed(double.texts("lost"), finish=None, done=False)
    server.on(double.PATH, cut, double.reply("kept"))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "kept"
    assert Restarted() in signals


async def test_a_server_that_does_not_stream_is_read(server, still):
    called = [double.tool_call("t1", "grep", '{"pattern": "x"}')]
    server.on(double.PATH, json_reply(double.document("Whole.", called, "tool_calls")))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == "Whole."
    assert calls_of(signals) == [ToolCall("t1", "grep", '{"pattern": "x"}')]


async def test_an_error_with_status_200_is_a_sentence(server, still):
    server.on(double.PATH, json_reply(double.error_body("Out of credit.", "insufficient_quota")))
    with pytest.raises(ModelError, match="Out of credit") as caught:
        await ask(model_at(server.url, still), PLAIN)
    assert caught.value.failure is Failure.MONEY


async def test_a_refused_schema_falls_back_step_by_step_and_is_remembered(server, still):
    server.on(
        double.PATH,
        double.error(400, "'response_format.type' must be 'text'"),
        double.error(400, "'response_format.type' must be 'text'"),
        double.reply("{}"),
    )
    model = model_at(server.url, still)
    assert model.features.structured
    assert text_of(await ask(model, FULL)) == "{}"
    assert text_of(await ask(model, FULL)) == "{}"
    assert not model.features.structured
    bodies = server.bodies(double.PATH)
    assert [body.get("response_format", {}).get("type") for body in bodies] == [
        "json_schema", "json_object", None, None,
    ]  # fmt: skip
    assert json.dumps(SCHEMA) in bodies[-1]["messages"][0]["content"]


@pytest.mark.parametrize(
    ("status", "said", "lost", "kept"),
    [
        (400, "Unknown field: stream_options", "stream_options", "response_format"),
        (400, "This model does not support reasoning_effort", "reasoning_effort", "tools"),
        (500, "tools param requires --jinja flag", "tools", "response_format"),
        (400, '"auto" tool choice requires --enable-auto-tool-choice', "tools", "stream_options"),
        (404, "No endpoints found that support tool use", "tools", "response_format"),
        (422, "Unprocessable: json_schema", "json_schema", "tools"),
        (
            400,
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "max_tokens",
            "max_completion_tokens",
        ),
    ],
)
async def test_what_a_server_refuses_is_done_without(server, still, status, said, lost, kept):
    server.on(double.PATH, double.error(status, said), double.reply("{}"))
    if status == 500:
        server.on(double.PATH, *[double.error(status, said)] * 3, double.reply("{}"))
    model = model_at(server.url, still)
    assert text_of(await ask(model, FULL)) == "{}"
    first, last = server.bodies(double.PATH)[0], server.bodies(double.PATH)[-1]
    assert f'"{lost}"' in json.dumps(first)
    assert f'"{lost}"' not in json.dumps(last)
    assert f'"{kept}"' in json.dumps(last)
    assert model.features.tools is (lost != "tools")


async def test_a_refusal_that_nothing_helps_ends_in_a_sentence(server, still):
    server.on(double.PATH, double.error(404, "No endpoint for the requested parameters"))
    with pytest.raises(ModelError, match="requested parameters"):
        await ask(model_at(server.url, still), FULL)
    last = server.bodies(double.PATH)[-1]
    assert not {"tools", "response_format", "reasoning_effort"} & set(last)


async def test_two_requests_learn_of_one_refusal_together(server, still):
    def answer(request):
        is_schema = request.json.get("response_format", {}).get("type") == "json_schema"
        refused = double.error(400, "json_schema is not supported").changed(latency=0.01)
        return refused if is_schema else double.reply("{}")(request)

    server.on(double.PATH, answer)
    model = model_at(server.url, still)
    both = await asyncio.gather(ask(model, FULL), ask(model, FULL))
    assert [text_of(signals) for signals in both] == ["{}", "{}"]
    last = server.bodies(double.PATH)[-1]
    assert last["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize(
    ("answer", "failure", "said"),
    [
        (double.error(401, "Bad key", "invalid_api_key"), Failure.KEY, "rejected the key"),
        (double.error(402, "Insufficient credits"), Failure.MONEY, "no credit left"),
        (double.error(429, "Quota", "insufficient_quota"), Failure.MONEY, "no credit left"),
        (double.error(404, "no such model"), Failure.NOT_FOUND, "doesn't know the model"),
        (
            double.error(400, "This is more than the context window can take."),
            Failure.TOO_LARGE,
            "too large",
        ),
        (
            json_reply({"object": "error", "message": "Bad input.", "code": 400}, 400),
            Failure.REQUEST,
            "Bad input",
        ),
        (json_reply({"detail": [{"msg": "field required"}]}, 422), Failure.REQUEST, "field req"),
        (json_reply({"error": "plain text"}, 400), Failure.REQUEST, "plain text"),
        (
            double.error(403, "x").changed(
                pieces=(
                    json.dumps(
                        {"error": {"message": "Flagged", "metadata": {"reasons": ["violence"]}}}
                    ).encode(),
                )
            ),
            Failure.REQUEST,
            "Flagged",
        ),
    ],
)
async def test_what_does_not_pass_is_not_asked_again(server, still, answer, failure, said):
    server.on(double.PATH, answer)
    with pytest.raises(ModelError, match=said) as caught:
        await ask(model_at(server.url, still), PLAIN)
    assert caught.value.failure is failure
    assert caught.value.advice
    assert len(server.bodies(double.PATH)) == 1


async def test_a_server_that_loads_its_model_is_waited_for(server, still):
    loading = double.error(503, "Loading model", 503, "unavailable_error")
    server.on(double.PATH, loading, loading, double.reply("ready"))
    assert text_of(await ask(model_at(server.url, still), PLAIN)) == "ready"
    assert still.slept == [10.0, 10.0]


@pytest.mark.parametrize(
    ("entry", "limits"),
    [
        ({"context_length": 40_000}, ModelLimits(output_tokens=7, window=40_000)),
        ({"max_model_len": 8_000}, ModelLimits(output_tokens=7, window=8_000)),
        (
            {"context_length": 200_000, "top_provider": {"max_completion_tokens": 5_000}},
            ModelLimits(output_tokens=5_000, window=200_000),
        ),
        ({}, ModelLimits(output_tokens=7, window=7)),
    ],
)
async def test_limits_come_from_the_list_of_models_once(server, still, entry, limits):
    other = {"id": "other", "context_length": 1}
    server.on(double.MODELS, double.models(other, {"id": double.MODEL, **entry}))
    model = model_at(server.url, still, known=ModelLimits(output_tokens=7, window=7))
    assert await model.limits() == limits
    assert await model.limits() == limits
    assert [request.path for request in server.requests].count(double.MODELS) == 1


async def test_llama_cpp_tells_the_context_it_runs_with(server, still):
    server.on("/props", json_reply({"default_generation_settings": {"n_ctx": 16_384}}))
    model = model_at(server.url, still)
    assert await model.limits() == ModelLimits(window=16_384)


async def test_lm_studio_tells_the_context_it_loaded(server, still):
    loaded = [{"id": "x", "config": {"context_length": 8_192}}]
    entry = {"key": double.MODEL, "max_context_length": 131_072, "loaded_instances": loaded}
    server.on("/props", double.error(404, "no"))
    server.on("/api/v1/models", json_reply({"models": [{"key": "other"}, entry]}))
    assert await model_at(server.url, still).limits() == ModelLimits(window=8_192)


async def test_an_answer_is_asked_to_fit_into_a_local_context(server, still):
    server.on(double.MODELS, double.models({"id": double.MODEL, "max_model_len": 8_192}))
    server.on(double.PATH, double.reply("ok"))
    await ask(model_at(server.url, still), PLAIN)
    assert 7_000 < server.requests[-1].json["max_tokens"] < 8_192


async def test_a_request_that_can_not_fit_is_not_sent(server, still):
    server.on(double.MODELS, double.models({"id": double.MODEL, "max_model_len": 8_192}))
    question = ModelRequest("i", "code " * 8_000)
    with pytest.raises(
        ModelError, match=r"takes about 13,\d+ tokens, and the model .* 8,192"
    ) as no:
        await ask(model_at(server.url, still), question)
    assert no.value.failure is Failure.TOO_LARGE
    assert not server.bodies(double.PATH)


@pytest.mark.parametrize(
    "said",
    [
        "This model's maximum context length is 8192 tokens. However, you requested 40000 tokens",
        "the request exceeds the available context size (8192 tokens), try increasing it",
        "n_ctx = 8192: the context size is too small",
    ],
)
async def test_a_context_that_only_a_refusal_names_is_learned_from_it(server, still, said):
    server.on(double.MODELS, double.models({"id": double.MODEL}))
    server.on(double.PATH, double.error(400, said), double.reply("ok"))
    model = model_at(server.url, still)
    assert text_of(await ask(model, PLAIN)) == "ok"
    first, second = (body["max_tokens"] for body in server.bodies(double.PATH))
    assert first == PLAIN.max_output_tokens
    assert 7_000 < second < 8_192
    assert (await model.limits()).window == 8_192


async def test_a_refusal_that_a_shorter_answer_does_not_help_is_not_asked_again(server, still):
    said = "This model's maximum context length is 8192 tokens."
    server.on(double.PATH, double.error(400, said))
    question = ModelRequest("i", "code " * 8_000)
    with pytest.raises(ModelError) as caught:
        await ask(model_at(server.url, still), question)
    assert caught.value.failure is Failure.TOO_LARGE
    assert len(server.bodies(double.PATH)) == 1


async def test_check_lists_the_models(server, still):
    server.on(double.MODELS, double.models({"id": "a", "name": "A"}, {"id": "b"}))
    assert [(one.id, one.label) for one in await model_at(server.url, still).check()] == [
        ("a", "A"),
        ("b", ""),
    ]


async def test_what_is_known_to_be_lacking_is_not_asked_for(server, still):
    server.on(double.PATH, double.reply("{}"))
    features = ModelFeatures(structured=False, tools=False)
    await ask(model_at(server.url, still, features=features), FULL)
    body = server.bodies(double.PATH)[0]
    assert body["response_format"] == {"type": "json_object"}
    assert "tools" not in body


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_a_stream_cut_anywhere_is_the_same_answer(server, still, size, newline):
    called = double.call_deltas([double.tool_call("t1", "grep", '{"pattern": "ł"}')])
    deltas = [*double.texts("Zażółć \u2028 🦔"), *called]
    stream = double.streamed(deltas, finish="tool_calls", newline=newline)
    server.on(double.PATH, stream.cut_every(size))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == "Zażółć \u2028 🦔"
    assert calls_of(signals) == [ToolCall("t1", "grep", '{"pattern": "ł"}')]


PIECES = st.lists(st.text('{}"x:1, ', max_size=4), max_size=6)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=4), st.randoms(use_true_random=False))
def test_calls_with_an_index_are_merged_in_any_order(calls, random):
    queues = [
        [delta(f"id{i}" if n == 0 else "", "f" if n == 0 else "", piece, index=i)
         for n, piece in enumerate(["", *pieces])]
        for i, pieces in enumerate(calls)
    ]  # fmt: skip
    merged = ToolCalls()
    while any(queues):
        queue = random.choice([queue for queue in queues if queue])
        merged.feed(queue.pop(0))
    found = {call.id: call.arguments for call in merged.finish()}
    for i, pieces in enumerate(calls):
        whole = "".join(pieces)
        assert found[f"id{i}"] in (whole or "{}", _without_repeats(pieces))


def _without_repeats(pieces: list[str]) -> str:
    """The rule for servers that send the whole once more, on pieces that happen to look so."""
    kept = ""
    for piece in pieces:
        if not (len(piece) > 1 and piece == kept and piece.endswith("}")):
            kept += piece
    return kept or "{}"


@pytest.fixture
async def official(server):
    async with package.AsyncOpenAI(
        api_key=KEY, base_url=f"{server.url}/v1", max_retries=0
    ) as client:
        yield client


QUESTION = [{"role": "user", "content": "q"}]


async def test_the_package_reads_the_stream_of_the_double(server, official):
    called = [double.tool_call("t1", "grep", '{"pattern": "x"}')]
    server.on(double.PATH, double.reply("Hi.", calls=called))
    async with official.chat.completions.stream(model=double.MODEL, messages=QUESTION) as stream:
        got = await stream.get_final_completion()
    message = got.choices[0].message
    assert (message.content, got.choices[0].finish_reason) == ("Hi.", "tool_calls")
    assert message.tool_calls[0].function.arguments == '{"pattern": "x"}'


async def test_the_package_reads_a_whole_structured_answer_of_the_double(server, official):
    server.on(double.PATH, double.reply('{"findings": []}'))
    wanted = {"type": "json_schema", "json_schema": {"name": "r", "strict": True, "schema": SCHEMA}}
    got = await official.chat.completions.create(
        model=double.MODEL, messages=QUESTION, response_format=wanted
    )
    assert json.loads(got.choices[0].message.content) == {"findings": []}
    assert got.usage.completion_tokens_details.reasoning_tokens == 15


async def test_the_package_reads_the_errors_usage_and_models_of_the_double(server, official):
    server.on(double.PATH, double.error(429, "Slow down", "rate_limit_exceeded"))
    with pytest.raises(package.RateLimitError, match="Slow down"):
        await official.chat.completions.create(model=double.MODEL, messages=QUESTION)
    server.on(double.PATH, double.reply("x"))
    stream = await official.chat.completions.create(
        model=double.MODEL, messages=QUESTION, stream=True, stream_options={"include_usage": True}
    )
    *_, last = [chunk async for chunk in stream]
    assert (last.choices, last.usage.prompt_tokens) == ([], 100)
    (listed,) = [model async for model in official.models.list()]
    assert listed.id == double.MODEL
