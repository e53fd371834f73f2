"""The body of `POST /v1/messages`."""

from typing import Any, cast

from xreview.models.wire.strict_schema import is_strict
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelLimits
from xreview.ports.request import Effort, Exchange, ModelRequest

_CACHED = {"type": "ephemeral"}


def messages_body(
    request: ModelRequest,
    model: str,
    effort: Effort | None = None,
    limits: ModelLimits | None = None,
) -> dict[str, Any]:
    """Return the body, with the shared prefix marked for the cache."""
    most = limits.output_tokens if limits and limits.output_tokens else request.max_output_tokens
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
