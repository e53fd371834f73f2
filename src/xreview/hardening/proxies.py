"""The proxy for requests, according to the environment."""

from collections.abc import Mapping
from urllib.parse import urlsplit

_NAMES = ("https_proxy", "all_proxy", "http_proxy")


def proxy_of(environ: Mapping[str, str], host: str = "") -> str:
    """Return the proxy's host and port, "proxy.example:3128"; "" for none.

    Args:
        host: the request's host, to check `NO_PROXY`; "" if unknown.
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
