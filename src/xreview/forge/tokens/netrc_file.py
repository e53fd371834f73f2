"""Tokens in a netrc file: `machine HOST login NAME password TOKEN`.

`default` entries aren't used: a token goes to its own host only.
"""

import netrc
import os
import stat
from collections.abc import Mapping
from pathlib import Path

_LARGEST = 64 * 1024
_ALIASES = {"github.com": ("github.com", "api.github.com")}


def netrc_path(environ: Mapping[str, str]) -> Path | None:
    """The file: `$NETRC`, else `~/.netrc`; None without a home."""
    if named := environ.get("NETRC"):
        return Path(named) if Path(named).is_absolute() else None
    return Path(home, ".netrc") if (home := environ.get("HOME")) else None


def netrc_login(name: str, path: Path) -> tuple[str, str]:
    """The user name and token for a host; empty for none, and if `why_not_netrc` has a reason."""
    if why_not_netrc(path) or not path.is_file():
        return "", ""
    try:
        hosts = netrc.netrc(path).hosts
    except (OSError, UnicodeDecodeError, netrc.NetrcParseError):
        return "", ""
    bare = name.lower().partition(":")[0]
    for entry in _ALIASES.get(name, (name, bare)):
        if entry in hosts:
            login, _, password = hosts[entry]
            return login or "", password or ""
    return "", ""


def why_not_netrc(path: Path) -> str:
    """Why an existing file isn't read, as a sentence; "" if it is, or if there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return ""
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
        return f"{path} isn't a netrc file."
    if status.st_uid != os.getuid():
        return f"{path} belongs to another user."
    if status.st_mode & 0o077:
        return f"{path} can be read by others; run: chmod 600 {path}"
    return ""
