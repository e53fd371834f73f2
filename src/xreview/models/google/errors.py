"""The errors of Google's servers (`google.rpc.Status` with its details)."""

import re
from collections.abc import Iterator

from xreview.models.http.server import Complaint, Dialect
from xreview.ports.failure import Failure
from xreview.ports.json_value import JsonObject, list_in, object_in, text_in

_DELAY = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)s")
_TOO_LONG = re.compile(r"token count|number of tokens|too many tokens|payload size", re.IGNORECASE)
_DAILY = re.compile(r"per_?day", re.IGNORECASE)
_STRUCTURE = re.compile(
    r"schema|too many states|mime ?type|json mode|controlled generation", re.IGNORECASE
)
_THINKING = re.compile(r"thinking", re.IGNORECASE)
_MOST_SECONDS = 120.0


def _complaint(body: JsonObject) -> Complaint:
    error = object_in(body, "error")
    message = text_in(error, "message")
    details = list_in(error, "details")
    kinds = [kind for detail in details for kind in _kinds(detail)]
    if _TOO_LONG.search(message):
        kinds.append("too-long")
    delay = next((found for detail in details if (found := _DELAY.fullmatch(_delay(detail)))), None)
    return Complaint(
        kinds=(*kinds, text_in(error, "status")),
        message=message,
        seconds=float(delay[1]) if delay else None,
    )


def _kinds(detail: object) -> Iterator[str]:
    reason = text_in(detail, "reason")
    if reason:
        yield reason
    for violation in list_in(detail, "violations"):
        if _DAILY.search(text_in(violation, "quotaId")):
            yield "daily-quota"


def _delay(detail: object) -> str:
    return text_in(detail, "retryDelay")


GOOGLE_DIALECT = Dialect(
    _complaint,
    {
        "API_KEY_INVALID": Failure.KEY,
        "daily-quota": Failure.MONEY,
        "too-long": Failure.TOO_LARGE,
        "UNAUTHENTICATED": Failure.KEY,
        "PERMISSION_DENIED": Failure.KEY,
        "NOT_FOUND": Failure.NOT_FOUND,
        "RESOURCE_EXHAUSTED": Failure.RATE,
        "UNAVAILABLE": Failure.SERVER,
        "INTERNAL": Failure.SERVER,
        "DEADLINE_EXCEEDED": Failure.TIMEOUT,
        "INVALID_ARGUMENT": Failure.REQUEST,
        "FAILED_PRECONDITION": Failure.REQUEST,
    },
    gives_up_after=_MOST_SECONDS,
)
"""Waiting doesn't help against a daily quota."""


def is_refused_schema(body: JsonObject | None, message: str) -> bool:
    """Whether a rejected request could pass with a weaker `Structure`."""
    asked = "responseMimeType" in object_in(body, "generationConfig")
    return asked and bool(_STRUCTURE.search(message))


def is_refused_level(body: JsonObject | None, message: str) -> bool:
    """Whether a rejected request could pass with less thinking."""
    level = text_in(object_in(body, "generationConfig", "thinkingConfig"), "thinkingLevel")
    return level == "XHIGH" and bool(_THINKING.search(message))
