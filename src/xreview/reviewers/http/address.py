"""Where a server is, checked: https anywhere, plain http on this machine only."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from xreview.domain.errors import ConfigError

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """A base URL, without a slash at its end.

    Args:
        base: "https://api.openai.com/v1".
        host: what the user is shown: "api.openai.com", "127.0.0.1:11434".
        is_local: whether it is this machine, by name or number.
    """

    base: str
    host: str
    is_local: bool

    def url(self, path: str) -> str:
        """The URL of a path below the base, which starts with a slash."""
        return self.base + path


def address_of(base_url: str) -> Address:
    """Read and check a base URL. Raises ConfigError, which never repeats a password in it."""
    parts = _split(base_url.strip())
    name = parts.hostname or ""
    local = is_loopback(name)
    if parts.scheme == "http" and not local:
        raise ConfigError(
            f"The base URL of {name} uses plain http, so the key and the code could be read on "
            "the way.",
            "Use https, or run the server on this machine.",
        )
    shown = f"[{name}]" if ":" in name else name
    port = parts.port
    host = shown if port in (None, _PORTS[parts.scheme]) else f"{shown}:{port}"
    return Address(f"{parts.scheme}://{host}{parts.path.rstrip('/')}", host, local)


def is_loopback(name: str) -> bool:
    """Whether a host's name or number is this machine."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # it is checked when it is read
    except ValueError:
        raise ConfigError(*_wrong("is not a URL")) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ConfigError(*_wrong("is not an http or https URL"))
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ConfigError(*_wrong("holds a character that no URL has"))
    if parts.username is not None or parts.password is not None:
        raise ConfigError(
            "The base URL holds a user name or password.",
            "Take it out and give the key by an environment variable or the keyring.",
        )
    if parts.query or parts.fragment:
        raise ConfigError(*_wrong("ends with a query or a fragment"))
    return parts


def _wrong(what: str) -> tuple[str, str]:
    return f"The base URL {what}.", "Write it like “https://api.openai.com/v1”."
