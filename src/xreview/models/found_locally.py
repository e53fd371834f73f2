"""Finding model servers that run on this machine, without being told of them.

    servers = await found_locally()

The usual ports of Ollama, LM Studio, llama.cpp and vLLM are knocked at on 127.0.0.1 and ::1, and
nowhere else, all at once. httpx is imported only where something listens. What answers must say
that it is such a server: those ports belong to many programs, and any user of the machine may
listen there, so whose it is is told too.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from xreview.domain.errors import ConfigError, ReviewerError
from xreview.models.http.socket_owner import UNKNOWN, SocketOwner, owner_of
from xreview.ports.json_value import JsonObject, list_in, text_in
from xreview.ports.model import ServedModel

if TYPE_CHECKING:
    from xreview.models.http.server import Dialect

LOOPBACK = ("127.0.0.1", "::1")
_KNOCK_SECONDS = 0.25
_EMBEDDER = re.compile(r"embed|(?:^|[/:_-])(?:bge|e5|gte|minilm|rerank)", re.IGNORECASE)


class LocalKind(StrEnum):
    """A program that serves models; all but Ollama speak Chat Completions."""

    OLLAMA = "ollama"
    LM_STUDIO = "lm-studio"
    LLAMA_CPP = "llama.cpp"
    VLLM = "vllm"


PORTS = (11434, 1234, 8080, 8000)
"""Where Ollama, LM Studio, llama.cpp and vLLM listen when nobody says otherwise."""

PORTS_VARIABLE = "XREVIEW_LOCAL_PORTS"
"""The environment variable that names other ports, separated by commas; empty for none."""

_OWNERS = {
    "llamacpp": LocalKind.LLAMA_CPP,
    "me": LocalKind.LLAMA_CPP,  # llama-cpp-python's own server
    "vllm": LocalKind.VLLM,
    "organization_owner": LocalKind.LM_STUDIO,
}
"""What they write into `owned_by` in `GET /v1/models`."""


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that runs here.

    Args:
        base_url: as its adapter's client takes it.
        models: those that answer questions and run on this machine; at least one.
        owner: whose program it is.
    """

    kind: LocalKind
    base_url: str
    models: tuple[ServedModel, ...]
    owner: SocketOwner = UNKNOWN


def ports_in(environ: Mapping[str, str]) -> tuple[int, ...]:
    """Where to knock. Raises ConfigError where `PORTS_VARIABLE` does not hold ports."""
    given = environ.get(PORTS_VARIABLE)
    if given is None:
        return PORTS
    try:
        ports = tuple(int(one) for one in given.split(",") if one.strip())
    except ValueError:
        ports = (0,)
    if not all(0 < port < 65536 for port in ports):
        raise ConfigError(
            f"{PORTS_VARIABLE} does not hold ports.",
            "Write them like “11434,8080”, or nothing to look for no server on this machine.",
        )
    return ports


async def found_locally(ports: Iterable[int], *, seconds: float = 1.5) -> tuple[FoundServer, ...]:
    """The servers found, in the order of the ports, each once.

    Args:
        ports: where to knock; each port may hold any of the servers.
        seconds: how long one of them may take; whoever takes longer is not found.
    """
    found = await asyncio.gather(*(_at_port(port, seconds) for port in ports))
    return tuple(server for server in found if server)


async def _at_port(port: int, seconds: float) -> FoundServer | None:
    both = await asyncio.gather(*(_at(host, port, seconds) for host in LOOPBACK))
    return next(filter(None, both), None)


async def _at(host: str, port: int, seconds: float) -> FoundServer | None:
    if not await _listens(host, port):
        return None
    origin = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    # Whatever else listens there is not a server of models: nothing to tell anybody of.
    with suppress(TimeoutError, ReviewerError):
        async with asyncio.timeout(seconds):
            found = await _compatible(origin) or await _ollama(origin)
            owner = await asyncio.to_thread(owner_of, host, port)
            return replace(found, owner=owner) if found else None
    return None


async def _listens(host: str, port: int) -> bool:
    with suppress(OSError):  # a TimeoutError is one
        async with asyncio.timeout(_KNOCK_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            return True
    return False


async def _compatible(origin: str) -> FoundServer | None:
    from xreview.models.compatible.errors import DIALECT
    from xreview.models.compatible.limits import compatible_models

    base = f"{origin}/v1"
    with suppress(ReviewerError):
        listed = await _fetch(base, "/models", DIALECT)
        owners = (text_in(entry, "owned_by") for entry in list_in(listed, "data"))
        kind = next((_OWNERS[owner] for owner in owners if owner in _OWNERS), None)
        if kind is not None:
            return _server(kind, base, compatible_models(listed))
    return None


async def _ollama(origin: str) -> FoundServer | None:
    from xreview.models.ollama.adapter import ollama_models
    from xreview.models.ollama.errors import DIALECT

    listed = await _fetch(origin, "/api/tags", DIALECT)
    here = (model for model in ollama_models(listed) if not model.notice)
    return _server(LocalKind.OLLAMA, origin, here)


def _server(kind: LocalKind, base: str, models: Iterable[ServedModel]) -> FoundServer | None:
    usable = tuple(model for model in models if model.id and not _EMBEDDER.search(model.id))
    return FoundServer(kind, base, usable) if usable else None


async def _fetch(base: str, path: str, dialect: "Dialect") -> JsonObject:
    from xreview.models.http.call import Call
    from xreview.models.http.client import HttpClient

    client = HttpClient(base, dialect)
    try:
        return await client.fetch(Call(path))
    finally:
        await client.close()
