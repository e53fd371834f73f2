"""The user's own short names of hosts: `Host` and `HostName` in ~/.ssh/config (ssh_config(5)).

Only exact names count; patterns, `Match`, `Include` and `%` tokens don't.
"""

from collections.abc import Mapping
from pathlib import Path

_LARGEST = 256 * 1024
_WILD = frozenset("*?!")


def ssh_aliases(environ: Mapping[str, str]) -> dict[str, str]:
    """The host that each alias stands for, in lower case; empty without a readable file."""
    home = environ.get("HOME")
    if not home:
        return {}
    file = Path(home, ".ssh/config")
    try:
        if not file.is_file() or file.stat().st_size > _LARGEST:
            return {}
        text = file.read_text("utf-8", "replace")
    except OSError:
        return {}
    return parse_ssh_aliases(text)


def parse_ssh_aliases(text: str) -> dict[str, str]:
    """The aliases in a configuration; of several host names of one alias the first holds."""
    found: dict[str, str] = {}
    names: list[str] = []
    for row in text.splitlines():
        keyword, *values = row.replace("=", " ", 1).split()[:64] or [""]
        match keyword.lower():
            case "host":
                names = [name.lower() for name in values if not _WILD & set(name)]
            case "match":
                names = []
            case "hostname" if values and "%" not in values[0]:
                for name in names:
                    found.setdefault(name, values[0].strip('"').lower())
            case _:
                pass
    return found
