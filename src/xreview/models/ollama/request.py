"""What is sent to Ollama: the body of its native `/api/chat`.

Source of the format: Ollama's API documentation and its `ollama` package. The OpenAI form of the
same server can't say how long the context is to be, and cuts a long prompt without a word.
"""

from typing import Any

from xreview.models.wire.chat_messages import chat_messages, chat_tools
from xreview.ports.request import Effort, ModelRequest, Structure, ToolResult

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
        "messages": [*chat_messages(request, structure, _answered_call)],
        "stream": True,
        # Better a refusal than a prompt that is cut without a word.
        "truncate": False,
        "shift": False,
    }
    if request.schema is not None and structure is not Structure.PLAIN:
        body["format"] = dict(request.schema) if structure is Structure.SCHEMA else "json"
    if request.tools and tools:
        body["tools"] = [*chat_tools(request)]
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


def _answered_call(result: ToolResult) -> dict[str, str]:
    return {"tool_name": result.call.name}
