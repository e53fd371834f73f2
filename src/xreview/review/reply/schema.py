"""The JSON schema that an answer must follow, made of the vocabularies of `domain.report`.

It keeps to what all vendors take: a root object, every key required, `additionalProperties` false,
optional things as `anyOf` with null, and no limits (those are in the descriptions, and checked by
`review.reply.check`). The order of the keys is the order in which a model writes them: first what
stands there, then what follows from it, and only then how bad that is.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from xreview.domain.change import Side
from xreview.domain.report import Category, Confidence, Direction, Severity

SCHEMA_NAME = "findings"
"""The schema's name, and that of the one key at its root."""


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _word(words: Iterable[str], description: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words), "description": description}


def _or_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


_REQUEST = _object(
    direction=_word(Direction, "Whether the code needs more or less of the topic."),
    topic=_text("One or two words: validation, error handling, locking, caching, abstraction."),
)
_SUGGESTION = _object(
    description=_text("What to do, in one sentence."),
    replacement=_or_null(
        _text("The code that takes the place of exactly the quoted lines; null where none fits.")
    ),
)
_FINDING = _object(
    path=_text("The file, as the change names it."),
    side=_word(Side, "new for added and unchanged lines, old for removed ones."),
    start_line={
        "type": "integer",
        "description": "The number of the first quoted line on that side, 1 or more.",
    },
    quote=_text(
        "1 to 6 whole lines of the file, one below the other, copied character by character,"
        " without their numbers and marks, with nothing left out."
    ),
    title=_text("The problem in one line of at most 80 characters."),
    claim=_text("What is wrong, in one to three sentences."),
    scenario=_text("The concrete input, order of events or cost with which it goes wrong."),
    settle=_text("What would settle it: a test to write, a thing to measure, a line to look up."),
    category=_word(Category, "The kind of problem."),
    severity=_word(
        (one.word for one in reversed(Severity)), "How bad it is if the claim is right."
    ),
    confidence=_word((one.word for one in reversed(Confidence)), "How sure you are."),
    request=_or_null(_REQUEST),
    suggestion=_or_null(_SUGGESTION),
)
FIELDS: Mapping[str, Mapping[str, Any]] = _FINDING["properties"]
"""The schema of each field of a finding."""

ANSWER_SCHEMA: Mapping[str, Any] = _object(findings={"type": "array", "items": _FINDING})
"""What an answer must follow."""
