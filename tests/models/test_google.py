"""The Gemini adapter against the double, and the double against Google's own package."""

import base64
import json
import re
from typing import Any

import pytest
from google import genai
from google.genai import errors, types
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.provider_server import google as double
from tests.fakes.provider_server.reply import event_stream, frame, json_reply
from tests.fakes.provider_server.server import ProviderServer
from tests.models.http.asking import KEY, StillClock, ask, client_for, finished, identity, text_of
from tests.models.requests import FULL, GREP, PLAIN, SCHEMA
from xreview.models.google import adapter as google
from xreview.models.google.reply import GoogleReply
from xreview.models.google.request import generate_body
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    ModelFeatures,
    ModelLimits,
    Restarted,
    ServedModel,
    Stop,
    Tokens,
    Waiting,
)
from xreview.ports.request import (
    Effort,
    Exchange,
    ModelRequest,
    Structure,
    Tool,
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


def model_at(
    url: str, still: StillClock, name: str = double.MODEL, **options: Any
) -> google.GoogleModel:
    client = client_for("google", f"{url}/v1", still.clock)
    return google.GoogleModel(identity(name, "google"), client, **options)


def tokens_of(signals) -> Tokens:
    return [signal for signal in signals if isinstance(signal, Tokens)][-1]


async def test_an_answer_is_streamed_without_its_thoughts(server, still):
    thought = double.text("Hm, what now?", thought=True)
    server.on(double.STREAM, double.reply(thought, double.text('{"findings": ["é\u2028"]}')))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == '{"findings": ["é\u2028"]}'
    assert [signal for signal in signals if isinstance(signal, Doing)] == [Doing("thinking")]
    assert finished(signals).stop is Stop.OK
    assert finished(signals).model == f"{double.MODEL}-001"
    assert tokens_of(signals) == Tokens(input=100, cached=50, output=55, reasoning=15)


async def test_the_key_travels_in_a_header_and_never_in_the_url(server, still):
    server.on(double.STREAM, double.reply(double.text("ok")))
    await ask(model_at(server.url, still), PLAIN)
    (request,) = server.requests
    assert request.headers["x-goog-api-key"] == KEY
    assert request.query == "alt=sse"
    assert request.path == double.STREAM


async def test_the_request_is_the_one_that_the_package_sends(server, still):
    server.on(double.STREAM, double.reply(double.text("{}")))
    await ask(model_at(server.url, still), FULL)
    declared = types.FunctionDeclaration(
        name=GREP.name, description=GREP.description, parameters_json_schema=GREP.parameters
    )
    config = types.GenerateContentConfig(
        system_instruction=types.Content(parts=[types.Part(text="Be brief.")]),
        tools=[types.Tool(function_declarations=[declared])],
        tool_config=types.ToolConfig(
            function_calling_config=types.FunctionCallingConfig(mode="AUTO")
        ),
        response_mime_type="application/json",
        response_json_schema=SCHEMA,
        max_output_tokens=32_000,
        thinking_config=types.ThinkingConfig(thinking_level="HIGH", include_thoughts=False),
    )
    parts = [types.Part(text="The conventions."), types.Part(text="Review this.")]
    stream = await official(server).aio.models.generate_content_stream(
        model=double.MODEL, contents=[types.Content(role="user", parts=parts)], config=config
    )
    async for _ in stream:
        pass
    ours, theirs = server.requests
    assert ours.json == camel_case(theirs.json)  # protocol buffers take either
    assert (ours.path, ours.query) == (theirs.path, theirs.query)


@pytest.mark.parametrize("second_try", [False, True])
@pytest.mark.parametrize("structure", list(Structure))
@pytest.mark.parametrize("effort", [None, *Effort])
@pytest.mark.parametrize("model", ["gemini-3.8-flash", "gemini-2.5-flash"])
def test_requests_are_those_of_the_package(model, effort, structure, second_try):
    call = ToolCall("f1", "grep", "{}")
    echo = {"role": "model", "parts": [double.function_call("grep", "f1", pattern="x")]}
    request = ModelRequest(
        "Be brief.",
        "Review this.",
        schema=SCHEMA,
        tools=(GREP,),
        effort=effort,
        exchanges=(Exchange(echo, (ToolResult(call, "none", is_error=True),), "Go on."),),
    )
    body = generate_body(
        request, model, structure=structure, is_second_try=second_try, continuation="dG9r"
    )
    for content in body.pop("contents"):
        types.Content.model_validate(content)
    types.Content.model_validate(body.pop("systemInstruction"))
    for tool in body.pop("tools"):
        types.Tool.model_validate(tool)
    types.ToolConfig.model_validate(body.pop("toolConfig"))
    types.GenerationConfig.model_validate(body.pop("generationConfig"))
    types.GenerateContentConfig.model_validate(body)  # the continuation token is left
    with pytest.raises(ValueError, match="extra"):
        types.GenerationConfig.model_validate({"maxTokens": 1})


async def test_a_model_before_3_gets_a_budget_instead_of_a_level():
    config = generate_body(FULL, "gemini-2.5-flash")["generationConfig"]
    assert config["thinkingConfig"] == {"thinkingBudget": 24_576, "includeThoughts": False}


async def test_a_tool_call_and_its_answer_make_a_loop(server, still):
    called = [
        double.text("I look."),
        double.function_call("grep", pattern="é"),
        double.function_call("grep", "given-id"),
    ]
    server.on(double.STREAM, double.reply(*called), double.reply(double.text("Found.")))
    model = model_at(server.url, still)
    first = await ask(model, FULL)
    calls = [signal for signal in first if isinstance(signal, ToolCall)]
    assert [(call.id, call.name, json.loads(call.arguments)) for call in calls] == [
        ("call-1", "grep", {"pattern": "é"}),
        ("given-id", "grep", {}),
    ]
    assert finished(first).stop is Stop.TOOLS
    results = (ToolResult(calls[0], "x.py:1"), ToolResult(calls[1], "no such file", is_error=True))
    exchange = Exchange(finished(first).echo, results, "Go on.")
    second = await ask(model, ModelRequest("i", "q", tools=(GREP,), exchanges=(exchange,)))
    assert text_of(second) == "Found."
    _, turn, answer = server.requests[1].json["contents"]
    assert turn == {"role": "model", "parts": called}
    assert answer["parts"] == [
        {"functionResponse": {"name": "grep", "response": {"output": "x.py:1"}}},
        {
            "functionResponse": {
                "name": "grep",
                "id": "given-id",
                "response": {"error": "no such file"},
            }
        },
        {"text": "Go on."},
    ]


@pytest.mark.parametrize(
    ("finish", "stop"),
    [
        ("MAX_TOKENS", Stop.TRUNCATED),
        ("SAFETY", Stop.REFUSED),
        ("LANGUAGE", Stop.REFUSED),
        ("BLOCKLIST", Stop.REFUSED),
        ("PROHIBITED_CONTENT", Stop.REFUSED),
        ("SPII", Stop.REFUSED),
        ("ESCALATION", Stop.REFUSED),
    ],
)
async def test_stops_have_our_words(server, still, finish, stop):
    answer = double.reply(
        double.text("Half an"), double.function_call("grep"), finish=finish, finishMessage="So."
    )
    server.on(double.STREAM, answer)
    signals = await ask(model_at(server.url, still), FULL)
    assert not [signal for signal in signals if isinstance(signal, ToolCall)]
    assert text_of(signals) == "Half an"
    assert (finished(signals).stop, finished(signals).detail) == (stop, f"{finish}: So.")


async def test_a_blocked_prompt_is_a_refusal(server, still):
    blocked = double.blocked("PROHIBITED_CONTENT", blockReasonMessage="Not this.")
    server.on(double.STREAM, double.streamed(blocked))
    end = finished(await ask(model_at(server.url, still), PLAIN))
    assert (end.stop, end.detail) == (Stop.REFUSED, "PROHIBITED_CONTENT: Not this.")
    assert end.echo is None


async def test_an_answer_without_parts_is_asked_for_once_more(server, still):
    server.on(double.STREAM, double.reply(), double.reply(double.text("here")))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == "here"
    assert Restarted() in signals
    assert server.requests[0].json == server.requests[1].json
    assert tokens_of(signals).input == 200  # both were paid for


async def test_only_thoughts_twice_are_a_sentence(server, still):
    server.on(double.STREAM, double.reply(double.text("hm", thought=True)))
    with pytest.raises(ModelError, match=r"empty answer from the model .* twice") as caught:
        await ask(model_at(server.url, still), PLAIN)
    assert caught.value.failure is Failure.PROTOCOL
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "finish",
    [
        "RECITATION",
        "MALFORMED_FUNCTION_CALL",
        "MALFORMED_RESPONSE",
        "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS",
    ],
)
async def test_a_malformed_answer_is_asked_for_once_more_without_tools(server, still, finish):
    broken = double.reply(double.text("void"), finish=finish)
    server.on(double.STREAM, broken, double.reply(double.text("fine")))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == "fine"
    again = server.requests[1].json
    assert again["toolConfig"]["functionCallingConfig"]["mode"] == "NONE"
    assert "own words" in again["contents"][-1]["parts"][-1]["text"]


async def test_a_second_recitation_is_a_refusal_and_a_second_malformed_call_an_error(server, still):
    server.on(double.STREAM, double.reply(finish="RECITATION"))
    assert finished(await ask(model_at(server.url, still), FULL)).stop is Stop.REFUSED
    server.on(double.STREAM, double.reply(finish="MALFORMED_FUNCTION_CALL", finishMessage="f("))
    with pytest.raises(ModelError, match=r"MALFORMED_FUNCTION_CALL: f\("):
        await ask(model_at(server.url, still), FULL)


@pytest.mark.parametrize("finish", ["OTHER", "MISSING_THOUGHT_SIGNATURE", "A_REASON_OF_2027"])
async def test_a_stop_that_is_no_answer_is_a_sentence(server, still, finish):
    server.on(double.STREAM, double.reply(double.text("x"), finish=finish))
    with pytest.raises(ModelError, match=f"no answer from the model .* .{finish}"):
        await ask(model_at(server.url, still), FULL)


async def test_a_reply_in_parts_is_one_answer(server, still):
    def part(said: str, token: str):
        return double.reply(double.text(said), finish="CONTINUATION", continuationToken=token)

    broken = double.streamed(double.chunk([double.text("lost")]))
    server.on(
        double.STREAM, part("One, ", "dDE="), part("two, ", "dDI="), broken,
        double.reply(double.text("three.")),
    )  # fmt: skip
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "One, two, three."
    assert [body.get("continuationToken") for body in server.bodies(double.STREAM)] == [
        None, "dDE=", "dDI=", "dDI=",
    ]  # fmt: skip
    assert finished(signals).echo == {
        "role": "model",
        "parts": [{"text": "One, "}, {"text": "two, "}, {"text": "three."}],
    }
    assert tokens_of(signals).input == 300


async def test_a_reply_that_does_not_get_on_is_given_up(server, still):
    server.on(double.STREAM, double.reply(finish="CONTINUATION", continuationToken="dDE="))
    with pytest.raises(ModelError, match="never ends"):
        await ask(model_at(server.url, still), PLAIN)
    assert len(server.requests) == 2


async def test_an_array_instead_of_events_is_read(server, still):
    parts = [double.text("Whole "), double.function_call("grep", pattern="x")]
    server.on(double.STREAM, double.array_reply(parts))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == "Whole "
    assert finished(signals).stop is Stop.TOOLS


async def test_a_stream_without_its_end_is_begun_anew(server, still):
    server.on(
        double.STREAM,
        double.streamed(double.chunk([double.text("lost")])),
        double.reply(double.text("kept")),
    )
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "kept"
    assert Restarted() in signals


async def test_an_error_in_mid_stream_is_asked_again(server, still):
    broken = double.streamed(
        double.chunk([double.text("lost")]), double.error_body(503, "UNAVAILABLE", "Overloaded.")
    )
    server.on(double.STREAM, broken, double.reply(double.text("kept")))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "kept"
    assert [signal.why for signal in signals if isinstance(signal, Waiting)] == [
        "127.0.0.1:PORT failed or is overloaded: “Overloaded.”".replace("PORT", str(server.port))
    ]


async def test_the_delay_of_a_rate_limit_is_obeyed(server, still):
    limited = double.error(429, "RESOURCE_EXHAUSTED", "Slow down.", double.retry_info("37s"))
    server.on(double.STREAM, limited, double.reply(double.text("ok")))
    assert text_of(await ask(model_at(server.url, still), PLAIN)) == "ok"
    assert still.slept == [37.0]


@pytest.mark.parametrize(
    ("answer", "failure", "said"),
    [
        (
            double.error(400, "INVALID_ARGUMENT", "API key not valid.", double.key_invalid()),
            Failure.KEY,
            "rejected the key",
        ),
        (
            double.error(403, "PERMISSION_DENIED", "No identity."),
            Failure.KEY,
            "rejected the key",
        ),
        (double.error(402, "BILLING", "Pay."), Failure.MONEY, "no credit left"),
        (
            double.error(
                429,
                "RESOURCE_EXHAUSTED",
                "Quota.",
                double.quota("GenerateRequestsPerDayPerProjectPerModel"),
                double.retry_info("5s"),
            ),
            Failure.MONEY,
            "spending limit",
        ),
        (double.error(404, "NOT_FOUND", "No such model."), Failure.NOT_FOUND, "doesn't know"),
        (
            double.error(400, "INVALID_ARGUMENT", "The input token count (9) exceeds the maximum"),
            Failure.TOO_LARGE,
            "too large",
        ),
        (double.error(400, "INVALID_ARGUMENT", "Bad."), Failure.REQUEST, "rejected the request"),
    ],
)
async def test_what_does_not_pass_is_not_asked_again(server, still, answer, failure, said):
    server.on(double.STREAM, answer)
    with pytest.raises(ModelError, match=said) as caught:
        await ask(model_at(server.url, still), FULL)
    assert caught.value.failure is failure
    assert caught.value.advice
    assert len(server.requests) == 1


async def test_a_refused_schema_is_told_in_words_from_then_on(server, still):
    refused = double.error(400, "INVALID_ARGUMENT", "The schema produces too many states.")
    server.on(double.STREAM, refused, double.reply(double.text("{}")))
    model = model_at(server.url, still)
    assert model.features.structured
    assert text_of(await ask(model, FULL)) == "{}"
    await ask(model, FULL)
    assert not model.features.structured
    first, *others = server.bodies(double.STREAM)
    assert "responseJsonSchema" in first["generationConfig"]
    assert len(others) == 2
    for body in others:
        assert "responseJsonSchema" not in body["generationConfig"]
        assert body["generationConfig"]["responseMimeType"] == "application/json"
        assert json.dumps(SCHEMA) in body["systemInstruction"]["parts"][0]["text"]


async def test_a_refused_json_mode_ends_in_plain_text_and_then_in_a_sentence(server, still):
    refused = double.error(400, "INVALID_ARGUMENT", "JSON mode with functions is unsupported.")
    server.on(double.STREAM, refused)
    with pytest.raises(ModelError, match="JSON mode"):
        await ask(model_at(server.url, still), FULL)
    assert [
        body["generationConfig"].get("responseMimeType") for body in server.bodies(double.STREAM)
    ] == ["application/json", "application/json", None]


async def test_a_refused_level_of_thinking_is_lowered(server, still):
    refused = double.error(400, "INVALID_ARGUMENT", "Thinking level XHIGH is not supported.")
    server.on(double.STREAM, refused, double.reply(double.text("ok")))
    await ask(model_at(server.url, still, effort=Effort.MAX), PLAIN)
    levels = [
        body["generationConfig"]["thinkingConfig"]["thinkingLevel"]
        for body in server.bodies(double.STREAM)
    ]
    assert levels == ["XHIGH", "HIGH"]


async def test_what_is_known_to_be_lacking_is_not_asked_for(server, still):
    server.on(double.STREAM, double.reply(double.text("{}")))
    model = model_at(server.url, still, features=ModelFeatures(structured=False))
    await ask(model, FULL)
    assert "responseJsonSchema" not in server.requests[0].json["generationConfig"]


async def test_limits_come_from_the_model_once(server, still):
    server.on(f"/v1/models/{double.MODEL}", json_reply(double.model(most_output=65_536)))
    model = model_at(server.url, still)
    assert await model.limits() == ModelLimits(1_048_576, 65_536)
    assert await model.limits() == ModelLimits(1_048_576, 65_536)
    assert len(server.requests) == 1


async def test_limits_fall_back_on_what_is_known(server, still):
    server.on(f"/v1/models/{double.MODEL}", double.error(404, "NOT_FOUND", "Gone."))
    known = ModelLimits(200_000, 32_000)
    assert await model_at(server.url, still, known=known).limits() == known
    with pytest.raises(ModelError, match="Gone"):
        await model_at(server.url, still).limits()


async def test_check_lists_what_can_answer_on_all_pages(server, still):
    first = json_reply({"models": [double.model("a", 10, 5)], "nextPageToken": "p/2"})
    second = json_reply({"models": [double.embedder("e"), double.model("b", 20, 6)]})
    server.on("/v1/models", first, second)
    assert await model_at(server.url, still).check() == (
        ServedModel("a", "A", ModelLimits(10, 5)),
        ServedModel("b", "B", ModelLimits(20, 6)),
    )
    assert server.requests[1].query == "pageSize=1000&pageToken=p%2F2"


async def test_a_model_name_can_not_leave_its_path(server, still):
    server.on(
        "/v1/models/..%2F..%2Fevil%3Fx:streamGenerateContent", double.reply(double.text("ok"))
    )
    model = model_at(server.url, still, name="../../evil?x")
    assert text_of(await ask(model, PLAIN)) == "ok"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
async def test_a_stream_cut_anywhere_is_the_same_answer(server, still, size):
    parts = [double.text("Zażółć \u2028 gęślą 🦔"), double.function_call("grep", pattern="ł")]
    whole = double.streamed(*double.chunks_of(parts))
    server.on(double.STREAM, whole, whole.cut_every(size))
    model = model_at(server.url, still)
    assert text_of(await ask(model, FULL)) == text_of(await ask(model, FULL))
    assert text_of(await ask(model, FULL)) == "Zażółć \u2028 gęślą 🦔"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["candidates", "content", "parts", "text", "functionCall", "finishReason", "usageMetadata",
         "promptTokenCount", "promptFeedback", "blockReason", "thought", "args", "name", "id"]
    ), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


TOP = ("candidates", "usageMetadata", "promptFeedback", "modelVersion")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["candidates", "usageMetadata"]), JSON), max_size=4)
)
def test_chunks_of_any_shape_never_break_the_reader(chunks):
    reply = GoogleReply()
    for chunk in chunks:
        list(reply.feed(chunk))
    assert reply.verdict
    json.dumps([str(signal) for signal in reply.finish()])


def camel_case(value):
    if isinstance(value, list):
        return [camel_case(element) for element in value]
    if not isinstance(value, dict):
        return value
    return {re.sub("_(.)", lambda m: m[1].upper(), k): camel_case(v) for k, v in value.items()}


def official(server: ProviderServer) -> genai.Client:
    options = types.HttpOptions(base_url=server.url)
    return genai.Client(api_key=KEY, http_options=options)


async def test_the_package_reads_the_stream_of_the_double(server):
    parts = [
        double.text("hm", thought=True),
        double.text("Hi."),
        double.function_call("grep", "f1", pattern="x"),
    ]
    server.on(double.STREAM, double.reply(*parts))
    stream = await official(server).aio.models.generate_content_stream(
        model=double.MODEL, contents="q"
    )
    got = [part async for chunk in stream for part in chunk.parts or ()]
    assert [part.text for part in got if part.text and not part.thought] == ["Hi."]
    assert got[0].thought is True
    call = got[-1]
    assert (call.function_call.id, call.function_call.args) == ("f1", {"pattern": "x"})
    assert call.thought_signature == base64.b64decode(double.SIGNATURE)


async def test_the_package_reads_a_whole_structured_answer_of_the_double(server):
    server.on(double.PATH, double.reply(double.text('{"findings": []}')))
    got = await official(server).aio.models.generate_content(
        model=double.MODEL,
        contents="q",
        config={"response_mime_type": "application/json", "response_json_schema": SCHEMA},
    )
    assert json.loads(got.text) == {"findings": []}
    assert got.candidates[0].finish_reason is types.FinishReason.STOP
    assert got.usage_metadata.thoughts_token_count == 15


async def test_the_package_continues_the_reply_in_parts_of_the_double(server):
    token = {"finish": "CONTINUATION", "continuationToken": "dDE="}
    server.on(
        double.STREAM,
        double.reply(double.text("One, "), **token),
        double.reply(double.text("two.")),
    )
    stream = await official(server).aio.models.generate_content_stream(
        model=double.MODEL, contents="q"
    )
    assert "".join([chunk.text or "" async for chunk in stream]) == "One, two."
    assert server.requests[1].json["continuationToken"] == "dDE="


async def test_the_package_reads_the_errors_and_models_of_the_double(server):
    server.on(double.PATH, double.error(503, "UNAVAILABLE", "Overloaded."))
    with pytest.raises(errors.ServerError, match="Overloaded"):
        await official(server).aio.models.generate_content(model=double.MODEL, contents="q")
    server.on("/v1/models", json_reply({"models": [double.model()]}))
    (listed,) = [model async for model in await official(server).aio.models.list()]
    assert (listed.name, listed.input_token_limit) == (f"models/{double.MODEL}", 1_048_576)


async def test_unknown_tools_and_frames_are_passed_over(server, still):
    frames = [frame({"odd": 1}), ": ping\n\n", "event: x\ndata:\n\n"]
    frames += [frame(one) for one in double.chunks_of([double.text("fine")])]
    server.on(double.STREAM, event_stream(frames))
    assert text_of(await ask(model_at(server.url, still), FULL)) == "fine"


def test_a_tool_without_parameters_is_declared():
    tool = Tool("now", "The time.", {"type": "object", "properties": {}})
    body = generate_body(ModelRequest("i", "q", tools=(tool,)), double.MODEL)
    (declared,) = body["tools"][0]["functionDeclarations"]
    assert declared["parametersJsonSchema"] == {"type": "object", "properties": {}}
