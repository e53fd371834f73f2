"""The body of `POST /responses`."""

from typing import Any, cast

from xreview.models.wire.strict_schema import is_strict
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelLimits
from xreview.ports.request import Effort, Exchange, ModelRequest

_REASONING = "reasoning.encrypted_content"


def responses_body(
    request: ModelRequest,
    model: str,
    effort: Effort | None = None,
    limits: ModelLimits | None = None,
) -> dict[str, Any]:
    """Return the body."""
    most = limits.output_tokens if limits and limits.output_tokens else request.max_output_tokens
    body: dict[str, Any] = {
        "model": model,
        "input": [_user(request.shared, request.question)],
        "max_output_tokens": min(request.max_output_tokens, most),
        "store": False,
        "include": [_REASONING],
        "stream": True,
        "stream_options": {"include_obfuscation": False},
    }
    for exchange in request.exchanges:
        body["input"] += _items(exchange)
    if request.instructions:
        body["instructions"] = request.instructions
    if request.effort or effort:
        body["reasoning"] = {"effort": request.effort or effort}
    if request.schema is not None:
        body["text"] = {
            "format": {
                "type": "json_schema",
                "name": request.schema_name,
                "strict": is_strict(request.schema),
                "schema": request.schema,
            }
        }
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
                "strict": is_strict(tool.parameters),
            }
            for tool in request.tools
        ]
        body["parallel_tool_calls"] = True
    if request.cache_key:
        body["prompt_cache_key"] = request.cache_key
    return body


def _user(*texts: str) -> JsonObject:
    content = [{"type": "input_text", "text": text} for text in texts if text]
    return {"role": "user", "content": content}


def _items(exchange: Exchange) -> list[JsonObject]:
    items = list(cast("tuple[JsonObject, ...]", exchange.echo))
    items += [
        {"type": "function_call_output", "call_id": result.call.id, "output": result.text}
        for result in exchange.results
    ]
    return [*items, _user(exchange.text)] if exchange.text else items
