"""Where an agent's traffic goes, by its variables and files: not always to its vendor.

Consent to send code is given to a host. So whatever leads an agent to another one is found here and
named in the question, and plain http to anywhere but this machine is refused.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from xreview.agents.finding.settings_files import json_file, text_file
from xreview.domain.errors import ConfigError
from xreview.hardening.address import address_of
from xreview.hardening.proxies import proxy_of
from xreview.ports.json_value import object_in, text_in

PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy")
_ROW = re.compile(r"""^\s*(?:export\s+)?(\w+)\s*=\s*["']?([^"'\n#]*)""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an agent's requests go.

    Args:
        host: other than its vendor's own; "" for that.
        through: the proxy on the way; "" for none.
        why_not: why nothing may go there, in a few words; "" where it may.
    """

    host: str = ""
    through: str = ""
    why_not: str = ""

    def of(self, label: str) -> str:
        """What consent is given to: "Codex", "Codex at gateway.example"."""
        return f"{label} at {self.host}" if self.host else label


USUAL = Destination()
"""To the vendor, by no proxy."""


def destination(
    variables: Mapping[str, str], url: str = "", own: str = "", *, name: str = "its base URL"
) -> Destination:
    """Where requests to this address go.

    Args:
        variables: all that the agent takes for its environment, its files' included.
        url: where it is told to send requests; "" for its vendor's own.
        own: the vendor's domain, "anthropic.com".
        name: what holds the URL, for people.
    """
    through = proxy_of({key: variables[key] for key in PROXIES if key in variables})
    if not url:
        return Destination(through=through)
    try:
        address = address_of(url)
    except ConfigError as error:
        return Destination("an address that is refused", through, f"{name}: {error.message}")
    if own and (address.name == own or address.name.endswith(f".{own}")):
        return Destination(through=through)
    return Destination(address.host, through)


def json_variables(*paths: Path) -> dict[str, str]:
    """The variables in `env` of some JSON files; a later file goes over an earlier one."""
    found: dict[str, str] = {}
    for path in paths:
        given = object_in(json_file(path), "env")
        found |= {name: text_in(given, name) for name in given}
    return found


def file_variables(path: Path) -> dict[str, str]:
    """The variables in a `.env` file; none where there is no such file."""
    with suppress(OSError, ValueError):
        return dict(_ROW.findall(text_file(path)))
    return {}
