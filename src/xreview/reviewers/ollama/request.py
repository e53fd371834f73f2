"""What is sent to Ollama: the body of its native `/api/chat`.

Source of the format: Ollama's API documentation and its `ollama` package. The OpenAI form of the
same server can't say how long the context is to be, and cuts a long prompt without a word.
"""

from collections.abc import Iterator
from typing import Any

from xreview.reviewers.http.json_value import object_in
from xreview.reviewers.model import Effort, Exchange, ModelRequest
from xreview.reviewers.structure import Structure, instructions_for

_SMALLEST_CONTEXT = 8_192
_LEVELLED = "gpt-oss"
_LEVELS = {
    Effort.LOW: "low",
    Effort.MEDIUM: "medium",
    Effort.HIGH: "high",
    Effort.XHIGH: "high",
    Effort.MAX: "high",
}


def body_of(
    request: ModelRequest, model: str, *, structure: Structure, tools: bool, thinks: bool
) -> dict[str, Any]:
    """The JSON body of a request, but for its `options`.

    Args:
        structure: how strictly JSON is asked for, where the request has a schema.
        tools, thinks: whether the model can call functions, and think.
    """
    body: dict[str, Any] = {
        "model": model,
        "messages": [*_messages(request, structure)],
        "stream": True,
        # Better a refusal than a prompt that is cut without a word.
        "truncate": False,
        "shift": False,
    }
    if request.schema is not None and structure is not Structure.PLAIN:
        body["format"] = dict(request.schema) if structure is Structure.SCHEMA else "json"
    if request.tools and tools:
        body["tools"] = [*_tools(request)]
    if thinks and request.effort is not None:
        body["think"] = _LEVELS[request.effort] if _LEVELLED in model else True
    return body


def options(context: int, output: int) -> dict[str, Any]:
    """The options that make room: the context's length and the longest answer, in tokens."""
    return {"num_ctx": context, "num_predict": output}


def context_for(tokens: int, limit: int) -> int:
    """The context to ask for: one of few lengths, since a model is loaded anew for each.

    Args:
        tokens: what question and answer take.
        limit: the longest that may be asked for; the answer is never longer.
    """
    context = _SMALLEST_CONTEXT
    while context < tokens:
        context *= 2
    return min(context, limit)


def _messages(request: ModelRequest, structure: Structure) -> Iterator[dict[str, Any]]:
    instructions = instructions_for(request, structure)
    if instructions:
        yield {"role": "system", "content": instructions}
    question = "\n\n".join(filter(None, (request.shared, request.question)))
    yield {"role": "user", "content": question}
    for exchange in request.exchanges:
        yield from _turn(exchange)


def _turn(exchange: Exchange) -> Iterator[dict[str, Any]]:
    echo = object_in(exchange.echo)
    if echo:
        yield dict(echo)
    for result in exchange.results:
        text = f"Error: {result.text}" if result.is_error else result.text
        yield {"role": "tool", "tool_name": result.call.name, "content": text}
    if exchange.text:
        yield {"role": "user", "content": exchange.text}


def _tools(request: ModelRequest) -> Iterator[dict[str, Any]]:
    for tool in request.tools:
        function = {
            "name": tool.name,
            "description": tool.description,
            "parameters": dict(tool.parameters),
        }
        yield {"type": "function", "function": function}
