"""The client against the double: when it tries again, waits, restarts, reuses and gives up."""

import asyncio
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import pytest

from tests.fakes.provider_server.reply import Ending, Reply, html_reply, json_reply
from tests.fakes.provider_server.server import ProviderServer
from tests.models.http.asking import KEY, StillClock
from xreview.http.patience import Patience
from xreview.http.secret import Secret, bearer
from xreview.models.http.call import Call
from xreview.models.http.client import HttpClient
from xreview.models.http.server import Complaint, Dialect, HttpError, ModelHost
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    ModelSignal,
    Restarted,
    TextDelta,
    Tokens,
    Waiting,
)

PATH = "/stream"
DIALECT = Dialect(
    lambda body: Complaint((str(body.get("kind")),), str(body.get("error", ""))),
    {"money": Failure.MONEY},
    gives_up_after=120.0,
)
HEADERS = {"content-type": "text/event-stream"}


class EndOnly:
    """Each piece is text; a dot is the end."""

    def __init__(self, server: ModelHost) -> None:
        self.server = server
        self.is_complete = False

    def feed(self, piece: bytes) -> Iterator[ModelSignal]:
        yield TextDelta(piece.decode())
        yield Tokens(input=1, output=len(piece))
        self.is_complete = piece.endswith(b".")

    def end(self) -> Iterator[ModelSignal]:
        if not self.is_complete:
            raise self.server.cut_off()
        return iter(())


def said(text: str, **fields: Any) -> Reply:
    return Reply(200, HEADERS, (text.encode(),), **fields)


def refused(status: int, kind: str = "", **headers: str) -> Reply:
    return json_reply({"error": "no", "kind": kind}, status, **headers)


@pytest.fixture
async def server():
    async with ProviderServer() as server:
        yield server


@pytest.fixture
def still():
    return StillClock()


def client_of(server: ProviderServer, still: StillClock, **options: Any) -> HttpClient:
    return HttpClient(server.url, DIALECT, bearer(Secret(KEY)), clock=still.clock, **options)


async def heard(client: HttpClient) -> list[ModelSignal]:
    stream = client.stream(Call(PATH, {"q": 1}), lambda _: EndOnly(client.server))
    async with aclosing(stream) as signals:
        return [signal async for signal in signals]


async def failure_of(client: HttpClient) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await heard(client)
    return caught.value


async def test_a_refusal_that_passes_is_waited_out(server, still):
    server.on(PATH, refused(503), refused(429, retry_after="7"), said("ok."))
    signals = await heard(client_of(server, still))
    assert still.slept == [0.5, 7.0]
    assert [signal.seconds for signal in signals if isinstance(signal, Waiting)] == [0.5, 7.0]
    assert TextDelta("ok.") in signals
    assert Restarted() not in signals


async def test_two_retries_are_the_end(server, still):
    server.on(PATH, refused(500))
    error = await failure_of(client_of(server, still))
    assert len(server.requests) == 3
    assert "(3 attempts)" in error.message
    assert still.slept == [0.5, 1.0]


@pytest.mark.parametrize(
    ("reply", "attempts"),
    [
        (refused(400), 1),
        (refused(400, x_should_retry="true"), 3),
        (refused(500, x_should_retry="false"), 1),
        (refused(429, "money"), 1),
        (refused(429, "money", x_should_retry="true", retry_after="1"), 1),
        (refused(402), 1),
        (refused(429, retry_after="120"), 3),
        (refused(429, retry_after="121"), 1),
        (refused(429, retry_after="121", x_should_retry="true"), 1),
    ],
)
async def test_what_is_asked_again(server, still, reply, attempts):
    server.on(PATH, reply)
    await failure_of(client_of(server, still))
    assert len(server.requests) == attempts


async def test_a_wait_beyond_the_deadline_is_not_begun(server, still):
    server.on(PATH, refused(429, retry_after="90"))
    error = await failure_of(client_of(server, still, patience=Patience(overall=60.0)))
    assert "the server asks to wait 90 seconds" in error.message
    assert still.slept == []


@pytest.mark.parametrize("ending", [Ending.DROP, Ending.RESET, Ending.COMPLETE])
async def test_a_broken_stream_begins_anew_and_is_paid_twice(server, still, ending):
    server.on(PATH, said("lost", ending=ending), said("kept."))
    signals = await heard(client_of(server, still))
    void = signals.index(Restarted())
    assert TextDelta("kept.") in signals[void:]
    assert TextDelta("kept.") not in signals[:void]
    last = [signal for signal in signals if isinstance(signal, Tokens)][-1]
    begun = TextDelta("lost") in signals  # a reset may overtake what was sent before it
    assert last == (Tokens(input=2, output=9) if begun else Tokens(input=1, output=5))
    assert begun or ending is Ending.RESET


async def test_a_spent_limit_holds_up_the_next_request_only(server, still):
    spent = {**HEADERS, "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6s"}
    server.on(PATH, Reply(200, spent, (b"a.",)), said("b."))
    client = client_of(server, still)
    assert not [signal for signal in await heard(client) if isinstance(signal, Waiting)]
    (waiting,) = [signal for signal in await heard(client) if isinstance(signal, Waiting)]
    assert waiting.seconds == pytest.approx(6.0)
    assert still.slept == [pytest.approx(6.0)]
    assert len([s for s in await heard(client) if isinstance(s, Waiting)]) == 0


async def test_a_connection_is_used_again(server, still):
    server.on(PATH, said("a."))
    client = client_of(server, still)
    for _ in range(3):
        await heard(client)
    assert server.connections == 1
    await client.close()
    await heard(client)
    assert server.connections == 2


async def test_a_server_that_goes_on_after_its_end_is_not_waited_for(server, still):
    server.on(PATH, said("a.", ending=Ending.STALL))
    assert TextDelta("a.") in await heard(client_of(server, still))


async def test_closing_the_iterator_ends_the_request(server, still):
    server.on(PATH, said("begun", ending=Ending.STALL))
    client = client_of(server, still)
    stream = client.stream(Call(PATH, {}), lambda _: EndOnly(client.server))
    assert await anext(stream) == TextDelta("begun")
    await stream.aclose()
    await client.close()


async def test_cancelling_the_task_ends_the_request(server, still):
    server.on(PATH, said("", ending=Ending.STALL, is_headless=True))
    task = asyncio.create_task(heard(client_of(server, still)))
    await server.received.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_redirects_are_never_followed_not_even_to_the_same_host(still):
    async with ProviderServer() as elsewhere, ProviderServer() as server:
        for location in (f"{elsewhere.url}{PATH}", PATH, "", "http://evil.example/[bold]"):
            for status in (301, 302, 307, 308):
                server.on(PATH, Reply(status, {"location": location}))
                error = await failure_of(client_of(server, still))
                assert error.failure is Failure.PROTOCOL
                assert "aren't followed" in error.message
        assert elsewhere.requests == []
        assert {request.path for request in server.requests} == {PATH}


async def test_the_proxy_variables_hold_for_hosts_but_not_for_this_machine(
    server, still, monkeypatch
):
    async with ProviderServer() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        server.on(PATH, said("direct."))
        assert TextDelta("direct.") in await heard(client_of(server, still))
        assert proxy.requests == []

        client = HttpClient("https://api.example", DIALECT, bearer(Secret(KEY)), clock=still.clock)
        error = await failure_of(client)
        assert error.message.startswith("The proxy refused the connection to api.example")
        assert error.failure is Failure.CONNECTION
        assert proxy.requests[0].method == "CONNECT"
        assert KEY not in str(proxy.requests)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HTTPS_PROXY", "gopher://127.0.0.1:1", "proxy variable"),
        ("HTTPS_PROXY", "socks5://127.0.0.1:1", "SOCKS is not supported"),
        ("SSL_CERT_FILE", "/nowhere/certificates.pem", "certificates"),
    ],
)
async def test_variables_that_can_not_be_used_get_a_sentence(monkeypatch, still, name, value, says):
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, value)
    client = HttpClient("https://api.example", DIALECT, clock=still.clock)
    error = await failure_of(client)
    assert says in error.message
    assert value not in str(error)


async def test_a_host_that_has_no_address(monkeypatch, still):
    def unknown(*_: object, **__: object) -> None:
        import socket

        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    client = HttpClient("https://api.nowhere.example", DIALECT, clock=still.clock)
    error = await failure_of(client)
    assert "Could not resolve api.nowhere.example" in error.message


async def test_a_certificate_that_nobody_signed(tmp_path, still):
    async with ProviderServer(tls=self_signed(tmp_path)) as server:
        error = await failure_of(client_of(server, still))
    assert "certificate of 127.0.0.1" in error.message
    assert "Could not verify" in error.message
    assert server.requests == []
    assert still.slept == []


async def test_a_plain_server_behind_https(server, still):
    client = HttpClient(server.url.replace("http:", "https:"), DIALECT, clock=still.clock)
    error = await failure_of(client)
    assert "Could not establish an encrypted connection" in error.message


async def test_a_compressed_reply_is_not_unpacked(server, still):
    server.on(PATH, Reply(200, {**HEADERS, "content-encoding": "gzip"}, (b"\x1f\x8b",)))
    assert "compressed" in (await failure_of(client_of(server, still))).message
    assert server.requests[0].headers["accept-encoding"] == "identity"


async def test_fetch_reads_one_document_and_no_more_than_it_should(server, still):
    client = client_of(server, still)
    server.on("/models", json_reply({"data": [1]}))
    assert await client.fetch(Call("/models")) == {"data": [1]}
    assert server.requests[0].method == "GET"
    for wrong in (json_reply([1]), Reply(200, {}, (b"<html>",)), html_reply(200)):
        server.on("/models", wrong)
        with pytest.raises(HttpError) as caught:
            await client.fetch(Call("/models"))
        assert caught.value.failure is Failure.PROTOCOL
    megabyte = b" " * 1_000_000
    server.on("/models", Reply(200, {}, (megabyte,) * 17))
    with pytest.raises(HttpError, match="more than 16 MB"):
        await client.fetch(Call("/models"))


async def test_a_broken_fetch_begins_with_nothing(server, still):
    whole = json_reply({"data": "x" * 100})
    server.on("/models", whole.cut_off_after(50), whole)
    assert await client_of(server, still).fetch(Call("/models")) == {"data": "x" * 100}


def test_httpx_is_not_imported_before_a_model_is_asked():
    program = (
        "import sys, xreview.models.anthropic.adapter as a, xreview.models.openai.adapter\n"
        "from xreview.models.http.client import HttpClient\n"
        "HttpClient('https://api.anthropic.com', a.AnthropicModel.dialect)\n"
        "print('httpx' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def self_signed(folder: Any) -> ssl.SSLContext:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    try:
        subprocess.run(
            [*command, "-keyout", str(key), "-out", str(certificate)],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed, so no certificate can be made")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
