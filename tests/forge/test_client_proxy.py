"""The user's proxy counts for forges on the network, and never on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.fakes.forge_server import ForgeServer
from tests.forge.played import API, GITHUB, TOKEN, token_for
from tests.models.http.asking import StillClock
from xreview.forge.client import ForgeClient
from xreview.forge.faults import ForgeFaults
from xreview.ports.forge_failure import ForgeError, ForgeFailure

FAULTS = ForgeFaults(lambda body: str(body.get("message", "")))


@asynccontextmanager
async def refusing_proxy(asked: list[bytes]) -> AsyncIterator[str]:
    """A proxy that refuses everything, and notes what it was asked for."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def test_a_proxy_that_refuses_is_named_and_sees_no_token(monkeypatch):
    asked: list[bytes] = []
    async with refusing_proxy(asked) as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        client = ForgeClient(
            API,
            GITHUB,
            token_for(),
            header="authorization",
            scheme="Bearer",
            faults=FAULTS,
            clock=StillClock().clock,
        )
        with pytest.raises(ForgeError) as caught:
            await client.get("/x")
        await client.close()
    assert caught.value.failure is ForgeFailure.CONNECTION
    assert caught.value.message == "The proxy refused the connection to api.github.com."
    assert "HTTPS_PROXY" in caught.value.advice
    assert len(asked) == 1
    assert asked[0].startswith(b"CONNECT api.github.com:443")
    assert TOKEN.encode() not in asked[0]


async def test_a_forge_on_this_machine_is_reached_directly(monkeypatch):
    asked: list[bytes] = []
    async with refusing_proxy(asked) as url:
        monkeypatch.setenv("HTTP_PROXY", url)
        with ForgeServer() as server:
            server.account("ada")
            client = ForgeClient(
                f"{server.host.origin}/api/v3",
                server.host,
                None,
                header="authorization",
                scheme="Bearer",
                faults=FAULTS,
                clock=StillClock().clock,
            )
            reply = await client.get("/users/ada")
            await client.close()
    assert reply.status == 200
    assert not asked
