"""An agent's environment: the few variables it needs, with one vendor's keys.

Git is disabled in it, since a repository can configure commands (file-system monitors, hooks) that
git runs, and an agent only needs the files.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from xreview.hardening import programs

_KEPT = frozenset(
    (
        *("HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ"),
        *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"),
        # For the OS keyring, where agents keep their logins.
        *("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"),
        # For the network.
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
        *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"),
    )
)
_FIXED = {
    "TERM": "dumb",
    "NO_COLOR": "1",
    "CI": "1",
    # Not a repository, so git runs nothing that one configures.
    "GIT_DIR": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_PAGER": "cat",
}


def agent_environment(
    environ: Mapping[str, str], folder: Path, scratch: Path, own: Iterable[str] = ()
) -> dict[str, str]:
    """Return an agent's variables: those that all need, and its `own`, including keys.

    PATH omits the reviewed checkout, `folder`.
    """
    names = _KEPT.union(own)
    kept = {name: value for name, value in environ.items() if name in names}
    kept["PATH"] = os.pathsep.join(map(str, agent_search_path(environ, folder)))
    kept["TMPDIR"] = str(scratch)
    return {**kept, **_FIXED}


def agent_search_path(environ: Mapping[str, str], folder: Path) -> list[Path]:
    """Return the absolute folders of PATH outside the reviewed checkout."""
    path = programs.search_path(environ, programs.repository_folders(folder, environ))
    return [Path(entry) for entry in path.split(os.pathsep) if entry]
