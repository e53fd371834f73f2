"""Messages and tools in the form that Chat Completions servers and Ollama share."""

from collections.abc import Callable, Iterator
from typing import Any

from xreview.ports.json_value import object_in
from xreview.ports.request import Exchange, ModelRequest, Structure, ToolResult, instructions_for


def chat_messages(
    request: ModelRequest,
    structure: Structure,
    answered_call: Callable[[ToolResult], dict[str, str]],
) -> Iterator[dict[str, Any]]:
    """Return all messages of a request.

    Args:
        answered_call: returns the fields that link a result to its call.
    """
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
