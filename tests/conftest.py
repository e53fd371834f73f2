"""What holds for all tests."""

import gc
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from xreview.hardening import redaction
from xreview.models import local_servers

# How long something takes is for `bench/`: a test must pass on a busy machine too.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

USUAL_PORTS = local_servers.default_ports()
# Whatever model servers the developer's machine runs, no test finds one: not in this process, nor
# in a program that it starts, nor by an address that somebody wrote down.
os.environ[local_servers.PORTS_VARIABLE] = ""


def pytest_collection_finish() -> None:
    """Collect garbage less often: with 8,000 tests in memory, a round costs half a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True)
def no_keys_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process knows keys until its end; what one test made known is nothing to the next."""
    monkeypatch.setattr(redaction, "_keys", redaction.Keys())


@pytest.fixture(autouse=True, scope="session")
def no_servers_of_this_machine() -> Iterator[None]:
    """Nothing that runs on the machine's usual ports for model servers is ever reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any, /) -> None:
        if isinstance(address, tuple) and address[1] in USUAL_PORTS:
            raise ConnectionRefusedError(f"Tests reach no port {address[1]} of this machine.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_servers, "default_ports", tuple)
        patch.setattr(socket.socket, "connect", guarded)
        yield
