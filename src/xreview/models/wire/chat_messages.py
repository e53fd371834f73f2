"""Parts of request bodies that several wire formats share."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from xreview.ports.json_value import list_in, object_in
from xreview.ports.request import Exchange, ModelRequest, Structure, ToolResult, instructions_for


def chat_messages(
    request: ModelRequest,
    structure: Structure,
    answered_call: Callable[[ToolResult], dict[str, str]],
) -> Iterator[dict[str, Any]]:
    """Return the messages; `answered_call` gives the fields that link a result to its call."""
    if instructions := instructions_for(request, structure):
        yield {"role": "system", "content": instructions}
    # One text, since many servers take no list of parts.
    question = "\n\n".join(filter(None, (request.shared, request.question)))
    yield {"role": "user", "content": question}
    for exchange in request.exchanges:
        yield from _turn(exchange, answered_call)


def _turn(
    exchange: Exchange, answered_call: Callable[[ToolResult], dict[str, str]]
) -> Iterator[dict[str, Any]]:
    if echo := object_in(exchange.echo):
        yield dict(echo)
    for result in exchange.results:
        text = f"Error: {result.text}" if result.is_error else result.text
        yield {"role": "tool", **answered_call(result), "content": text}
    if exchange.text:
        yield {"role": "user", "content": exchange.text}


def chat_tools(request: ModelRequest) -> Iterator[dict[str, Any]]:
    """Return the tools the model can call."""
    for tool in request.tools:
        function = {
            "name": tool.name,
            "description": tool.description,
            "parameters": dict(tool.parameters),
        }
        yield {"type": "function", "function": function}


def is_strict(schema: Mapping[str, Any]) -> bool:
    """Return whether servers can enforce a schema: each object is closed, with all keys required.

    This is the portable subset of reference `providers.md`, section 0.
    """
    properties = object_in(schema, "properties")
    is_object = schema.get("type") == "object" or bool(properties)
    if is_object and (
        schema.get("additionalProperties") is not False
        or set(list_in(schema, "required")) != set(properties)
    ):
        return False
    inner = [*properties.values(), schema.get("items"), *list_in(schema, "anyOf")]
    inner += object_in(schema, "$defs").values()
    return all(is_strict(object_in(part)) for part in inner if part)
