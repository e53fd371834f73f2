"""Checking a server's URL (https anywhere, plain http only on this machine), and its proxy.

This machine is 127.0.0.0/8 and ::1. Names like `localhost` are resolved once, and plain http then
goes to that number, whatever the name resolves to later.
"""

import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass

_PORTS = {"http": 80, "https": 443}
_FOUR = ip_network("127.0.0.0/8")
_SIX = IPv6Address("::1")


@dataclass(frozen=True, slots=True)
class Address:
    """A base URL.

    Args:
        base: without a trailing slash: "https://api.openai.com/v1".
        host: for display: "api.openai.com", "127.0.0.1:11434".
        is_local: whether it is this machine.
        name, port: the host, "127.0.0.1", and its port.
    """

    base: str
    host: str
    is_local: bool
    name: str = ""
    port: int = 0

    def url(self, path: str) -> str:
        """Return the URL of a path, which starts with a slash."""
        return self.base + path


def address_of(base_url: str) -> Address:
    """Parse and check a base URL. Raises ConfigError, which never shows a password."""
    parts = _split(base_url.strip())
    name = parts.hostname or ""
    number = _loopback(name)
    if parts.scheme == "http":
        if number is None:
            raise ConfigError(
                f"The base URL of {name} uses plain http, so others could read key and code.",
                "Use https, or run the server on this machine as 127.0.0.1.",
            )
        name = str(number)
    shown = f"[{name}]" if ":" in name else name
    port = parts.port
    host = shown if port in (None, _PORTS[parts.scheme]) else f"{shown}:{port}"
    base = f"{parts.scheme}://{host}{parts.path.rstrip('/')}"
    return Address(base, host, number is not None, name, port or _PORTS[parts.scheme])


def _loopback(name: str) -> IPv4Address | IPv6Address | None:
    """Return this machine's number for a host name or number; None for other hosts."""
    if name == "localhost" or name.endswith(".localhost"):
        found = _resolved(name)
        if not found or not all(map(_is_loopback, found)):
            return None
        # Most servers listen on IPv4 only.
        return min(found, key=lambda address: address.version)
    try:
        address = ip_address(name)
    except ValueError:
        return None
    return address if _is_loopback(address) else None


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    return address in _FOUR or address == _SIX


def _resolved(name: str) -> list[IPv4Address | IPv6Address]:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        return [ip_address(str(one[4][0])) for one in found]
    except (OSError, ValueError):
        return []


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises ValueError if invalid
    except ValueError:
        raise ConfigError(*_wrong("isn't a URL")) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ConfigError(*_wrong("isn't an http or https URL"))
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ConfigError(*_wrong("contains an invalid character"))
    if parts.username is not None or parts.password is not None:
        raise ConfigError(
            "The base URL contains a user name or password.",
            "Remove it, and put the key into an environment variable or the keyring.",
        )
    if parts.query or parts.fragment:
        raise ConfigError(*_wrong("has a query or a fragment"))
    return parts


def _wrong(what: str) -> tuple[str, str]:
    return f"The base URL {what}.", "Write it like “https://api.openai.com/v1”."


_NAMES = ("https_proxy", "all_proxy", "http_proxy")


def proxy_of(environ: Mapping[str, str], host: str = "") -> str:
    """Return the proxy's host and port according to the environment, "proxy.example:3128", or "".

    `NO_PROXY` is checked for the request's host, if known.
    """
    named = {name.lower(): value for name, value in environ.items() if value}
    if host and _is_direct(host, named.get("no_proxy", "")):
        return ""
    url = next((named[name] for name in _NAMES if name in named), "")
    if not url:
        return ""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "a proxy with an invalid URL"
    return f"{parts.hostname or 'a proxy without a name'}{port}"


def _is_direct(host: str, no_proxy: str) -> bool:
    """Return whether `no_proxy` contains the host, a parent domain, or `*`."""
    names = [one.strip().lower().lstrip(".") for one in no_proxy.split(",")]
    return any(one == "*" or (one and f".{host}".endswith(f".{one}")) for one in names)
