"""The token for a forge: from a variable, the forge's program, git's helpers, or netrc.

The first place that has one for this host wins. Nothing is stored, and nothing of one host is used
for another.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from xreview.domain.errors import ConfigError, XReviewError
from xreview.domain.pull.address import ForgeHost
from xreview.forge.token import ForgeToken
from xreview.forge.tokens.netrc_file import netrc_login, netrc_path
from xreview.forge.tokens.programs import program_label, token_of_program
from xreview.forge.tokens.variables import token_variable, user_for
from xreview.hardening.programs import repository_folders
from xreview.http.secret import Secret

FillCredential = Callable[[str, Mapping[str, str], Path], tuple[str, str]]
"""Asks git's credential helpers for an origin; the folder's programs aren't run. Returns user name
and password, empty for none (`repo.credential.fill_credential`)."""


def find_token(
    host: ForgeHost, environ: Mapping[str, str], folder: Path, fill: FillCredential
) -> ForgeToken | None:
    """The token for a host; None for none. Blocks on the programs.

    Args:
        folder: the current one; no program of the repository around it is run.

    Raises ConfigError for one that can't be a token.
    """
    if name := token_variable(host, environ):
        return _token(host, environ[name], f"${name}", user_for(host, environ))
    folders = repository_folders(folder, environ)
    if text := token_of_program(host, environ, folders):
        return _token(host, text, program_label(host.kind))
    if environ.get("HOME"):
        user, text = fill(host.origin, environ, folder)
        if text:
            return _token(host, text, "git credential", user)
    path = netrc_path(environ)
    if path is not None:
        user, text = netrc_login(host.name, path)
        if text:
            shown = "~/.netrc" if "NETRC" not in environ else "$NETRC"
            return _token(host, text, shown, user)
    return None


def _token(host: ForgeHost, text: str, source: str, user: str = "") -> ForgeToken:
    try:
        return ForgeToken(host, Secret(text), source, user)
    except XReviewError:
        raise ConfigError(
            f"The token from {source} for {host.name} has a character that no token has.",
            "Copy it again, on one line.",
        ) from None
