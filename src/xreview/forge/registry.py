"""The forge for a host. Each kind's module, and httpx, is imported when it is needed."""

from typing import TYPE_CHECKING

from xreview.domain.errors import ConfigError
from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.forge.token import ForgeToken
from xreview.http.patience import Clock
from xreview.ports.forge import Forge

if TYPE_CHECKING:
    import httpx


def new_forge(
    host: ForgeHost,
    token: ForgeToken | None,
    *,
    clock: Clock | None = None,
    transport: "httpx.AsyncBaseTransport | None" = None,
) -> Forge:
    """Return the forge, without connecting to it.

    Args:
        token: None for what everybody can read.
        transport: replaces the network in tests.

    Raises ConfigError if the token is for another host, or the host can't be used.
    """
    if token is not None and token.host != host:
        raise ConfigError(
            f"The token from {token.source} is for {token.host.name}, not for {host.name}.",
            f"Sign in to {host.name}, and try again.",
        )
    match host.kind:
        case ForgeKind.GITHUB:
            from xreview.forge.github.forge import GitHubForge

            return GitHubForge(host, token, clock=clock, transport=transport)
        case ForgeKind.GITLAB:
            from xreview.forge.gitlab.forge import GitLabForge

            return GitLabForge(host, token, clock=clock, transport=transport)
        case ForgeKind.GITEA:
            from xreview.forge.gitea.forge import GiteaForge

            return GiteaForge(host, token, clock=clock, transport=transport)
        case ForgeKind.BITBUCKET:
            from xreview.forge.bitbucket import BitbucketForge

            return BitbucketForge(host, token, clock=clock, transport=transport)
