"""Reading Anthropic's stream of a message."""

from collections.abc import Iterator
from typing import Any

from xreview.domain.text import shorten
from xreview.models.http.event_stream import EventStreamReader
from xreview.models.http.server import QUOTED_CHARACTERS, ModelHost
from xreview.ports.json_value import JsonObject, count_in, object_in, parse_json, text_in
from xreview.ports.model import Doing, Finished, ModelSignal, Stop, TextDelta, Tokens
from xreview.ports.request import ToolCall

_PAUSED = "pause_turn"
_STOPS = {
    "end_turn": Stop.OK,
    "stop_sequence": Stop.OK,
    "tool_use": Stop.TOOLS,
    "max_tokens": Stop.TRUNCATED,
    "model_context_window_exceeded": Stop.TRUNCATED,
    "refusal": Stop.REFUSED,
}
_DELTAS = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
    "input_json_delta": "partial_json",
}


class _Block:
    """A growing block of content; its pieces are joined once, at the end."""

    def __init__(self, start: JsonObject) -> None:
        self.start = start
        self.kind = text_in(start, "type")
        self.pieces: dict[str, list[str]] = {}

    def grow(self, name: str, piece: str) -> None:
        self.pieces.setdefault(name, []).append(piece)

    @property
    def arguments(self) -> str:
        return "".join(self.pieces.get("partial_json", ())) or "{}"

    def whole(self) -> dict[str, Any]:
        """Return the block as a later request sends it back."""
        block = dict(self.start)
        for name, pieces in self.pieces.items():
            if name != "partial_json":
                block[name] = text_in(block, name) + "".join(pieces)
        if self.kind == "tool_use" and "partial_json" in self.pieces:
            try:
                block["input"] = object_in(parse_json(self.arguments))
            except ValueError:
                block["input"] = {}  # the call was cut off and won't run
        return block


class MessageReader(EventStreamReader):
    """One turn of the model; `before` is its content before a pause."""

    def __init__(self, server: ModelHost, about: str, before: tuple[JsonObject, ...] = ()) -> None:
        super().__init__(server, about)
        self._before = before
        self._blocks: dict[int, _Block] = {}
        self._model = ""
        self._stop_reason = ""
        self._stop_details: JsonObject = {}
        self._usage: dict[str, Any] = {}

    @property
    def is_paused(self) -> bool:
        """Whether the turn must be sent back unchanged, to be continued."""
        return self._stop_reason == _PAUSED

    @property
    def content(self) -> tuple[JsonObject, ...]:
        """All blocks of the turn, in order."""
        return (*self._before, *(block.whole() for _, block in sorted(self._blocks.items())))

    @property
    def text(self) -> str:
        """All text of the turn."""
        return "".join(text_in(block, "text") for block in self.content)

    def take(self, event: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals of one event. Raises HttpError for the server's errors."""
        match text_in(event, "type"):
            case "message_start":
                message = object_in(event, "message")
                self._model = text_in(message, "model")
                yield from self._count(object_in(message, "usage"))
            case "content_block_start":
                yield from self._begin(event)
            case "content_block_delta":
                yield from self._grow(event)
            case "message_delta":
                delta = object_in(event, "delta")
                self._stop_reason = text_in(delta, "stop_reason")
                self._stop_details = object_in(delta, "stop_details")
                yield from self._count(object_in(event, "usage"))
            case "message_stop":
                yield from self._finish()
            case "error":
                raise self.server.failed(event, self.about)
            case _:
                pass

    def _begin(self, event: JsonObject) -> Iterator[ModelSignal]:
        index = count_in(event, "index")
        if index is None:
            raise self.server.unreadable("a content block without a number")
        block = _Block(object_in(event, "content_block"))
        self._blocks[index] = block
        if block.kind in ("thinking", "redacted_thinking"):
            yield Doing("thinking")
        elif block.kind == "text" and (text := text_in(block.start, "text")):
            yield TextDelta(text)

    def _grow(self, event: JsonObject) -> Iterator[ModelSignal]:
        block = self._blocks.get(count_in(event, "index") or 0)
        delta = object_in(event, "delta")
        name = _DELTAS.get(text_in(delta, "type"))
        if block is None or name is None:
            return
        piece = text_in(delta, name)
        block.grow(name, piece)
        if name == "text" and piece:
            yield TextDelta(piece)

    def _count(self, usage: JsonObject) -> Iterator[ModelSignal]:
        """Replace earlier counts; keep those that are now missing or null."""
        self._usage |= {name: value for name, value in usage.items() if value is not None}
        cached = count_in(self._usage, "cache_read_input_tokens") or 0
        written = count_in(self._usage, "cache_creation_input_tokens") or 0
        details = object_in(self._usage, "output_tokens_details")
        yield Tokens(
            input=(count_in(self._usage, "input_tokens") or 0) + cached + written,
            cached=cached,
            cache_written=written,
            output=count_in(self._usage, "output_tokens") or 0,
            reasoning=count_in(details, "thinking_tokens") or 0,
        )

    def _finish(self) -> Iterator[ModelSignal]:
        if not self._stop_reason:
            raise self.server.cut_off()
        self.is_complete = True
        if self.is_paused:
            return
        stop = _STOPS.get(self._stop_reason, Stop.OK)
        calls = [
            ToolCall(text_in(block.start, "id"), text_in(block.start, "name"), block.arguments)
            for _, block in sorted(self._blocks.items())
            if block.kind == "tool_use"
        ]
        if stop is Stop.TOOLS:
            yield from calls
        yield Finished(stop, self._model, self._detail(stop), self.content)

    def _detail(self, stop: Stop) -> str:
        if stop is Stop.REFUSED:
            said = (text_in(self._stop_details, name) for name in ("category", "explanation"))
            return shorten(": ".join(part for part in said if part), QUOTED_CHARACTERS)
        return "" if self._stop_reason in ("end_turn", "tool_use") else self._stop_reason
