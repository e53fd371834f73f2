"""The body of `POST /chat/completions`.

Source: the `openai` package, and the documentation of vLLM, llama.cpp, LM Studio and OpenRouter.
New hosts need no entry here: `PLAIN` suits any, and rejections show what a server doesn't support.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from xreview.domain.record import dataclass, field
from xreview.models.wire.chat_messages import chat_messages, chat_tools
from xreview.ports.request import Effort, ModelRequest, Structure


class CapField(StrEnum):
    """The field for the longest answer, in tokens."""

    MAX_TOKENS = "max_tokens"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"


@dataclass(frozen=True)
class ServerQuirks:
    """The quirks of one kind of server.

    Args:
        nests_effort: whether it takes `reasoning: {effort}` instead of `reasoning_effort`.
        extra: fields for every request.
    """

    cap: CapField = CapField.MAX_TOKENS
    nests_effort: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


PLAIN = ServerQuirks()

SERVERS: Mapping[str, ServerQuirks] = {
    "openrouter.ai": ServerQuirks(
        nests_effort=True,
        # Without the first, it may choose a host that ignores the schema.
        extra={"provider": {"require_parameters": True}, "usage": {"include": True}},
    ),
    "api.openai.com": ServerQuirks(cap=CapField.MAX_COMPLETION_TOKENS),
}
"""By host. vLLM, llama.cpp and LM Studio show their quirks themselves."""


class Concession(StrEnum):
    """Something no longer requested, since the server rejected it."""

    NO_STREAM_OPTIONS = "no-stream-options"
    OTHER_CAP = "other-cap"
    NO_EFFORT = "no-effort"
    NO_TOOLS = "no-tools"
    NO_SCHEMA = "no-schema"
    NO_JSON = "no-json"


_CAP = r"(?=.*(?:unsupported|not supported|instead|unrecogni|unknown|not permitted)).*max_\w*tokens"
_TOOLS = r"\btools?\b|tool[ _-]?(?:choice|use|call)|function[ _-]?call|--jinja"
_STRUCTURE = (
    r"response_format|json_?schema|json_object|structured|schema|grammar|guided|xgrammar"
    r"|outlines"
)
_ANY = r"requested parameters"  # OpenRouter: no host supports all of them; it doesn't say which

_REFUSALS: tuple[tuple[Concession, re.Pattern[str]], ...] = tuple(
    (concession, re.compile(expression, re.IGNORECASE))
    for concession, expression in (
        (Concession.NO_STREAM_OPTIONS, r"stream_options|include_usage"),
        (Concession.OTHER_CAP, _CAP),
        (Concession.NO_EFFORT, rf"reasoning|effort|thinking|{_ANY}"),
        (Concession.NO_SCHEMA, rf"{_STRUCTURE}|{_ANY}"),
        (Concession.NO_JSON, rf"{_STRUCTURE}|{_ANY}"),
        (Concession.NO_TOOLS, rf"{_TOOLS}|{_ANY}"),
    )
)


def concession_for(
    message: str, body: Mapping[str, Any], conceded: frozenset[Concession]
) -> Concession | None:
    """Return what to drop, given a server's rejection; None when nothing would help."""
    for concession, refusal in _REFUSALS:
        if concession in conceded or not refusal.search(message):
            continue
        if _was_asked(concession, body):
            return concession
    return None


def _was_asked(concession: Concession, body: Mapping[str, Any]) -> bool:
    form = body.get("response_format", {}).get("type")
    return {
        Concession.NO_STREAM_OPTIONS: "stream_options" in body,
        Concession.OTHER_CAP: True,
        Concession.NO_EFFORT: "reasoning" in body or "reasoning_effort" in body,
        Concession.NO_TOOLS: "tools" in body,
        Concession.NO_SCHEMA: form == "json_schema",
        Concession.NO_JSON: form == "json_object",
    }[concession]


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
    """Return the body; `conceded` is what the server has rejected for this model."""
    structure = structure_under(conceded)
    body: dict[str, Any] = {
        "model": model,
        "messages": [*chat_messages(request, structure, lambda one: {"tool_call_id": one.call.id})],
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
