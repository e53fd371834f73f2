"""One request to a server, and what reads its reply."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from xreview.models.http.patience import USUAL_ANSWER
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelSignal

EVENT_STREAM = "text/event-stream"
JSON = "application/json"


@dataclass(frozen=True)
class Call:
    """One request to a server.

    Args:
        path: below the base URL, with its query: "/v1/messages".
        body: sent by POST as JSON; None for a GET.
        accepts: the media types that the reply may have.
        about: what is asked for, for sentences: "the model “x”".
        answer_tokens: the longest answer that is asked for, which says how long it may take.
    """

    path: str
    body: JsonObject | None = field(default=None, repr=False)
    accepts: tuple[str, ...] = (EVENT_STREAM,)
    about: str = ""
    answer_tokens: int = USUAL_ANSWER


class ReplyReader(Protocol):
    """Turns the bytes of one reply into signals. Raises HttpError where they make no sense."""

    @property
    def is_complete(self) -> bool:
        """Whether the reply's own end was read, so that nothing more is waited for."""
        ...

    def feed(self, piece: bytes) -> Iterable[ModelSignal]:
        """What these bytes complete."""
        ...

    def end(self) -> Iterable[ModelSignal]:
        """What is left when the reply ends; raises `Server.cut_off()` where more was due."""
        ...
