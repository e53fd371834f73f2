"""An agent's environment: the few variables it needs, with one vendor's keys.

Git is disabled in it, since a repository can configure commands (file-system monitors, hooks) that
git runs, and an agent only needs the files. In the write mode, checks can need git: it works there
with the disposable tree's own repository, without the user's settings and without a network.
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
_FORGE_TOKENS = frozenset(
    (
        *("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"),
        *("GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN", "BITBUCKET_TOKEN"),
        *("AZURE_DEVOPS_EXT_PAT", "COPILOT_GITHUB_TOKEN", "NPM_TOKEN", "NODE_AUTH_TOKEN"),
    )
)
"""With these, an agent that runs commands could publish."""


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


def writing_environment(
    made: Mapping[str, str], top: Path, work: Path, scratch: Path
) -> dict[str, str]:
    """Return the variables of the write mode in `work`, from those that `agent_environment` made.

    No forge token is in them, whatever the agent asks for, and the forges' own programs don't find
    their logins.
    """
    kept = {name: value for name, value in made.items() if name not in _FORGE_TOKENS}
    kept["PATH"] = programs.without_folders(kept["PATH"], (work.resolve(),))
    kept["GH_CONFIG_DIR"] = kept["GLAB_CONFIG_DIR"] = str(scratch / "forges")
    kept["GIT_ALLOW_PROTOCOL"] = "file"
    # In the user's own checkout, git could run what its repository configures.
    if not work.resolve().is_relative_to(top.resolve()):
        del kept["GIT_DIR"]
        # Without a repository of its own, the tree isn't part of one around it.
        kept["GIT_CEILING_DIRECTORIES"] = str(work.resolve().parent)
    return kept


def agent_search_path(environ: Mapping[str, str], folder: Path) -> list[Path]:
    """Return the absolute folders of PATH outside the reviewed checkout."""
    path = programs.search_path(environ, programs.repository_folders(folder, environ))
    return [Path(entry) for entry in path.split(os.pathsep) if entry]
