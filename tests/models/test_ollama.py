"""The Ollama adapter against the double, and the double against Ollama's own package."""

import json
from typing import Any

import ollama as package
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ollama._types import ChatRequest

from tests.fakes.provider_server import ollama as double
from tests.fakes.provider_server.reply import json_reply
from tests.fakes.provider_server.server import ProviderServer, unused_url
from tests.models.http.asking import StillClock, ask, client_for, finished, identity, text_of
from tests.models.requests import FULL, GREP, PLAIN, SCHEMA
from xreview.models.ollama import adapter as ollama
from xreview.models.ollama.reply import OllamaReply
from xreview.models.ollama.request import context_for, ollama_body
from xreview.models.wire.context_fit import body_tokens, fit
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    ModelLimits,
    Restarted,
    ServedModel,
    Stop,
    Tokens,
)
from xreview.ports.request import (
    Effort,
    Exchange,
    ModelRequest,
    Structure,
    ToolCall,
    ToolResult,
)


@pytest.fixture
async def server():
    async with ProviderServer() as server:
        server.on(double.SHOW, double.show())
        yield server


@pytest.fixture
def still():
    return StillClock()


def model_at(
    url: str, still: StillClock, name: str = double.MODEL, *, most_context: int = 0, **options: Any
) -> ollama.OllamaModel:
    client = client_for("ollama", url, still.clock, key="")
    model = ollama.OllamaModel(identity(name, "qwen"), client, **options)
    model.most_context = most_context or model.most_context
    return model


def calls_of(signals) -> list[ToolCall]:
    return [signal for signal in signals if isinstance(signal, ToolCall)]


async def test_an_answer_is_streamed_without_its_thoughts(server, still):
    server.on(double.PATH, double.reply('{"findings": ["é\u2028"]}', thinking="What now?"))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == '{"findings": ["é\u2028"]}'
    assert signals.count(Doing("thinking")) == 1
    assert Tokens(input=100, output=40) in signals
    assert finished(signals).model == double.MODEL
    assert finished(signals).stop is Stop.OK


async def test_the_request_is_that_of_the_reference(server, still):
    server.on(double.PATH, double.reply("{}"))
    await ask(model_at(server.url, still), FULL)
    (body,) = server.bodies(double.PATH)
    place = body.pop("options")
    assert body == {
        "model": double.MODEL,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "The conventions.\n\nReview this."},
        ],
        "stream": True,
        "truncate": False,
        "shift": False,
        "format": SCHEMA,
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
        "think": True,
    }
    assert place["num_ctx"] == 32_768
    assert "authorization" not in server.requests[-1].headers


async def test_the_request_is_the_one_that_the_package_sends(server, still):
    server.on(double.PATH, double.reply("{}"))
    await ask(model_at(server.url, still), FULL)
    ours = server.bodies(double.PATH)[0]
    wanted = {name: ours[name] for name in ("messages", "tools", "format", "think", "options")}
    stream = await package.AsyncClient(server.url).chat(double.MODEL, stream=True, **wanted)
    async for _ in stream:
        pass
    theirs = server.bodies(double.PATH)[1]
    only_ours = {"truncate": False, "shift": False}  # newer than the package
    parameters = theirs["tools"][0]["function"]["parameters"]
    parameters["additionalProperties"] = False  # the package has no word for it
    assert ours == {**theirs, **only_ours}


@pytest.mark.parametrize("structure", list(Structure))
@pytest.mark.parametrize("effort", [None, *Effort])
def test_requests_are_those_of_the_package(effort, structure):
    call = double.tool_call("grep", pattern="x")
    echo = {"role": "assistant", "content": "", "thinking": "hm", "tool_calls": [call]}
    result = ToolResult(ToolCall("call-1", "grep", "{}"), "none", is_error=True)
    request = ModelRequest(
        "Be brief.",
        "Review this.",
        schema=SCHEMA,
        tools=(GREP,),
        effort=effort,
        exchanges=(Exchange(echo, (result,), "Go on."),),
    )
    body = ollama_body(request, "gpt-oss:20b", structure=structure, tools=True, thinks=True)
    read = ChatRequest.model_validate(body)
    messages = [package.Message.model_validate(message) for message in read.messages]
    assert messages[2].tool_calls[0].function.arguments == {"pattern": "x"}
    assert messages[3].tool_name == "grep"
    assert read.think == (None if effort is None else body["think"])
    with pytest.raises(ValueError, match="format"):
        ChatRequest.model_validate({**body, "format": 3})


@pytest.mark.parametrize(
    ("model", "effort", "capabilities", "think"),
    [
        ("gpt-oss:20b", Effort.LOW, ("thinking",), "low"),
        ("gpt-oss:20b", Effort.MAX, ("thinking",), "high"),
        ("qwen3:8b", Effort.LOW, ("thinking",), True),
        ("qwen3:8b", None, ("thinking",), None),
        ("llama3:8b", Effort.HIGH, ("completion",), None),
    ],
)
async def test_thinking_is_asked_of_models_that_can(
    server, still, model, effort, capabilities, think
):
    server.on(double.SHOW, double.show(capabilities=capabilities))
    server.on(double.PATH, double.reply("ok"))
    await ask(model_at(server.url, still, model, effort=effort), PLAIN)
    assert server.bodies(double.PATH)[0].get("think") == think


async def test_a_tool_call_and_its_answer_make_a_loop(server, still):
    called = [double.tool_call("grep", pattern="é"), double.tool_call("grep")]
    server.on(double.PATH, double.reply("I look.", calls=called), double.reply("Found."))
    model = model_at(server.url, still)
    first = await ask(model, FULL)
    calls = calls_of(first)
    assert [(call.id, call.name, json.loads(call.arguments)) for call in calls] == [
        ("call-1", "grep", {"pattern": "é"}),
        ("call-2", "grep", {}),
    ]
    assert finished(first).stop is Stop.TOOLS
    results = (ToolResult(calls[0], "x.py:1"), ToolResult(calls[1], "no file", is_error=True))
    exchange = Exchange(finished(first).echo, results, "Go on.")
    second = await ask(model, ModelRequest("i", "q", tools=(GREP,), exchanges=(exchange,)))
    assert text_of(second) == "Found."
    assert server.bodies(double.PATH)[1]["messages"][2:] == [
        {"role": "assistant", "content": "I look.", "tool_calls": called},
        {"role": "tool", "tool_name": "grep", "content": "x.py:1"},
        {"role": "tool", "tool_name": "grep", "content": "Error: no file"},
        {"role": "user", "content": "Go on."},
    ]


async def test_a_model_without_tools_is_not_offered_any(server, still):
    server.on(double.SHOW, double.show(capabilities=("completion",)))
    server.on(double.PATH, double.reply("ok"))
    model = model_at(server.url, still)
    await ask(model, FULL)
    assert "tools" not in server.bodies(double.PATH)[0]
    assert not model.features.tools


@pytest.mark.parametrize(
    ("said", "lost"),
    [
        ("registry.ollama.ai/x does not support tools", "tools"),
        ('"x" does not support thinking', "think"),
        ("failed to load the model's grammar for format", "format"),
    ],
)
async def test_what_the_server_refuses_is_done_without(server, still, said, lost):
    server.on(double.SHOW, double.show(capabilities=()))
    server.on(double.PATH, double.error(400, said), double.reply("{}"))
    model = model_at(server.url, still)
    assert text_of(await ask(model, FULL)) == "{}"
    first, second = server.bodies(double.PATH)
    assert first[lost]
    assert second.get(lost) in (None, "json")
    others = {"tools", "think", "format"} - {lost}
    assert all(second[name] == first[name] for name in others)


async def test_a_small_request_gets_a_context_of_its_size(server, still):
    server.on(double.PATH, double.reply("ok"))
    await ask(model_at(server.url, still), ModelRequest("i", "q", max_output_tokens=2_000))
    assert server.bodies(double.PATH)[0]["options"] == {"num_ctx": 8_192, "num_predict": 2_000}


async def test_the_context_grows_and_is_not_made_smaller_again(server, still):
    server.on(double.PATH, double.reply("ok"))
    model = model_at(server.url, still)
    for words in (100, 9_000, 100):
        await ask(model, ModelRequest("i", "code " * words, max_output_tokens=1_000))
    contexts = [body["options"]["num_ctx"] for body in server.bodies(double.PATH)]
    assert contexts == [8_192, 16_384, 16_384]


async def test_the_context_stays_below_what_the_model_and_the_user_allow(server, still):
    server.on(double.SHOW, double.show(context=12_000))
    server.on(double.PATH, double.reply("ok"))
    await ask(model_at(server.url, still), PLAIN)
    await ask(model_at(server.url, still, most_context=10_000), PLAIN)
    await ask(model_at(server.url, still, known=ModelLimits(window=9_000)), PLAIN)
    contexts = [body["options"]["num_ctx"] for body in server.bodies(double.PATH)]
    assert contexts == [12_000, 10_000, 9_000]
    assert all(
        body["options"]["num_predict"] < body["options"]["num_ctx"]
        for body in server.bodies(double.PATH)
    )


async def test_a_request_that_can_not_fit_is_not_sent(server, still):
    server.on(double.SHOW, double.show(context=8_192))
    question = ModelRequest("i", "code " * 8_000)
    with pytest.raises(ModelError) as caught:
        await ask(model_at(server.url, still), question)
    assert caught.value.failure is Failure.TOO_LARGE
    assert caught.value.message.startswith("The request takes about 13,")
    assert "the model “qwen3:8b” holds 8,192" in caught.value.message
    assert not server.bodies(double.PATH)


async def test_a_prompt_that_was_cut_nevertheless_is_an_error(server, still):
    server.on(double.PATH, double.reply("As far as I can see: fine.", prompt=8_192))
    with pytest.raises(ModelError, match="takes about 8,192 tokens") as caught:
        await ask(model_at(server.url, still), ModelRequest("i", "q", max_output_tokens=100))
    assert caught.value.failure is Failure.TOO_LARGE


async def test_a_prompt_that_was_longer_than_thought_gets_a_longer_context(server, still):
    answer = double.holding(40_960, lambda request: 9_000, double.reply("ok"))
    server.on(double.PATH, answer)
    model = model_at(server.url, still)
    assert text_of(await ask(model, ModelRequest("i", "q", max_output_tokens=100))) == "ok"
    contexts = [body["options"]["num_ctx"] for body in server.bodies(double.PATH)]
    assert contexts == [8_192, 32_768]


async def test_a_prompt_too_long_for_any_context_ends_in_a_sentence(server, still):
    server.on(double.PATH, double.holding(40_960, lambda request: 90_000, double.reply("ok")))
    with pytest.raises(ModelError, match="longer than the context length") as caught:
        await ask(model_at(server.url, still), PLAIN)
    assert caught.value.failure is Failure.TOO_LARGE


@settings(deadline=None)
@given(st.text(max_size=3_000), st.integers(1, 50_000), st.integers(1_100, 200_000))
def test_whatever_fits_has_room_for_its_answer(text, wanted, context):
    body = {"messages": [{"role": "user", "content": text}]}
    try:
        place = fit(body, wanted, context, "it")
    except ModelError:
        assert context - body_tokens(body) < 1_024
        return
    asked = context_for(place.input_tokens + place.output_tokens, context)
    assert place.input_tokens + place.output_tokens <= asked <= context
    assert 0 < place.output_tokens <= wanted


async def test_limits_share_the_context_and_are_asked_for_once(server, still):
    model = model_at(server.url, still, most_context=131_072)
    assert await model.limits() == ModelLimits(window=40_960)
    assert await model.limits() == ModelLimits(window=40_960)
    assert len(server.requests) == 1


async def test_a_missing_model_is_a_sentence_that_says_how_to_get_it(server, still):
    server.on(double.SHOW, double.error(404, "model 'qwen3:8b' not found"))
    with pytest.raises(ModelError, match="doesn't have the model “qwen3:8b”") as caught:
        await ask(model_at(server.url, still), PLAIN)
    assert "ollama pull qwen3:8b" in caught.value.advice


async def test_a_model_that_runs_elsewhere_is_not_taken_for_local(server, still):
    shown = double.show(remote_host="https://ollama.com:443", remote_model="qwen3-coder:480b")
    server.on(double.SHOW, shown)
    with pytest.raises(ModelError, match=r"would send the code to https://ollama.com:443"):
        await ask(model_at(server.url, still, "qwen3-coder:480b-cloud"), PLAIN)
    assert not server.bodies(double.PATH)


@pytest.mark.parametrize(
    ("answer", "failure", "said"),
    [
        (
            double.error(500, "model requires more system memory (9 GiB) than is available"),
            Failure.TOO_LARGE,
            "more system memory",
        ),
        (double.error(503, "server busy, please try again"), Failure.SERVER, "server busy"),
        (double.error(400, "invalid options"), Failure.REQUEST, "invalid options"),
        (json_reply({"error": {"message": "nested"}}, 400), Failure.REQUEST, "nested"),
    ],
)
async def test_errors_are_sentences(server, still, answer, failure, said):
    server.on(double.PATH, answer)
    with pytest.raises(ModelError) as caught:
        await ask(model_at(server.url, still), PLAIN)
    assert said in caught.value.message
    assert caught.value.failure is failure
    assert caught.value.advice


async def test_an_error_in_mid_stream_is_asked_again(server, still):
    lines = double.lines_of("lost")[:1]
    broken = double.streamed([*lines, {"error": "llama runner process has terminated"}])
    server.on(double.PATH, broken, double.reply("kept"))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "kept"
    assert Restarted() in signals


@pytest.mark.parametrize("cut", [20, 140])
async def test_a_stream_without_its_end_is_begun_anew(server, still, cut):
    whole = double.streamed(double.lines_of("lost, all of it"))
    partial = whole.changed(pieces=(whole.body[:cut],))
    server.on(double.PATH, partial, double.reply("kept"))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "kept"


async def test_an_empty_answer_is_asked_for_once_more(server, still):
    server.on(double.PATH, double.reply(reason="load"), double.reply("here"))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "here"
    assert Restarted() in signals
    server.on(double.PATH, double.reply(thinking="hm"))
    with pytest.raises(ModelError, match="sent an empty answer"):
        await ask(model_at(server.url, still), PLAIN)


async def test_a_call_of_a_reply_that_was_cut_is_never_given(server, still):
    answer = double.reply("x", calls=[double.tool_call("grep")], reason="length")
    server.on(double.PATH, answer)
    signals = await ask(model_at(server.url, still), FULL)
    assert not calls_of(signals)
    assert (finished(signals).stop, finished(signals).detail) == (Stop.TRUNCATED, "length")


async def test_a_leading_thought_in_the_text_is_stripped(server, still):
    server.on(double.PATH, double.reply("<think>hm, {}</think>\n{}"))
    signals = await ask(model_at(server.url, still), PLAIN)
    assert text_of(signals) == "{}"
    assert signals.count(Doing("thinking")) == 1


async def test_a_server_that_is_not_there_is_a_sentence(still):
    with pytest.raises(ModelError, match="refused the connection") as caught:
        await ask(model_at(unused_url(), still), PLAIN)
    assert caught.value.failure is Failure.CONNECTION


async def test_check_lists_the_models_and_where_they_run(server, still):
    server.on(double.TAGS, double.tags("a:1b", remote_host="https://ollama.com"))
    assert await model_at(server.url, still).check() == (
        ServedModel("a:1b", "8.2B Q4_K_M", notice="runs at https://ollama.com"),
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_a_stream_cut_anywhere_is_the_same_answer(server, still, size, newline):
    called = [double.tool_call("grep", pattern="ł")]
    lines = double.lines_of("Zażółć \u2028 🦔", calls=called)
    server.on(double.PATH, double.streamed(lines, newline).cut_every(size))
    signals = await ask(model_at(server.url, still), FULL)
    assert text_of(signals) == "Zażółć \u2028 🦔"
    assert json.loads(calls_of(signals)[0].arguments) == {"pattern": "ł"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["content", "thinking", "tool_calls", "function", "name", "arguments"]
    ), inner, max_size=4),
    max_leaves=15,
)  # fmt: skip
NAMES = ("message", "done", "done_reason", "prompt_eval_count", "model")


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, JSON)), max_size=4))
def test_lines_of_any_shape_never_break_the_reader(lines):
    reply = OllamaReply()
    for line in lines:
        list(reply.feed(line))
    *_, end = reply.finish()
    assert end.stop in Stop
    json.dumps(end.echo)


async def test_the_package_reads_the_stream_of_the_double(server):
    answer = double.reply("Hi.", thinking="hm", calls=[double.tool_call("grep", pattern="x")])
    server.on(double.PATH, answer)
    client = package.AsyncClient(server.url)
    stream = await client.chat(double.MODEL, [{"role": "user", "content": "q"}], stream=True)
    got = [part async for part in stream]
    assert "".join(part.message.content or "" for part in got) == "Hi."
    assert "".join(part.message.thinking or "" for part in got) == "hm"
    (call,) = [call for part in got for call in part.message.tool_calls or ()]
    assert (call.function.name, call.function.arguments) == ("grep", {"pattern": "x"})
    assert (got[-1].done, got[-1].done_reason, got[-1].prompt_eval_count) == (True, "stop", 100)


async def test_the_package_reads_a_whole_structured_answer_of_the_double(server):
    server.on(double.PATH, double.reply('{"findings": []}'))
    got = await package.AsyncClient(server.url).chat(
        double.MODEL, [{"role": "user", "content": "q"}], format=SCHEMA
    )
    assert json.loads(got.message.content) == {"findings": []}


async def test_the_package_reads_the_errors_and_models_of_the_double(server):
    client = package.AsyncClient(server.url)
    server.on(double.PATH, double.error(404, "model 'x' not found"))
    with pytest.raises(package.ResponseError, match="not found"):
        await client.chat("x", [{"role": "user", "content": "q"}])
    server.on(double.TAGS, double.tags(double.MODEL))
    assert [model.model for model in (await client.list()).models] == [double.MODEL]
    shown = await client.show(double.MODEL)
    assert shown.modelinfo["qwen3.context_length"] == 40_960
    assert "tools" in shown.capabilities
