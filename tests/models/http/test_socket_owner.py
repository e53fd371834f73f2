"""Whose socket it is that listens on this machine: real ones, and the kernel's table as written."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from xreview.models.http.socket_owner import SocketOwner, Whose, owner_of

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
LITTLE = pytest.mark.skipif(sys.byteorder != "little", reason="the tables are of such a machine")
HEAD = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout\n"
)
ME = os.getuid()
STRANGER = 54321
FOUR, ALL_FOUR = "0100007F", "00000000"
SIX, ALL_SIX = "00000000000000000000000001000000", "0" * 32
MAPPED = "0000000000000000FFFF00000100007F"


def table(folder: Path, *rows: tuple[str, str, int], name: str = "tcp") -> Path:
    lines = (
        f"   0: {at} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000 {user} 0 1\n"
        for at, state, user in rows
    )
    (folder / name).write_text(HEAD + "".join(lines))
    return folder


@LINUX
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_server_of_ones_own_is_known(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listening:
        try:
            listening.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        listening.listen()
        port = listening.getsockname()[1]
        assert owner_of(host, port) == SocketOwner(Whose.MINE)
    assert owner_of(host, port).whose is Whose.UNKNOWN, "nobody listens any more"


_LISTENS = """
import socket, sys
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
sys.stdin.read()
"""


@LINUX
@pytest.mark.skipif(os.getuid() != 0, reason="only root may start a program of another user")
def test_a_server_of_another_user_is_known():
    with subprocess.Popen(
        ["/usr/bin/env", "python3", "-c", _LISTENS],
        user=STRANGER,
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin"},
    ) as process:
        assert process.stdout is not None
        if not (said := process.stdout.readline()):
            pytest.skip("this machine has no Python that others may run")
        owner = owner_of("127.0.0.1", int(said))
        process.communicate()
    assert owner == SocketOwner(Whose.OTHER, f"number {STRANGER}")
    assert "another user" in owner.words


@LITTLE
@pytest.mark.parametrize(
    ("rows", "host", "whose"),
    [
        ([(f"{FOUR}:1F90", "0A", ME)], "127.0.0.1", Whose.MINE),
        ([(f"{FOUR}:1F90", "0A", STRANGER)], "127.0.0.1", Whose.OTHER),
        ([(f"{ALL_FOUR}:1F90", "0A", STRANGER)], "127.0.0.1", Whose.OTHER),
        # One of another user beside ours: whichever takes the connection.
        (
            [(f"{FOUR}:1F90", "0A", ME), (f"{ALL_FOUR}:1F90", "0A", STRANGER)],
            "127.0.0.1",
            Whose.OTHER,
        ),
        ([(f"{ALL_SIX}:1F90", "0A", STRANGER)], "127.0.0.1", Whose.OTHER),
        ([(f"{MAPPED}:1F90", "0A", STRANGER)], "127.0.0.1", Whose.OTHER),
        ([(f"{SIX}:1F90", "0A", ME)], "::1", Whose.MINE),
        # Not listening, another port, another address.
        ([(f"{FOUR}:1F90", "01", STRANGER)], "127.0.0.1", Whose.UNKNOWN),
        ([(f"{FOUR}:1F91", "0A", STRANGER)], "127.0.0.1", Whose.UNKNOWN),
        ([("0200007F:1F90", "0A", STRANGER)], "127.0.0.1", Whose.UNKNOWN),
        ([(f"{ALL_FOUR}:1F90", "0A", STRANGER)], "::1", Whose.UNKNOWN),
    ],
)
def test_the_table_is_read(tmp_path, rows, host, whose):
    assert owner_of(host, 8080, table(tmp_path, *rows, name="tcp6")).whose is whose


def test_where_there_is_no_table_nothing_is_claimed(tmp_path):
    owner = owner_of("127.0.0.1", 8080, tmp_path)
    assert owner.whose is Whose.UNKNOWN
    assert "unknown" in owner.words


@pytest.mark.parametrize(
    "text", ["", "x", HEAD + "   0: nonsense\n", HEAD + "a b:zz c 0A d e f g\n"]
)
def test_a_table_of_another_form_claims_nothing(tmp_path, text):
    (tmp_path / "tcp").write_text(text)
    assert owner_of("127.0.0.1", 8080, tmp_path).whose is Whose.UNKNOWN
