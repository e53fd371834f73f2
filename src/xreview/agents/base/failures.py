"""An agent's failures as messages.

An agent's output can contain anything: parts of the prompt, of a file, of a proxy's error page. So
only its start is quoted, without the agent's keys.
"""

import re

from xreview.agents.base.agent import Agent, Exit, Run
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
    Failure.KEY: "{label} isn't logged in, or its login was rejected",
    Failure.MONEY: "{label} has no credit left",
    Failure.RATE: "{label} has reached its usage limit",
    Failure.NOT_FOUND: "{label} doesn't know the model",
    Failure.REQUEST: "{label} rejected the request",
    Failure.TOO_LARGE: "The change is too large for {label}",
    Failure.SERVER: "The server behind {label} failed",
    Failure.CONNECTION: "{label} can't reach its server",
    Failure.TIMEOUT: "The server behind {label} took too long",
    Failure.PROTOCOL: "{label} ended without an answer",
}
_ADVICE = {
    Failure.KEY: "Run {label} and log in, or export its key.",
    Failure.MONEY: "Add credit, or choose another reviewer.",
    Failure.RATE: "Wait until the limit resets, or choose another reviewer.",
    Failure.NOT_FOUND: "Set `model` to one that your account has access to.",
    Failure.REQUEST: "Update {label}, or choose another reviewer.",
    Failure.TOO_LARGE: "Review a smaller change, or choose another reviewer.",
    Failure.SERVER: "Try again later, or choose another reviewer.",
    Failure.CONNECTION: "Check the network, then review again.",
    Failure.TIMEOUT: "Try again later, or choose another reviewer.",
    Failure.PROTOCOL: "Try again, or choose another reviewer.",
}


def reported_error(agent: Agent, run: Run, words: str, status: int | None = None) -> ModelError:
    """Return the error for a failure that an agent reports, in raw words or by HTTP status."""
    failure = _failure(words, status)
    quoted = _quoted(agent, run, words)
    ending = f": “{quoted}”" if quoted else "."
    message = _SAID[failure].format(label=agent.label) + ending
    return ModelError(failure, message, _ADVICE[failure].format(label=agent.label))


def exit_error(agent: Agent, ended: Exit) -> ModelError:
    """Return the error for a program that ended without reporting anything."""
    failure = _failure(ended.complaint, None) if ended.complaint else Failure.PROTOCOL
    how = "had to be stopped" if ended.code is None else f"exited with {ended.code}"
    if ended.code is not None and ended.code < 0:
        how = f"was killed by signal {-ended.code}"
    message = f"{_SAID[failure].format(label=agent.label)} (it {how})."
    return ModelError(failure, message, _ADVICE[failure].format(label=agent.label))


def no_answer_error(agent: Agent, why: str = "its last message is empty") -> ModelError:
    """Return the error for an agent that ended normally but without an answer."""
    message = f"{agent.label} gave no answer: {why}."
    return ModelError(Failure.PROTOCOL, message, _ADVICE[Failure.PROTOCOL])


def _failure(words: str, status: int | None) -> Failure:
    if status is None and (found := _STATUS.search(words)):
        status = int(found[1])
    worded = next(
        (failure for failure, pattern in _BY_WORDS if re.search(pattern, words, re.IGNORECASE)),
        None,
    )
    # A 429 can mean no credit, and a 400 too long a prompt: the words decide.
    if status in (400, 403, 429) and worded in (Failure.MONEY, Failure.TOO_LARGE, Failure.KEY):
        return Failure(worded)
    if status is not None:
        return _BY_STATUS.get(status, Failure.SERVER if status >= 500 else Failure.REQUEST)
    return worded or Failure.PROTOCOL


def _quoted(agent: Agent, run: Run, words: str) -> str:
    for name in agent.variables_of(run.model):
        value = run.environ.get(name, "")
        if len(value) >= _SHORTEST_KEY and _SECRET_NAME.search(name):
            words = words.replace(value, MASK)
    return shorten(" ".join(without_keys(words).split()), _QUOTED)
