"""Turning a Chat Completions server's chunks into signals.

Thoughts (`reasoning_content`, `reasoning`, a leading `<think>` block) become `Doing`, never part of
the answer. Calls are held back until the reply is complete, so that a truncated reply runs none.
"""

from collections.abc import Iterator
from typing import Any

from xreview.domain.text import shorten
from xreview.models.compatible.calls import ToolCalls
from xreview.models.http.server import QUOTED_CHARACTERS
from xreview.models.wire.think_block import SpokenText
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import Finished, ModelSignal, Stop, Tokens

_STOPS = {
    "stop": Stop.OK,
    "eos": Stop.OK,
    "eos_token": Stop.OK,
    "end_turn": Stop.OK,
    "stop_sequence": Stop.OK,
    "tool_calls": Stop.TOOLS,
    "function_call": Stop.TOOLS,
    "tool_use": Stop.TOOLS,
    "length": Stop.TRUNCATED,
    "max_tokens": Stop.TRUNCATED,
    "content_filter": Stop.REFUSED,
    "refusal": Stop.REFUSED,
    "safety": Stop.REFUSED,
}


class CompatibleReply:
    """The reply so far."""

    def __init__(self) -> None:
        self._calls = ToolCalls()
        self._text = SpokenText()
        self._refusal: list[str] = []
        self._reasoning_details: list[object] = []
        self._model = ""
        self._filtered = ""
        self.reason = ""
        """The server's word for why the model stopped; "" before that."""

    def knows(self, chunk: JsonObject) -> bool:
        """Whether an object belongs to this protocol."""
        return not chunk.keys().isdisjoint(("choices", "usage"))

    def feed(self, chunk: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals in one chunk, or in a whole `chat.completion`."""
        self._model = text_in(chunk, "model") or self._model
        for choice in list_in(chunk, "choices")[:1]:
            yield from self._message(object_in(choice, "delta") or object_in(choice, "message"))
            self.reason = text_in(choice, "finish_reason") or self.reason
            self._filtered = text_in(choice, "native_finish_reason") or self._filtered
        usage = object_in(chunk, "usage")
        if usage:
            yield _tokens(usage)

    def _message(self, message: JsonObject) -> Iterator[ModelSignal]:
        if text_in(message, "reasoning_content") or text_in(message, "reasoning"):
            yield from self._text.thinks()
        self._reasoning_details += list_in(message, "reasoning_details")
        self._refusal.append(text_in(message, "refusal"))
        yield from self._text.feed(_content(message))
        for call in list_in(message, "tool_calls"):
            self._calls.feed(call)

    @property
    def is_whole(self) -> bool:
        """Whether the server gave a stop reason."""
        return bool(self.reason)

    @property
    def has_answer(self) -> bool:
        """Whether there is anything besides thoughts."""
        return bool(self._calls) or any(map(str.strip, (str(self._text), *self._refusal)))

    @property
    def stop(self) -> Stop | None:
        """Why it stopped; None for an unknown reason."""
        if any(self._refusal):
            return Stop.REFUSED
        stop = _STOPS.get(self.reason.lower())
        if stop in (Stop.OK, Stop.TOOLS):
            return Stop.TOOLS if self._calls else Stop.OK
        return stop

    def rest(self) -> Iterator[ModelSignal]:
        """Return the text held back as the possible start of a thought."""
        yield from self._text.end()

    def finish(self, stop: Stop) -> Iterator[ModelSignal]:
        """Return the calls of a complete reply, and its end."""
        calls = self._calls.finish()
        if stop is Stop.TOOLS:
            yield from calls
        yield Finished(stop=stop, model=self._model, detail=self._detail(stop), echo=self._echo())

    def _detail(self, stop: Stop) -> str:
        if stop is Stop.REFUSED:
            said = "".join(self._refusal) or self._filtered or self.reason
            return shorten(said, QUOTED_CHARACTERS)
        return self.reason if stop is Stop.TRUNCATED else ""

    def _echo(self) -> dict[str, Any]:
        said = str(self._text)
        echo: dict[str, Any] = {"role": "assistant", "content": said or None}
        if self._calls:
            echo["tool_calls"] = [*self._calls.echo()]
        elif not said:
            echo["content"] = "".join(self._refusal)
        if self._reasoning_details:
            echo["reasoning_details"] = self._reasoning_details
        return echo


def _content(message: JsonObject) -> str:
    parts = list_in(message, "content")  # Mistral sends a list of parts
    return "".join(text_in(part, "text") for part in parts) or text_in(message, "content")


def _tokens(usage: JsonObject) -> Tokens:
    asked = object_in(usage, "prompt_tokens_details")
    said = object_in(usage, "completion_tokens_details")
    cached = count_in(asked, "cached_tokens") or count_in(usage, "prompt_cache_hit_tokens")
    return Tokens(
        input=count_in(usage, "prompt_tokens") or 0,
        cached=cached or 0,
        cache_written=count_in(asked, "cache_write_tokens") or 0,
        output=count_in(usage, "completion_tokens") or 0,
        reasoning=count_in(said, "reasoning_tokens") or 0,
        cost=_cost(usage),
    )


def _cost(usage: JsonObject) -> float | None:
    cost: object = usage.get("cost")
    if isinstance(cost, bool) or not isinstance(cost, int | float):
        return None
    return float(cost) if cost >= 0 else None
