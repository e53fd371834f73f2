"""Asking the user's own credential helpers of git for a forge's token (git-credential(1)).

git runs in an empty folder, so that no repository's configuration names a helper, and can't ask
anybody.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from xreview.domain.errors import ChangeError
from xreview.repo.hardened.environment import SEARCHED, hardened_environment
from xreview.repo.hardened.process import GitProcess
from xreview.repo.hardened.secret_variables import environ_without_keys

SECONDS = 15.0
_USERS_OWN = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH")
_FIXED = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",  # answers nothing
    "SSH_ASKPASS": "true",
    "GCM_INTERACTIVE": "never",
    "GIT_CEILING_DIRECTORIES": "/",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}


def fill_credential(origin: str, environ: Mapping[str, str], folder: Path) -> tuple[str, str]:
    """The user name and password that git has for an origin, "https://github.com".

    Both are empty if it has none, or if git isn't here. Blocks for at most `SECONDS`.

    Args:
        folder: the current one; no program of the repository around it is run.
    """
    parts = urlsplit(origin)
    asked = f"protocol={parts.scheme}\nhost={parts.netloc}\n\n".encode()
    with tempfile.TemporaryDirectory(prefix="xreview-credential-") as empty:
        environment = _environment(environ, folder, empty)
        try:
            process = GitProcess(("credential", "fill"), Path(empty), environment, asked)
            done = process.finish(SECONDS)
        except ChangeError:
            return "", ""
    if done.code:
        return "", ""
    pairs = (row.partition("=") for row in done.output.decode("utf-8", "replace").split("\n"))
    found = {name: value for name, _, value in pairs}
    password = found.get("password", "")
    if found.get("host", parts.netloc) != parts.netloc or not _is_key(password):
        return "", ""
    return found.get("username", ""), password


def _environment(environ: Mapping[str, str], folder: Path, empty: str) -> dict[str, str]:
    guarded = hardened_environment(environ, folder.absolute())
    kept = {
        name: value
        for name, value in environ_without_keys(environ).items()
        if name in _USERS_OWN or not name.startswith(("GIT_", "LC_"))
    }
    for name in SEARCHED:  # without what belongs to the repository
        kept.pop(name, None)
        if name in guarded:
            kept[name] = guarded[name]
    return {**kept, **_FIXED, "GIT_CEILING_DIRECTORIES": str(Path(empty).parent)}


def _is_key(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable()
