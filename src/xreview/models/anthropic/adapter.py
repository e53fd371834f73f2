"""The adapter for Anthropic's Messages API.

Thinking is left to the model, since some reject the setting. When a model pauses (`pause_turn`),
its turn is sent back unchanged until it finishes.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast
from urllib.parse import quote

from xreview.models.anthropic.stream import MessageReader
from xreview.models.http.call import Call, TokenTally
from xreview.models.http.model import HttpModel
from xreview.models.http.server import Complaint, Dialect
from xreview.models.wire.chat_messages import is_strict
from xreview.ports.failure import Failure, ModelError
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import ModelLimits, ModelSignal, Restarted, ServedModel, TextDelta, Tokens
from xreview.ports.request import Effort, Exchange, ModelRequest

_PATH = "/v1/messages"
_MOST_PAUSES = 8
_MOST_PAGES = 20


def _complaint(body: JsonObject) -> Complaint:
    error = object_in(body, "error")
    kinds = (text_in(object_in(error, "details"), "error_code"), text_in(error, "type"))
    return Complaint(kinds, text_in(error, "message"))


_DIALECT = Dialect(
    _complaint,
    {
        "enforced_spend_limit_reached": Failure.MONEY,
        "authentication_error": Failure.KEY,
        "billing_error": Failure.MONEY,
        "permission_error": Failure.KEY,
        "not_found_error": Failure.NOT_FOUND,
        "request_too_large": Failure.TOO_LARGE,
        "rate_limit_error": Failure.RATE,
        "timeout_error": Failure.TIMEOUT,
        "api_error": Failure.SERVER,
        "overloaded_error": Failure.SERVER,
        "invalid_request_error": Failure.REQUEST,
    },
)


class AnthropicModel(HttpModel):
    """A model behind the Messages API."""

    dialect = _DIALECT

    async def check(self) -> tuple[ServedModel, ...]:
        """Return the models that the key can use. Raises ModelError."""
        models: list[ServedModel] = []
        after = ""
        for _ in range(_MOST_PAGES):
            path = "/v1/models?limit=1000" + (f"&after_id={quote(after, safe='')}" if after else "")
            page = await self._client.fetch(Call(path, about="the list of models"))
            models += [_served(entry) for entry in list_in(page, "data") if text_in(entry, "id")]
            after = text_in(page, "last_id")
            if page.get("has_more") is not True or not after:
                break
        return tuple(models)

    async def _told_limits(self) -> ModelLimits:
        served = {model.id: model.limits for model in await self.check()}
        return served.get(self.identity.model, ModelLimits()).or_else(self._known)

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer. Raises ModelError."""
        limits = self._limits or self._known
        body = messages_body(request, self.identity.model, self._effort, limits)
        tally = TokenTally()
        reader = MessageReader(self._client.server, self._about)
        for _ in range(_MOST_PAUSES):
            before, text_before = reader.content, reader.text

            def open_reader(_: str, before: tuple[JsonObject, ...] = before) -> MessageReader:
                nonlocal reader
                reader = MessageReader(self._client.server, self._about, before)
                return reader

            async with aclosing(self._client.stream(self._call(body, before), open_reader)) as got:
                async for signal in got:
                    yield tally.note(signal) if isinstance(signal, Tokens) else signal
                    if isinstance(signal, Restarted) and text_before:
                        yield TextDelta(text_before)
            if not reader.is_paused:
                return
            tally.begin_anew()
        raise ModelError(
            Failure.PROTOCOL,
            f"{self.identity.host} paused {_MOST_PAUSES} times without finishing its answer.",
            "Try again later, or choose another reviewer.",
        )

    def _call(self, body: dict[str, Any], before: tuple[JsonObject, ...]) -> Call:
        if before:
            turn = {"role": "assistant", "content": list(before)}
            body = {**body, "messages": [*body["messages"], turn]}
        return Call(_PATH, body, about=self._about)


def _served(entry: object) -> ServedModel:
    lifecycle = text_in(entry, "lifecycle")
    return ServedModel(
        text_in(entry, "id"),
        text_in(entry, "display_name"),
        # Its window includes the longest answer.
        ModelLimits(
            output_tokens=count_in(entry, "max_tokens"), window=count_in(entry, "max_input_tokens")
        ),
        "" if lifecycle in ("", "active") else lifecycle,
    )


_CACHED = {"type": "ephemeral"}


def messages_body(
    request: ModelRequest, model: str, effort: Effort | None, limits: ModelLimits
) -> dict[str, Any]:
    """Return the body, with the shared prefix marked for the cache."""
    most = limits.output_tokens or request.max_output_tokens
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": min(request.max_output_tokens, most),
        "stream": True,
        "messages": [{"role": "user", "content": _first_turn(request)}],
    }
    for exchange in request.exchanges:
        body["messages"] += _turns(exchange)
    if request.instructions:
        system = _text(request.instructions)
        body["system"] = [system if request.shared else {**system, "cache_control": _CACHED}]
    if request.tools:
        body["tools"] = [
            {
                "name": tool.name,
                "description": tool.description,
                "input_schema": tool.parameters,
                "strict": is_strict(tool.parameters),
            }
            for tool in request.tools
        ]
        body["tool_choice"] = {"type": "auto"}
        last = body["messages"][-1]
        if last["role"] == "user" and last["content"]:  # the next turn of the loop starts with this
            last["content"][-1] = {**last["content"][-1], "cache_control": _CACHED}
    output: dict[str, Any] = {}
    if request.effort or effort:
        output["effort"] = request.effort or effort
    if request.schema is not None:
        output["format"] = {"type": "json_schema", "schema": request.schema}
    if output:
        body["output_config"] = output
    return body


def _first_turn(request: ModelRequest) -> list[JsonObject]:
    blocks: list[JsonObject] = []
    if request.shared:
        blocks.append({**_text(request.shared), "cache_control": _CACHED})
    if request.question:
        blocks.append(_text(request.question))
    return blocks


def _turns(exchange: Exchange) -> list[JsonObject]:
    answer: list[JsonObject] = [
        {
            "type": "tool_result",
            "tool_use_id": result.call.id,
            "content": result.text,
            "is_error": result.is_error,
        }
        for result in exchange.results
    ]
    if exchange.text:
        answer.append(_text(exchange.text))
    turns: list[JsonObject] = [
        {"role": "assistant", "content": list(cast("tuple[JsonObject, ...]", exchange.echo))}
    ]
    return [*turns, {"role": "user", "content": answer}] if answer else turns


def _text(text: str) -> JsonObject:
    return {"type": "text", "text": text}
