"""Finding the model servers that run on this machine.

    servers = await find_local_servers(ports_in(os.environ))

Only ports on 127.0.0.1 and ::1 are tried, all at once, and httpx is imported only when one of them
is open. Other programs and other users can listen there too, so a server must identify itself, and
the result says who owns it.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from xreview.domain.errors import ConfigError, ReviewerError
from xreview.domain.record import dataclass, replace
from xreview.models.http.format import WireFormat, wire_formats
from xreview.models.http.socket_owner import UNKNOWN, SocketOwner, owner_of
from xreview.ports.model import ServedModel

LOOPBACK = ("127.0.0.1", "::1")
_CONNECT_SECONDS = 0.25
_EMBEDDER = re.compile(r"embed|(?:^|[/:_-])(?:bge|e5|gte|minilm|rerank)", re.IGNORECASE)

PORTS_VARIABLE = "XREVIEW_LOCAL_PORTS"
"""The environment variable that names other ports, separated by commas; empty for none."""


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that runs here.

    Args:
        name: of the `LocalServer`.
        provider: the name of its wire format.
        base_url: as `HttpClient` takes it.
        models: those that run on this machine and answer questions; at least one.
    """

    name: str
    provider: str
    base_url: str
    models: tuple[ServedModel, ...]
    owner: SocketOwner = UNKNOWN


def server_names() -> tuple[str, ...]:
    """Return the names of all servers that can be found."""
    return tuple(server.name for form in wire_formats() for server in form.local_servers)


def default_ports() -> tuple[int, ...]:
    """Return the servers' default ports; a protocol that only one program speaks comes first."""
    forms = sorted(wire_formats(), key=lambda form: len(form.local_servers))
    return tuple(server.port for form in forms for server in form.local_servers)


def ports_in(environ: Mapping[str, str]) -> tuple[int, ...]:
    """Return the ports to try. Raises ConfigError if `PORTS_VARIABLE` holds anything else."""
    given = environ.get(PORTS_VARIABLE)
    if given is None:
        return default_ports()
    try:
        ports = tuple(int(one) for one in given.split(",") if one.strip())
    except ValueError:
        ports = (0,)
    if not all(0 < port < 65536 for port in ports):
        raise ConfigError(
            f"{PORTS_VARIABLE} isn't a list of ports.",
            "Write “11434,8080”, or leave it empty to look for no local servers.",
        )
    return ports


async def find_local_servers(
    ports: Iterable[int], *, seconds: float = 1.5
) -> tuple[FoundServer, ...]:
    """Return the servers found, in the order of the ports; `seconds` is the timeout for each."""
    found = await asyncio.gather(*(_at_port(port, seconds) for port in ports))
    return tuple(server for server in found if server)


async def _at_port(port: int, seconds: float) -> FoundServer | None:
    both = await asyncio.gather(*(_at(host, port, seconds) for host in LOOPBACK))
    return next(filter(None, both), None)


async def _at(host: str, port: int, seconds: float) -> FoundServer | None:
    if not await _listens(host, port):
        return None
    origin = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    with suppress(TimeoutError):  # something else listens there
        async with asyncio.timeout(seconds):
            for form in wire_formats():
                if form.local_servers and (found := await _identify(form, origin)):
                    owner = await asyncio.to_thread(owner_of, host, port)
                    return replace(found, owner=owner)
    return None


async def _listens(host: str, port: int) -> bool:
    with suppress(OSError):  # including TimeoutError
        async with asyncio.timeout(_CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            return True
    return False


async def _identify(form: WireFormat, origin: str) -> FoundServer | None:
    """Return the server if it speaks this format, says who it is, and has a model to ask."""
    from xreview.models.http.call import Call
    from xreview.models.http.client import HttpClient

    adapter, base = form.load(), origin + form.local_path
    client = HttpClient(base, adapter.dialect)
    try:
        owners, models = adapter.in_listing(await client.fetch(Call(adapter.listing)))
    except ReviewerError:
        return None
    finally:
        await client.close()
    known = {owner: one.name for one in form.local_servers for owner in one.owners or ("",)}
    name = next((known[owner] for owner in (*owners, "") if owner in known), None)
    usable = tuple(model for model in models if model.id and not _EMBEDDER.search(model.id))
    return FoundServer(name, form.name, base, usable) if name and usable else None
