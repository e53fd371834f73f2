"""The JSON schema of answers to reports, in the subset that all vendors take (`reply.schema`).

The list is called “findings” as in a review's answer, so that one scanner reads all answers as they
stream in. What is quoted comes before what follows from it.
"""

from collections.abc import Mapping
from typing import Any

from xreview.domain.stance import StanceKind
from xreview.review.reply.schema import FIELDS, SCHEMA_NAME

KINDS = {
    kind.value: kind for kind in (StanceKind.CONCEDES, StanceKind.REBUTS, StanceKind.TRADE_OFF)
}
"""What can be answered to a report."""

QUOTED: Mapping[str, Any] = {name: FIELDS[name] for name in ("path", "side", "start_line", "quote")}
"""The fields by which an answer quotes the code: those of a review."""


def answer_schema(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of an answer whose list has elements of these fields, all required."""
    element = _object(fields)
    return _object({SCHEMA_NAME: {"type": "array", "items": element}})


def _object(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(fields),
        "required": list(fields),
        "additionalProperties": False,
    }


STANCE_SCHEMA = answer_schema(
    {
        "claim": {"type": "integer", "description": "The number of the claim."},
        **QUOTED,
        "argument": {
            "type": "string",
            "description": "What the code says about the claim, in one to four sentences.",
        },
        "stance": {
            "type": "string",
            "enum": list(KINDS),
            "description": "Whether the code concedes the claim, rebuts it, or it is a trade-off.",
        },
        "settle": FIELDS["settle"],
    }
)
