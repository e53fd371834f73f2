"""Reading OpenAI's stream of a response."""

from collections.abc import Iterator, Sequence

from xreview.domain.text import shorten
from xreview.models.http.event_stream import EventStreamReader
from xreview.models.http.server import QUOTED_CHARACTERS, ModelHost
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import Doing, Finished, ModelSignal, Stop, TextDelta, Tokens
from xreview.ports.request import ToolCall

_COMMENTARY = "commentary"


class ResponseReader(EventStreamReader):
    """One response: output items, of which messages contain the answer."""

    def __init__(self, server: ModelHost, about: str = "") -> None:
        super().__init__(server, about)
        self._commentary: set[int] = set()
        self._done: dict[int, JsonObject] = {}
        self._has_text = False

    def take(self, event: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals of one event. Raises HttpError for the server's errors."""
        match text_in(event, "type"):
            case "response.output_item.added":
                yield from self._begin(event)
            case "response.output_text.delta":
                text = text_in(event, "delta")
                if text and count_in(event, "output_index") not in self._commentary:
                    self._has_text = True
                    yield TextDelta(text)
            case "response.output_item.done":
                self._done[count_in(event, "output_index") or 0] = object_in(event, "item")
            case "response.completed" | "response.incomplete" | "response.failed":
                yield from self._finish(object_in(event, "response"))
            case "error":
                # Documented flat, observed nested.
                error = object_in(event, "error") or event
                raise self.server.failed({"error": error}, self.about)
            case _:
                pass

    def _begin(self, event: JsonObject) -> Iterator[ModelSignal]:
        item = object_in(event, "item")
        if text_in(item, "type") == "reasoning":
            yield Doing("thinking")
        elif text_in(item, "phase") == _COMMENTARY:
            self._commentary.add(count_in(event, "output_index") or 0)

    def _finish(self, response: JsonObject) -> Iterator[ModelSignal]:
        items = [object_in(item) for item in list_in(response, "output")]
        items = items or [item for _, item in sorted(self._done.items())]
        yield _tokens(object_in(response, "usage"))
        stop, detail = self._stop(response, items)
        text = _answer(items)
        if text and not self._has_text:  # the server sent whole items instead of deltas
            yield TextDelta(text)
        self.is_complete = True
        if stop is Stop.TOOLS:
            yield from _calls(items)
        yield Finished(stop, text_in(response, "model"), detail, tuple(items))

    def _stop(self, response: JsonObject, items: Sequence[JsonObject]) -> tuple[Stop, str]:
        match text_in(response, "status"):
            case "completed":
                pass
            case "incomplete":
                reason = text_in(object_in(response, "incomplete_details"), "reason")
                stop = Stop.REFUSED if reason == "content_filter" else Stop.TRUNCATED
                return stop, shorten(reason, QUOTED_CHARACTERS)
            case "failed":
                raise self.server.failed(response, self.about)
            case status:
                raise self.server.unreadable(f"an answer that ended as “{status}”")
        refusal = "".join(_parts(items, "refusal", "refusal"))
        if refusal:
            return Stop.REFUSED, shorten(refusal, QUOTED_CHARACTERS)
        return (Stop.TOOLS if any(_calls(items)) else Stop.OK), ""


def _calls(items: Sequence[JsonObject]) -> Iterator[ToolCall]:
    for item in items:
        if text_in(item, "type") == "function_call":
            arguments = text_in(item, "arguments") or "{}"
            yield ToolCall(text_in(item, "call_id"), text_in(item, "name"), arguments)


def _answer(items: Sequence[JsonObject]) -> str:
    spoken = [item for item in items if text_in(item, "phase") != _COMMENTARY]
    return "".join(_parts(spoken, "output_text", "text"))


def _parts(items: Sequence[JsonObject], kind: str, name: str) -> Iterator[str]:
    for item in items:
        if text_in(item, "type") == "message":
            for part in list_in(item, "content"):
                if text_in(part, "type") == kind:
                    yield text_in(part, name)


def _tokens(usage: JsonObject) -> Tokens:
    """Return a response's usage; its input includes cached tokens."""
    inputs = object_in(usage, "input_tokens_details")
    outputs = object_in(usage, "output_tokens_details")
    return Tokens(
        input=count_in(usage, "input_tokens") or 0,
        cached=count_in(inputs, "cached_tokens") or 0,
        cache_written=count_in(inputs, "cache_write_tokens") or 0,
        output=count_in(usage, "output_tokens") or 0,
        reasoning=count_in(outputs, "reasoning_tokens") or 0,
    )
