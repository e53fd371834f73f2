"""The proxy by which requests leave this machine, as the environment names it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

_NAMES = ("https_proxy", "all_proxy", "http_proxy")


def proxy_of(environ: Mapping[str, str], host: str = "") -> str:
    """The proxy's host and port, "proxy.example:3128"; "" for none.

    Args:
        host: where the request goes, which `NO_PROXY` may name; "" where that is not known.
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
        return "a proxy that is not named by a URL"
    return f"{parts.hostname or 'a proxy without a name'}{port}"


def _is_direct(host: str, no_proxy: str) -> bool:
    """Whether a request to that host goes by no proxy: it, a domain above it, or all are named."""
    names = [one.strip().lower().lstrip(".") for one in no_proxy.split(",")]
    return any(one == "*" or (one and f".{host}".endswith(f".{one}")) for one in names)
