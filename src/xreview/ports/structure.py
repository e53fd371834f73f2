"""How strictly a server is asked for an answer in JSON, and how the schema is told in words.

Where a server does not take the schema, the model is told it: the answer is checked on our side
either way.
"""

import json
from enum import StrEnum

from xreview.ports.model import ModelRequest


class Structure(StrEnum):
    """From the strictest down."""

    SCHEMA = "schema"
    JSON = "json"
    """Any JSON object; the schema is told in words."""
    PLAIN = "plain"
    """Free text; the schema is told in words."""

    @property
    def weaker(self) -> "Structure | None":
        """What to try where a server refuses this one."""
        order = list(Structure)
        place = order.index(self) + 1
        return order[place] if place < len(order) else None


def instructions_for(request: ModelRequest, structure: Structure) -> str:
    """The system prompt, with the schema in words where the server is not asked to hold to it."""
    if request.schema is None or structure is Structure.SCHEMA:
        return request.instructions
    told = (
        "Answer with one JSON object and nothing else: no prose around it, no code fence. It must"
        " follow this JSON schema:\n" + json.dumps(request.schema, ensure_ascii=False)
    )
    return f"{request.instructions}\n\n{told}" if request.instructions else told
