"""What an agent's failure means, said in our own words.

An agent's own words may hold anything: parts of the prompt, of a file, of a page that a proxy
sent. So at most its first sentence is quoted, without the keys that it was started with.
"""

import re
from collections.abc import Mapping

from xreview.domain.text import shorten
from xreview.hardening.redaction import MASK, without_keys
from xreview.ports.failure import Failure, ModelError

_QUOTED = 160
_SHORTEST_KEY = 8
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_STATUS = re.compile(r"\b(?:status|code|error)\b\D{0,12}\b([45]\d\d)\b", re.IGNORECASE)
_BY_STATUS = {
    400: Failure.REQUEST,
    401: Failure.KEY,
    402: Failure.MONEY,
    403: Failure.KEY,
    404: Failure.NOT_FOUND,
    408: Failure.TIMEOUT,
    413: Failure.TOO_LARGE,
    429: Failure.RATE,
}
_BY_WORDS = (
    (
        Failure.KEY,
        r"not logged in|log ?in|unauthori[sz]ed|auth method|oauth"
        r"|(?:invalid|incorrect).{0,20}api.?key|api.?key.{0,9}invalid|api key not valid",
    ),
    (Failure.MONEY, r"credit balance|insufficient.quota|billing|spend.{0,10}limit|budget"),
    (Failure.RATE, r"rate.?limit|usage limit|too many requests|quota|resource.?exhausted"),
    (Failure.TOO_LARGE, r"prompt is too long|context.{0,20}(?:length|window)|input is too long"),
    (Failure.NOT_FOUND, r"model.{0,60}(?:not found|not exist|not supported|unknown)"),
    (Failure.REQUEST, r"unknown (?:option|argument)|unexpected argument|invalid schema"),
    (Failure.SERVER, r"overloaded|internal server error|unavailable|at capacity"),
    (Failure.CONNECTION, r"connect|network|econn|enotfound|stream disconnected|fetch failed"),
)
_SAID = {
    Failure.KEY: "{label} is not logged in, or its login is refused",
    Failure.MONEY: "{label} has no credit left",
    Failure.RATE: "{label} has reached its limit of use",
    Failure.NOT_FOUND: "{label} does not know the model",
    Failure.REQUEST: "{label} does not take this request",
    Failure.TOO_LARGE: "The change is too large for {label}",
    Failure.SERVER: "The server behind {label} failed",
    Failure.CONNECTION: "{label} does not reach its server",
    Failure.TIMEOUT: "The server behind {label} took too long",
    Failure.PROTOCOL: "{label} ended without an answer",
}
_ADVICE = {
    Failure.KEY: "Start {label} by hand once and log in, or export its key.",
    Failure.MONEY: "Add credit, or choose another reviewer.",
    Failure.RATE: "Wait until the limit is lifted, or choose another reviewer.",
    Failure.NOT_FOUND: "Name a model that your account may use with `model`.",
    Failure.REQUEST: "Update {label}, or choose another reviewer.",
    Failure.TOO_LARGE: "Review a smaller change, or choose another reviewer.",
    Failure.SERVER: "Try again later, or choose another reviewer.",
    Failure.CONNECTION: "Check the network, then review again.",
    Failure.TIMEOUT: "Try again later, or choose another reviewer.",
    Failure.PROTOCOL: "Try again, or choose another reviewer.",
}


def failed(
    label: str, said: str, environment: Mapping[str, str], status: int | None = None
) -> ModelError:
    """The failure that an agent reports.

    Args:
        label: the agent's name for people.
        said: its own words, raw and of any length; "" for none.
        environment: what it was started with, whose keys are masked.
        status: the HTTP status, where it gives one apart from its words.
    """
    failure = _failure(said, status)
    quoted = _quoted(said, environment)
    ending = f": “{quoted}”" if quoted else "."
    message = _SAID[failure].format(label=label) + ending
    return ModelError(failure, message, _ADVICE[failure].format(label=label))


def unheard(label: str, code: int | None, complaint: str) -> ModelError:
    """The failure of an agent that said nothing that may be shown; `complaint` only classifies."""
    failure = _failure(complaint, None) if complaint else Failure.PROTOCOL
    how = "had to be ended" if code is None else f"ended with status {code}"
    if code is not None and code < 0:
        how = f"was ended by signal {-code}"
    message = f"{_SAID[failure].format(label=label)} (it {how})."
    return ModelError(failure, message, _ADVICE[failure].format(label=label))


def no_answer(label: str, why: str) -> ModelError:
    """An agent that ended as if all were well, and said nothing."""
    return ModelError(
        Failure.PROTOCOL, f"{label} gave no answer: {why}.", _ADVICE[Failure.PROTOCOL]
    )


def _failure(said: str, status: int | None) -> Failure:
    if status is None and (found := _STATUS.search(said)):
        status = int(found[1])
    words = next(
        (failure for failure, pattern in _BY_WORDS if re.search(pattern, said, re.IGNORECASE)),
        None,
    )
    # A 429 can be an empty purse, and a 400 a prompt that is too long: the words tell.
    if status in (400, 403, 429) and words in (Failure.MONEY, Failure.TOO_LARGE, Failure.KEY):
        return Failure(words)
    if status is not None:
        return _BY_STATUS.get(status, Failure.SERVER if status >= 500 else Failure.REQUEST)
    return words or Failure.PROTOCOL


def _quoted(said: str, environment: Mapping[str, str]) -> str:
    for name, value in environment.items():
        if len(value) >= _SHORTEST_KEY and _SECRET_NAME.search(name):
            said = said.replace(value, MASK)
    return shorten(" ".join(without_keys(said).split()), _QUOTED)
