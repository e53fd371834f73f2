"""One request to a server, the reader of its reply, and its usage."""

from collections.abc import Iterable
from typing import Protocol

from xreview.domain.record import dataclass, field, replace
from xreview.models.http.patience import USUAL_ANSWER
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelSignal, Tokens

EVENT_STREAM = "text/event-stream"
JSON = "application/json"
_NO_TOKENS = Tokens()


@dataclass(frozen=True)
class Call:
    """One request to a server.

    Args:
        path: below the base URL, with its query: "/v1/messages".
        body: sent by POST as JSON; None for a GET.
        accepts: the media types allowed in the reply.
        about: what is requested, for messages: "the model “x”".
        answer_tokens: the longest answer, which decides the timeout.
    """

    path: str
    body: JsonObject | None = field(default=None, repr=False)
    accepts: tuple[str, ...] = (EVENT_STREAM,)
    about: str = ""
    answer_tokens: int = USUAL_ANSWER


class ReplyReader(Protocol):
    """Turns the bytes of one reply into signals. Raises HttpError for invalid ones."""

    @property
    def is_complete(self) -> bool:
        """Whether the reply's end was read."""
        ...

    def feed(self, piece: bytes) -> Iterable[ModelSignal]:
        """Return the signals that these bytes complete."""
        ...

    def end(self) -> Iterable[ModelSignal]:
        """Return the remaining signals; raises `ModelHost.cut_off()` if the reply is incomplete."""
        ...


class TokenTally:
    """Adds up the tokens of consecutive requests for one answer, including failed ones."""

    def __init__(self) -> None:
        self._before = _NO_TOKENS
        self._current = _NO_TOKENS

    def note(self, tokens: Tokens) -> Tokens:
        """Return the total, given the current request's `tokens` so far."""
        self._current = tokens
        return _sum(self._before, tokens)

    def begin_anew(self) -> None:
        """Start counting another request."""
        self._before = _sum(self._before, self._current)
        self._current = _NO_TOKENS


def _sum(first: Tokens, second: Tokens) -> Tokens:
    if first == _NO_TOKENS:
        return second
    if second == _NO_TOKENS:
        return first
    known = first.cost is not None and second.cost is not None
    total = first.plus(second)
    return total if known else replace(total, cost=None)
