"""The checks of `doctor` about forges: which token was found for which host, never the token.

No forge is contacted.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from xreview.cli.checks import Check, State
from xreview.config.load import Loaded
from xreview.domain.errors import XReviewError
from xreview.domain.pull.address import ForgeHost, ForgeKind, is_of_github

_AREA = "forges"
_VARIABLES = {
    ForgeKind.GITHUB: "GH_TOKEN",
    ForgeKind.GITLAB: "GITLAB_TOKEN",
    ForgeKind.GITEA: "GITEA_TOKEN and GITEA_SERVER_URL",
    ForgeKind.BITBUCKET: "BITBUCKET_TOKEN",
}
_PROGRAMS = {ForgeKind.GITHUB: "gh", ForgeKind.GITLAB: "glab"}


def check_forges(loaded: Loaded, environ: Mapping[str, str], folder: Path) -> Iterator[Check]:
    """Check the token of each known host. Blocks: it can run gh, glab and git's helpers."""
    from xreview.forge.tokens.finding import find_token
    from xreview.forge.tokens.netrc_file import netrc_path, why_not_netrc
    from xreview.repo.credential import fill_credential
    from xreview.review.pulls.hosts import known_hosts

    forges = loaded.settings.forges
    here = _host_here(folder, forges, environ)
    users_own = known_hosts(forges, environ)[: -len(known_hosts({}, {}))]
    for host in dict.fromkeys((*((here,) if here else ()), *known_hosts(forges, environ))):
        try:
            token = find_token(host, environ, folder, fill_credential)
        except XReviewError as error:
            yield Check(_AREA, host.name, State.WRONG, error.message, error.advice)
            continue
        if token is not None:
            yield Check(_AREA, host.name, State.OK, f"{host.kind.label}, token from {token.source}")
        elif host == here or host in users_own:
            found = f"{host.kind.label}, no token found"
            yield Check(_AREA, host.name, State.NOTE, found, _advice(host))
    path = netrc_path(environ)
    if path is not None and (why := why_not_netrc(path)):
        yield Check(_AREA, "netrc", State.NOTE, why, "Its tokens aren't used until then.")
    if here is None:
        found = "the repository here has no remote at a known forge"
        yield Check(_AREA, "here", State.NOTE, found, "A pull request can be opened by its URL.")


def _host_here(
    folder: Path, forges: Mapping[str, ForgeKind], environ: Mapping[str, str]
) -> ForgeHost | None:
    from xreview.repo.pulls.remotes import project_remotes
    from xreview.repo.repository import find_repository
    from xreview.review.pulls.hosts import known_host

    try:
        remotes = project_remotes(find_repository(folder))
    except XReviewError:
        return None
    known = (known_host(remote.host, forges, environ) for remote in remotes)
    return next(filter(None, known), None)


def _advice(host: ForgeHost) -> str:
    """How to give one."""
    program = _PROGRAMS.get(host.kind)
    login = f"Run `{program} auth login --hostname {host.name}`, or set" if program else "Set"
    variable = _VARIABLES[host.kind]
    if host.kind is ForgeKind.GITHUB and not is_of_github(host.name):
        variable = "GH_HOST and GH_ENTERPRISE_TOKEN"
    return f"{login} {variable}; without one, only public pull requests can be read."
