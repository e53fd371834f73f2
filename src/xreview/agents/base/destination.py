"""Where an agent sends its requests, according to its variables and settings files.

Users consent to a host, so the question must name any host but the vendor's own, and plain http to
other machines is refused.
"""

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass
from xreview.hardening.address import address_of, proxy_of
from xreview.ports.json_value import JsonObject, object_in, parse_json, text_in

PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy")
_LARGEST = 1_000_000
# Comments and trailing commas outside of texts, as JSONC has them.
_JSONC = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)
_ROW = re.compile(r"""^\s*(?:export\s+)?(\w+)\s*=\s*["']?([^"'\n#]*)""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an agent's requests go.

    Args:
        host: "" for its vendor's own.
        through: the proxy; "" for none.
        why_not: why it can't be used, in a few words; "" if it can.
    """

    host: str = ""
    through: str = ""
    why_not: str = ""

    def of(self, label: str) -> str:
        """Return what users consent to: "Codex", "Codex at gateway.example"."""
        return f"{label} at {self.host}" if self.host else label


USUAL = Destination()
"""The vendor's own host, without a proxy."""


def destination(
    variables: Mapping[str, str], url: str = "", own: str = "", *, name: str = "its base URL"
) -> Destination:
    """Return where requests to a URL go.

    Args:
        variables: the agent's environment, including variables from its files.
        url: "" for its vendor's own.
        own: the vendor's domain, "anthropic.com".
        name: the setting with the URL, for messages.
    """
    through = proxy_of({key: variables[key] for key in PROXIES if key in variables})
    if not url:
        return Destination(through=through)
    try:
        address = address_of(url)
    except ConfigError as error:
        return Destination("a refused address", through, f"{name}: {error.message}")
    if own and (address.name == own or address.name.endswith(f".{own}")):
        return Destination(through=through)
    return Destination(address.host, through)


def json_variables(*paths: Path) -> dict[str, str]:
    """Return the variables in `env` of JSON files; later files override earlier ones."""
    found: dict[str, str] = {}
    for path in paths:
        given = object_in(json_file(path), "env")
        found |= {name: text_in(given, name) for name in given}
    return found


def file_variables(path: Path) -> dict[str, str]:
    """Return the variables in a `.env` file; none without the file."""
    with suppress(OSError, ValueError):
        return dict(_ROW.findall(_text_file(path)))
    return {}


def json_file(path: Path) -> JsonObject:
    """Return the JSON or JSONC object in a file; empty if it can't be read."""
    with suppress(OSError, ValueError):
        text = _text_file(path)
        try:
            return object_in(parse_json(text))
        except ValueError:
            bare = _JSONC.sub(lambda found: found[1] or "", text)
            return object_in(parse_json(_JSONC.sub(lambda found: found[1] or "", bare)))
    return {}


def toml_file(path: Path) -> JsonObject:
    """Return the TOML document in a file; empty if it can't be read."""
    with suppress(OSError, ValueError):
        return tomllib.loads(_text_file(path))
    return {}


def _text_file(path: Path) -> str:
    """Return a file's text. Raises OSError, or ValueError if it isn't UTF-8 or too large."""
    if path.stat().st_size > _LARGEST:
        raise ValueError("too large for settings")
    return path.read_text("utf-8")
