"""Tokens in environment variables, each for the host that its vendor's own programs use it for.

GitHub's are as in gh (`gh help environment`) with one rule more: gh gives GH_ENTERPRISE_TOKEN to
every host that isn't GitHub's own, and here only the one in GH_HOST (or GITHUB_SERVER_URL) gets it,
because a pasted URL can name any host.
"""

from collections.abc import Mapping

from xreview.domain.pull.address import ForgeHost, ForgeKind, is_of_github
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class TokenVariables:
    """Variables of one vendor.

    Args:
        names: of those with the token, the first one set wins.
        hosts: of those with the host or origin that the token is for.
        default: the host if none of them is set; "" for none.
        users: of those with the user name.
    """

    kind: ForgeKind
    names: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    default: str = ""
    users: tuple[str, ...] = ()


_PUBLIC_GITHUB = TokenVariables(ForgeKind.GITHUB, ("GH_TOKEN", "GITHUB_TOKEN"))
_VENDORS = (
    TokenVariables(
        ForgeKind.GITHUB,
        ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"),
        ("GH_HOST", "GITHUB_SERVER_URL"),
    ),
    TokenVariables(
        ForgeKind.GITLAB,
        ("GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"),
        ("GITLAB_HOST", "GITLAB_URI", "GL_HOST"),
        "gitlab.com",
    ),
    TokenVariables(ForgeKind.GITEA, ("FORGEJO_TOKEN",), ("FORGEJO_SERVER_URL", "FORGEJO_HOST")),
    TokenVariables(
        ForgeKind.GITEA, ("GITEA_TOKEN", "GITEA_SERVER_TOKEN"), ("GITEA_SERVER_URL", "GITEA_HOST")
    ),
    TokenVariables(
        ForgeKind.BITBUCKET,
        ("BITBUCKET_TOKEN",),
        default="bitbucket.org",
        users=("BITBUCKET_USERNAME", "BITBUCKET_EMAIL"),
    ),
)


def token_variable(host: ForgeHost, environ: Mapping[str, str]) -> str:
    """The name of the variable with the token of a host; "" for none."""
    names = [name for vendor in _fitting(host, environ) for name in vendor.names]
    return next((name for name in names if environ.get(name, "").strip()), "")


def user_for(host: ForgeHost, environ: Mapping[str, str]) -> str:
    """The user name that goes with the variable; "" for any."""
    names = [name for vendor in _fitting(host, environ) for name in vendor.users]
    return next((environ[name].strip() for name in names if environ.get(name, "").strip()), "")


def _fitting(host: ForgeHost, environ: Mapping[str, str]) -> list[TokenVariables]:
    name = host.name.lower()
    if host.kind is ForgeKind.GITHUB and is_of_github(name):
        return [_public_github(name, environ)]
    return [
        vendor
        for vendor in _VENDORS
        if vendor.kind is host.kind and name == _host_of(vendor, environ)
    ]


def _public_github(name: str, environ: Mapping[str, str]) -> TokenVariables:
    """In GitHub Actions, GITHUB_TOKEN is of the server that runs the workflow."""
    server = _bare(environ.get("GITHUB_SERVER_URL", ""))
    if server and server != name:
        return TokenVariables(ForgeKind.GITHUB, ("GH_TOKEN",))
    return _PUBLIC_GITHUB


def _host_of(vendor: TokenVariables, environ: Mapping[str, str]) -> str:
    named = (_bare(environ.get(name, "")) for name in vendor.hosts)
    return next(filter(None, named), vendor.default)


def _bare(value: str) -> str:
    """The host of a value that is one, or an origin."""
    return value.strip().lower().partition("://")[2 if "://" in value else 0].partition("/")[0]
