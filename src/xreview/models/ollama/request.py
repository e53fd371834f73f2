"""The body of Ollama's native `/api/chat`.

Source: Ollama's API documentation and its `ollama` package. The same server's OpenAI-compatible API
can't set the context size and silently truncates long prompts.
"""

from typing import Any

from xreview.models.wire.chat_messages import chat_messages, chat_tools
from xreview.ports.request import Effort, ModelRequest, Structure

_SMALLEST_CONTEXT = 8_192
_LEVELLED = "gpt-oss"
_LEVELS = {
    Effort.LOW: "low",
    Effort.MEDIUM: "medium",
    Effort.HIGH: "high",
    Effort.XHIGH: "high",
    Effort.MAX: "high",
}


def ollama_body(
    request: ModelRequest, model: str, *, structure: Structure, tools: bool, thinks: bool
) -> dict[str, Any]:
    """Return the body without its `options`; `tools` and `thinks` say what the model can do."""
    body: dict[str, Any] = {
        "model": model,
        "messages": [*chat_messages(request, structure, lambda one: {"tool_name": one.call.name})],
        "stream": True,
        # Reject long prompts instead of truncating them silently.
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
    """Return the options for the context size and the longest answer, in tokens."""
    return {"num_ctx": context, "num_predict": output}


def context_for(tokens: int, limit: int) -> int:
    """Return the context for a question with its answer, in tokens.

    It is one of few sizes, since each new size reloads the model.
    """
    context = _SMALLEST_CONTEXT
    while context < tokens:
        context *= 2
    return min(context, limit)
