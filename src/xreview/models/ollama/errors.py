"""Ollama's errors, `{"error": "a sentence"}`; only the sentence tells the kind."""

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


def _complaint(body: JsonObject) -> Complaint:
    message = text_in(body, "error") or text_in(object_in(body, "error"), "message")
    kinds = tuple(kind for kind, expression in _KINDS if expression.search(message))
    return Complaint(kinds, message)


OLLAMA_DIALECT = Dialect(
    _complaint,
    {
        "too-long": Failure.TOO_LARGE,
        "memory": Failure.TOO_LARGE,
        "missing": Failure.NOT_FOUND,
        "busy": Failure.SERVER,
    },
)
