"""Which hosts are forges. A repository's remotes can't make one: only the user, and this list."""

from collections.abc import Iterator, Mapping

from xreview.domain.pull.address import ForgeHost, ForgeKind, is_of_github

_USUAL = {
    "github.com": ForgeKind.GITHUB,
    "gitlab.com": ForgeKind.GITLAB,
    "codeberg.org": ForgeKind.GITEA,
    "gitea.com": ForgeKind.GITEA,
    "bitbucket.org": ForgeKind.BITBUCKET,
}
_NAMED = {
    "GH_HOST": ForgeKind.GITHUB,
    "GITLAB_HOST": ForgeKind.GITLAB,
    "GITEA_SERVER_URL": ForgeKind.GITEA,
    "FORGEJO_SERVER_URL": ForgeKind.GITEA,
}
"""Variables with a host or an origin that the vendors' own programs read."""


def known_hosts(
    forges: Mapping[str, ForgeKind], environ: Mapping[str, str]
) -> tuple[ForgeHost, ...]:
    """The hosts that count as forges, those of the user first.

    Args:
        forges: the setting `forges`: the kind by origin.
    """
    hosts = {one.name.lower(): one for one in reversed([*_named(forges, environ), *_public()])}
    return tuple(reversed(hosts.values()))


def known_host(
    name: str, forges: Mapping[str, ForgeKind], environ: Mapping[str, str]
) -> ForgeHost | None:
    """The forge at a host ("git.example:3000"); None if nobody said that there is one.

    A name without a port also finds a forge at another port, since ssh has its own.
    """
    name = name.lower()
    hosts = known_hosts(forges, environ)
    for host in hosts:
        if host.name.lower() == name:
            return host
    if is_of_github(name) and "/" not in name:
        return ForgeHost(ForgeKind.GITHUB, f"https://{name}")
    return next((host for host in hosts if host.name.lower().partition(":")[0] == name), None)


def _named(forges: Mapping[str, ForgeKind], environ: Mapping[str, str]) -> Iterator[ForgeHost]:
    for origin, kind in forges.items():
        yield ForgeHost(kind, origin)
    for variable, kind in _NAMED.items():
        value = environ.get(variable, "").strip().rstrip("/").lower()
        name = value.removeprefix("https://")
        if name and "/" not in name and name.isascii() and name.isprintable():
            yield ForgeHost(kind, f"https://{name}")


def _public() -> Iterator[ForgeHost]:
    return (ForgeHost(kind, f"https://{name}") for name, kind in _USUAL.items())
