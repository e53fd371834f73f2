"""The errors of Chat Completions servers, in five forms.

OpenAI's `{"error": {message, type, param, code}}`; OpenRouter's, with a numeric code and the host's
message in `metadata.raw`; vLLM's older flat `{"object": "error", message, code}`; FastAPI's
`{"detail": …}`; and plain text.
"""

import re
from collections.abc import Iterator

from xreview.models.http.server import Complaint, Dialect
from xreview.ports.failure import Failure
from xreview.ports.json_value import JsonObject, list_in, object_in, text_in

_TOO_LONG = re.compile(
    r"context[ _-]?(?:length|size|window)|maximum context|prompt is too long|too many tokens"
    r"|longer than the (?:model|context)|exceeds? the (?:available|maximum) .*tokens",
    re.IGNORECASE,
)
_LOADING = re.compile(r"loading (?:the )?model|model is loading", re.IGNORECASE)
_LOADING_SECONDS = 10.0

_CONTEXT = re.compile(
    r"(?:context (?:length|size|window)(?: is| of)?|n_ctx\W*) *\(?([1-9]\d{2,7})\b", re.IGNORECASE
)

_FAILURES = {
    "too-long": Failure.TOO_LARGE,
    "context_length_exceeded": Failure.TOO_LARGE,
    "exceed_context_size_error": Failure.TOO_LARGE,
    "invalid_api_key": Failure.KEY,
    "authentication_error": Failure.KEY,
    "insufficient_quota": Failure.MONEY,
    "credit_balance_exhausted": Failure.MONEY,
    "insufficient_credits": Failure.MONEY,
    "model_not_found": Failure.NOT_FOUND,
    "rate_limit_exceeded": Failure.RATE,
    "moderation": Failure.REQUEST,
    "invalid_request_error": Failure.REQUEST,
    "400": Failure.REQUEST,
    "401": Failure.KEY,
    "402": Failure.MONEY,
    "404": Failure.NOT_FOUND,
    "408": Failure.TIMEOUT,
    "413": Failure.TOO_LARGE,
    "422": Failure.REQUEST,
    "429": Failure.RATE,
    "500": Failure.SERVER,
    "502": Failure.SERVER,
    "503": Failure.SERVER,
    "504": Failure.TIMEOUT,
}


def _complaint(body: JsonObject) -> Complaint:
    error = object_in(body, "error")
    message = _message(body, error)
    return Complaint(
        kinds=(*_kinds(error or body, message),),
        message=message,
        seconds=_LOADING_SECONDS if _LOADING.search(message) else None,
    )


def context_in(message: str) -> int | None:
    """Return the context size in tokens that a rejection mentions; some servers report no other."""
    found = _CONTEXT.search(message)
    return int(found[1]) if found else None


def _message(body: JsonObject, error: JsonObject) -> str:
    raw = text_in(object_in(error, "metadata"), "raw")
    said = text_in(error, "message") or text_in(body, "error") or text_in(body, "message")
    detail = text_in(body, "detail") or "; ".join(
        filter(None, (text_in(part, "msg") for part in list_in(body, "detail")))
    )
    return ": ".join(filter(None, (said or detail, raw)))


def _kinds(error: JsonObject, message: str) -> Iterator[str]:
    if _TOO_LONG.search(message):
        yield "too-long"
    if list_in(object_in(error, "metadata"), "reasons"):
        yield "moderation"
    for name in ("code", "type"):
        kind = error.get(name)
        if isinstance(kind, str | int) and not isinstance(kind, bool):
            yield str(kind)


CHAT_DIALECT = Dialect(_complaint, _FAILURES, gives_up_after=120.0)
