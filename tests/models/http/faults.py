"""Every way in which a server can fail, each told with the protocol's own words."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tests.fakes.provider_server import anthropic, openai
from tests.fakes.provider_server.reply import (
    Answer,
    Ending,
    Reply,
    event_stream,
    frame,
    html_reply,
    json_reply,
)
from tests.models.http.asking import KEY
from xreview.ports.failure import Failure

HOSTILE = f"no \x1b[31m[/foo] {KEY} " + "blah " * 2_000
_MEGABYTE = b": " + b"x" * 999_997 + b"\n"


@dataclass(frozen=True)
class Protocol:
    """A wire format as the faults need it."""

    name: str
    double: ModuleType
    refused: Callable[..., Reply]
    money: Reply
    in_stream: Any

    @property
    def path(self) -> str:
        return self.double.PATH


@dataclass(frozen=True)
class Fault:
    """What the server does, and what kind of failure that is to the user."""

    name: str
    answers: Callable[[Protocol], Answer]
    failure: Failure
    attempts: int = 3


def _anthropic_refused(status: int, **headers: str) -> Reply:
    kinds = {400: "invalid_request_error", 401: "authentication_error", 402: "billing_error"}
    kinds |= {403: "permission_error", 404: "not_found_error", 413: "request_too_large"}
    kinds |= {
        429: "rate_limit_error",
        408: "timeout_error",
        504: "timeout_error",
        529: "overloaded_error",
    }
    return anthropic.error(status, kinds.get(status, "api_error"), HOSTILE, **headers)


def _openai_refused(status: int, **headers: str) -> Reply:
    codes = {400: "unsupported_value", 401: "invalid_api_key", 404: "model_not_found"}
    codes |= {429: "rate_limit_exceeded", 503: "server_is_overloaded"}
    return openai.error(status, codes.get(status), HOSTILE, **headers)


ANTHROPIC = Protocol(
    "anthropic",
    anthropic,
    _anthropic_refused,
    anthropic.error(429, "rate_limit_error", HOSTILE, code="enforced_spend_limit_reached"),
    anthropic.error_body("overloaded_error", HOSTILE),
)
OPENAI = Protocol(
    "openai",
    openai,
    _openai_refused,
    openai.error(429, "insufficient_quota", HOSTILE),
    {"type": "error", "code": "server_is_overloaded", "message": HOSTILE, "param": None},
)
PROTOCOLS = (ANTHROPIC, OPENAI)


def answer_of(protocol: Protocol) -> Reply:
    """A good answer, streamed."""
    if protocol is ANTHROPIC:
        return anthropic.streamed(anthropic.text("All is well."))
    return openai.streamed(openai.message("All is well."))


def _status(status: int, failure: Failure, attempts: int, **headers: str) -> Fault:
    name = " ".join([str(status), *(f"{k} {v}" for k, v in headers.items())])
    return Fault(name, lambda protocol: protocol.refused(status, **headers), failure, attempts)


def _frames(protocol: Protocol) -> list[str]:
    return [piece.decode() for piece in answer_of(protocol).pieces]


FAULTS = (
    _status(400, Failure.REQUEST, 1),
    _status(401, Failure.KEY, 1),
    _status(402, Failure.MONEY, 1),
    _status(403, Failure.KEY, 1),
    _status(404, Failure.NOT_FOUND, 1),
    _status(408, Failure.TIMEOUT, 3),
    _status(409, Failure.SERVER, 3),
    _status(413, Failure.TOO_LARGE, 1),
    Fault("413 HTML", lambda _: html_reply(413), Failure.TOO_LARGE, 1),
    _status(429, Failure.RATE, 3),
    _status(429, Failure.RATE, 3, retry_after="2"),
    Fault("429 quota", lambda protocol: protocol.money, Failure.MONEY, 1),
    _status(500, Failure.SERVER, 3),
    Fault("502 HTML", lambda _: html_reply(502), Failure.SERVER, 3),
    _status(503, Failure.SERVER, 3),
    _status(504, Failure.TIMEOUT, 3),
    _status(529, Failure.SERVER, 3),
    Fault("418 odd JSON", lambda _: json_reply(["?"], 418), Failure.REQUEST, 1),
    Fault(
        "redirect to another host",
        lambda _: Reply(307, {"location": "https://evil.example/v1"}),
        Failure.PROTOCOL,
        1,
    ),
    Fault(
        "reset before the head",
        lambda _: Reply(is_headless=True, ending=Ending.RESET),
        Failure.CONNECTION,
    ),
    Fault(
        "closed before the head",
        lambda _: Reply(is_headless=True, ending=Ending.DROP),
        Failure.CONNECTION,
    ),
    Fault(
        "stall before the head",
        lambda _: Reply(is_headless=True, ending=Ending.STALL),
        Failure.TIMEOUT,
        1,
    ),
    Fault(
        "stall after the head",
        lambda _: event_stream([], ending=Ending.STALL),
        Failure.TIMEOUT,
        1,
    ),
    Fault(
        "stall in mid-stream",
        lambda protocol: answer_of(protocol).cut_off_after(300, Ending.STALL),
        Failure.TIMEOUT,
        1,
    ),
    Fault(
        "drop in mid-stream",
        lambda protocol: answer_of(protocol).cut_off_after(300, Ending.DROP),
        Failure.CONNECTION,
    ),
    Fault(
        "reset in mid-stream",
        lambda protocol: answer_of(protocol).cut_off_after(300, Ending.RESET),
        Failure.CONNECTION,
    ),
    Fault(
        "an end before the terminal event",
        lambda protocol: event_stream(_frames(protocol)[:-1]),
        Failure.CONNECTION,
    ),
    Fault("an empty reply", lambda _: event_stream([]), Failure.CONNECTION),
    Fault(
        "error in mid-stream",
        lambda protocol: event_stream([*_frames(protocol)[:3], frame(protocol.in_stream, "error")]),
        Failure.SERVER,
    ),
    Fault(
        "an event that is no JSON",
        lambda protocol: event_stream([*_frames(protocol)[:2], frame('{"type": ')]),
        Failure.PROTOCOL,
        1,
    ),
    Fault(
        "an event that is no object",
        lambda protocol: event_stream([*_frames(protocol)[:2], frame("[1]")]),
        Failure.PROTOCOL,
        1,
    ),
    Fault(
        "JSON that nests too deeply",
        lambda _: event_stream([frame("[" * 100_000)]),
        Failure.PROTOCOL,
        1,
    ),
    Fault(
        "a media type that repeats the key",
        lambda _: Reply(200, {"content-type": f"text/{KEY}"}),
        Failure.PROTOCOL,
        1,
    ),
    Fault(
        "a redirect that repeats the key",
        lambda _: Reply(302, {"location": f"https://{KEY}.example/"}),
        Failure.PROTOCOL,
        1,
    ),
    Fault(
        "an event that repeats the key",
        lambda _: event_stream([frame(f'{{"{KEY}": ')]),
        Failure.PROTOCOL,
        1,
    ),
    Fault("HTML with 200", lambda _: html_reply(200), Failure.PROTOCOL, 1),
    Fault(
        "an error with 200",
        lambda protocol: protocol.refused(401).changed(status=200),
        Failure.KEY,
        1,
    ),
    Fault(
        "50 MB",
        lambda _: event_stream([]).changed(pieces=(_MEGABYTE,) * 50),
        Failure.PROTOCOL,
        1,
    ),
)
