"""Whatever events a server sends, the readers of its stream give signals or a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.provider_server import anthropic as anthropic_double
from tests.fakes.provider_server import openai as openai_double
from xreview.models.anthropic import adapter as anthropic
from xreview.models.anthropic.stream import MessageReader
from xreview.models.http.event_stream import EventStreamReader
from xreview.models.http.server import HttpError, ModelHost
from xreview.models.openai import adapter as openai
from xreview.models.openai.stream import ResponseReader
from xreview.ports.model import Finished

GOOD = {
    "anthropic": anthropic_double.events_of(
        [
            anthropic_double.thinking("hm"),
            anthropic_double.text("Hi."),
            anthropic_double.tool_use("t", "grep", pattern="x"),
        ],
        "tool_use",
    ),
    "openai": openai_double.events_of(
        [
            openai_double.reasoning(),
            openai_double.message("Hi."),
            openai_double.function_call("c", "grep", "{}"),
        ]
    ),
}
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def reader_of(name: str) -> EventStreamReader:
    if name == "anthropic":
        return MessageReader(ModelHost("host", anthropic.AnthropicModel.dialect), "the model")
    return ResponseReader(ModelHost("host", openai.OpenAIModel.dialect), "the model")


def places(value: object) -> list[tuple[object, object]]:
    """Every container in the value with a key into it."""
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    else:
        return []
    return [(value, key) for key, _ in inner] + [p for _, part in inner for p in places(part)]


@pytest.mark.parametrize("name", GOOD)
@given(data=st.data())
def test_an_event_bent_anywhere_gives_signals_or_a_sentence(name, data):
    events = json.loads(json.dumps(GOOD[name]))
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(events)))
        container[key] = data.draw(ODD)
    drop = data.draw(st.sets(st.integers(0, len(events) - 1), max_size=2))
    stream = "".join(
        f"data: {json.dumps(event)}\n\n" for i, event in enumerate(events) if i not in drop
    )
    reader = reader_of(name)
    try:
        signals = [*reader.feed(stream.encode()), *reader.end()]
    except HttpError:
        return  # its sentences are the faults' tests'
    assert sum(isinstance(signal, Finished) for signal in signals) == (
        0 if getattr(reader, "is_paused", False) else 1
    )


@pytest.mark.parametrize("name", GOOD)
def test_the_events_are_good_unbent(name):
    stream = "".join(f"data: {json.dumps(event)}\n\n" for event in GOOD[name])
    reader = reader_of(name)
    assert isinstance(list(reader.feed(stream.encode()))[-1], Finished)
    list(reader.end())
