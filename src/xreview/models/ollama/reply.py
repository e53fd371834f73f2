"""Turning lines of Ollama's `/api/chat` into signals; calls are held back until the end."""

import json
from collections.abc import Iterator
from typing import Any

from xreview.models.wire.think_block import SpokenText
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import Finished, ModelSignal, Stop, Tokens
from xreview.ports.request import ToolCall


class OllamaReply:
    """The reply so far."""

    def __init__(self) -> None:
        self._text = SpokenText()
        self._thinking: list[str] = []
        self._calls: list[JsonObject] = []
        self._model = ""
        self.is_whole = False
        """Whether the last line has arrived."""
        self.reason = ""
        """The server's word for why the model stopped."""
        self.tokens = Tokens()

    def knows(self, chunk: JsonObject) -> bool:
        """Whether an object belongs to this protocol."""
        return not chunk.keys().isdisjoint(("message", "done"))

    def feed(self, chunk: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals in one line."""
        self._model = text_in(chunk, "model") or self._model
        message = object_in(chunk, "message")
        thinking = text_in(message, "thinking")
        if thinking:
            self._thinking.append(thinking)
            yield from self._text.thinks()
        yield from self._text.feed(text_in(message, "content"))
        self._calls += (
            function
            for call in list_in(message, "tool_calls")
            if (function := object_in(call, "function"))
        )
        if chunk.get("done") is True:
            yield from self._ends(chunk)

    def _ends(self, chunk: JsonObject) -> Iterator[ModelSignal]:
        yield from self._text.end()
        self.is_whole = True
        self.reason = text_in(chunk, "done_reason")
        self.tokens = Tokens(
            input=count_in(chunk, "prompt_eval_count") or 0,
            output=count_in(chunk, "eval_count") or 0,
        )
        yield self.tokens

    @property
    def has_answer(self) -> bool:
        """Whether there is anything besides thoughts."""
        return bool(self._calls) or bool(str(self._text).strip())

    def finish(self) -> Iterator[ModelSignal]:
        """Return the calls of a complete reply, and its end."""
        stop = self._stop()
        if stop is Stop.TOOLS:
            for number, call in enumerate(self._calls, start=1):
                yield ToolCall(f"call-{number}", text_in(call, "name"), _arguments(call))
        yield Finished(
            stop=stop,
            model=self._model,
            detail=self.reason if stop is Stop.TRUNCATED else "",
            echo=self._echo(),
        )

    def _stop(self) -> Stop:
        if self.reason == "length":
            return Stop.TRUNCATED
        return Stop.TOOLS if self._calls else Stop.OK

    def _echo(self) -> dict[str, Any]:
        echo: dict[str, Any] = {"role": "assistant", "content": str(self._text)}
        if self._thinking:
            echo["thinking"] = "".join(self._thinking)
        if self._calls:
            echo["tool_calls"] = [{"function": dict(call)} for call in self._calls]
        return echo


def _arguments(call: JsonObject) -> str:
    """Return a call's arguments as JSON text; Ollama sends an object, some imitations text."""
    arguments = call.get("arguments")
    if isinstance(arguments, str):
        return arguments or "{}"
    return json.dumps(arguments or {}, ensure_ascii=False)
