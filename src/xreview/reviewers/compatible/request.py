"""What is sent to a Chat Completions server: the body of `chat/completions`.

Source of the format: the `openai` package, and what vLLM, llama.cpp, LM Studio and OpenRouter
document of their own.
"""

from collections.abc import Iterator
from typing import Any

from xreview.reviewers.compatible.servers import CapField, Concession, Server
from xreview.reviewers.http.json_value import object_in
from xreview.reviewers.model import Effort, Exchange, ModelRequest
from xreview.reviewers.structure import Structure, instructions_for

_EFFORTS = {
    Effort.LOW: "low",
    Effort.MEDIUM: "medium",
    Effort.HIGH: "high",
    Effort.XHIGH: "high",
    Effort.MAX: "high",
}
"""Compatible servers agree on three words."""


def body_of(
    request: ModelRequest, model: str, server: Server, conceded: frozenset[Concession] = frozenset()
) -> dict[str, Any]:
    """The JSON body of a request.

    Args:
        server: the quirks of the host.
        conceded: what this model's server has refused, and so is not asked for.
    """
    structure = structure_under(conceded)
    body: dict[str, Any] = {
        "model": model,
        "messages": [*_messages(request, structure)],
        "stream": True,
        _cap_field(server, conceded): request.max_output_tokens,
    }
    if Concession.NO_STREAM_OPTIONS not in conceded:
        body["stream_options"] = {"include_usage": True}
    if request.schema is not None and structure is not Structure.PLAIN:
        body["response_format"] = _response_format(request, structure)
    if request.tools and Concession.NO_TOOLS not in conceded:
        body["tools"] = [*_tools(request)]
    if request.effort is not None and Concession.NO_EFFORT not in conceded:
        body |= _effort(request.effort, server)
    return {**body, **server.extra}


def structure_under(conceded: frozenset[Concession]) -> Structure:
    """How strictly JSON may still be asked for."""
    if Concession.NO_JSON in conceded:
        return Structure.PLAIN
    return Structure.JSON if Concession.NO_SCHEMA in conceded else Structure.SCHEMA


def _cap_field(server: Server, conceded: frozenset[Concession]) -> str:
    if Concession.OTHER_CAP not in conceded:
        return server.cap.value
    return next(cap.value for cap in CapField if cap is not server.cap)


def _effort(effort: Effort, server: Server) -> dict[str, Any]:
    word = _EFFORTS[effort]
    return {"reasoning": {"effort": word}} if server.nests_effort else {"reasoning_effort": word}


def _response_format(request: ModelRequest, structure: Structure) -> dict[str, Any]:
    if structure is Structure.JSON or request.schema is None:
        return {"type": "json_object"}
    schema = {"name": request.schema_name, "strict": True, "schema": dict(request.schema)}
    return {"type": "json_schema", "json_schema": schema}


def _messages(request: ModelRequest, structure: Structure) -> Iterator[dict[str, Any]]:
    instructions = instructions_for(request, structure)
    if instructions:
        yield {"role": "system", "content": instructions}
    # One text, not two parts: many of these servers take no list of parts.
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
        yield {"role": "tool", "tool_call_id": result.call.id, "content": text}
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
