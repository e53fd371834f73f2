"""Every fault ends in a sentence that holds no key: Gemini, Chat Completions and Ollama."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.fakes.provider_server import chat, google, ollama
from tests.fakes.provider_server.reply import Ending, Reply, html_reply, json_reply
from tests.fakes.provider_server.server import ProviderServer, unused_url
from tests.models import requests
from tests.models.http.asking import KEY, StillClock, ask, client_for, identity
from xreview.http.patience import Patience
from xreview.models.compatible.adapter import CompatibleModel
from xreview.models.google.adapter import GoogleModel
from xreview.models.http.client import HttpClient
from xreview.models.ollama.adapter import OllamaModel
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Model

HOSTILE = f"no \x1b[31m[/foo] {KEY} " + "blah " * 2_000
_MEGABYTE = b" " * 999_999 + b"\n"
_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


@dataclass(frozen=True)
class Wire:
    """A wire format as the faults need it: where it is asked, a good answer, a bad one."""

    name: str
    path: str
    make: Callable[[str], Model]
    answer: Reply
    refused: Callable[..., Reply]
    in_stream: bytes


def client(url: str, provider: str) -> HttpClient:
    patience = Patience(first_byte=1.0, read=1.0)
    return client_for(provider, url, StillClock().clock, patience=patience)


def _google_refused(status: int, **headers: str) -> Reply:
    return google.error(status, _STATUSES.get(status, ""), HOSTILE, **headers)


def _chat_refused(status: int, **headers: str) -> Reply:
    return chat.error(status, HOSTILE, status, **headers)


def _ollama_refused(status: int, **headers: str) -> Reply:
    return json_reply({"error": HOSTILE}, status, **headers)


WIRES = (
    Wire(
        "google",
        google.STREAM,
        lambda url: GoogleModel(identity(google.MODEL), client(f"{url}/v1", "google")),
        google.streamed(*google.chunks_of([google.text("All is well, " * 20)])),
        _google_refused,
        google.streamed(google.error_body(503, "UNAVAILABLE", HOSTILE)).body,
    ),
    Wire(
        "chat",
        chat.PATH,
        lambda url: CompatibleModel(identity(chat.MODEL), client(f"{url}/v1", "compatible")),
        chat.streamed(chat.texts("All is well, " * 20)),
        _chat_refused,
        b'data: {"error": {"code": 503, "message": "%b"}}\n\n' % KEY.encode(),
    ),
    Wire(
        "ollama",
        ollama.PATH,
        lambda url: OllamaModel(identity(ollama.MODEL), client(url, "ollama")),
        ollama.streamed(ollama.lines_of("All is well, " * 20)),
        _ollama_refused,
        b'{"error": "%b"}\n' % KEY.encode(),
    ),
)


@dataclass(frozen=True)
class Fault:
    """What the server does, and what kind of failure that is to the user."""

    name: str
    reply: Callable[[Wire], Reply]
    failure: Failure
    attempts: int = 3


def _status(status: int, failure: Failure, attempts: int, **headers: str) -> Fault:
    name = " ".join([str(status), *(f"{k} {v}" for k, v in headers.items())])
    return Fault(name, lambda wire: wire.refused(status, **headers), failure, attempts)


def _then(wire: Wire, more: bytes) -> Reply:
    """The beginning of a good answer, and then something else."""
    return wire.answer.changed(pieces=(*wire.answer.pieces[:3], more))


def _framed(wire: Wire, text: bytes) -> bytes:
    return text + b"\n" if wire.name == "ollama" else b"data: " + text + b"\n\n"


FAULTS = (
    _status(400, Failure.REQUEST, 1),
    _status(401, Failure.KEY, 1),
    _status(402, Failure.MONEY, 1),
    _status(403, Failure.KEY, 1),
    _status(404, Failure.NOT_FOUND, 1),
    _status(413, Failure.TOO_LARGE, 1),
    Fault("413 HTML", lambda _: html_reply(413), Failure.TOO_LARGE, 1),
    _status(429, Failure.RATE, 3),
    _status(429, Failure.RATE, 3, retry_after="2"),
    _status(500, Failure.SERVER, 3),
    Fault("502 HTML", lambda _: html_reply(502), Failure.SERVER, 3),
    _status(503, Failure.SERVER, 3),
    _status(529, Failure.SERVER, 3),
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
        "stall before the head",
        lambda _: Reply(is_headless=True, ending=Ending.STALL),
        Failure.TIMEOUT,
        1,
    ),
    Fault(
        "stall in mid-stream",
        lambda wire: wire.answer.cut_off_after(900, Ending.STALL),
        Failure.TIMEOUT,
        1,
    ),
    Fault(
        "drop in mid-stream",
        lambda wire: wire.answer.cut_off_after(900, Ending.DROP),
        Failure.CONNECTION,
    ),
    Fault(
        "reset in mid-stream",
        lambda wire: wire.answer.cut_off_after(900, Ending.RESET),
        Failure.CONNECTION,
    ),
    Fault(
        "an end before the terminal event",
        lambda wire: wire.answer.changed(pieces=wire.answer.pieces[:3]),
        Failure.CONNECTION,
    ),
    Fault("an empty reply", lambda wire: wire.answer.changed(pieces=()), Failure.CONNECTION),
    Fault("error in mid-stream", lambda wire: _then(wire, wire.in_stream), Failure.SERVER),
    Fault(
        "a chunk that is no JSON",
        lambda wire: _then(wire, _framed(wire, b'{"x": ')),
        Failure.PROTOCOL,
        1,
    ),
    Fault(
        "a chunk that is no object",
        lambda wire: _then(wire, _framed(wire, b"[1]")),
        Failure.PROTOCOL,
        1,
    ),
    Fault(
        "JSON that nests too deeply",
        lambda wire: _then(wire, _framed(wire, b"[" * 100_000)),
        Failure.PROTOCOL,
        1,
    ),
    Fault("HTML with 200", lambda _: html_reply(200), Failure.PROTOCOL, 1),
    Fault("an error with 200", lambda wire: wire.refused(503).changed(status=200), Failure.SERVER),
    Fault(
        "50 MB",
        lambda wire: wire.answer.changed(pieces=(_MEGABYTE,) * 50),
        Failure.PROTOCOL,
        1,
    ),
)


@pytest.fixture
async def server():
    async with ProviderServer() as server:
        server.on(chat.MODELS, chat.models({"id": chat.MODEL}))
        server.on(ollama.SHOW, ollama.show())
        yield server


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_every_fault_ends_in_a_sentence(fault: Fault, wire: Wire, server):
    server.on(wire.path, fault.reply(wire))
    error = await error_of(wire.make(server.url))
    asked = [request for request in server.requests if request.path == wire.path]
    assert len(asked) == fault.attempts
    assert KEY in str(asked[0].headers)  # it was sent, so it could have leaked
    check(error, fault.failure)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_a_refused_connection_ends_in_a_sentence(wire: Wire):
    error = await error_of(wire.make(unused_url()))
    check(error, Failure.CONNECTION)
    assert "refused the connection" in error.message


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_a_good_answer_is_none_of_them(wire: Wire, server):
    server.on(wire.path, wire.answer)
    signals = await ask(wire.make(server.url), requests.PLAIN)
    assert KEY not in repr(signals)


async def test_a_server_without_a_list_of_models_can_be_asked(server):
    server.on(chat.MODELS, html_reply(404))
    server.on(chat.PATH, chat.reply("ok"))
    assert await ask(WIRES[1].make(server.url), requests.PLAIN)


async def error_of(model: Model) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await ask(model, requests.PLAIN)
    return caught.value


def check(error: ModelError, failure: Failure) -> None:
    assert error.failure is failure
    assert error.message.endswith((".", "”"))
    assert error.advice.endswith(".")
    assert len(error.message) < 600
    assert KEY not in repr(error) + str(error) + repr(vars(error))
    assert error.__traceback__ is not None
    trace = traceback.TracebackException(
        type(error), error, error.__traceback__.tb_next, capture_locals=True
    )
    assert KEY not in "".join(trace.format())
