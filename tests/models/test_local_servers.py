"""Finding servers of models on loopback: real sockets, of servers and of what is none."""

import asyncio
import json
import subprocess
import sys

import pytest

from tests.fakes.provider_server import chat, ollama
from tests.fakes.provider_server.reply import Ending, Reply, html_reply, json_reply
from tests.fakes.provider_server.server import ProviderServer
from xreview.models import local_servers as module
from xreview.models.local_servers import FoundServer, find_local_servers


@pytest.fixture
async def servers():
    async with ProviderServer() as one, ProviderServer() as other:
        yield one, other


def ids(found: FoundServer) -> list[str]:
    return [model.id for model in found.models]


@pytest.mark.parametrize(
    ("owner", "kind"),
    [
        ("llamacpp", "llama.cpp"),
        ("me", "llama.cpp"),
        ("vllm", "vllm"),
        ("organization_owner", "lm-studio"),
    ],
)
async def test_a_chat_completions_server_is_told_by_what_it_says(servers, owner, kind):
    server, _ = servers
    entry = {"id": "qwen3", "owned_by": owner, "max_model_len": 8_000}
    server.on(chat.MODELS, chat.models(entry, {"id": "nomic-embed-text", "owned_by": owner}))
    (found,) = await find_local_servers([server.port])
    assert (found.name, found.base_url) == (kind, f"{server.url}/v1")
    assert ids(found) == ["qwen3"]
    assert found.models[0].limits.window == 8_000


async def test_ollama_is_found_with_the_models_that_run_here(servers):
    server, _ = servers
    here = ollama.tags("qwen3:8b", "bge-m3:latest")
    there = ollama.tags("qwen3-coder:480b-cloud", remote_host="https://ollama.com")
    listed = [*_models(here), *_models(there)]
    server.on(ollama.TAGS, json_reply({"models": listed}))
    (found,) = await find_local_servers([server.port])
    assert (found.name, found.base_url, ids(found)) == (
        "ollama",
        server.url,
        ["qwen3:8b"],
    )


def _models(reply: Reply) -> list[object]:
    return json.loads(reply.body)["models"]


async def test_the_order_is_that_of_the_ports(servers):
    one, other = servers
    one.on(ollama.TAGS, ollama.tags("a:1b"))
    other.on(chat.MODELS, chat.models({"id": "b"}))
    found = await find_local_servers([other.port, one.port])
    assert [server.name for server in found] == ["vllm", "ollama"]


@pytest.mark.parametrize(
    "reply",
    [
        html_reply(200),
        html_reply(404),
        json_reply({"data": [{"id": "x", "owned_by": "somebody"}]}),
        json_reply({"object": "list", "data": []}),
        json_reply({"models": []}),
        json_reply([1, 2]),
        Reply(302, {"location": "http://127.0.0.1:9/v1/models"}),
        Reply(200, {"content-type": "application/json"}, (b"{",), ending=Ending.DROP),
        Reply(200, is_headless=True, ending=Ending.RESET),
    ],
)
async def test_what_is_no_server_of_models_is_passed_over(servers, reply):
    server, other = servers
    server.on(chat.MODELS, reply)
    server.on(ollama.TAGS, reply)
    other.on(ollama.TAGS, ollama.tags("a:1b"))
    found = await find_local_servers([server.port, other.port], seconds=3)
    assert [server.name for server in found] == ["ollama"]


async def test_one_that_says_nothing_holds_up_nobody_else(servers):
    server, other = servers
    server.on(chat.MODELS, Reply(200, is_headless=True, ending=Ending.STALL))
    other.on(chat.MODELS, chat.models({"id": "b"}))
    found = await find_local_servers([server.port, other.port], seconds=0.5)
    assert [found.base_url for found in found] == [f"{other.url}/v1"]


async def test_a_proxy_is_not_asked(servers, monkeypatch):
    server, proxy = servers
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    server.on(chat.MODELS, chat.models({"id": "b"}))
    assert len(await find_local_servers([server.port])) == 1
    assert not proxy.requests


async def test_nothing_but_loopback_is_knocked_at(servers, monkeypatch):
    server, _ = servers
    server.on(ollama.TAGS, ollama.tags("a:1b"))
    knocked: list[str] = []
    loop = asyncio.get_running_loop()
    connect = loop.create_connection

    async def watched(factory, host=None, *arguments, **options):
        knocked.append(host)
        return await connect(factory, host, *arguments, **options)

    monkeypatch.setattr(loop, "create_connection", watched)
    monkeypatch.setenv("OLLAMA_HOST", "192.0.2.1:11434")
    assert await find_local_servers([server.port])
    assert set(knocked) == set(module.LOOPBACK)


async def test_the_six_of_loopback_is_knocked_at_too():
    try:
        served = await asyncio.start_server(_tags, "::1", 0)
    except OSError:
        pytest.skip("this machine has no ::1")
    async with served:
        port = served.sockets[0].getsockname()[1]
        (found,) = await find_local_servers([port])
    assert found.base_url == f"http://[::1]:{port}"


async def _tags(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request = await reader.readuntil(b"\r\n\r\n")
    is_tags = request.startswith(b"GET /api/tags ")
    body = ollama.tags("a:1b").body if is_tags else b"{}"
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    writer.write(head % len(body) + body)
    await writer.drain()
    writer.close()


def test_httpx_is_not_imported_where_nothing_listens():
    code = (
        "import asyncio, sys\n"
        "from xreview.models.local_servers import find_local_servers\n"
        "assert asyncio.run(find_local_servers([1])) == ()\n"
        "assert 'httpx' not in sys.modules, 'httpx was imported'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
