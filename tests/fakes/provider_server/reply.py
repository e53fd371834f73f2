"""What the double answers with, down to where its bytes are cut."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any


class Ending(Enum):
    """What becomes of the connection after the body."""

    COMPLETE = auto()
    DROP = auto()
    """Closed without the end that HTTP asks for."""
    RESET = auto()
    """Closed by a TCP reset."""
    STALL = auto()
    """Held open without a word until the client or the test gives up."""


@dataclass(frozen=True)
class Request:
    """What a client sent; names of headers in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """One answer.

    `pieces` are sent one by one, each its own HTTP chunk; `latency` seconds pass before the head
    and `pause` seconds before every piece but the first. With `is_headless` nothing at all is sent.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] = ()
    latency: float = 0.0
    pause: float = 0.0
    ending: Ending = Ending.COMPLETE
    is_headless: bool = False

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)

    def cut_every(self, size: int) -> "Reply":
        """The same bytes, cut into pieces of that size."""
        body = self.body
        cut = (body[start : start + size] for start in range(0, len(body), size))
        return replace(self, pieces=tuple(cut))

    def cut_off_after(self, size: int, ending: Ending = Ending.DROP) -> "Reply":
        """Only the first bytes, and then no end."""
        return replace(self, pieces=(self.body[:size],), ending=ending)

    def changed(self, **fields: Any) -> "Reply":
        return replace(self, **fields)


Answer = Reply | Callable[[Request], Reply]


def json_reply(document: object, status: int = 200, **headers: str) -> Reply:
    """A JSON document; underscores in the names of headers stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps(document).encode()
    return Reply(status, {"content-type": "application/json", **named}, (body,))


def html_reply(status: int) -> Reply:
    """The page of a proxy that stands before the server."""
    body = b"<html><head><title>413</title></head><body><center>cloudflare</center></body></html>"
    return Reply(status, {"content-type": "text/html; charset=UTF-8"}, (body,))


def event_stream(frames: Iterable[str], **fields: Any) -> Reply:
    """Server-sent events, each frame with its blank line, one piece each."""
    headers = {"content-type": "text/event-stream; charset=utf-8"}
    return Reply(200, headers, tuple(frame.encode() for frame in frames), **fields)


def frame(data: object, name: str = "", newline: str = "\n") -> str:
    """One server-sent event; text is sent as it is, anything else as JSON with all characters."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    lines = [f"event: {name}"] if name else []
    return newline.join([*lines, f"data: {text}", "", ""])
