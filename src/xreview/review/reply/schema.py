"""The JSON schema of a review's answer, made of the vocabularies in `domain.report`.

It uses only what all vendors accept: an object at the root, every key required, no additional
properties, optional values as `anyOf` with null, and no limits (`review.reply.check` has those).
Models write the keys in order: first the code, then what follows from it, then how bad it is.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from xreview.domain.change import Side
from xreview.domain.report import Category, Confidence, Direction, Severity

SCHEMA_NAME = "findings"
"""The name of the schema and of the one key at its root."""


def object_schema(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def text_schema(description: str) -> dict[str, Any]:
    """A string."""
    return {"type": "string", "description": description}


def word_schema(words: Iterable[str], description: str) -> dict[str, Any]:
    """One of some words."""
    return {"type": "string", "enum": list(words), "description": description}


def _or_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


_REQUEST = object_schema(
    direction=word_schema(Direction, "Whether the code needs more or less of the topic."),
    topic=text_schema("One or two words: validation, error handling, locking, caching."),
)
_SUGGESTION = object_schema(
    description=text_schema("What to do, in one sentence."),
    replacement=_or_null(
        text_schema("Code that replaces exactly the quoted lines; null if that isn't possible.")
    ),
)
_FINDING = object_schema(
    path=text_schema("The file, as the change names it."),
    side=word_schema(Side, "new for added and unchanged lines, old for removed ones."),
    start_line={
        "type": "integer",
        "description": "The number of the first quoted line on that side, 1 or more.",
    },
    quote=text_schema(
        "1 to 6 consecutive whole lines of the file, copied character by character, without line"
        " numbers and marks, with nothing left out."
    ),
    title=text_schema("The problem in one line of at most 80 characters."),
    claim=text_schema("What is wrong, in one to three sentences."),
    scenario=text_schema("The concrete input, order of events or cost that makes it go wrong."),
    settle=text_schema("What would settle it: a test, a measurement, a line to look up."),
    category=word_schema(Category, "The kind of problem."),
    severity=word_schema(
        (one.word for one in reversed(Severity)), "How bad it is if the claim is right."
    ),
    confidence=word_schema((one.word for one in reversed(Confidence)), "How sure you are."),
    request=_or_null(_REQUEST),
    suggestion=_or_null(_SUGGESTION),
)
FIELDS: Mapping[str, Mapping[str, Any]] = _FINDING["properties"]
"""The schema of each field of a finding."""

ANSWER_SCHEMA: Mapping[str, Any] = object_schema(findings={"type": "array", "items": _FINDING})
"""The schema of an answer."""
