"""Which user's process listens on a port of this machine.

Linux lists every socket and its user id in `/proc/net/tcp` and `tcp6`; elsewhere the owner is
unknown.
"""

import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from xreview.domain.record import dataclass

_LISTENING = "0A"
_TABLES = ("tcp", "tcp6")


class Whose(StrEnum):
    """Whose server it is."""

    MINE = "mine"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SocketOwner:
    """The owner of a listening socket.

    Args:
        user: another user's name or number; "" for this user, or when unknown.
    """

    whose: Whose
    user: str = ""

    @property
    def words(self) -> str:
        """A notice for the user; "" for their own server."""
        if self.whose is Whose.OTHER:
            return f"The server belongs to another user of this machine ({self.user})."
        if self.whose is Whose.UNKNOWN:
            return "The server's owner is unknown."
        return ""


UNKNOWN = SocketOwner(Whose.UNKNOWN)


def owner_of(host: str, port: int, folder: Path = Path("/proc/net")) -> SocketOwner:
    """Return the owner of the socket at this address.

    Several sockets can match, one for all addresses and one for this; if any belongs to another
    user, so does the port.

    Args:
        host: a number, "127.0.0.1" or "::1".
        folder: the kernel's tables.
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
    """Yield the addresses of that port's listeners, and their user ids."""
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
    """Parse an address as the kernel prints it: 4-byte words in the machine's byte order."""
    raw = bytes.fromhex(hexadecimal)
    words = [raw[at : at + 4] for at in range(0, len(raw), 4)]
    if sys.byteorder == "little":
        words = [word[::-1] for word in words]
    found = ip_address(b"".join(words))
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _takes(listening: IPv4Address | IPv6Address, asked: IPv4Address | IPv6Address) -> bool:
    """Return whether that listener accepts a connection to `asked`.

    A listener on `::` usually accepts IPv4 too; the table doesn't say.
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
