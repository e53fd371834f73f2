"""How Ollama words errors: `{"error": "a sentence"}`, of which only the words tell the kind."""

import re

from xreview.models.http.server import Complaint, Dialect
from xreview.ports.failure import Failure
from xreview.ports.json_value import JsonObject, object_in, text_in

_KINDS = tuple(
    (kind, re.compile(expression, re.IGNORECASE))
    for kind, expression in (
        ("too-long", r"longer than the context|exceed(?:s|ed)? .*context|context (?:length|size)"),
        ("memory", r"more (?:system )?memory|out of memory|cudaMalloc|insufficient memory"),
        ("missing", r"model .* not found|not found, try pulling"),
        ("busy", r"server busy|try again"),
    )
)


def read_complaint(body: JsonObject) -> Complaint:
    """The complaint in the body of an error or in a line of a stream."""
    message = text_in(body, "error") or text_in(object_in(body, "error"), "message")
    kinds = tuple(kind for kind, expression in _KINDS if expression.search(message))
    return Complaint(kinds, message)


DIALECT = Dialect(
    read_complaint,
    {
        "too-long": Failure.TOO_LARGE,
        "memory": Failure.TOO_LARGE,
        "missing": Failure.NOT_FOUND,
        "busy": Failure.SERVER,
    },
)
