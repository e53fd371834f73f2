"""No test sees what runs on the developer's machine: the usual ports are never contacted.

What is connected to is written down where it happens. A socket that merely listens would also hear
of other programs of the machine that look for servers.
"""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import USUAL_PORTS
from tests.fakes.provider_server.server import unused_url
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.errors import ConfigError
from xreview.models.local_servers import PORTS_VARIABLE, find_local_servers, ports_in
from xreview.review.asking.money import Money
from xreview.review.choosing.panel import Panel

_RECORDER = """
import os, socket
connect = socket.socket.connect
def recorded(self, address):
    with open(os.environ["CONNECTED"], "a") as file:
        print(address[1], file=file)
    return connect(self, address)
socket.socket.connect = recorded
"""


@pytest.fixture
def listening() -> Iterator[int]:
    """One of the usual ports, with a server that this test started."""
    for port in USUAL_PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            yield port
            return
    pytest.skip("all of the usual ports are in use here")


@pytest.fixture
def connected(monkeypatch) -> list[int]:
    """The ports that this process connects to."""
    ports: list[int] = []
    connect = socket.socket.connect

    def recorded(self: socket.socket, address: tuple[str, int]) -> None:
        ports.append(address[1])
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", recorded)
    return ports


@pytest.mark.parametrize("environ", [{}, os.environ], ids=["no variables", "the tests' own"])
async def test_looking_for_servers_contacts_none(listening, connected, tmp_path, environ):
    folders = Folders(tmp_path, tmp_path, tmp_path, tmp_path)
    panel = Panel(Settings(), folders, environ, Money(1.0), tmp_path)
    assert all(not one.is_local for one in await panel.find())
    assert connected == []


def connected_by_the_program(tmp_path: Path, **more: str) -> list[int]:
    """The ports that `xreview-tui models` connects to."""
    (tmp_path / "sitecustomize.py").write_text(_RECORDER)
    (tmp_path / "connected").touch()
    folders = ("HOME", "XREVIEW_CONFIG_DIR", "XREVIEW_DATA_DIR", "PYTHONPATH")
    environ = os.environ | dict.fromkeys(folders, str(tmp_path)) | more
    environ["CONNECTED"] = str(tmp_path / "connected")
    words = [sys.executable, "-m", "xreview", "models", "--offline", "--json"]
    done = subprocess.run(words, cwd=tmp_path, env=environ, capture_output=True, timeout=120)
    assert done.stdout.startswith(b"{"), done.stderr
    return [int(port) for port in (tmp_path / "connected").read_text().split()]


def test_the_program_itself_contacts_none(tmp_path):
    assert connected_by_the_program(tmp_path) == []


def test_what_it_does_contact_is_seen(tmp_path):
    """What proves that the test above can fail."""
    port = int(unused_url().rpartition(":")[2])
    assert port in connected_by_the_program(tmp_path, **{PORTS_VARIABLE: str(port)})


async def test_an_address_that_somebody_wrote_down_is_not_reached(listening):
    assert await find_local_servers([listening], seconds=0.5) == ()
    with pytest.raises(ConnectionRefusedError, match="Tests reach no port"):
        await asyncio.open_connection("127.0.0.1", listening)


def test_outside_of_tests_the_usual_ports_are_looked_at():
    code = "from xreview.models.local_servers import ports_in; print(*ports_in({}))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert tuple(map(int, said.stdout.split())) == USUAL_PORTS == (11434, 1234, 8080, 8000)


def test_ports_may_be_named(tmp_path):
    assert ports_in({PORTS_VARIABLE: "1, 65535"}) == (1, 65535)
    assert ports_in({PORTS_VARIABLE: ""}) == ()


@pytest.mark.parametrize("given", ["x", "0", "65536", "-1", "1;2"])
def test_what_are_no_ports_is_refused_with_a_sentence(given):
    with pytest.raises(ConfigError, match="isn't a list of ports"):
        ports_in({PORTS_VARIABLE: given})
