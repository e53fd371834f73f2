"""The body of `POST /chat/completions`.

Source: the `openai` package, and the documentation of vLLM, llama.cpp, LM Studio and OpenRouter.
"""

from typing import Any

from xreview.models.compatible.servers import CapField, Concession, ServerQuirks
from xreview.models.wire.chat_messages import chat_messages, chat_tools
from xreview.ports.request import Effort, ModelRequest, Structure, ToolResult

_EFFORTS = {
    Effort.LOW: "low",
    Effort.MEDIUM: "medium",
    Effort.HIGH: "high",
    Effort.XHIGH: "high",
    Effort.MAX: "high",
}
"""Compatible servers have three levels in common."""


def chat_body(
    request: ModelRequest,
    model: str,
    server: ServerQuirks,
    conceded: frozenset[Concession] = frozenset(),
) -> dict[str, Any]:
    """Return the body.

    Args:
        conceded: what the server has rejected for this model.
    """
    structure = structure_under(conceded)
    body: dict[str, Any] = {
        "model": model,
        "messages": [*chat_messages(request, structure, _answered_call)],
        "stream": True,
        _cap_field(server, conceded): request.max_output_tokens,
    }
    if Concession.NO_STREAM_OPTIONS not in conceded:
        body["stream_options"] = {"include_usage": True}
    if request.schema is not None and structure is not Structure.PLAIN:
        body["response_format"] = _response_format(request, structure)
    if request.tools and Concession.NO_TOOLS not in conceded:
        body["tools"] = [*chat_tools(request)]
    if request.effort is not None and Concession.NO_EFFORT not in conceded:
        body |= _effort(request.effort, server)
    return {**body, **server.extra}


def structure_under(conceded: frozenset[Concession]) -> Structure:
    """Return the strictest structure the server hasn't rejected."""
    if Concession.NO_JSON in conceded:
        return Structure.PLAIN
    return Structure.JSON if Concession.NO_SCHEMA in conceded else Structure.SCHEMA


def _cap_field(server: ServerQuirks, conceded: frozenset[Concession]) -> str:
    if Concession.OTHER_CAP not in conceded:
        return server.cap.value
    return next(cap.value for cap in CapField if cap is not server.cap)


def _effort(effort: Effort, server: ServerQuirks) -> dict[str, Any]:
    word = _EFFORTS[effort]
    return {"reasoning": {"effort": word}} if server.nests_effort else {"reasoning_effort": word}


def _response_format(request: ModelRequest, structure: Structure) -> dict[str, Any]:
    if structure is Structure.JSON or request.schema is None:
        return {"type": "json_object"}
    schema = {"name": request.schema_name, "strict": True, "schema": dict(request.schema)}
    return {"type": "json_schema", "json_schema": schema}


def _answered_call(result: ToolResult) -> dict[str, str]:
    return {"tool_call_id": result.call.id}
