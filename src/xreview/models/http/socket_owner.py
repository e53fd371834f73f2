"""Whose process listens on a port of this machine: anybody who has an account may open one.

Linux says so in `/proc/net/tcp` and `tcp6`, one row for each socket, with the user's number. Where
there is no such file it can't be told, and nothing is claimed.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

_LISTENING = "0A"
_TABLES = ("tcp", "tcp6")


class Whose(StrEnum):
    """Who listens."""

    MINE = "mine"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SocketOwner:
    """Who listens on a port.

    Args:
        user: the other user's name or number; "" for the own user, or where nobody knows.
    """

    whose: Whose
    user: str = ""

    @property
    def words(self) -> str:
        """A sentence for people; "" where the server is their own."""
        if self.whose is Whose.OTHER:
            return f"The server belongs to another user of this machine ({self.user})."
        if self.whose is Whose.UNKNOWN:
            return "Whose server it is can't be told on this machine."
        return ""


UNKNOWN = SocketOwner(Whose.UNKNOWN)


def owner_of(host: str, port: int, folder: Path = Path("/proc/net")) -> SocketOwner:
    """Who listens where a connection to this address would end.

    Several sockets may fit, one for all addresses and one for this: one of another user is enough
    for the port not to be ours.

    Args:
        host: a number, "127.0.0.1" or "::1".
        folder: where the tables of the kernel are.
    """
    try:
        address = ip_address(host)
        users = {user for at, user in _listeners(folder, port) if _takes(at, address)}
    except (OSError, ValueError, IndexError):
        return UNKNOWN
    if not users:
        return UNKNOWN
    others = users - {os.getuid()}
    if not others:
        return SocketOwner(Whose.MINE)
    return SocketOwner(Whose.OTHER, _name(min(others)))


def _listeners(folder: Path, port: int) -> Iterator[tuple[IPv4Address | IPv6Address, int]]:
    """The addresses on which somebody listens at that port, and that user's number."""
    for name in _TABLES:
        file = folder / name
        if not file.exists():
            continue
        for row in file.read_text("ascii", "replace").splitlines()[1:]:
            fields = row.split()
            at, _, number = fields[1].partition(":")
            if fields[3] == _LISTENING and int(number, 16) == port:
                yield _address(at), int(fields[7])


def _address(hexadecimal: str) -> IPv4Address | IPv6Address:
    """An address as the kernel prints it: words of four bytes, in the byte order of the machine."""
    raw = bytes.fromhex(hexadecimal)
    words = [raw[at : at + 4] for at in range(0, len(raw), 4)]
    if sys.byteorder == "little":
        words = [word[::-1] for word in words]
    found = ip_address(b"".join(words))
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _takes(listening: IPv4Address | IPv6Address, asked: IPv4Address | IPv6Address) -> bool:
    """Whether a socket that listens there takes a connection to the address asked for.

    The six of all addresses takes fours too, unless told otherwise, which the table does not say.
    """
    if listening.is_unspecified:
        return listening.version == 6 or asked.version == 4
    return listening == asked


def _name(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"number {user}"
