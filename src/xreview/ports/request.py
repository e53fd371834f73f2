"""A question for a model, with its tools, its earlier turns, and the form of the answer."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from xreview.domain.record import dataclass, field


class Effort(StrEnum):
    """How hard a model should think; each wire format maps it to its own values."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    XHIGH = "xhigh"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model can call; `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model made; `arguments` is unchecked JSON text of an object."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of a call; `text` is for the model."""

    call: ToolCall
    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of the model and our reply to it.

    Args:
        echo: the model's turn from `Finished.echo`, sent back unchanged to the same model.
        results: one for every call of that turn.
        text: a message to the model after the results; "" for none.
    """

    echo: object
    results: tuple[ToolResult, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class ModelRequest:
    """One question to a model.

    Args:
        instructions: the system prompt.
        shared: the start of the user's turn that several requests have in common, so that servers
            can cache it; "" for none.
        question: the rest of the user's turn.
        schema: the JSON schema of the answer (the portable subset of reference/providers.md
            section 0); None for free text. `schema_name` names it.
        tools: functions the model can call.
        exchanges: the turns after the user's first one.
        max_output_tokens: a cap on the answer, including thinking.
        cache_key: groups requests with the same prefix for the server's cache.
    """

    instructions: str
    question: str
    shared: str = ""
    schema: Mapping[str, Any] | None = None
    schema_name: str = "answer"
    tools: tuple[Tool, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    max_output_tokens: int = 32_000
    effort: Effort | None = None
    cache_key: str = ""


@dataclass(frozen=True)
class ClearedRequest(ModelRequest):
    """A request without apparent secrets, which can leave this machine.

    Models take no other kind, and only `review.egress.gate` makes one. `replace` can change the
    options, but not the texts.

    Args:
        seal: the texts that the gate approved.
    """

    seal: tuple[object, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal != (self.instructions, self.shared, self.question, self.exchanges):
            raise TypeError("A request leaves this machine through the gate only.")


def cleared(
    request: ModelRequest,
    instructions: str,
    shared: str,
    question: str,
    exchanges: tuple[Exchange, ...],
) -> ClearedRequest:
    """Return the request with the approved texts. Only the gate calls this."""
    texts: dict[str, Any] = {
        "instructions": instructions,
        "shared": shared,
        "question": question,
        "exchanges": exchanges,
    }
    fields: dict[str, Any] = {**vars(request), **texts, "seal": tuple(texts.values())}
    return ClearedRequest(**fields)


class Structure(StrEnum):
    """How an answer in JSON is requested, the strictest first; we check the answer either way."""

    SCHEMA = "schema"
    JSON = "json"
    """Any JSON object; the prompt contains the schema."""
    PLAIN = "plain"
    """Free text; the prompt contains the schema."""

    @property
    def weaker(self) -> "Structure | None":
        """What to try when a server refuses this one."""
        order = list(Structure)
        place = order.index(self) + 1
        return order[place] if place < len(order) else None


def instructions_for(request: ModelRequest, structure: Structure) -> str:
    """Return the system prompt, with the schema appended unless the server enforces it."""
    if request.schema is None or structure is Structure.SCHEMA:
        return request.instructions
    told = (
        "Answer with one JSON object and nothing else: no prose around it, no code fence. It must"
        " follow this JSON schema:\n" + json.dumps(request.schema, ensure_ascii=False)
    )
    return f"{request.instructions}\n\n{told}" if request.instructions else told
